"""What a lab's model loses by the size of the group that acts, whatever the lab answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from analysis import style
from analysis.spread import played
from sim.words.numbers import whose

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.leverage.curve import LeverageCurve

LABELS = {
    "loss": "increase of the loss (%)",
    "rollback": "data that would do as well (% of all)",
    "compute_equivalent": "compute that would do as well (% of all)",
    "leverage_power": "data-leverage power (%)",
}

NOTHING_LOST = {
    "loss": 0.0, "rollback": 100.0, "compute_equivalent": 100.0, "leverage_power": 0.0,
}  # fmt: skip
"""Where each measure is when everybody contributes."""
STEEP = 8.0
"""Largest change, in medians, from which a scale of powers of ten is used."""


@style.styled
def leverage(curve: LeverageCurve) -> Figure:
    """Draw a leverage curve: the measure with its interval, and how far the model falls back.

    Parameters
    ----------
    curve : LeverageCurve
        A study of leverage; `sim.load` reads a saved one.
    """
    (measure,) = curve.low
    other = "loss" if measure == "rollback" else "rollback"
    figure = Figure(figsize=(style.PAGE, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    _panel(left, curve, measure, "a", f"What {whose(curve.lab)} model loses")
    _panel(right, curve, other, "b", "How far it falls back")
    figure.legend(*left.get_legend_handles_labels(), loc="outside upper center", ncols=3)
    style.footnote(figure, _sources(curve))
    return figure


def _panel(axes: Axes, curve: LeverageCurve, measure: str, letter: str, title: str) -> None:
    shares = 100.0 * curve.group["share_of_creators"]
    if measure in curve.low:
        low, high = (_percent(end[measure]) for end in (curve.low, curve.high))
        axes.fill_between(
            shares, low, high, color=style.BLUE, alpha=0.18, linewidth=0,
            label="90 % interval, response none",
        )  # fmt: skip
    axes.plot(shares, _percent(curve.none[measure]), label="lab does nothing")
    axes.plot(shares, _percent(curve.best[measure]), label="lab's best response without paying")
    if np.nanmin(_percent(curve.best[measure])) >= 0.0:
        _widen(axes, _percent(curve.none[measure]))
    axes.set_xlim(0.0, 100.0)
    axes.axhline(NOTHING_LOST[measure], color=style.GREY, linewidth=0.8, linestyle="-")
    axes.set_xlabel("creators who act (% of all)")
    axes.set_ylabel(LABELS[measure])
    axes.grid(axis="y")
    style.letter(axes, letter, title)


def _widen(axes: Axes, values: np.ndarray) -> None:
    """Use a scale of powers of ten, straight near 0, where the largest would hide the others."""
    known = values[np.isfinite(values) & (values > 0.0)]
    if known.size < 2 or known.max() < STEEP * np.median(known):
        return
    straight = 10.0 ** np.floor(np.log10(np.median(known)))
    axes.set_yscale("symlog", linthresh=straight)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))


def _percent(values: np.ndarray) -> np.ndarray:
    """Return shares in percent, with gaps where there is no bound."""
    return 100.0 * np.where(np.isfinite(values), values, np.nan)


def _sources(curve: LeverageCurve) -> list[str]:
    (measure,) = curve.low
    assumed = 100.0 * float(np.median(curve.assumed[measure][1:])) if len(curve.response) > 1 else 0
    tactic = f"Tactic {curve.tactic}; order {curve.by}; everybody else contributes, nobody decides."
    model = f"Model: {curve.lab}, preset {curve.preset}, trained at step {curve.step}."
    scenario = f"scenario {curve.scenario.name} (digest {curve.scenario.digest[:10]})"
    share = f"{assumed:.0f} % of it (median over sizes) comes from assumed constants"
    return [
        f"{tactic} {model}",
        f"Interval: draws of the preset's constants; {share}.",
        f"Simulated: {scenario}, {played(curve.seeds)}.",
    ]
