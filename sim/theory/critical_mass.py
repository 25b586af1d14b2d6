"""Paying for a shared good that all enjoy: who starts, who follows, who rides free.

Oliver, Marwell & Teixeira 1985, doi:10.1086/228313.  N identical creators can each give 1/N at
unit cost c; the good P(R) = R**a grows ever faster with what is given (a > 1, accelerating),
evenly (a = 1) or ever more slowly (a < 1, decelerating); it is worth v P(R) to each.  A creator
pays iff v [P(R + 1/N) - P(R)] > c / N.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.optimize import brentq

from sim.errors import InputError

ACCELERATING, LINEAR, DECELERATING = 2.0, 1.0, 0.5
"""The paper's three shapes of the good."""


def value_for_first(unit_cost: float, creators: int, exponent: float = ACCELERATING) -> float:
    """Return the value v above which the first creator pays: c N**(a - 1).

    Parameters
    ----------
    unit_cost : float
        Cost c of giving 1 (utility).
    creators : int
        Number N of creators.
    exponent : float
        Exponent a of the good.

    Raises
    ------
    InputError
        If a number is not positive.
    """
    _check(1.0, unit_cost, creators, exponent)
    return unit_cost * math.pow(creators, exponent - 1.0)


def paying_level(
    value: float, unit_cost: float, creators: int, exponent: float = ACCELERATING
) -> float:
    """Return the level R at which paying turns worth it (a > 1) or stops being so (a < 1).

    For a = 2 it is c / (2 v) - 1 / (2 N).  It is 0 if everybody pays from the start (a > 1) or
    nobody ever does (a < 1); above 1 it is out of reach.

    Parameters
    ----------
    value : float
        Value v of the whole good to each creator (utility).
    unit_cost, creators, exponent
        See `value_for_first`.

    Raises
    ------
    InputError
        If a number is not positive, or the good grows evenly, so that the level never matters.
    """
    _check(value, unit_cost, creators, exponent)
    if exponent == LINEAR:
        raise InputError("critical mass: in a linear good the level reached never matters")
    rising = 1.0 if exponent > 1.0 else -1.0

    def excess(level: float) -> float:
        return rising * (_gain(value, level, 1.0 / creators, exponent) - unit_cost / creators)

    if excess(0.0) >= 0.0:
        return 0.0
    upper = 1.0
    while excess(upper) < 0.0:
        upper *= 2.0
    return float(brentq(excess, 0.0, upper, xtol=1e-15))


def contributors(
    value: float,
    unit_cost: float,
    creators: int,
    exponent: float = ACCELERATING,
    initiators: int = 0,
    at_once: bool = False,
) -> int:
    """Return how many creators pay in the end.

    Parameters
    ----------
    value, unit_cost, creators, exponent
        See `paying_level`.
    initiators : int
        Creators who have paid from the start.
    at_once : bool
        Whether all decide together, none seeing that the others pay, instead of one at a time.

    Raises
    ------
    InputError
        If a number is not positive, or there are more initiators than creators.
    """
    _check(value, unit_cost, creators, exponent)
    if not 0 <= initiators <= creators:
        raise InputError(f"initiators: expected 0 to {creators}, got {initiators}")
    paid = np.arange(initiators, creators)
    gains = [_gain(value, n / creators, 1.0 / creators, exponent) for n in paid]
    refuses = np.array(gains) <= unit_cost / creators
    if not refuses.any():
        return creators
    if at_once and not refuses[0]:
        return creators
    return initiators + int(np.argmax(refuses))


def smallest_pledge(
    value: float, unit_cost: float, creators: int, exponent: float = ACCELERATING
) -> int | None:
    """Return the fewest creators who all gain by paying together, or None if even all do not.

    It is the smallest n with v (n / N)**a > c / N: what a pledge that binds only when all of a
    group sign can start and no single creator would.

    See `paying_level` for the parameters and errors.
    """
    _check(value, unit_cost, creators, exponent)
    size = creators * math.pow(unit_cost / (value * creators), 1.0 / exponent)
    near = max(1, math.floor(size))
    for members in range(near, min(near + 2, creators) + 1):
        if value * math.pow(members / creators, exponent) > unit_cost / creators:
            return members
    return None


def _gain(value: float, level: float, given: float, exponent: float) -> float:
    if level == 0.0:
        return value * math.pow(given, exponent)
    return value * math.pow(level, exponent) * math.expm1(exponent * math.log1p(given / level))


def _check(value: float, unit_cost: float, creators: int, exponent: float) -> None:
    if not min(value, unit_cost, creators, exponent) > 0:
        raise InputError(
            "critical mass: expected value, unit cost, creators and exponent above 0, got "
            f"{value}, {unit_cost}, {creators} and {exponent}"
        )
