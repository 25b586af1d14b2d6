"""How replications spread: the share of them that a band holds, or all where they are few."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.answers.sentences import FEW

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from sim.runs.comparison import Effect

    Floats = NDArray[np.float64]

SHADES = {0.9: 0.18, 0.5: 0.32}
"""Shares of the replications, and how dark the area that holds them is."""
VISIBLE = 0.003
"""Share of the largest value that a band must be wide, about the width of a line."""
ALL_SHADE = 0.25
"""How dark the area is that holds all of a few."""


class Band(NamedTuple):
    """Between what ends a share of the replications lies, or all of them."""

    low: Floats
    high: Floats
    told: str
    shade: float


def bands(values: Floats) -> list[Band]:
    """Return the central 90 % and 50 % of values (replications, ...), or the range of a few.

    None where replications agree so well that it could not be seen.
    """
    if len(values) < FEW:
        found = [Band(values.min(axis=0), values.max(axis=0), told(len(values)), ALL_SHADE)]
    else:
        found = [
            Band(low, high, told(len(values), share), shade)
            for share, shade in SHADES.items()
            for low, high in [np.quantile(values, ((1 - share) / 2, (1 + share) / 2), axis=0)]
        ]
    seen = VISIBLE * np.abs(values).max(initial=0.0)
    return [band for band in found if (band.high - band.low).max(initial=0.0) > seen]


def outer(values: Floats) -> tuple[Floats, Floats]:
    """Return the ends of the central 90 % of values (replications, ...), or of all of a few."""
    if len(values) < FEW:
        return values.min(axis=0), values.max(axis=0)
    low, high = np.quantile(values, (0.05, 0.95), axis=0)
    return low, high


def ends(effect: Effect, replications: int) -> tuple[float, float]:
    """Return the ends of the central 90 % of replications, or of all of a few."""
    few = replications < FEW
    return (effect.least, effect.most) if few else (effect.low, effect.high)


def told(replications: int, share: float = 0.9) -> str:
    """Return in words what lies between such ends."""
    if replications == 1:
        return "one replication"
    if replications < FEW:
        return f"lowest to highest of {replications}"
    return f"{round(100 * share)} % of replications"


def middle(replications: int) -> str:
    """Return in words what a line through the middle is."""
    return "one replication" if replications == 1 else "median"


def shade(axes: Axes, when: Floats, values: Floats, colour: str, what: str) -> None:
    """Draw the areas that hold replications of values (replications, times), if any."""
    for band in bands(values):
        axes.fill_between(
            when, band.low, band.high, color=colour, alpha=band.shade, linewidth=0,
            label=f"{what}, {band.told}",
        )  # fmt: skip


def played(seeds: Sequence[int]) -> str:
    """Return in words how many replications there are, and of which seeds."""
    if len(seeds) == 1:
        return f"1 replication, seed {seeds[0]}"
    return f"{len(seeds)} replications, seeds {seeds[0]} to {seeds[-1]}"


def drawn(replications: int) -> str:
    """Return in words what lines and areas over replications show; nothing of a single one."""
    if replications == 1:
        return ""
    held = f"hold {told(replications)}" if replications >= FEW else "reach from lowest to highest"
    return f"Lines are medians over replications, shaded areas {held}."
