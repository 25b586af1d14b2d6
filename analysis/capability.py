"""What each lab's models could do at every training round, with the action and without it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis import style
from analysis.communities import EVERYBODY, shown
from analysis.spread import played

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.runs.comparison import Comparison

ACROSS = 3
"""Labs beside each other."""
MOST_DATES = 6


@style.styled
def capability(comparison: Comparison) -> Figure:
    """Draw the loss of each lab's models, overall and in each community's own domain.

    Parameters
    ----------
    comparison : Comparison
        A scenario beside the same world without action, of labs that trained.
    """
    labs = trained(comparison)
    across = min(ACROSS, len(labs))
    down = math.ceil(len(labs) / across)
    figure = Figure(figsize=(style.PAGE, 0.9 + 2.4 * down))
    places = figure.subplots(down, across, squeeze=False).flat
    figure.set_layout_engine("constrained")
    for lab, letter, axes in zip(labs, "abcdefghijkl", places, strict=False):
        _panel(axes, comparison, lab)
        style.letter(axes, letter, lab)
    for axes in places:
        axes.set_axis_off()
    handles, names = figure.axes[0].get_legend_handles_labels()
    arms = [
        Line2D([], [], color=style.GREY, linestyle="-", marker="o", markersize=4),
        Line2D([], [], color=style.GREY, linestyle=":", marker="o", markersize=4, mfc="white"),
    ]
    figure.legend(
        [*handles, *arms], [*names, "with action", "without"], loc="outside upper center", ncols=4
    )
    style.footnote(figure, [_source(comparison)])
    return figure


def trained(comparison: Comparison) -> list[str]:
    """Return the labs that trained at least once in each run."""
    return [name for name in comparison.action[0].labs if comparison.rounds(name).size]


def _panel(axes: Axes, comparison: Comparison, lab: str) -> None:
    dates = [comparison.scenario.date_of(int(step)) for step in comparison.rounds(lab)]
    rounds = np.arange(len(dates))
    domains = shown(comparison.action[0])
    for name, colour in zip(domains, style.CYCLE, strict=False):
        measure = "loss" if name == EVERYBODY else f"loss.{name}"
        told, colour = ("overall", style.BLACK) if name == EVERYBODY else (name, colour)
        arms = comparison.measured(lab, measure)
        for losses, dashes, inside in zip(arms, ("-", ":"), (colour, "white"), strict=True):
            middle = 100.0 * (np.median(losses, axis=0) - 1.0)
            axes.plot(
                rounds, np.where(np.isfinite(middle), middle, np.nan), color=colour,
                linestyle=dashes, marker="o", markersize=4, markerfacecolor=inside,
                label=told if dashes == "-" else None,
            )  # fmt: skip
    axes.axhline(0.0, color=style.GREY, linewidth=0.8, linestyle="-", zorder=0)
    told_at = rounds[:: 1 + rounds.size // MOST_DATES]
    axes.set_xticks(told_at, [f"{dates[at]:%b}\n{dates[at]:%Y}" for at in told_at])
    axes.set_xlim(-0.5, rounds.size - 0.5)
    axes.set_xlabel("data freeze")
    axes.set_ylabel("increase of the loss (%)")
    axes.grid(axis="y")


def _source(comparison: Comparison) -> str:
    scenario, seeds = comparison.scenario, comparison.seeds
    return (
        f"{'Medians of ' if len(seeds) > 1 else ''}{played(seeds)}; 0 is full participation at "
        f"the start. Scenario {scenario.name} (digest {scenario.digest[:10]})."
    )
