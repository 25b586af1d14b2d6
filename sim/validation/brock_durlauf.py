"""Logit choice with conformity, when everybody sees everybody (Brock & Durlauf 2001).

The mean choice m = 2 r - 1 runs from -1 (nobody acts) to 1; r is participation.
"""

from __future__ import annotations

import numpy as np

from sim.creators.seeds import Seeds
from sim.decisions.logit_choice import LogitChoice
from sim.scenario import Scenario
from sim.validation.estimates import Estimate, mean_of
from sim.validation.worlds import crowd, played


def brock_durlauf_choice(
    start: float,
    conformity: float,
    temperature: float,
    pull: float = 0.0,
    creators: int = 100_000,
    steps: int = 120,
    runs: int = 10,
    seed: int = 0,
) -> Estimate:
    """Return the mean choice that a crowd settles around.

    It is averaged over the second half of each run.

    Parameters
    ----------
    start : float
        Participation at first.
    conformity : float
        Weight J of what others do (utility).
    temperature : float
        Scale tau of the unobserved part of utility.
    pull : float
        Utility h of acting apart from what others do.
    creators, steps, runs, seed : int
        Size of the crowd, length and number of runs, first random seed.
    """
    scenario = _crowd(start, conformity, temperature, pull, creators, steps)
    levels = [
        result.counts[steps // 2 :, 0].mean() / creators for result in played(scenario, runs, seed)
    ]
    return mean_of(2.0 * np.array(levels) - 1.0)


def brock_durlauf_basins(
    conformity: float,
    temperature: float,
    pull: float = 0.0,
    starts: int = 10,
    apart: float = 0.1,
    creators: int = 20_000,
    steps: int = 120,
    seed: int = 0,
) -> int:
    """Return between how many levels a crowd ends up, from different participation at first.

    Parameters
    ----------
    starts : int
        How many are tried, evenly from nobody to everybody.
    apart : float
        Mean choices that differ by more are different levels.
    conformity, temperature, pull, creators, steps, seed
        See `brock_durlauf_choice`.
    """
    shares = (np.arange(starts) + 0.5) / starts
    ends = [
        brock_durlauf_choice(
            share, conformity, temperature, pull, creators, steps, 1, seed + number
        ).value
        for number, share in enumerate(shares.tolist())
    ]
    return 1 + int((np.diff(np.sort(ends)) > apart).sum())


def _crowd(
    start: float, conformity: float, temperature: float, pull: float, creators: int, steps: int
) -> Scenario:
    rule = LogitChoice(conformity, temperature, scope="everyone")
    return crowd(creators, rule, seeds=Seeds(share=start), steps=steps, grievance=pull)
