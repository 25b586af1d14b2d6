"""Whether one initiator can set off a cascade on a large sparse random network.

Watts 2002, doi:10.1073/pnas.082090499.  A creator is *vulnerable* if one acting neighbour is
enough; a cascade can happen iff vulnerable creators are linked into a cluster that fills a share
of the network.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq, minimize_scalar

from sim.errors import InputError
from sim.theory import degrees as degree
from sim.theory.maps import Array, Map
from sim.theory.thresholds import cdf


@dataclass(frozen=True)
class Window:
    """Mean degrees between which cascades can happen.

    Parameters
    ----------
    low, high : float
        Ends of the window; ``high`` is infinite if it is still open at the end of the search.
    """

    low: float
    high: float


def vulnerable_neighbours(degrees: ArrayLike, thresholds: Any) -> float:
    """Return how many further vulnerable creators a vulnerable one leads to on average.

    This is the sum of k (k - 1) p_k F(1/k) over <k>; a cascade can happen iff it exceeds 1.

    Parameters
    ----------
    degrees : array_like (largest degree + 1,)
        Share of creators with 0, 1, 2, ... links.
    thresholds : number, distribution or callable
        Thresholds as shares of neighbours.  Creators whose threshold is zero or less count as
        vulnerable, though they start by themselves.
    """
    return _branching(degree.shares(degrees), cdf(thresholds))


def cascade_windows(
    thresholds: Any,
    degrees: Callable[[float], Array] = degree.poisson,
    low: float = 0.01,
    high: float = 1000.0,
) -> tuple[Window, ...]:
    """Return every range of mean degree in which one initiator can set off a cascade.

    On an Erdős–Rényi network with the same threshold for all, the ends solve
    z P[Poisson(z) <= K - 2] = 1, where K is the largest degree at which one neighbour is enough.

    Parameters
    ----------
    thresholds : number, distribution or callable
        Thresholds as shares of neighbours.
    degrees : callable
        Degree distribution, given the mean degree.
    low, high : float
        Mean degrees to search.

    Raises
    ------
    InputError
        If the range is empty or not positive.
    """
    if not 0.0 < low < high < math.inf:
        raise InputError(f"mean degree: expected 0 < low < high, got {low} and {high}")
    below = cdf(thresholds)

    def excess(z: float) -> float:
        return _branching(degrees(z), below) - 1.0

    grid = _with_extremes(excess, np.geomspace(low, high, 600))
    signs = [excess(z) > 0.0 for z in grid]
    ends = [low] if signs[0] else []
    for a, b, from_sign, to_sign in zip(grid, grid[1:], signs, signs[1:], strict=False):
        if from_sign != to_sign:
            ends.append(float(brentq(excess, a, b, xtol=1e-13)))
    if signs[-1]:
        ends.append(math.inf)
    return tuple(Window(*pair) for pair in zip(ends[::2], ends[1::2], strict=True))


def cascade_window(
    thresholds: Any, degrees: Callable[[float], Array] = degree.poisson
) -> Window | None:
    """Return the first range of mean degree in which cascades can happen, or None.

    See `cascade_windows` for the parameters.
    """
    return next(iter(cascade_windows(thresholds, degrees)), None)


def _branching(degrees: Array, below: Map) -> float:
    k = np.arange(degrees.size)
    linked = degrees[1:] * k[1:]
    if not linked.sum() > 0:
        return 0.0
    return float((linked * (k[1:] - 1)) @ below(1.0 / k[1:]) / linked.sum())


def _with_extremes(function: Callable[[float], float], grid: Array) -> list[float]:
    """Add the turning points between grid points, so that no narrow crossing is missed."""
    values = np.array([function(z) for z in grid])
    turns = np.flatnonzero(np.diff(np.sign(np.diff(values))) != 0)
    extra = [_extreme(function, grid[turn], grid[turn + 2], values[turn]) for turn in turns]
    return sorted([*grid.tolist(), *extra])


def _extreme(function: Callable[[float], float], a: float, b: float, value_at_a: float) -> float:
    sign = 1.0 if function((a * b) ** 0.5) < value_at_a else -1.0
    return float(minimize_scalar(lambda z: sign * function(z), bounds=(a, b)).x)
