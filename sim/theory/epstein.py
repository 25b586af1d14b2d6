"""Grievance against the risk of sanction.

Epstein 2002, doi:10.1073/pnas.092080199.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from sim.errors import InputError
from sim.theory.maps import Array

DETERRENCE = 2.3  # Epstein's k: one sanctioner to one active creator sanctions with about 0.9


def sanction_probability(
    sanctioners: ArrayLike, active: ArrayLike, deterrence: float = DETERRENCE, whole: bool = False
) -> Array:
    """Return the probability of being sanctioned: 1 - exp(-k sanctioners / active).

    Parameters
    ----------
    sanctioners : array_like
        Sanctioners in sight.
    active : array_like
        Active creators in sight, the one who decides included, so at least 1.
    deterrence : float
        Constant k.
    whole : bool
        Whether the ratio is rounded down, as the classic model's bursts need.

    Raises
    ------
    InputError
        If nobody is active or a number is negative.
    """
    cops, acting = np.asarray(sanctioners, dtype=float), np.asarray(active, dtype=float)
    if (cops < 0).any() or (acting < 1).any() or deterrence < 0:
        raise InputError(
            "sanction: expected sanctioners and k of zero or more, and at least one active"
        )
    ratio = np.floor(cops / acting) if whole else cops / acting
    risk: Array = -np.expm1(-deterrence * ratio)
    return risk


def active_needed(
    grievance: float,
    risk_aversion: float,
    margin: float,
    sanctioners: float,
    deterrence: float = DETERRENCE,
) -> float:
    """Return how many must be active for a creator to act: it acts iff there are *more*.

    The rule G - R (1 - exp(-k s / active)) > T, solved for ``active``; it turns a creator of
    this model into one with a threshold.

    Parameters
    ----------
    grievance, risk_aversion, margin : float
        The creator's G, R and T.
    sanctioners : float
        Sanctioners s in sight.
    deterrence : float
        Constant k.

    Returns
    -------
    float
        0 for those who act whatever happens, infinite for those who never do.

    Raises
    ------
    InputError
        If the risk aversion, the sanctioners or k are negative.
    """
    if min(risk_aversion, sanctioners, deterrence) < 0.0:
        raise InputError("sanction: expected risk aversion, sanctioners and k of zero or more")
    spare = grievance - margin
    if spare <= 0.0:
        return math.inf
    if risk_aversion <= spare or sanctioners == 0.0 or deterrence == 0.0:
        return 0.0
    return deterrence * sanctioners / -math.log1p(-spare / risk_aversion)
