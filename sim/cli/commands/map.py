"""``datastrike map``: an outcome over one or two parameters of a sweep."""

from __future__ import annotations

import importlib
import json
from typing import TYPE_CHECKING, Any

import click

from sim.cli.figures import FIGURE, check_figure, write_figure
from sim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from sim.sweeps.saved import Sweep

MODULE = "analysis.surfaces"
SHOWN = ("runs", "mean", "low", "high", "q05", "q95")


@click.command(
    short_help="Tabulate or draw an outcome over parameters of a sweep.", params=[FIGURE]
)
@click.argument("folder", metavar="DIR")
@click.argument("parameters", metavar="PATH [PATH]", nargs=-1, required=True)
@click.option("--outcome", metavar="NAME", help="Of what; effect.NAME is the paired difference.")
@click.option("--where", multiple=True, metavar="PATH=VALUE", help="Only runs with this value.")
@click.option("--level", type=float, metavar="V", help="Say where the mean crosses it.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    folder: str,
    parameters: tuple[str, ...],
    outcome: str | None,
    where: tuple[str, ...],
    level: float | None,
    figure: str | None,
    as_json: bool,
) -> None:
    """Tabulate an outcome over one or two parameters of a sweep, or draw it.

    For each combination: runs, the mean with its 95 % interval (low, high), and the range that
    holds 90 % of the replications (q05, q95). With --level, also where along the last PATH the
    mean crosses it, and the bounds between which its interval does: where a regime ends.
    """
    from sim.sweeps.saved import Sweep

    check_figure(figure)
    sweep = Sweep(folder)
    chosen = outcome or next(name for name in sweep.outcomes if not name.endswith(".series"))
    only = _chosen(sweep, parameters, where)
    surfaces: Any = importlib.import_module(MODULE)
    found = surfaces.surface(sweep, chosen, parameters, only)
    edges = None if level is None else surfaces.boundary(found, parameters[-1], level)
    if figure is not None:
        draw = surfaces.response if len(parameters) == 1 else surfaces.phase_diagram
        crossed = {} if level is None or len(parameters) == 1 else {"level": level}
        write_figure(draw(sweep, chosen, *parameters, where=only, **crossed), figure)
    if as_json:
        tables = {"points": found, "crossings": edges}
        rows = {
            name: json.loads(t.to_json(orient="records"))
            for name, t in tables.items()
            if t is not None
        }
        click.echo(json.dumps({"outcome": chosen, **rows}, indent=1))
        return
    click.echo(f"{chosen}\n{found[[*parameters, *SHOWN]].to_string(index=False)}")
    if edges is not None:
        click.echo(f"\n{_crossed(edges, parameters[-1], level)}")


def _chosen(sweep: Sweep, parameters: tuple[str, ...], where: tuple[str, ...]) -> dict[str, Any]:
    """Return which runs are asked for; refuse paths that the sweep did not vary."""
    from sim.loading.overrides import parse
    from sim.words.messages import nearest

    if len(parameters) > 2:
        raise InputError(f"PATH: expected one or two, got {', '.join(parameters)}")
    only = dict(parse(setting) for setting in where)
    for path in (*parameters, *only):
        if path not in sweep.parameters:
            raise InputError(f"{path}: was not varied; {nearest(path, sweep.parameters)}")
    return only


def _crossed(edges: pd.DataFrame, along: str, level: float | None) -> str:
    if edges.empty:
        return f"The mean crosses {level:g} nowhere along {along}."
    return f"The mean crosses {level:g} along {along}:\n{edges.to_string(index=False)}"
