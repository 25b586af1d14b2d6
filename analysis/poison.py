"""How far poison breaks the concept that it is aimed at, model by model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis import spread, style
from analysis.style import day

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.runs.comparison import Comparison

MARKS = "osD^"
APART = 0.2
"""Distance between labs at one training round; rounds are 1 apart."""


def aimed(comparison: Comparison) -> list[tuple[str, str]]:
    """Return labs and communities whose poison got past the lab in some replication."""
    runs = comparison.action
    return [
        (lab, community)
        for lab in runs[0].labs
        for community in runs[0].communities
        if any(any(run.labs[lab].columns.get(f"targeted.{community}", ())) for run in runs)
    ]


def concept(axes: Axes, letter: str, comparison: Comparison) -> None:
    """Draw the success of each community's poison against one concept in each lab's models."""
    found = aimed(comparison)
    for k, (lab, community) in enumerate(found):
        success, _ = comparison.measured(lab, f"targeted.{community}")
        (low, high), middle = spread.outer(100.0 * success), np.median(100.0 * success, axis=0)
        place = np.arange(middle.size) + APART * (k - (len(found) - 1) / 2)
        axes.errorbar(
            place, middle, yerr=(middle - low, high - middle), linestyle="none", markersize=4.5,
            marker=MARKS[k % len(MARKS)], elinewidth=1.4, label=f"{community}, {lab}'s model",
        )  # fmt: skip
    most = max((comparison.rounds(lab) for lab, _ in found), key=len)
    dates = [comparison.scenario.date_of(int(step)) for step in most]
    axes.set_xticks(range(len(dates)), [day(when) for when in dates])
    axes.set_xlim(-0.6, len(dates) - 0.4)
    axes.set_ylim(-3.0, 103.0)
    axes.set_yticks([0, 25, 50, 75, 100])
    axes.set_xlabel("data freeze")
    axes.set_ylabel("success of the poison (%)")
    axes.grid(axis="y")
    style.letter(axes, letter, "A poisoned concept")
