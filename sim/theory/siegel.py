"""Motivation fed by what others do, when everybody sees everybody.

Siegel 2009, doi:10.1111/j.1540-5907.2008.00371.x.  A creator acts iff b + c > 0; the external
part of its motivation moves as c' = lambda c - (1 - lambda) (1 - r), and so settles at r - 1.
"""

from __future__ import annotations

from typing import Any

from sim.errors import InputError
from sim.theory import maps
from sim.theory.maps import Array, FixedPoint, Map
from sim.theory.thresholds import cdf


def response(motivation: Any) -> Map:
    """Return the participation that follows on a lasting participation r: P[b > 1 - r].

    With internal motivation b normal it is Phi((mean - 1 + r) / sd).

    Parameters
    ----------
    motivation : number, distribution or callable
        Internal motivation b of the creators (net utility).
    """
    below = cdf(motivation)
    return lambda r: 1.0 - below(1.0 - r)


def fixed_points(motivation: Any) -> tuple[FixedPoint, ...]:
    """Return every lasting participation r = P[b > 1 - r], in order.

    See `response`.  Stability does not depend on the persistence lambda.
    """
    return maps.fixed_points(response(motivation))


def equilibrium(motivation: Any, start: float = -1.0) -> float:
    """Return the participation that the crowd settles on.

    Parameters
    ----------
    motivation
        See `response`.
    start : float
        External motivation c of everybody at step 0; -1 is that of nobody acting.
    """
    return maps.settle(response(motivation), 1.0 + _checked(start))


def path(motivation: Any, persistence: float, steps: int, start: float = -1.0) -> Array:
    """Return participation step by step from external motivation ``start``; (steps + 1,).

    Parameters
    ----------
    motivation, start
        See `equilibrium`.
    persistence : float
        Share lambda of external motivation that lasts from one step to the next.

    Raises
    ------
    InputError
        If the persistence is not between 0 and 1.
    """
    if not 0.0 <= persistence <= 1.0:
        raise InputError(f"persistence: expected a share between 0 and 1, got {persistence}")
    acting = response(motivation)  # r if c = r - 1

    def external(c: Array) -> Array:
        return persistence * c - (1.0 - persistence) * (1.0 - acting(1.0 + c))

    return acting(1.0 + maps.path(external, _checked(start), steps))


def _checked(start: float) -> float:
    if not -1.0 <= start <= 0.0:
        raise InputError(f"external motivation: expected a number from -1 to 0, got {start}")
    return start
