"""Logit choice between acting and not, when everybody sees everybody.

Brock & Durlauf 2001, doi:10.1111/1467-937X.00168.  The mean choice m = 2 r - 1 runs from -1
(nobody acts) to 1; r is participation.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from sim.errors import InputError
from sim.theory import maps
from sim.theory.maps import Array, FixedPoint, Map


def response(
    pull: ArrayLike, conformity: float, temperature: float, shares: ArrayLike | None = None
) -> Map:
    """Return the mean choice that follows on a mean choice m: tanh((h + J m) / (2 tau)).

    Parameters
    ----------
    pull : float or array_like (groups,)
        Utility h of acting apart from what others do, of everybody or of each group.
    conformity : float
        Weight J of what others do (utility); negative for those who like to differ.
    temperature : float
        Scale tau of the unobserved part of utility.
    shares : array_like (groups,), optional
        Share of each group in the crowd; equal by default.

    Raises
    ------
    InputError
        If the temperature is not positive or the shares do not fit the groups.
    """
    h, weight = _groups(pull, shares)
    if not temperature > 0.0:
        raise InputError(f"temperature: expected a number above 0, got {temperature}")

    def mean_choice(m: Array) -> Array:
        choice = np.tanh((h + conformity * np.asarray(m)[..., None]) / (2.0 * temperature))
        averaged: Array = choice @ weight
        return averaged

    return mean_choice


def fixed_points(
    pull: ArrayLike, conformity: float, temperature: float, shares: ArrayLike | None = None
) -> tuple[FixedPoint, ...]:
    """Return every mean choice m = tanh((h + J m) / (2 tau)), in order.

    There are three iff J > 2 tau and h, whatever its sign, is below the `tipping_pull`, if all
    are alike.
    Stability is that of everybody reconsidering at every step.

    See `response` for the parameters and errors.
    """
    chosen = response(pull, conformity, temperature, shares)
    if conformity >= 0.0:
        return maps.fixed_points(chosen, -1.0, 1.0)
    value = float(brentq(lambda m: float(chosen(np.array([m]))[0]) - m, -1.0, 1.0, xtol=1e-15))
    near = chosen(np.array([value - maps.NEAR, value + maps.NEAR]))
    slope = float(near[1] - near[0]) / (2.0 * maps.NEAR)
    return (FixedPoint(value, slope, abs(slope) < 1.0),)


def equilibrium(
    pull: ArrayLike,
    conformity: float,
    temperature: float,
    start: float = 0.0,
    shares: ArrayLike | None = None,
) -> float:
    """Return the mean choice that the crowd settles on from a mean choice ``start``.

    See `response` for the other parameters.

    Raises
    ------
    InputError
        If the crowd never settles, because all like to differ and reconsider together.
    """
    if conformity >= 0.0:
        return maps.settle(response(pull, conformity, temperature, shares), start, -1.0, 1.0)
    (point,) = fixed_points(pull, conformity, temperature, shares)
    if not point.stable:
        raise InputError(
            f"logit choice: with conformity {conformity} and temperature {temperature} a crowd "
            "that reconsiders all together never settles"
        )
    return point.value


def tipping_pull(conformity: float, temperature: float) -> float | None:
    """Return the size of the common pull h at which the minority equilibrium vanishes.

    It is J m - 2 tau artanh(m) at m = sqrt(1 - 2 tau / J); None if there is only ever one
    equilibrium (J <= 2 tau).

    Raises
    ------
    InputError
        If the temperature is not positive.
    """
    if not temperature > 0.0:
        raise InputError(f"temperature: expected a number above 0, got {temperature}")
    if conformity <= 2.0 * temperature:
        return None
    m = math.sqrt(1.0 - 2.0 * temperature / conformity)
    return conformity * m - 2.0 * temperature * math.atanh(m)


def path(
    pull: ArrayLike,
    conformity: float,
    temperature: float,
    steps: int,
    start: float = 0.0,
    reconsidering: float = 1.0,
    shares: ArrayLike | None = None,
) -> Array:
    """Return *participation* step by step; (steps + 1,).

    Parameters
    ----------
    steps : int
        Number of steps.
    start : float
        Participation at step 0.
    reconsidering : float
        Share of creators who reconsider in a step, chosen at random.
    pull, conformity, temperature, shares
        See `response`.
    """
    chosen = response(pull, conformity, temperature, shares)

    def next_choice(m: Array) -> Array:
        return (1.0 - reconsidering) * m + reconsidering * chosen(m)

    return (1.0 + maps.path(next_choice, 2.0 * start - 1.0, steps)) / 2.0


def _groups(pull: ArrayLike, shares: ArrayLike | None) -> tuple[Array, Array]:
    h = np.atleast_1d(np.asarray(pull, dtype=float))
    weight = np.ones(h.size) if shares is None else np.atleast_1d(np.asarray(shares, dtype=float))
    if weight.shape != h.shape or (weight < 0).any() or not weight.sum() > 0:
        raise InputError(f"shares: expected one, zero or more, for each of {h.size} pulls")
    return h, weight / weight.sum()
