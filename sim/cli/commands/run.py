"""``datastrike run``: a scenario beside the same world without action."""

from __future__ import annotations

import functools
import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from sim.cli.options import RULES, SETTINGS, changed, whole
from sim.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from sim.runs.comparison import Comparison
    from sim.scenario import Scenario

REPLICATIONS = 20
SEEDS = 2**32
FIGURE = "campaign"
"""Module of `analysis` that draws the figure, and the figure's name."""

OPTIONS = (
    click.Option(["--seed"], type=whole(0), help="First random seed (0)."),
    click.Option(
        ["--replications"],
        type=whole(1),
        help=f"Random seeds, one after another ({REPLICATIONS}).",
    ),
    SETTINGS,
    click.Option(
        ["--out"], metavar="DIR", help="Write tables, figure and receipt into a new folder."
    ),
    click.Option(["--json", "as_json"], is_flag=True, help="Print the numbers as one JSON object."),
    click.Option(["--threads"], type=whole(1, 4096), help="Threads for large crowds."),
    click.Option(["--no-figure"], is_flag=True, help="Draw nothing."),
)


def run(
    source: str | Scenario,
    seed: int | None,
    replications: int | None,
    settings: tuple[str, ...],
    out: str | None,
    as_json: bool,
    threads: int | None,
    no_figure: bool,
    rules: tuple[str, ...] = (),
) -> int:
    """Play a scenario beside the same world without action, and say what it did to the models.

    NAME is one of those that `datastrike list` shows; FILE is a scenario script (.py), a saved
    scenario (.toml, .json), or the receipt of an earlier run, which is played again.
    """
    from sim.folders import check_new_folder
    from sim.loading.files import load_rules
    from sim.run_folder import size_of

    for rule in rules:
        load_rules(rule)
    asked = _asked(source, settings)
    seeds = _seeds(asked.receipt, seed, replications)
    if out is not None:
        check_new_folder(out, size_of(asked.scenario, len(seeds)))
    comparison = _played(asked, seeds, threads)
    written = _written(comparison, out, not no_figure) if out is not None else None
    again = not settings and seed is None and replications is None
    return _reported(comparison, written, asked.receipt if again else None, as_json)


command = click.Command(
    "run",
    params=[click.Argument(["source"], metavar="NAME|FILE"), *OPTIONS, RULES],
    callback=run,
    help=run.__doc__,
    short_help="Play a scenario beside the same world without action.",
)


def command_for(scenario: Scenario) -> click.Command:
    """Return the command that runs one scenario, for its own script."""
    return click.Command(
        scenario.name,
        params=list(OPTIONS),
        callback=functools.partial(run, source=scenario),
        help=f"Run {scenario.about.title or scenario.name} beside the same world without action.",
    )


@dataclass(frozen=True)
class _Asked:
    scenario: Scenario
    against: Scenario | None
    receipt: dict[str, Any] | None


def _asked(source: str | Scenario, settings: tuple[str, ...]) -> _Asked:
    """Return what is to be played, with its changes."""
    from sim.loading.files import find_receipt, load_scenario, scenario_from

    if not isinstance(source, str):
        return _Asked(changed(source, settings), None, None)
    scenario = changed(load_scenario(source), settings)
    receipt = find_receipt(source)
    if receipt is None or receipt.get("against") is None:
        return _Asked(scenario, None, receipt)
    against = scenario_from(receipt["against"], source)
    return _Asked(scenario, changed(against, settings), receipt)


def _seeds(receipt: dict[str, Any] | None, seed: int | None, replications: int | None) -> range:
    """Return the seeds to play: as asked, as in the receipt, or from 0."""
    recorded = receipt["seeds"] if receipt is not None else range(REPLICATIONS)
    first = recorded[0] if seed is None else seed
    number = len(recorded) if replications is None else replications
    if first + number > SEEDS:
        most = SEEDS - number
        raise InputError(f"--seed: must be at most {most} with {number} replications, got {first}")
    return range(first, first + number)


def _played(asked: _Asked, seeds: range, threads: int | None) -> Comparison:
    from sim.cli.progress import bar
    from sim.runs.comparison import compare

    with bar(asked.scenario.name) as progress:
        return compare(asked.scenario, asked.against, len(seeds), seeds[0], threads, progress)


def _written(comparison: Comparison, out: str, with_figure: bool) -> Path:
    from sim.run_folder import save_comparison

    return save_comparison(
        comparison, out, functools.partial(_draw, comparison) if with_figure else None
    )


def _reported(
    comparison: Comparison, folder: Path | None, receipt: dict[str, Any] | None, as_json: bool
) -> int:
    from sim.cli import DONE, SOME_FAILED
    from sim.cli.report import Report

    report = Report(comparison, folder, receipt)
    click.echo(report.as_json() if as_json else report.as_text())
    return SOME_FAILED if report.differing else DONE


def _draw(comparison: Comparison, folder: Path) -> None:
    """Add the figure of `analysis`, which must never cost the run."""
    try:
        figure = importlib.import_module(f"analysis.{FIGURE}").campaign(comparison)
        importlib.import_module("analysis.style").save(figure, folder, FIGURE)
    except Exception as error:  # noqa: BLE001 (whatever drawing may raise)
        said = " ".join(str(error).split())
        click.echo(f"the figure was not drawn ({type(error).__name__}: {said})", err=True)
