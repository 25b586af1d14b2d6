"""Thresholds as theory reads them: the share of the crowd at or below a value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sim.creators.distributions import as_distribution
from sim.errors import InputError
from sim.theory.maps import Array, Map


def cdf(thresholds: Any) -> Map:
    """Return the cumulative distribution as a function of arrays.

    Parameters
    ----------
    thresholds : number, distribution or callable
        A number that everybody has, anything with a method ``cdf``, or the function itself.

    Raises
    ------
    InputError
        If it is none of these, or its values are not shares.
    """
    given = as_distribution(thresholds)
    function: Callable[..., Any] = getattr(given, "cdf", given)
    if not callable(function):
        raise InputError(
            f"thresholds: expected a number, a distribution or a function, got {thresholds!r}"
        )

    def below(x: Array) -> Array:
        shares: Array = _everywhere(function, x)
        if shares.size and not (shares.min() >= 0.0 and shares.max() <= 1.0):
            raise InputError("thresholds: a cumulative distribution must stay between 0 and 1")
        return shares

    return below


def mixed(thresholds: Sequence[Any], shares: ArrayLike) -> Map:
    """Return the cumulative distribution of a crowd made of several communities.

    Parameters
    ----------
    thresholds : sequence of numbers, distributions or callables
        Thresholds of each community.
    shares : array_like (communities,)
        Size of each, in any unit.

    Raises
    ------
    InputError
        If the sizes do not fit the communities.
    """
    parts = [cdf(each) for each in thresholds]
    sizes = np.asarray(shares, dtype=float)
    if sizes.shape != (len(parts),) or (sizes < 0).any() or not sizes.sum() > 0:
        raise InputError(
            f"shares: expected one, zero or more, for each of {len(parts)} communities"
        )
    weights = sizes / sizes.sum()

    def below(x: Array) -> Array:
        total: Array = np.sum([w * part(x) for w, part in zip(weights, parts, strict=True)], axis=0)
        return np.minimum(total, 1.0)  # rounding

    return below


def _everywhere(function: Callable[..., Any], x: Array) -> Array:
    try:
        shares = np.asarray(function(x), dtype=float)
    except (TypeError, ValueError):  # it takes one number at a time
        shares = np.empty(0)
    if shares.shape == np.shape(x):
        return shares
    return np.asarray(np.vectorize(function, otypes=[float])(x))
