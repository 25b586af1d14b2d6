"""Cascades from one initiator on sparse random networks (Watts 2002)."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.creators.seeds import Seeds
from sim.decisions.threshold import Threshold
from sim.networks.erdos_renyi import ErdosRenyi
from sim.runs.batch import run_many
from sim.validation.estimates import Estimate, mean_of, share_of
from sim.validation.worlds import crowd, final_counts

ONE = Seeds(count=1)


def watts_frequency(
    mean_degree: float,
    threshold: float = 0.18,
    creators: int = 10_000,
    runs: int = 1000,
    large: float = 0.1,
    seed: int = 0,
) -> Estimate:
    """Return how often one random initiator sets off a cascade.

    Parameters
    ----------
    mean_degree : float
        Links per creator of Erdős–Rényi networks, a new one in each run.
    threshold : float
        Everybody's threshold, as a share of neighbours.
    creators : int
        Creators of each network.
    runs : int
        Networks.
    large : float
        Share of creators above which it is called a cascade.
    seed : int
        First random seed.
    """
    return share_of(_sizes(mean_degree, threshold, creators, runs, seed) > large)


def watts_mean_size(
    mean_degree: float,
    threshold: float = 0.18,
    creators: int = 10_000,
    runs: int = 1000,
    large: float = 0.1,
    seed: int = 0,
) -> Estimate:
    """Return the mean share of creators in cascades; see `watts_frequency`."""
    sizes = _sizes(mean_degree, threshold, creators, runs, seed)
    return mean_of(sizes[sizes > large])


@functools.lru_cache(maxsize=32)
def _sizes(
    mean_degree: float, threshold: float, creators: int, runs: int, seed: int
) -> NDArray[np.float64]:
    scenario = crowd(creators, Threshold(), ErdosRenyi(mean_degree), ONE, threshold=threshold)
    return final_counts(scenario, runs, seed) / creators


def watts_multiplication(
    mean_degree: float,
    threshold: float = 0.18,
    creators: int = 100_000,
    initiators: int = 1000,
    seed: int = 0,
) -> float:
    """Return how many further creators one who joins brings along, on one network.

    It is the ratio of those who join in the second step to those who join in the first, each
    time from one random initiator.  Cascades can happen where it is above 1.

    Parameters
    ----------
    mean_degree, threshold, creators, seed
        See `watts_frequency`; the seed also draws the network.
    initiators : int
        How many are tried, one after another.
    """
    network = ErdosRenyi(mean_degree)
    scenario = crowd(creators, Threshold(), network, ONE, steps=2, threshold=threshold)
    tried = scenario.replace(network_seed=seed)
    results = run_many((tried, seed + number) for number in range(initiators))
    counts = np.array([result.counts[:, 0, 0] for result in results])
    first, second = np.diff(counts, axis=1).sum(axis=0)
    return float(second / first) if first else 0.0


def watts_window_end(
    low: float,
    high: float,
    threshold: float = 0.18,
    creators: int = 100_000,
    initiators: int = 1000,
    networks: int = 10,
    seed: int = 0,
) -> Estimate:
    """Return the mean degree between two others at which cascades begin or cease to be possible.

    It is where the line through the `watts_multiplication` of several networks crosses 1.

    Parameters
    ----------
    low, high : float
        Mean degrees between which it is sought; closely enough for a straight line.
    threshold, creators, initiators, seed
        See `watts_multiplication`.
    networks : int
        Networks at each of five mean degrees.
    """
    degrees = np.linspace(low, high, 5)
    crossings = []
    for number in range(networks):
        seeds = [seed + 5 * number + place for place in range(5)]
        found = [
            watts_multiplication(z, threshold, creators, initiators, own)
            for z, own in zip(degrees.tolist(), seeds, strict=True)
        ]
        slope, level = np.polyfit(degrees - low, found, 1)
        crossings.append(low + (1.0 - level) / slope)
    return mean_of(crossings)


def watts_largest_multiplication(
    threshold: float,
    mean_degrees: Sequence[float] = (1.0, 1.3, 1.6, 1.9, 2.3, 2.8),
    creators: int = 100_000,
    initiators: int = 1000,
    networks: int = 3,
    seed: int = 0,
) -> Estimate:
    """Return the largest `watts_multiplication` over some mean degrees, on average of networks."""
    means = [
        mean_of(
            [
                watts_multiplication(z, threshold, creators, initiators, seed + number)
                for number in range(networks)
            ]
        )
        for z in mean_degrees
    ]
    return max(means, key=lambda estimate: estimate.value if math.isfinite(estimate.value) else 0.0)
