"""``datastrike sensitivity``: on which parameters the outcomes of a sweep depend."""

from __future__ import annotations

import importlib
import json

import click

from sim.cli.figures import FIGURE, check_figure, write_figure

MODULE = "analysis.sensitivity"


@click.command(
    short_help="Say on which parameters the outcomes of a sweep depend.", params=[FIGURE]
)
@click.argument("folder", metavar="DIR")
@click.option("--outcome", metavar="NAME", help="Of what; effect.NAME is the paired difference.")
@click.option("--method", metavar="sobol|morris|pawn", help="What the design serves unless given.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    folder: str, outcome: str | None, method: str | None, figure: str | None, as_json: bool
) -> None:
    """Say on which parameters the outcomes of a sweep depend, with 95 % intervals.

    DIR is the folder of a sweep with a drawn design: sobol (variance-based indices), morris
    (elementary effects), lhs or sequence (PAWN).
    """
    from sim.sweeps.saved import Sweep

    check_figure(figure)
    sweep = Sweep(folder)
    single = [name for name in sweep.outcomes if not name.endswith(".series")]
    analysis = importlib.import_module(MODULE)
    found = analysis.sensitivity(sweep, outcome or single[0], method)
    if figure is not None:
        write_figure(analysis.figure(found[0]), figure)
    if as_json:
        click.echo(json.dumps([one.as_data() for one in found], indent=1))
    else:
        click.echo("\n\n".join("\n".join(one.lines()) for one in found))
