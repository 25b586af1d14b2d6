"""Fixed points of rising maps, which is what a mean field of conformity comes down to.

A rising (nowhere falling) map f of an interval into itself rules out stretches: between a and b
there is no x = f(x) unless f(a) <= b and f(b) >= a.  Halving what is left finds every fixed
point, however close together or hidden behind jumps (Tarski 1955, doi:10.2140/pjm.1955.5.285).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from sim.errors import InputError

Array = NDArray[np.float64]
Map = Callable[[Array], Array]

FEW_STEPS = 200  # after which a slow approach is shortened
FIRST_CELLS = 64
FINEST = 2.0**-30  # width below which halving stops
MOST_CELLS = 2**13  # or this many left: two crossings they hide differ by rounding only
ROUNDING = 1e-14  # f(x) - x this small is zero
SAME = 1e-9  # two values this close are the same fixed point
NEAR = 1e-6  # distance over which slopes are taken and flat pieces joined
STRETCH = 1e-3  # fixed points filling more than this are a stretch, not one touching point
JUMP = 1e-3  # an equilibrium moving this far under a vanishing change has tipped


@dataclass(frozen=True)
class FixedPoint:
    """A value that a map leaves where it is.

    Parameters
    ----------
    value : float
        The fixed point.
    slope : float
        Slope of the map there.
    stable : bool
        Whether the map leads back to it from both sides.
    """

    value: float
    slope: float
    stable: bool


@dataclass(frozen=True)
class TippingPoint:
    """Where an equilibrium jumps as one parameter rises.

    Parameters
    ----------
    parameter : float
        The parameter's value at the jump.
    before, after : float
        The equilibrium just below and just above it.
    """

    parameter: float
    before: float
    after: float


def fixed_points(rising: Map, low: float = 0.0, high: float = 1.0) -> tuple[FixedPoint, ...]:
    """Return every x = f(x) of a rising map of [low, high] into itself, in order.

    A stretch on which f(x) = x everywhere is given by its two ends, neither of them stable; a
    point that the map touches without crossing counts as unstable.

    Parameters
    ----------
    rising : callable
        Takes and returns arrays of the same shape; nowhere falling.
    low, high : float
        Ends of the interval.
    """
    values = _places(rising, low, high)
    return tuple(_described(rising, value, values, low, high) for value in values)


def settle(rising: Map, start: float, low: float = 0.0, high: float = 1.0) -> float:
    """Return where a rising map, applied over and over, leads from ``start``.

    It is the nearest fixed point in the direction of the first move.
    """
    x = start
    for _ in range(FEW_STEPS):
        after = _at(rising, x)
        if abs(after - x) <= ROUNDING / 10:
            return after
        x = after
    points = [point.value for point in fixed_points(rising, low, high)]
    if x >= start:
        return min((value for value in points if value >= x - SAME), default=x)
    return max((value for value in points if value <= x + SAME), default=x)


def path(rising: Map, start: float, steps: int) -> Array:
    """Return ``start`` and the values after each of ``steps`` applications; (steps + 1,)."""
    values = np.empty(steps + 1)
    values[0] = start
    for step in range(steps):
        values[step + 1] = _at(rising, values[step])
    return values


def fold(equilibrium: Callable[[float], float], low: float, high: float) -> TippingPoint:
    """Return where an equilibrium jumps as its parameter rises from ``low`` to ``high``.

    Parameters
    ----------
    equilibrium : callable
        The equilibrium reached, as a function of the parameter.
    low, high : float
        Range of the parameter; the largest jump in it is found.

    Raises
    ------
    InputError
        If the equilibrium only moves smoothly.
    """
    if not low < high:
        raise InputError(f"tipping point: expected low below high, got {low} and {high}")
    grid = np.linspace(low, high, FIRST_CELLS + 1).tolist()
    levels = [equilibrium(value) for value in grid]
    at = int(np.argmax(np.abs(np.diff(levels))))
    (a, b), (before, after) = grid[at : at + 2], levels[at : at + 2]
    while a < (middle := (a + b) / 2) < b and b - a > 1e-16 * (high - low):
        level = equilibrium(middle)
        if abs(level - before) >= abs(after - level):
            b, after = middle, level
        else:
            a, before = middle, level
    if abs(after - before) < JUMP:
        raise InputError(
            f"tipping point: the equilibrium moves smoothly between {low} and {high}; "
            "try another range"
        )
    return TippingPoint(b, before, after)


def _at(rising: Map, x: float) -> float:
    return float(rising(np.array([x]))[0])


def _places(rising: Map, low: float, high: float) -> list[float]:
    edges = np.linspace(low, high, FIRST_CELLS + 1)
    cells = np.stack([edges[:-1], edges[1:]])
    finest = FINEST * (high - low)
    flat = np.empty((2, 0))
    while cells.size:
        after = rising(cells)
        possible = (after[0] <= cells[1] + ROUNDING) & (after[1] >= cells[0] - ROUNDING)
        cells, after = cells[:, possible], after[:, possible]
        still = _flat(rising, cells, after)
        flat = np.hstack([flat, cells[:, still]])
        cells, after = cells[:, ~still], after[:, ~still]
        if cells.shape[1] > MOST_CELLS or (cells[1] - cells[0] <= finest).all():
            break
        left, right = cells
        middle = (left + right) / 2
        cells = np.hstack([[left, middle], [middle, right]])
    stretches = _stretches(flat)
    found = [
        x
        for x in _inside(rising, cells)
        if not any(a - SAME <= x <= b + SAME for a, b in stretches)
    ]
    return sorted(_thinned(rising, found) + _ends(stretches))


def _flat(rising: Map, cells: Array, after: Array) -> NDArray[np.bool_]:
    flat: NDArray[np.bool_] = np.all(np.abs(after - cells) <= ROUNDING, axis=0)
    left, right = cells[:, flat]
    for share in (0.5 - 5**0.5 / 11, 0.5, 0.5 + 5**0.5 / 11):  # irrational: steps are no stretch
        x = left + share * (right - left)
        flat[flat] &= np.abs(rising(x) - x) <= ROUNDING
        left, right = cells[:, flat]
    return flat


def _stretches(flat: Array) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for a, b in sorted(flat.T.tolist()):
        if merged and a - merged[-1][1] <= NEAR:
            merged[-1] = merged[-1][0], b
        else:
            merged.append((a, b))
    return merged


def _ends(stretches: list[tuple[float, float]]) -> list[float]:
    return [x for a, b in stretches for x in ([a, b] if b - a > STRETCH else [(a + b) / 2])]


def _inside(rising: Map, cells: Array) -> list[float]:
    gap = rising(cells) - cells
    exact: list[float] = cells[np.abs(gap) <= ROUNDING].tolist()
    left, right = cells[:, (np.abs(gap) > ROUNDING).all(axis=0) & (gap[0] * gap[1] < 0)]
    crossed = [_crossing(rising, a, b) for a, b in zip(left, right, strict=True)]
    stepped = rising(cells[1])  # between two steps of a staircase the map is constant
    on_step = (np.abs(stepped - cells[1]) <= SAME) & (np.abs(rising(stepped) - stepped) <= ROUNDING)
    steps: list[float] = stepped[on_step].tolist()
    return exact + [x for x in crossed if x is not None] + steps


def _crossing(rising: Map, a: float, b: float) -> float | None:
    x = float(brentq(lambda x: _at(rising, x) - x, a, b, xtol=1e-16))
    return x if abs(_at(rising, x) - x) <= SAME else None  # else the map jumps over the diagonal


def _thinned(rising: Map, values: list[float]) -> list[float]:
    kept: list[float] = []
    for x in sorted(values):
        if not kept or x - kept[-1] > 4 * SAME:
            kept.append(x)
        elif abs(_at(rising, x) - x) < abs(_at(rising, kept[-1]) - kept[-1]):
            kept[-1] = x
    return kept


def _described(
    rising: Map, value: float, values: list[float], low: float, high: float
) -> FixedPoint:
    a, b = max(low, value - NEAR), min(high, value + NEAR)
    slope = (_at(rising, b) - _at(rising, a)) / (b - a)
    below = max((x for x in values if x < value), default=low)
    above = min((x for x in values if x > value), default=high)
    stable = _leads_back(rising, value, below) and _leads_back(rising, value, above)
    return FixedPoint(value, slope, stable)


def _leads_back(rising: Map, value: float, neighbour: float) -> bool:
    if abs(neighbour - value) <= SAME:  # the end of the interval
        return True
    for distance in (1e-7, 1e-6, 1e-5, 1e-4, 1e-3):
        x = value + math.copysign(min(distance, abs(neighbour - value) / 2), neighbour - value)
        gap = _at(rising, x) - x
        if abs(gap) > 10 * ROUNDING:
            return gap * (value - x) > 0
    return False
