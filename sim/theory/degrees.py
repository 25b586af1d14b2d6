"""Degree distributions: the share of creators with 0, 1, 2, ... links."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln, xlogy

from sim.errors import InputError
from sim.theory.maps import Array


def poisson(mean: float) -> Array:
    """Return the degrees of a large Erdős–Rényi network (Erdős & Rényi 1959).

    Raises
    ------
    InputError
        If the mean is negative or not finite.
    """
    if not 0.0 <= mean < np.inf:
        raise InputError(f"mean degree: expected zero or more links, got {mean}")
    k = np.arange(int(mean + 12.0 * mean**0.5) + 30)
    return shares(np.exp(xlogy(k, mean) - mean - gammaln(k + 1.0)))


def regular(degree: int) -> Array:
    """Return the degrees of a network in which everybody has the same number of links.

    Raises
    ------
    InputError
        If the degree is negative.
    """
    if degree < 0:
        raise InputError(f"degree: expected zero or more links, got {degree}")
    everybody: Array = np.eye(1, degree + 1, degree)[0]
    return everybody


def power_law(exponent: float, smallest: int, largest: int) -> Array:
    """Return degrees k with shares proportional to k**-exponent between two bounds.

    Newman, Strogatz & Watts 2001, doi:10.1103/PhysRevE.64.026118.

    Raises
    ------
    InputError
        If the bounds are not 1 <= smallest <= largest.
    """
    if not 1 <= smallest <= largest:
        raise InputError(
            f"power law: expected 1 <= smallest <= largest, got {smallest} and {largest}"
        )
    k = np.arange(largest + 1, dtype=float)
    return shares(np.where(k >= smallest, np.maximum(k, 1.0) ** -exponent, 0.0))


def empirical(degrees: ArrayLike) -> Array:
    """Return the degrees found in a network.

    Parameters
    ----------
    degrees : array_like of int (creators,)
        Links of each creator, for example ``numpy.diff(network.indptr)``.

    Raises
    ------
    InputError
        If there are none, or any is negative.
    """
    found = np.asarray(degrees)
    if found.ndim != 1 or found.size == 0 or found.min() < 0:
        raise InputError("degrees: expected one number of links, zero or more, for each creator")
    return shares(np.bincount(found.astype(np.int64)))


def shares(degrees: ArrayLike) -> Array:
    """Return a degree distribution scaled to sum to 1.

    Parameters
    ----------
    degrees : array_like (largest degree + 1,)
        Share or number of creators with 0, 1, 2, ... links.

    Raises
    ------
    InputError
        If it is not a list of numbers, zero or more, with a positive sum.
    """
    given = np.asarray(degrees, dtype=float)
    if given.ndim != 1 or not np.isfinite(given).all() or (given < 0).any() or given.sum() <= 0:
        raise InputError(
            "degree distribution: expected the shares, zero or more, of creators with 0, 1, 2, "
            "... links"
        )
    scaled: Array = given / given.sum()
    return scaled


def mean(degrees: Array) -> float:
    """Return the mean number of links."""
    return float(degrees @ np.arange(degrees.size))


def followed(degrees: Array) -> Array:
    """Return the degrees met by following a random link: k p_k / <k>.

    Raises
    ------
    InputError
        If nobody has a link.
    """
    linked = degrees * np.arange(degrees.size)
    if not linked.sum() > 0:
        raise InputError("degree distribution: nobody has a link")
    scaled: Array = linked / linked.sum()
    return scaled
