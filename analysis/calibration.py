"""A scenario calibrated to a published series: posterior, prediction, and how far it is off.

``python -m analysis.calibration NAME --out DIR`` plays the sweep that a scenario of the library
declares, which draws from the prior with independent seeds; ``python -m analysis.calibration
DIR`` takes one that was played.  The runs are compared with the scenario's first observed
series; what agrees with it is printed, and drawn with ``--figure FILE``.  ``--method rejection``
keeps the nearest of these runs; ``--method smc`` goes on from them with pyABC, and plays more
where they come close.
"""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np
from matplotlib.figure import Figure

import sim
from analysis import style
from sim.cli.options import whole
from sim.errors import InputError
from sim.sweeps.calibration import calibrate
from sim.sweeps.posterior import Posterior, weighted_quantiles
from sim.sweeps.saved import Sweep
from sim.sweeps.sequential import sequential
from sim.sweeps.targets import SERIES, targets

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

BANDS = ((0.05, 0.95), (0.25, 0.75))


def calibration(
    sweep: Sweep, accepted: float | None = None, method: str = "rejection", **asked: Any
) -> Posterior:
    """Return what agrees with the first observed series of a sweep's scenario.

    Parameters
    ----------
    sweep : Sweep
        Drawn from a prior.
    accepted : float, optional
        Share of the runs that rejection keeps.
    method : str
        ``rejection`` or ``smc``.
    **asked
        For ``smc``: arguments of `sim.sweeps.sequential.sequential`.

    Raises
    ------
    InputError
        If the scenario has none, or the sweep is not drawn from a prior.
    """
    observed = sweep.scenario.about.observed
    if not observed:
        raise InputError(f"{sweep.folder}: the scenario states no observed series (about.observed)")
    wanted = targets(sweep.scenario, observed[0])
    if method == "smc":
        return sequential(sweep, wanted, **asked)
    return calibrate(sweep, wanted, accepted)


def played(name: str, out: str, samples: int | None = None) -> Sweep:
    """Return the sweep that a scenario of the library declares, played as far as it is not."""
    scenario = sim.load_scenario(name)
    declared = getattr(importlib.import_module(f"scenarios.{scenario.name}"), "SWEEP", None)
    if declared is None:
        raise InputError(f"{name}: its script declares no SWEEP")
    fewer = {} if samples is None else {"samples": samples}
    return sim.sweep(scenario, out=out, **{**declared, **fewer})


def paths_of(sweep: Sweep, found: Posterior) -> Floats:
    """Return the series of the runs that were kept (kept, steps + 1)."""
    asked = {"arm": "action", "seed": [int(seed) for seed in found.seeds]}
    rows = sweep.table(["seed", SERIES], asked)
    by_seed = dict(zip(rows["seed"], rows[SERIES], strict=True))
    return np.array([by_seed[int(seed)] for seed in found.seeds], dtype=float)


@style.styled
def figure(sweep: Sweep, found: Posterior) -> Figure:
    """Draw the posterior-predictive bands beside what was observed, and the posterior."""
    drawn = Figure(figsize=(style.PAGE, 3.2))
    drawn.set_layout_engine("constrained")
    left, right = drawn.subplots(1, 2, width_ratios=(1.7, 1.0))
    _predictive(left, sweep, found)
    _posterior(right, found)
    style.footnote(
        drawn,
        [
            f"Observed: {sweep.scenario.about.observed[0].source}.",
            _rests_on(sweep, found),
        ],
    )
    return drawn


def _rests_on(sweep: Sweep, found: Posterior) -> str:
    how = "the nearest"
    if found.populations:
        how = f"after {len(found.populations)} populations (pyABC), the last"
    return (
        f"Simulated: {sweep.scenario.name} (digest {sweep.scenario.digest[:10]}); {how} "
        f"{len(found.weights):,} of {found.runs:,} runs; bands hold 50 and 90 % of them, by weight."
    )


def _predictive(axes: Axes, sweep: Sweep, found: Posterior) -> None:
    scenario, series = sweep.scenario, paths_of(sweep, found)
    dates = [scenario.date_of(step) for step in range(series.shape[1])]
    for ends in BANDS:
        low, high = np.array(
            [weighted_quantiles(column, found.weights, ends) for column in series.T]
        ).T
        axes.fill_between(dates, low, high, color=style.BLUE, alpha=0.2, linewidth=0)  # type: ignore[arg-type]
    for target in found.targets:
        day = scenario.date_of(target.step or 0)
        colour = style.BLACK if target.fitted else style.VERMILION
        axes.plot([day, day], [target.low, target.high], "o-", color=colour, markersize=3)  # type: ignore[arg-type]
    axes.set_yscale("symlog", linthresh=10.0)
    axes.set(
        ylabel=sweep.scenario.about.observed[0].outcome, title="fitted (black), held out (red)"
    )
    axes.tick_params(axis="x", rotation=30)


