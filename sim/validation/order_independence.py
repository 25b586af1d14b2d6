"""Whether it matters in which order creators decide."""

from __future__ import annotations

import numpy as np

from sim.creators.distributions import Normal, Values
from sim.creators.seeds import Seeds
from sim.decisions.threshold import Threshold
from sim.networks.erdos_renyi import ErdosRenyi
from sim.runs.runner import run
from sim.scenario import Revision, Scenario
from sim.validation.estimates import Estimate, share_of
from sim.validation.worlds import crowd
from sim.world import build

STEPS = 200
ORDERS = (Revision("one_by_one"), Revision("simultaneous", 0.3), Revision("one_by_one", 0.3))


def order_matters(
    reversible: bool = False,
    mean: float = 0.35,
    sd: float = 0.15,
    mean_degree: float = 6.0,
    initiators: float = 0.1,
    creators: int = 200,
    orders: int = 3,
    runs: int = 40,
    seed: int = 0,
) -> Estimate:
    """Return the share of worlds in which who acts in the end depends on the order of decisions.

    Each world is played with all deciding at once, and with random orders of three kinds.

    Parameters
    ----------
    reversible : bool
        Whether creators stop again when what they see falls below their threshold.
    mean, sd : float
        Of the thresholds, normal (shares of neighbours).
    mean_degree : float
        Links per creator of an Erdős–Rényi network.
    initiators : float
        Share of creators who start.
    creators : int
        Creators in a world.
    orders : int
        Random orders of each kind.
    runs, seed : int
        Worlds, and the first random seed.
    """
    rule, start = Threshold(reversible=reversible), Seeds(share=initiators)
    scenario = crowd(
        creators, rule, ErdosRenyi(mean_degree), start, STEPS, threshold=Normal(mean, sd)
    )
    return share_of([_differs(_drawn(scenario, seed + r), orders) for r in range(runs)])


def _drawn(scenario: Scenario, seed: int) -> Scenario:
    """Return a scenario with everything stated that a seed draws, so that others draw orders."""
    world = build(scenario, seed)
    thresholds = np.broadcast_to(world.column("threshold"), (world.size,)).tolist()
    (community,) = scenario.communities
    return scenario.replace(
        communities=[community.replace(threshold=Values(thresholds))],
        seeds=Seeds(ids=tuple(world.initiators().tolist())),
        network_seed=seed,
    )


def _differs(scenario: Scenario, orders: int) -> bool:
    final = run(scenario, threads=1).tactic
    for revision in ORDERS:
        other = scenario.replace(revision=revision)
        for seed in range(orders):
            if not np.array_equal(run(other, seed, threads=1).tactic, final):
                return True
    return False
