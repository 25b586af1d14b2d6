"""Thresholds in a crowd where everybody sees everybody.

Granovetter 1978, doi:10.1086/226707.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import InputError
from sim.theory import maps
from sim.theory.maps import Array, FixedPoint, Map, TippingPoint
from sim.theory.thresholds import cdf


def response(thresholds: Any, initiators: float = 0.0) -> Map:
    """Return the participation that follows on a participation r: s + (1 - s) F(r).

    Parameters
    ----------
    thresholds : number, distribution or callable
        Thresholds as shares of the crowd; F is their cumulative distribution (a creator joins
        iff its threshold is at or below the participation).
    initiators : float
        Share s of the crowd that takes part from the start and never stops.

    Raises
    ------
    InputError
        If the share is not between 0 and 1.
    """
    if not 0.0 <= initiators <= 1.0:
        raise InputError(f"initiators: expected a share between 0 and 1, got {initiators}")
    below = cdf(thresholds)
    return lambda r: initiators + (1.0 - initiators) * below(r)


def fixed_points(thresholds: Any, initiators: float = 0.0) -> tuple[FixedPoint, ...]:
    """Return every participation r = s + (1 - s) F(r), in order.

    See `response` for the parameters and errors.
    """
    return maps.fixed_points(response(thresholds, initiators))


def equilibrium(thresholds: Any, start: float = 0.0, initiators: float = 0.0) -> float:
    """Return the participation that the crowd settles on.

    Parameters
    ----------
    thresholds, initiators
        See `response`.
    start : float
        Participation at step 0, the initiators included; others of them may stop again.
    """
    rising = response(thresholds, initiators)
    if not 0.0 <= start <= 1.0:
        raise InputError(f"start: expected a share between 0 and 1, got {start}")
    return maps.settle(rising, max(start, initiators))


def path(thresholds: Any, steps: int, start: float = 0.0, initiators: float = 0.0) -> Array:
    """Return participation step by step when all revise together; (steps + 1,).

    See `equilibrium` for the parameters.
    """
    return maps.path(response(thresholds, initiators), max(start, initiators), steps)


def tipping_point(
    family: Callable[[float], Any],
    low: float,
    high: float,
    start: float = 0.0,
    initiators: float = 0.0,
) -> TippingPoint:
    """Return where the equilibrium jumps as one parameter of the thresholds rises.

    There F touches the diagonal: F(r) = r and F'(r) = 1.

    Parameters
    ----------
    family : callable
        The thresholds, given the parameter: ``lambda sd: Normal(0.25, sd)``.
    low, high : float
        Range of the parameter to search.
    start, initiators
        See `equilibrium`.

    Raises
    ------
    InputError
        If participation only moves smoothly in that range.
    """
    return maps.fold(lambda value: equilibrium(family(value), start, initiators), low, high)


def critical_mass(thresholds: Any, low: float = 0.0, high: float = 1.0) -> TippingPoint:
    """Return the share of initiators at which participation jumps.

    Raises
    ------
    InputError
        If participation only moves smoothly with the share of initiators.
    """
    return maps.fold(lambda share: equilibrium(thresholds, 0.0, share), low, high)


def joined(counts: ArrayLike, initiators: int = 0) -> NDArray[np.int64]:
    """Return how many take part in the end in crowds of finitely many creators.

    A creator joins iff its threshold is at or below the number who take part now; nobody stops.

    Parameters
    ----------
    counts : array_like (..., creators)
        Thresholds as numbers of others, whole or not; the last axis is one crowd.
    initiators : int
        Creators who take part from the start, besides those with thresholds.

    Returns
    -------
    int64 (...)
        Participants, the initiators included.
    """
    ordered = np.sort(np.asarray(counts, dtype=float), axis=-1)
    follows = ordered <= initiators + np.arange(ordered.shape[-1])
    count: NDArray[np.int64] = np.logical_and.accumulate(follows, axis=-1).sum(axis=-1)
    return count + initiators
