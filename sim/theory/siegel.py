"""Motivation fed by what others do, when everybody sees everybody.

Siegel 2009, doi:10.1111/j.1540-5907.2008.00361.x.  A creator acts iff b + c > 0; the external
part of its motivation moves as c' = lambda c - (1 - lambda) (1 - r), and so settles at r - 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np

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


def equilibrium(motivation: Any, discouragement: float = -1.0) -> float:
    """Return the participation that the crowd settles on.

    Parameters
    ----------
    motivation
        See `response`.
    discouragement : float
        External motivation c of everybody at first; -1 is that of nobody acting, 0 of all.

    Raises
    ------
    InputError
        If it is not from -1 to 0.
    """
    return maps.settle(response(motivation), 1.0 + _checked(discouragement))


def path(
    motivation: Any,
    persistence: float,
    steps: int,
    start: float = 0.0,
    discouragement: float | None = None,
) -> Array:
    """Return participation step by step when all revise together; (steps + 1,).

    Parameters
    ----------
    motivation
        See `response`.
    persistence : float
        Share lambda of external motivation that lasts from one step to the next.
    start : float
        Participation at step 0.
    discouragement : float, optional
        External motivation c of everybody at step 0; by default what lasting participation at
        ``start`` leads to.

    Raises
    ------
    InputError
        If the persistence is not between 0 and 1, or the motivation not from -1 to 0.
    """
    if not 0.0 <= persistence <= 1.0:
        raise InputError(f"persistence: expected a share between 0 and 1, got {persistence}")
    acting = response(motivation)  # r if c = r - 1
    c = _checked(start - 1.0 if discouragement is None else discouragement)
    participation = np.empty(steps + 1)
    participation[0] = start
    for step in range(steps):
        c = persistence * c - (1.0 - persistence) * (1.0 - participation[step])
        participation[step + 1] = acting(np.array([1.0 + c]))[0]
    return participation


def _checked(external: float) -> float:
    if not -1.0 <= external <= 0.0:
        raise InputError(f"external motivation: expected a number from -1 to 0, got {external}")
    return external
