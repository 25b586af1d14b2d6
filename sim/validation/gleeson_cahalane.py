"""Thresholds on large random networks, from a share of initiators (Gleeson & Cahalane 2007)."""

from __future__ import annotations

from typing import Literal

from sim.creators.seeds import Seeds
from sim.decisions.threshold import Threshold
from sim.networks.base import NetworkSpec
from sim.networks.erdos_renyi import ErdosRenyi
from sim.validation.estimates import Estimate, mean_of
from sim.validation.worlds import crowd, final_counts


def gleeson_cahalane_size(
    mean_degree: float,
    threshold: float = 0.18,
    initiators: float = 0.001,
    network: NetworkSpec | None = None,
    of: Literal["share", "count"] = "share",
    creators: int = 200_000,
    runs: int = 20,
    seed: int = 0,
) -> Estimate:
    """Return the participation that large crowds settle on.

    Parameters
    ----------
    mean_degree : float
        Links per creator of an Erdős–Rényi network.
    threshold : float
        Everybody's threshold.
    initiators : float
        Share of creators who start, chosen at random.
    network : NetworkSpec, optional
        Another network.
    of : {"share", "count"}
        Whether the threshold is a share or a count of neighbours.
    creators : int
        Creators of each network, a new one in each run.
    runs, seed : int
        Networks, and the first random seed.
    """
    links = network or ErdosRenyi(mean_degree)
    start = Seeds(share=initiators)
    scenario = crowd(creators, Threshold(of=of), links, start, threshold=threshold)
    return mean_of(final_counts(scenario, runs, seed) / creators)
