"""Small worlds for reproductions: one community, one rule, and how it ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.creators.community import Community
from sim.creators.distributions import Distribution, Values
from sim.creators.seeds import Seeds
from sim.decisions.base import Rule
from sim.networks.base import NetworkSpec
from sim.networks.complete import Complete
from sim.result import Result
from sim.runs.runner import run
from sim.scenario import Scenario

Floats = NDArray[np.float64]

LONG = 100_000
"""Steps after which crowds that settle have long done so."""
NOBODY = Seeds(count=0)


def crowd(
    size: int,
    rule: Rule,
    network: NetworkSpec | None = None,
    seeds: Seeds = NOBODY,
    steps: int = LONG,
    traits: dict[str, Any] | None = None,
    **quantities: Any,
) -> Scenario:
    """Return a scenario of one community, in which all see all unless a network is given.

    Parameters
    ----------
    size : int
        Creators.
    rule : Rule
        How they decide.
    network : NetworkSpec, optional
        Who sees whom.
    seeds : Seeds
        Initiators; none unless given.
    steps : int
        Steps, unless the crowd settles before.
    traits : dict of str to quantity, optional
        Further quantities that the rule reads.
    **quantities
        ``threshold``, ``grievance`` and others of `Community`.
    """
    everybody = Community("everybody", size, traits=traits or {}, **quantities)
    return Scenario((everybody,), network or Complete(), rule, seeds, steps)


def even(distribution: Distribution, size: int) -> Values:
    """Return values spread evenly over a distribution, as in a crowd without chance.

    They are those at the shares (i + 1/2) / size, so the distribution is met within 1 / (2 size).
    """
    return Values(distribution.quantile((np.arange(size) + 0.5) / size).tolist())


def played(scenario: Scenario, runs: int, seed: int) -> Iterator[Result]:
    """Yield runs of a scenario with the random seeds ``seed``, ``seed + 1``, ..."""
    for number in range(runs):
        yield run(scenario, seed + number, threads=1)


def acting(result: Result, step: int = -1) -> int:
    """Return how many creators act at a step."""
    return int(result.counts[step, 0].sum())


def final_counts(scenario: Scenario, runs: int, seed: int) -> NDArray[np.int64]:
    """Return how many creators act in the end, in each of several runs (runs,)."""
    return np.array([acting(result) for result in played(scenario, runs, seed)], dtype=np.int64)


def final_share(scenario: Scenario, seed: int = 0) -> float:
    """Return participation in the end of one run."""
    return acting(run(scenario, seed, threads=1)) / scenario.creators
