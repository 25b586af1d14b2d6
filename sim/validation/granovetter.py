"""Thresholds in a crowd where everybody sees everybody (Granovetter 1978).

A creator joins iff its threshold is at or below the number who take part now, itself not
counted; thresholds drawn for N creators are N times a normal number, neither rounded nor
clipped.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.creators.distributions import Normal, Values
from sim.decisions.threshold import Threshold
from sim.validation.estimates import Estimate, mean_of, share_of
from sim.validation.worlds import crowd, even, final_counts, final_share

COUNTED = Threshold(of="count", scope="everyone")


def granovetter_joined(counts: Sequence[float]) -> int:
    """Return how many of a crowd join in the end, given everybody's threshold as a count."""
    size = len(counts)
    scenario = crowd(size, COUNTED, threshold=Values(tuple(counts)))
    return round(final_share(scenario) * size)


def granovetter_level(sd: float, mean: float = 0.25, creators: int = 1_000_000) -> float:
    """Return the participation that a large crowd with normal thresholds settles on.

    Thresholds are spread evenly over the distribution, so nothing is left to chance.

    Parameters
    ----------
    sd, mean : float
        Of the thresholds (shares of the crowd).
    creators : int
        Size of the crowd.
    """
    thresholds = even(Normal(mean, sd), creators)
    return final_share(crowd(creators, Threshold(scope="everyone"), threshold=thresholds))


def granovetter_fold(
    mean: float = 0.25,
    low: float = 0.05,
    high: float = 0.2,
    creators: int = 100_000,
    halvings: int = 18,
) -> float:
    """Return the sd of thresholds at which a large crowd tips, found by bisection.

    Parameters
    ----------
    mean : float
        Of the thresholds (shares of the crowd).
    low, high : float
        Spreads at which few and nearly all take part.
    creators : int
        Size of the crowd; see `granovetter_level`.
    halvings : int
        Of the interval.
    """
    for _ in range(halvings):
        middle = (low + high) / 2.0
        if granovetter_level(middle, mean, creators) < 0.5:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0


def granovetter_share(
    sd: float,
    mean: float = 0.25,
    creators: int = 100,
    crowded: float = 0.9,
    runs: int = 4000,
    seed: int = 0,
) -> Estimate:
    """Return the share of random crowds in which at least ``crowded`` of the creators join."""
    joined = _joined(sd, mean, creators, runs, seed)
    return share_of(joined >= crowded * creators)


def granovetter_mean(
    sd: float, mean: float = 0.25, creators: int = 100, runs: int = 4000, seed: int = 0
) -> Estimate:
    """Return how many creators of a random crowd join on average."""
    return mean_of(_joined(sd, mean, creators, runs, seed))


def granovetter_median(
    sd: float, mean: float = 0.25, creators: int = 100, runs: int = 4000, seed: int = 0
) -> float:
    """Return how many creators of a random crowd join in the middle one of the runs."""
    return float(np.median(_joined(sd, mean, creators, runs, seed)))


@functools.lru_cache(maxsize=16)
def _joined(sd: float, mean: float, creators: int, runs: int, seed: int) -> NDArray[np.int64]:
    thresholds = Normal(creators * mean, creators * sd)
    return final_counts(crowd(creators, COUNTED, threshold=thresholds), runs, seed)
