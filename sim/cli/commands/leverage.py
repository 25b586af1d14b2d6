"""``datastrike leverage``: what a model loses by the size of a group, and back."""

from __future__ import annotations

import functools
import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.options import SETTINGS, changed, whole
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.leverage.curve import LeverageCurve
    from sim.leverage.size import GroupSize
    from sim.scenario import Scenario

DEFAULTS: dict[str, Any] = {
    "lab": None,
    "tactic": "withhold",
    "by": "random",
    "measure": "loss",
    "step": None,
    "seed": 0,
    "replications": 5,
    "share": None,
    "target": None,
}
SHARE = 0.1
"""Share of the creators that the sentences speak of unless one is given."""
FIGURE = "leverage"
"""Module of `analysis` that draws the figure, and the figure's name."""

OPTIONS = (
    click.Option(["--lab"], metavar="NAME", help="Whose model (the first lab)."),
    click.Option(["--tactic"], metavar="TACTIC", help="What the group does (withhold)."),
    click.Option(
        ["--by"],
        metavar="ORDER",
        help="How creators join: random, community, largest, hubs or greedy (random).",
    ),
    click.Option(
        ["--measure"],
        metavar="MEASURE",
        help="What has an interval: loss, rollback, compute_equivalent or leverage_power (loss).",
    ),
    click.Option(
        ["--share"], type=float, help=f"Size of the group in the sentences ({SHARE} of all)."
    ),
    click.Option(
        ["--target"], type=float, help="Also find the smallest group that changes it so much."
    ),
    click.Option(
        ["--step"],
        type=whole(0),
        help="Step of the training round (the lab's first; `run` tells of its newest).",
    ),
    click.Option(["--replications"], type=whole(1), help="How often creators are drawn (5)."),
    click.Option(["--seed"], type=whole(0), help="First random seed (0)."),
    SETTINGS,
    click.Option(["--out"], metavar="DIR", help="Write table, figure and receipt into a folder."),
    click.Option(["--json", "as_json"], is_flag=True, help="Print the numbers as one JSON object."),
    click.Option(["--no-figure"], is_flag=True, help="Draw nothing."),
)


def leverage(
    source: str,
    settings: tuple[str, ...],
    out: str | None,
    as_json: bool,
    no_figure: bool,
    **asked: Any,
) -> None:
    """Say what a lab's model loses when a group of creators acts, by the size of the group.

    Nobody decides: the group acts from the start and everybody else contributes.  NAME and FILE
    are as for `datastrike run`; the receipt of an earlier study makes it again.
    """
    from sim.cli.leverage_report import LeverageReport
    from sim.folders import check_new_folder
    from sim.leverage.saving import save_curve
    from sim.loading.files import load_scenario

    scenario = changed(load_scenario(source), settings)
    wanted = _wanted(source, asked)
    share, target = wanted.pop("share"), wanted.pop("target")
    if out is not None:
        check_new_folder(out)
    size = _smallest(scenario, target, wanted)
    spoken = _spoken(share, size)
    curve = _curve(scenario, spoken, wanted)
    draw = None if no_figure else functools.partial(_draw, curve)
    folder = Path(save_curve(curve, out, size, draw, spoken)) if out is not None else None
    report = LeverageReport(curve, spoken, size, folder, usual=spoken == SHARE)
    click.echo(report.as_json() if as_json else report.as_text())


command = click.Command(
    "leverage",
    params=[click.Argument(["source"], metavar="NAME|FILE"), *OPTIONS],
    callback=leverage,
    help=leverage.__doc__,
    short_help="Say what a model loses by the size of the group that acts.",
)


def _wanted(source: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Return what is asked: by options, else as in the receipt, else as usual."""
    from sim.leverage.saving import KIND
    from sim.loading.files import find_receipt

    receipt = find_receipt(source)
    recorded: dict[str, Any] = {}
    if receipt is not None and receipt["kind"] == KIND:
        seeds = {"seed": receipt["seeds"][0], "replications": len(receipt["seeds"])}
        recorded = {name: v for name, v in receipt["study"].items() if name in DEFAULTS} | seeds
    given = {name: value for name, value in asked.items() if value is not None}
    wanted = {**DEFAULTS, **recorded, **given}
    if wanted["seed"] + wanted["replications"] > 2**32:
        raise InputError(
            f"--seed: must be at most {2**32 - wanted['replications']} with "
            f"{wanted['replications']} replications, got {wanted['seed']}"
        )
    return wanted


def _smallest(scenario: Scenario, target: float | None, wanted: dict[str, Any]) -> GroupSize | None:
    from sim.leverage.size import smallest_group

    return None if target is None else smallest_group(scenario, target=target, **wanted)


def _spoken(share: float | None, size: GroupSize | None) -> float:
    """Return the share of the creators that the sentences speak of."""
    if share is not None:
        if not 0.0 <= share <= 1.0:
            raise InputError(f"--share: must be from 0 to 1, got {share}")
        return share
    return size.share if size is not None and size.reached else SHARE


def _curve(scenario: Scenario, spoken: float, wanted: dict[str, Any]) -> LeverageCurve:
    import numpy as np

    from sim.leverage.curve import SHARES, leverage_curve
    from sim.leverage.places import simulated_share

    whose = {name: wanted[name] for name in ("lab", "tactic", "by", "step", "seed")}
    place = simulated_share(scenario, spoken, **whose)
    near = np.isclose(SHARES, place, rtol=0.0, atol=1e-9).any()
    shares = SHARES if near else np.append(SHARES, place)
    return leverage_curve(scenario, shares=shares, **wanted)


def _draw(curve: LeverageCurve, folder: Path) -> None:
    """Add the figure of `analysis`, which must never cost the study."""
    try:
        figure = importlib.import_module(f"analysis.{FIGURE}").leverage(curve)
        figure.savefig(folder / f"{FIGURE}.png", dpi=150, metadata={"Software": None})
    except Exception as error:  # noqa: BLE001 (whatever drawing may raise)
        said = " ".join(str(error).split())
        click.echo(f"the figure was not drawn ({type(error).__name__}: {said})", err=True)
