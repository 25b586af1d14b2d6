"""Motivation fed by what others do (Siegel 2009)."""

from __future__ import annotations

import numpy as np

from sim.creators.distributions import Normal
from sim.creators.seeds import Seeds
from sim.decisions.motivation import Motivation
from sim.networks.base import NetworkSpec
from sim.networks.complete import Complete
from sim.networks.erdos_renyi import ErdosRenyi
from sim.validation.estimates import Estimate, mean_of
from sim.validation.worlds import crowd, even, final_counts, final_share

STEPS = 200


def siegel_level(
    mean: float,
    sd: float = 0.25,
    discouragement: float = -1.0,
    persistence: float = 0.5,
    creators: int = 100_000,
) -> float:
    """Return the participation that a crowd settles on when everybody sees everybody.

    Internal motivation is spread evenly over a normal distribution.

    Parameters
    ----------
    mean, sd : float
        Of internal motivation b (net utility).
    discouragement : float
        External motivation c of everybody at first; -1 is that of nobody acting, 0 of all.
    persistence : float
        Share lambda of external motivation that lasts from one step to the next.
    creators : int
        Size of the crowd.
    """
    scenario = crowd(
        creators,
        Motivation(persistence, scope="everyone"),
        seeds=Seeds(share=1.0 + discouragement),
        steps=STEPS,
        grievance=even(Normal(mean, sd), creators),
        traits={"discouragement": discouragement},
    )
    return final_share(scenario)


def siegel_more_ties(
    few: float,
    many: float | None,
    mean: float = 0.55,
    sd: float = 0.25,
    creators: int = 1000,
    runs: int = 60,
    seed: int = 0,
) -> Estimate:
    """Return by how much participation changes when creators have more ties.

    Parameters
    ----------
    few, many : float
        Links per creator of the two Erdős–Rényi networks; None for ties among all.
    mean, sd : float
        Of internal motivation b (net utility).
    creators, runs, seed : int
        Size of the crowds, number of pairs, first random seed.
    """

    def final(network: NetworkSpec) -> np.ndarray:
        motivation = Normal(mean, sd)
        scenario = crowd(creators, Motivation(), network, steps=STEPS, grievance=motivation)
        return final_counts(scenario, runs, seed)

    more = final(Complete() if many is None else ErdosRenyi(many))
    return mean_of((more - final(ErdosRenyi(few))) / creators)