def _posterior(axes: Axes, found: Posterior) -> None:
    size = 40.0 * found.weights / found.weights.max()
    if len(found.axes) == 1:
        axes.hist(found.values[:, 0], weights=found.weights, color=style.BLUE)
    else:
        axes.scatter(found.values[:, 0], found.values[:, 1], s=size, color=style.BLUE, alpha=0.5)
        axes.set_ylabel(found.parameters[1])
    axes.set(xlabel=found.parameters[0], title="posterior")


def as_data(found: Posterior) -> dict[str, Any]:
    """Return a calibration as plain data."""
    predicted = found.predicted()
    held_out = predicted[~predicted["fitted"]]
    some = len(held_out) > 0
    return {
        "runs": found.runs,
        "kept": len(found.weights),
        "populations": [population._asdict() for population in found.populations],
        "parameters": found.interval().reset_index().to_dict("records"),
        "correlation": found.correlation.tolist(),
        "predicted": predicted.reset_index().to_dict("records"),
        "held_out_inside": float(held_out["inside"].mean()) if some else None,
        "held_out_error": float(held_out["error"].abs().mean()) if some else None,
    }


def sentences(found: Posterior) -> str:
    """Return a calibration in words and tables."""
    told = as_data(found)
    lines = [
        f"population {place}: {met.accepted:,} of {met.runs:,} runs within {met.tolerance:.3g} "
        "spreads of what was observed"
        for place, met in enumerate(found.populations, 1)
    ]
    which = "the last population" if found.populations else "the nearest"
    lines += [
        f"90 % intervals of {which}, {told['kept']:,} of {told['runs']:,} runs:",
        found.interval().to_string(),
        f"\nCorrelation of parameters:\n{np.round(found.correlation, 2)}\n",
        found.predicted().to_string(float_format=lambda value: f"{value:,.2f}"),
    ]
    if told["held_out_error"] is not None:
        lines.append(
            f"\nHeld out: {told['held_out_inside']:.0%} inside their interval, medians "
            f"{told['held_out_error']:.0%} off on average"
        )
    return "\n".join(lines)


def _options(command: Callable[..., None]) -> Callable[..., None]:
    stated = (
        click.argument("source", metavar="DIR|NAME"),
        click.option("--out", help="Folder for the sweep that a scenario of the library declares."),
        click.option("--method", type=click.Choice(["rejection", "smc"]), default="rejection"),
        click.option("--accept", type=float, help="rejection: share of the runs that is kept."),
        click.option("--samples", type=whole(1), help="Runs of the prior (as declared)."),
        click.option("--population", type=whole(1), help="smc: runs that a population accepts."),
        click.option("--generations", type=whole(1), help="smc: populations at the most."),
        click.option("--seed", type=whole(0), help="smc: random seed of proposals (0)."),
        click.option("--workers", type=whole(1, 4096), help="smc: processes on this machine."),
        click.option("--allow-mixed", is_flag=True, default=None, help="smc: mix versions."),
        click.option("--figure", "drawing", help="Draw bands and posterior into a new file."),
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object."),
    )
    for option in reversed(stated):
        command = option(command)
    return command


@click.command()
@_options
def main(
    source: str,
    out: str | None,
    method: str,
    accept: float | None,
    samples: int | None,
    drawing: str | None,
    as_json: bool,
    **asked: Any,
) -> None:
    """Calibrate the scenario of a sweep to its observed series."""
    try:
        if drawing is not None and Path(drawing).exists():
            raise InputError(f"--figure: {drawing} exists already")
        sweep = Sweep(source) if out is None else played(source, out, samples)
        given = {name: value for name, value in asked.items() if value is not None}
        if given and method != "smc":
            raise InputError(f"--{next(iter(given)).replace('_', '-')}: belongs to --method smc")
        found = calibration(sweep, accept, method, **given)
        sweep = Sweep(sweep.folder)
    except InputError as error:
        raise click.ClickException(str(error)) from None
    if drawing is not None:
        figure(sweep, found).savefig(drawing)
    click.echo(json.dumps(as_data(found), indent=1) if as_json else sentences(found))


if __name__ == "__main__":
    main()
