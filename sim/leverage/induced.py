"""Leverage that includes the cascade: a few commit, and the rest decide for themselves."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.creators.seeds import Seeds
from sim.errors import InputError
from sim.runs.comparison import Comparison, compare
from sim.runs.runner import run
from sim.scenario import Scenario

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.result import Result


def induced_leverage(
    scenario: Scenario,
    share: float,
    by: str = "random",
    replications: int = 20,
    seed: int = 0,
) -> Comparison:
    """Commit a share of creators and let the rest decide; compare with nobody acting.

    Parameters
    ----------
    scenario : Scenario
        Whose creators, rule and labs.
    share : float
        Share of creators who act from the start and never stop.
    by : str
        How they are chosen; see ``Seeds.who``.
    replications, seed
        As in `sim.compare`.
    """
    seeds = Seeds(share=share, who=by, committed=True)  # type: ignore[arg-type]
    return compare(scenario.replace(seeds=seeds), replications=replications, seed=seed)


@dataclass(frozen=True)
class CriticalMass:
    """The smallest committed group that tips the rest.

    The chance that it does is a binomial share of the replications with its 90 % interval
    (Wilson 1927, doi:10.1080/01621459.1927.10502953).
    """

    creators: int | None
    """Committed initiators; None where not even the largest group tried tips the rest."""
    share: float
    chance: float
    low: float
    high: float
    level: float
    horizon: int
    replications: int
    tried: tuple[tuple[int, float], ...]
    """Group sizes tried and the share of replications in which the rest tipped."""


def critical_mass(
    scenario: Scenario,
    level: float = 0.5,
    horizon: int | None = None,
    by: str = "random",
    replications: int = 20,
    seed: int = 0,
    largest: float = 0.5,
) -> CriticalMass:
    """Return the smallest committed group after which the rest tip in half of the runs.

    Tipping: the participation among creators who did not initiate passes a level by a horizon.
    Groups are nested: a larger group contains the smaller ones.  Where more initiators can
    never mean less participation (irreversible thresholds), the size is found by bisection;
    for any other rule every size of a grid is tried, and the first that tips is returned.

    Parameters
    ----------
    scenario : Scenario
        Whose creators, network and rule.
    level : float
        Share of the rest that has to act.
    horizon : int, optional
        Step by which it has to; the scenario's last unless given.
    by : str
        How initiators are chosen; see ``Seeds.who``.
    replications, seed
        Runs for each size, and the first seed.
    largest : float
        Largest share of creators that is tried.

    Raises
    ------
    InputError
        If the level or the largest share is not between 0 and 1.
    """
    if not 0.0 < level < 1.0 or not 0.0 < largest < 1.0:
        raise InputError(f"level and largest: must be between 0 and 1, got {level}, {largest}")
    steps = scenario.steps if horizon is None else min(horizon, scenario.steps)
    trial = _Trial(scenario, by, level, steps, range(seed, seed + replications))
    most = max(1, int(largest * scenario.creators))
    monotone = scenario.rule.stays() and scenario.rule.counts_up_to() is not None
    size = trial.bisect(most) if monotone else trial.scan(most)
    chance = 0.0 if size is None else trial.chances[size]
    low, high = _wilson(chance, replications)
    return CriticalMass(
        creators=size,
        share=math.nan if size is None else size / scenario.creators,
        chance=chance,
        low=low,
        high=high,
        level=level,
        horizon=steps,
        replications=replications,
        tried=tuple(sorted(trial.chances.items())),
    )


class _Trial:
    """Tries group sizes; initiators of a replication come in one order, the first first."""

    def __init__(self, scenario: Scenario, by: str, level: float, steps: int, seeds: range) -> None:
        self.scenario, self.by, self.level, self.steps = scenario, by, level, steps
        self.seeds = seeds
        self.chances: dict[int, float] = {}

    def tips(self, size: int) -> bool:
        """Return whether a size tips the rest in at least half of the replications."""
        if size not in self.chances:
            seeds = Seeds(count=size, who=self.by, committed=True)  # type: ignore[arg-type]
            chosen = self.scenario.replace(seeds=seeds)
            results = [run(chosen, seed) for seed in self.seeds]
            self.chances[size] = float(np.mean([self._tipped(r, size) for r in results]))
        return self.chances[size] >= 0.5

    def _tipped(self, result: Result, size: int) -> bool:
        acting: NDArray[np.int64] = result.counts[: self.steps + 1, 0].sum(axis=1)
        rest = self.scenario.creators - size
        return bool(((acting - size) / rest >= self.level).any())

    def bisect(self, most: int) -> int | None:
        if not self.tips(most):
            return None
        low, high = 0, most
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self.tips(middle) else (middle, high)
        return high

    def scan(self, most: int) -> int | None:
        sizes = np.unique(np.geomspace(1, most, 24).astype(int)).tolist()
        return next((size for size in sizes if self.tips(size)), None)


def _wilson(share: float, runs: int, z: float = 1.645) -> tuple[float, float]:
    centre = (share + z * z / (2 * runs)) / (1 + z * z / runs)
    half = z / (1 + z * z / runs) * math.sqrt(share * (1 - share) / runs + z * z / (4 * runs**2))
    return max(0.0, centre - half), min(1.0, centre + half)
