"""Contagion: starting with a chance from each acting neighbour, stopping with another.

In a step a creator with k acting neighbours starts with probability 1 - (1 - beta)**k and an
acting one stops with probability gamma; starts and stops read the same state.  Creators who
stop may start again (SIS) or are immune (SIR).

Kermack & McKendrick 1927, doi:10.1098/rspa.1927.0118 (the well-mixed crowd); Newman 2002,
doi:10.1103/PhysRevE.66.016128 (networks); Kenah & Robins 2007,
doi:10.1103/PhysRevE.76.036113 (why size and probability of an outbreak differ there).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.polynomial.polynomial import polyval
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from sim.errors import InputError
from sim.theory import degrees as degree
from sim.theory import maps
from sim.theory.maps import Array, FixedPoint

VANISHING = 1e-17  # share of creators still acting at which durations are cut off


@dataclass(frozen=True)
class Course:
    """How a contagion goes in a well-mixed crowd.

    Parameters
    ----------
    participation : float64 (steps + 1,)
        Share acting now.
    adoption : float64 (steps + 1,)
        Share who have ever acted.
    """

    participation: Array
    adoption: Array


def reproduction(beta: float, gamma: float, creators: float) -> float:
    """Return how many creators one sets off in all, where each sees ``creators`` others.

    It is -N log(1 - beta) / gamma, which tends to N beta / gamma for small beta.

    Parameters
    ----------
    beta : float
        Chance of starting from one acting neighbour, in a step.
    gamma : float
        Chance of stopping, in a step.
    creators : float
        Others N whom everybody sees.

    Raises
    ------
    InputError
        If a chance is not between 0 and 1 or the number is negative.
    """
    pressure = _pressure(beta, gamma, creators)
    return math.inf if gamma == 0.0 < pressure else pressure / gamma if pressure else 0.0


def final_size(reproduction: float, initiators: float = 0.0) -> float:
    """Return the share of a well-mixed crowd that has acted once a contagion is over (SIR).

    It is the largest s = i + (1 - i) (1 - exp(-R0 s)).

    Parameters
    ----------
    reproduction : float
        Creators R0 that one sets off in all.
    initiators : float
        Share i of initiators.

    Raises
    ------
    InputError
        If R0 is negative or the share not between 0 and 1.
    """
    if not reproduction >= 0.0 or not 0.0 <= initiators <= 1.0:
        raise InputError(
            "contagion: expected R0 of zero or more and a share of initiators between 0 and 1, "
            f"got {reproduction} and {initiators}"
        )
    if reproduction <= 1.0 and initiators == 0.0:
        return 0.0
    return maps.settle(lambda s: 1.0 - (1.0 - initiators) * np.exp(-reproduction * s), 1.0)


def endemic(beta: float, gamma: float, creators: float) -> FixedPoint:
    """Return the lasting participation of a well-mixed crowd that may start again (SIS).

    It solves gamma i = (1 - i) (1 - (1 - beta)**(N i)); 0 if the contagion dies out.  The
    slope lies above -gamma, so the level is stable even where the crowd overshoots it.

    See `reproduction` for the parameters and errors.
    """
    pressure = _pressure(beta, gamma, creators)
    if pressure <= gamma:
        return FixedPoint(0.0, 1.0 + pressure - gamma, pressure < gamma)

    def gain(i: float) -> float:
        return -(1.0 - i) * math.expm1(-pressure * i) - gamma * i

    lowest = (pressure - gamma) / (pressure + pressure**2 / 2.0)
    value = float(brentq(gain, lowest * (1.0 - 1e-12), 1.0, xtol=1e-16)) if gamma else 1.0
    left = math.exp(-pressure * value)
    slope = left - gamma + (1.0 - value) * pressure * left
    return FixedPoint(value, slope, stable=True)


def course(
    beta: float, gamma: float, creators: float, initiators: float, steps: int, immune: bool
) -> Course:
    """Return participation and adoption of a well-mixed crowd step by step.

    Parameters
    ----------
    beta, gamma, creators
        See `reproduction`.
    initiators : float
        Share acting at step 0.
    steps : int
        Number of steps.
    immune : bool
        Whether creators who stopped never start again (SIR) or may (SIS).
    """
    pressure = _pressure(beta, gamma, creators)
    acting, never = np.empty(steps + 1), np.empty(steps + 1)
    acting[0], never[0] = initiators, 1.0 - initiators
    for step in range(steps):
        start = -math.expm1(-pressure * acting[step])
        able = never[step] if immune else 1.0 - acting[step]
        acting[step + 1] = acting[step] * (1.0 - gamma) + able * start
        never[step + 1] = never[step] * (1.0 - start)
    return Course(acting, 1.0 - never)


def transmissibility(beta: float, gamma: float) -> float:
    """Return the chance that an acting creator sets off a given neighbour before stopping.

    It is beta / (beta + gamma - beta gamma): durations are geometric, at least one step.

    See `reproduction` for the parameters and errors.
    """
    _check_chances(beta, gamma)
    return beta / (beta + gamma - beta * gamma) if beta > 0.0 else 0.0


def critical_transmissibility(degrees: ArrayLike) -> float:
    """Return the transmissibility above which outbreaks happen: <k> / (<k^2> - <k>).

    Parameters
    ----------
    degrees : array_like (largest degree + 1,)
        Share of creators with 0, 1, 2, ... links, of a large configuration network.

    Returns
    -------
    float
        Infinite if no network of these degrees holds together.
    """
    given = degree.shares(degrees)
    k = np.arange(given.size)
    pairs = float(given @ (k * (k - 1)))
    return degree.mean(given) / pairs if pairs > 0.0 else math.inf


def outbreak_possible(degrees: ArrayLike, beta: float, gamma: float) -> bool:
    """Return whether a few initiators can set off a share of a large network (SIR).

    See `critical_transmissibility` and `reproduction` for the parameters and errors.
    """
    return transmissibility(beta, gamma) > critical_transmissibility(degrees)


def outbreak_size(degrees: ArrayLike, transmissibility: float, initiators: float = 0.0) -> float:
    """Return the share of a large network that has acted once an outbreak is over (SIR).

    With u the chance of a neighbour acting some time, u = 1 - (1 - i) G1(1 - T u) and the size
    is 1 - (1 - i) G0(1 - T u), G0 and G1 generating the degrees of creators and of neighbours.

    Parameters
    ----------
    degrees : array_like (largest degree + 1,)
        Share of creators with 0, 1, 2, ... links, of a large configuration network.
    transmissibility : float
        Chance T of setting off a given neighbour.
    initiators : float
        Share i of initiators, chosen at random; 0 for the outbreaks of a few that take off.

    Raises
    ------
    InputError
        If a chance or share is not between 0 and 1, or nobody has a link.
    """
    if not 0.0 <= transmissibility <= 1.0 or not 0.0 <= initiators <= 1.0:
        raise InputError(
            "outbreak: expected a transmissibility and a share of initiators between 0 and 1, "
            f"got {transmissibility} and {initiators}"
        )
    given = degree.shares(degrees)
    neighbours = degree.followed(given)[1:]
    if initiators == 0.0 and transmissibility <= critical_transmissibility(given):
        return 0.0

    def acting(u: Array) -> Array:
        return 1.0 - (1.0 - initiators) * _generate(neighbours, 1.0 - transmissibility * u)

    u = maps.settle(acting, 1.0)
    spared = _generate(given, np.array([1.0 - transmissibility * u]))
    return 1.0 - (1.0 - initiators) * float(spared[0])


def outbreak_probability(degrees: ArrayLike, beta: float, gamma: float) -> float:
    """Return the chance that one initiator, chosen at random, sets off an outbreak (SIR).

    It is below `outbreak_size`: one who stops early fails with all neighbours together.

    See `outbreak_possible` for the parameters and errors.
    """
    given = degree.shares(degrees)
    neighbours = degree.followed(given)[1:]
    if not outbreak_possible(given, beta, gamma):
        return 0.0
    chance, reach = _durations(beta, gamma)

    def lasting(generator: Array, u: Array) -> Array:
        return 1.0 - _generate(generator, 1.0 - np.multiply.outer(u, reach)) @ chance

    u = maps.settle(lambda u: lasting(neighbours, u), 1.0)
    return float(lasting(given, np.array([u]))[0])


def _durations(beta: float, gamma: float) -> tuple[Array, Array]:
    """Return the chance of each duration, and of reaching a neighbour within it."""
    if beta == 0.0 or gamma in (0.0, 1.0) or beta == 1.0:
        return np.ones(1), np.full(1, transmissibility(beta, gamma))
    soonest = min(math.log1p(-beta), math.log1p(-gamma))  # all reached, or nobody still acting
    steps = np.arange(1.0, math.ceil(math.log(VANISHING) / soonest) + 2)
    chance: Array = gamma * (1.0 - gamma) ** (steps - 1)
    chance[-1] += (1.0 - gamma) ** steps[-1]
    reach: Array = -np.expm1(steps * math.log1p(-beta))
    return chance, reach


def _generate(weights: Array, x: Array) -> Array:
    return np.asarray(polyval(x, weights), dtype=float)


def _pressure(beta: float, gamma: float, creators: float) -> float:
    _check_chances(beta, gamma)
    if not creators >= 0.0:
        raise InputError(f"creators: expected zero or more, got {creators}")
    if beta == 0.0 or creators == 0.0:
        return 0.0
    return math.inf if beta == 1.0 else -creators * math.log1p(-beta)


def _check_chances(beta: float, gamma: float) -> None:
    if not (0.0 <= beta <= 1.0 and 0.0 <= gamma <= 1.0):
        raise InputError(
            f"contagion: expected beta and gamma between 0 and 1, got {beta} and {gamma}"
        )
