"""Contagion: SIR and SIS in a well-mixed crowd, SIR on random networks."""

from __future__ import annotations

import numpy as np

from sim.creators.seeds import Seeds
from sim.decisions.contagion import Contagion
from sim.networks.configuration import Configuration
from sim.validation.estimates import Estimate, mean_of
from sim.validation.worlds import crowd, played


def sir_final_size(
    reproduction: float,
    gamma: float = 0.2,
    creators: int = 100_000,
    initiators: int = 20,
    runs: int = 10,
    seed: int = 0,
) -> Estimate:
    """Return the share of a well-mixed crowd that has acted once a contagion is over (SIR).

    Parameters
    ----------
    reproduction : float
        Creators R0 that one sets off at first; beta = R0 gamma / creators.
    gamma : float
        Chance of stopping, in a step.
    creators, initiators, runs, seed : int
        Size of the crowd, how many start, number of runs, first random seed.
    """
    rule = Contagion(reproduction * gamma / creators, gamma, immune=True, scope="everyone")
    steps = round(80.0 / gamma)
    scenario = crowd(creators, rule, seeds=Seeds(count=initiators), steps=steps)
    sizes = [result.counts[-1, 1].sum() / creators for result in played(scenario, runs, seed)]
    return mean_of(sizes)


def sis_level(
    reproduction: float,
    gamma: float,
    creators: int = 40_000,
    steps: int = 400,
    runs: int = 10,
    seed: int = 0,
) -> Estimate:
    """Return the lasting participation of a well-mixed crowd that may start again (SIS).

    It is averaged over the second half of each run, which begins with a tenth of the crowd.
    See `sir_final_size` for the other parameters.
    """
    rule = Contagion(reproduction * gamma / creators, gamma, scope="everyone")
    scenario = crowd(creators, rule, seeds=Seeds(share=0.1), steps=steps)
    levels = [
        result.counts[steps // 2 :, 0].mean() / creators for result in played(scenario, runs, seed)
    ]
    return mean_of(levels)


def outbreak_share(
    transmissibility: float,
    gamma: float = 0.5,
    exponent: float = 2.5,
    min_degree: int = 2,
    max_degree: int = 30,
    creators: int = 100_000,
    initiators: int = 50,
    runs: int = 10,
    seed: int = 0,
) -> Estimate:
    """Return the share that has acted once a contagion is over, on random networks (SIR).

    Degrees fall off as a power law; a new network is drawn in each run.

    Parameters
    ----------
    transmissibility : float
        Chance T that an acting creator sets off a given neighbour before it stops.
    gamma : float
        Chance of stopping, in a step; beta follows from T = beta / (beta + gamma - beta gamma).
    exponent, min_degree, max_degree
        See `sim.networks.Configuration`.
    creators, initiators, runs, seed : int
        Size of the networks, how many start, number of runs, first random seed.
    """
    beta = transmissibility * gamma / (1.0 - transmissibility + transmissibility * gamma)
    network = Configuration(exponent, min_degree, max_degree)
    rule = Contagion(beta, gamma, immune=True)
    steps = round(150.0 / gamma)
    scenario = crowd(creators, rule, network, Seeds(count=initiators), steps)
    sizes = np.array([result.counts[-1, 1].sum() for result in played(scenario, runs, seed)])
    return mean_of(sizes / creators)
