"""Contagions that need several neighbours, on rings and at random (Centola & Macy 2007)."""

from __future__ import annotations

import numpy as np

from sim.creators.seeds import Seeds
from sim.decisions.threshold import Threshold
from sim.networks.random_regular import RandomRegular
from sim.networks.watts_strogatz import WattsStrogatz
from sim.runs.runner import run
from sim.validation.estimates import Estimate, mean_of
from sim.validation.worlds import acting, crowd
from sim.world import build

COUNTED = Threshold(of="count")


def ring_steps(creators: int = 1000, degree: int = 4, threshold: int = 2) -> int | None:
    """Return the steps in which a ring fills from one creator and all its neighbours.

    Parameters
    ----------
    creators : int
        Creators on the ring.
    degree : int
        Links of each to the nearest others; even.
    threshold : int
        Acting neighbours needed.

    Returns
    -------
    int or None
        None if the ring never fills.
    """
    around = tuple(place % creators for place in range(-degree // 2, degree // 2 + 1))
    ring = WattsStrogatz(degree, 0.0)
    scenario = crowd(creators, COUNTED, ring, Seeds(ids=around), threshold=threshold)
    counts = run(scenario, threads=1).counts[:, 0].sum(axis=1)
    return int(np.argmax(counts)) if counts[-1] == creators else None


def random_regular_size(
    creators: int = 1000, degree: int = 4, threshold: int = 2, runs: int = 300, seed: int = 0
) -> Estimate:
    """Return the mean share who act in the end on random networks with the same degree for all.

    One creator and its neighbours start.  See `ring_steps` for the other parameters.
    """
    scenario = crowd(creators, COUNTED, RandomRegular(degree), threshold=threshold)
    sizes = []
    for number in range(runs):
        links = build(scenario, seed + number).network
        start = Seeds(ids=(0, *links.indices[links.indptr[0] : links.indptr[1]].tolist()))
        result = run(scenario.replace(seeds=start), seed + number, threads=1)
        sizes.append(acting(result) / creators)
    return mean_of(sizes)
