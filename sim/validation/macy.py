"""Learning whether to act from what it brought (Macy 1991)."""

from __future__ import annotations

import numpy as np

from sim.decisions.stochastic_learning import StochasticLearning
from sim.networks.base import NetworkSpec
from sim.networks.complete import Complete
from sim.networks.random_regular import RandomRegular
from sim.validation.estimates import Estimate, mean_of
from sim.validation.worlds import acting, crowd, final_counts, played

GAME = StochasticLearning()


def macy_motion(
    propensity: float,
    rule: StochasticLearning = GAME,
    pairs: int = 200_000,
    runs: int = 4,
    seed: int = 0,
) -> Estimate:
    """Return the expected change of the propensity to act after one round between two.

    It is the participation of many pairs in their second round, less the propensity with which
    they played the first.

    Parameters
    ----------
    propensity : float
        Propensity to act of everybody in the first round.
    rule : StochasticLearning
        Payoffs, aspiration and learning rate.
    pairs, runs, seed : int
        Pairs in a run, number of runs, first random seed.
    """
    network = RandomRegular(1)
    scenario = crowd(2 * pairs, rule, network, steps=2, traits={"propensity": propensity})
    seconds = [acting(result) for result in played(scenario, runs, seed)]
    return mean_of(np.array(seconds) / (2 * pairs) - propensity)


def macy_zero(
    low: float,
    high: float,
    rule: StochasticLearning = GAME,
    pairs: int = 200_000,
    runs: int = 4,
    seed: int = 0,
) -> Estimate:
    """Return the propensity between two others whose expected motion is zero.

    It is where a parabola through five values of `macy_motion` crosses zero, which see for
    the other parameters.
    """
    places = np.linspace(low, high, 5)
    zeros = []
    for number in range(runs):
        moved = [
            macy_motion(p, rule, pairs, 1, seed + 5 * number + place).value
            for place, p in enumerate(places.tolist())
        ]
        roots = np.roots(np.polyfit(places, moved, 2))
        zeros += [root.real for root in roots if low <= root.real <= high and root.imag == 0.0]
    return mean_of(zeros)


def macy_cooperation(
    paired: bool,
    propensity: float = 0.05,
    rule: StochasticLearning = GAME,
    creators: int = 1000,
    steps: int = 2000,
    runs: int = 10,
    seed: int = 0,
) -> Estimate:
    """Return participation after long learning, beginning with hardly any.

    Parameters
    ----------
    paired : bool
        Whether creators learn in pairs, instead of from the whole crowd.
    propensity, rule
        See `macy_motion`.
    creators, steps, runs, seed : int
        Size of the crowd, length and number of runs, first random seed.
    """
    network: NetworkSpec = RandomRegular(1) if paired else Complete()
    scenario = crowd(creators, rule, network, steps=steps, traits={"propensity": propensity})
    return mean_of(final_counts(scenario, runs, seed) / creators)
