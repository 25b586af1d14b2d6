"""Grievance against the risk of sanction.

Epstein 2002, doi:10.1073/pnas.092080199.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from sim.errors import InputError
from sim.theory.maps import Array

K = 2.3  # one sanctioner to one active creator sanctions with probability of about 0.9


def sanction_probability(
    sanction: ArrayLike, active: ArrayLike, k: float = K, whole: bool = False
) -> Array:
    """Return the probability of being sanctioned: 1 - exp(-k sanction / active).

    Parameters
    ----------
    sanction : array_like
        Sanctioners in sight.
    active : array_like
        Active creators in sight, the one who decides included, so at least 1.
    k : float
        How fast sanctioners outweigh active creators.
    whole : bool
        Whether the ratio is rounded down, as the classic model's bursts need.

    Raises
    ------
    InputError
        If nobody is active or a number is negative.
    """
    against, acting = np.asarray(sanction, dtype=float), np.asarray(active, dtype=float)
    if (against < 0).any() or (acting < 1).any() or k < 0:
        raise InputError(
            "sanction: expected sanctioners and k of zero or more, and at least one active"
        )
    ratio = np.floor(against / acting) if whole else against / acting
    risk: Array = -np.expm1(-k * ratio)
    return risk


def active_needed(
    grievance: float,
    risk: float,
    tolerance: float,
    sanction: float,
    k: float = K,
) -> float:
    """Return how many must be active for a creator to act: it acts iff there are *more*.

    The rule G - R (1 - exp(-k s / active)) > T, solved for ``active``; it turns a creator of
    this model into one with a threshold.

    Parameters
    ----------
    grievance, risk, tolerance : float
        The creator's G, R and T.
    sanction : float
        Sanctioners s in sight.
    k : float
        How fast sanctioners outweigh active creators.

    Returns
    -------
    float
        0 for those who act whatever happens, infinite for those who never do.

    Raises
    ------
    InputError
        If the risk aversion, the sanctioners or k are negative.
    """
    if min(risk, sanction, k) < 0.0:
        raise InputError("sanction: expected risk aversion, sanctioners and k of zero or more")
    spare = grievance - tolerance
    if spare <= 0.0:
        return math.inf
    if risk <= spare or sanction == 0.0 or k == 0.0:
        return 0.0
    return k * sanction / -math.log1p(-spare / risk)
