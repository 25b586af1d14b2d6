"""What a simulation found, and how far chance may have moved it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Estimate:
    """A number found by simulation.

    Parameters
    ----------
    value : float
        The number.
    error : float
        Its standard error; 0 where nothing was left to chance.
    spread : float
        Standard deviation of one run, where the number is a mean.
    """

    value: float
    error: float = 0.0
    spread: float = math.nan


def mean_of(samples: ArrayLike) -> Estimate:
    """Return the mean of independent runs (runs,); not a number if there are none."""
    values = np.asarray(samples, dtype=float)
    if values.size == 0:
        return Estimate(math.nan, math.nan)
    spread = float(values.std(ddof=1)) if values.size > 1 else math.inf
    return Estimate(float(values.mean()), spread / math.sqrt(values.size), spread)


def share_of(hits: ArrayLike) -> Estimate:
    """Return the share of independent runs in which something happened (runs,).

    The standard error is that of a share one success and one failure away from certainty, so
    that it is not 0 where all runs agree (Agresti & Coull 1998,
    doi:10.1080/00031305.1998.10480550).
    """
    happened = np.asarray(hits, dtype=bool)
    n = happened.size
    guess = (happened.sum() + 1.0) / (n + 2.0)
    return Estimate(float(happened.mean()), math.sqrt(guess * (1.0 - guess) / n))
