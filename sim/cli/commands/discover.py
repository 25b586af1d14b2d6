"""``datastrike discover``: under which conditions something happens in a sweep."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Callable
from dataclasses import asdict
from operator import ge, gt, le, lt
from typing import TYPE_CHECKING

import click

from sim.cli.options import whole
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.sweeps.saved import Sweep

MODULE = "analysis.discovery"
SIGNS: dict[str, Callable[[float, float], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}
CASE = re.compile(r"\s*(?P<outcome>[^<>=\s]+)\s*(?P<sign><=|>=|<|>)\s*(?P<number>\S+)\s*")


@click.command(short_help="Say under which conditions something happens in a sweep.")
@click.argument("folder", metavar="DIR")
@click.argument("case", metavar="CASE")
@click.option("--depth", type=whole(1, 20), default=3, show_default=True, metavar="N",
              help="Conditions in a rule at the most.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(folder: str, case: str, depth: int, as_json: bool) -> None:
    """Say under which conditions something happens in a sweep (scenario discovery).

    CASE says what is of interest: an outcome, a sign and a number, as in 'adoption.final < 0.1';
    effect.NAME is the paired difference between the arms. Quote it: shells read < as a file.
    Density is the share of runs of interest among those that meet the conditions, coverage the
    share of all runs of interest that do; both are of points that no rule was made from.
    """
    from sim.sweeps.saved import Sweep

    sweep = Sweep(folder)
    outcome, interest = _read(case, sweep)
    rules = importlib.import_module(MODULE).discover(sweep, outcome, interest, depth)
    if as_json:
        click.echo(json.dumps({"case": case, "rules": [asdict(rule) for rule in rules]}, indent=1))
        return
    click.echo(f"{case}, the densest first (density: of those runs; coverage: of all such runs)")
    for rule in rules:
        told = " and ".join(rule.conditions) or "always"
        click.echo(
            f"  {rule.density:>4.0%} of {rule.runs:,} runs, {rule.coverage:.0%} covered: {told}"
        )


def _read(case: str, sweep: Sweep) -> tuple[str, Callable[[float], bool]]:
    found = CASE.fullmatch(case)
    try:
        level = float(found["number"]) if found else float("nan")
    except ValueError:
        level = float("nan")
    if found is None or level != level:
        raise InputError(
            f"CASE: expected an outcome, a sign (<, <=, >, >=) and a number, as in "
            f"'{sweep.outcomes[0]} < 0.1', got {case!r}"
        )
    compare = SIGNS[found["sign"]]
    return found["outcome"], lambda value: compare(value, level)
