"""A world beside itself: the same creators, network and draws, with and without the action."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import InputError
from sim.result import Result
from sim.scenario import Scenario
from sim.words.glance import as_html, as_text

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from sim.runs.runner import Progress

    Floats = NDArray[np.float64]


GLANCED = ("loss", "rollback", "compute_equivalent")
"""Measures that a comparison shows of itself."""


@dataclass(frozen=True)
class Effect:
    """A paired difference over replications: with the action minus without it."""

    mean: float
    standard_error: float
    """Of the mean; not a number with a single replication."""
    low: float
    """Lower end of the central 90 % of replications."""
    high: float
    """Upper end of the central 90 % of replications."""
    least: float
    """Lowest of all replications."""
    most: float
    """Highest of all replications."""

    @classmethod
    def of(cls, differences: Floats) -> Effect:
        """Summarise one difference for each replication (replications,), infinite or not."""
        n = differences.size
        with np.errstate(invalid="ignore"):
            spread = float(differences.std(ddof=1) / math.sqrt(n)) if n > 1 else math.nan
            low, high = np.quantile(differences, (0.05, 0.95))
        ends = (float(end) for end in (low, high, differences.min(), differences.max()))
        return cls(float(differences.mean()), spread, *ends)


def share_missing(acted: Floats, left: Floats) -> Floats:
    """Return which share of the data the action took, 1 - acted / left (any shape).

    Both are amounts of data at the same round, with and without the action, for example as
    rollback: so a corpus that grows counts in both.  Below 0 if there are more data with the
    action; not a number where there are none without it.
    """
    there = left > 0.0
    return 1.0 - np.divide(acted, left, out=np.full_like(left, np.nan), where=there)


@dataclass(frozen=True, eq=False)
class Comparison:
    """Paired runs of two scenarios on common random numbers.

    Parameters
    ----------
    action, counterfactual : tuple of Result
        Runs with the same seeds, in the same order.
    """

    action: tuple[Result, ...]
    counterfactual: tuple[Result, ...]

    @property
    def scenario(self) -> Scenario:
        """The scenario with the action."""
        return self.action[0].scenario

    @property
    def seeds(self) -> tuple[int, ...]:
        """Random seeds, one for each replication."""
        return tuple(result.seed for result in self.action)

    def rounds(self, lab: str) -> NDArray[np.int64]:
        """Return the steps of a lab's training rounds (rounds,), of those that all runs have."""
        steps = [self._record(run, lab)["step"] for run in (*self.action, *self.counterfactual)]
        # labs may train at random, more often in some replications than in others
        return np.array(steps[0][: min(map(len, steps))], dtype=np.int64)

    def newest(self, lab: str) -> int:
        """Return the place of a lab's newest model in its rounds, counted from the end: -1, ...

        Models that were voted down in every replication are passed over, unless all were.
        """
        passed = [run.labs[lab].columns.get("passed", []) for run in self.action]
        rows = [row for row in passed if row]
        runs = (*self.action, *self.counterfactual)
        # labs may train at random, more often in some replications than in others
        trained = (len(run.labs[lab].columns["step"]) for run in runs)
        least = min(filter(None, trained), default=0)
        places = range(-1, -1 - least, -1)
        return next((at for at in places if any(row[at] for row in rows)), -1)

    def measured(self, lab: str, measure: str = "loss") -> tuple[Floats, Floats]:
        """Return a measure of `rounds` with and without the action (replications, rounds).

        ``measure`` names a column of `LabRecord.capability`, for example ``loss``,
        ``rollback``, ``loss.artists`` or ``loss_if.none``.
        """
        number = self.rounds(lab).size
        both = [
            np.array([self._record(r, lab, measure)[measure][:number] for r in runs], dtype=float)
            for runs in (self.action, self.counterfactual)
        ]
        return both[0], both[1]

    def effect(self, lab: str, measure: str = "loss", round: int = -1) -> Effect:
        """Return the paired effect on a measure at one training round; see `measured`."""
        acted, contributed = self.measured(lab, measure)
        return Effect.of(_difference(acted[:, round], contributed[:, round]))

    def missing(self, lab: str, round: int = -1) -> Effect:
        """Return the share of all data that is missing in effect at one training round.

        That is the share which, taken at random from what there is without the action, would
        cost as much: `share_missing` of the rollbacks.
        """
        acted, left = self.measured(lab, "rollback")
        return Effect.of(share_missing(acted[:, round], left[:, round]))

    def table(self) -> pd.DataFrame:
        """Return effects: one row for each lab, training round and measure."""
        import pandas as pd

        rows = []
        for lab, record in self.action[0].labs.items():
            for measure in _measures(record.columns):
                acted, contributed = self.measured(lab, measure)
                for number, step in enumerate(self.rounds(lab)):
                    effect = Effect.of(_difference(acted[:, number], contributed[:, number]))
                    when = self.scenario.date_of(int(step))
                    means = acted[:, number].mean(), contributed[:, number].mean()
                    found = effect.mean, effect.standard_error, effect.low, effect.high
                    rows.append((lab, number + 1, step, when, measure, *means, *found))
        names = "lab round step date measure action counterfactual effect standard_error low high"
        return pd.DataFrame(rows, columns=names.split())

    def __repr__(self) -> str:
        return as_text(self._head, self._glance())

    def _repr_html_(self) -> str:
        return as_html(self._head, self._glance(), self)

    def save(self, folder: str | Path) -> Path:
        """Write the comparison into a new folder; see `sim.load`."""
        from sim.run_folder import save_comparison

        return save_comparison(self, folder)

    @property
    def _head(self) -> str:
        number, first = len(self.action), self.seeds[0]
        played = f"{number} replications from seed {first}" if number > 1 else f"seed {first}"
        return f"Comparison of {self.scenario.name}: {played}"

    def _glance(self) -> pd.DataFrame:
        """Return the effects at each lab's newest training round."""
        table = self.table()
        newest = table["round"] == table.groupby("lab")["round"].transform("max")
        shown = table[newest & table["measure"].isin(GLANCED)]
        return shown.drop(columns=["round", "step"])

    def _record(self, result: Result, lab: str, measure: str = "step") -> dict[str, list[float]]:
        if lab not in result.labs:
            raise InputError(
                f"no lab {lab!r} in this comparison; expected one of "
                f"{', '.join(result.labs) or 'none: the scenario has no labs'}"
            )
        columns = result.labs[lab].columns
        if measure not in columns:
            raise InputError(
                f"no measure {measure!r}; expected one of {', '.join(_measures(columns))}"
            )
        return columns


def compare(
    scenario: Scenario,
    against: Scenario | None = None,
    replications: int = 20,
    seed: int = 0,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Play a scenario beside the same world without action, or beside another scenario.

    Parameters
    ----------
    scenario : Scenario
        With the action.
    against : Scenario, optional
        What it is compared with: the same scenario without action unless given.
    replications : int
        Pairs of runs; their seeds are ``seed``, ``seed + 1``, ...
    seed : int
        First random seed.
    threads : int, optional
        Threads for large crowds; no result depends on it.
    progress : function, optional
        Called after each step with the steps played and the steps in all.

    Raises
    ------
    InputError
        If the two differ in creators or network, or there are no replications.
    """
    from sim.runs.runner import run

    if replications < 1:
        raise InputError(f"replications: must be at least 1, got {replications}")
    other = against if against is not None else scenario.without_action()
    same = ("communities", "network", "network_seed", "steps", "step_days", "start")
    differing = [name for name in same if _crowd(scenario, name) != _crowd(other, name)]
    if differing:
        raise InputError(
            f"against: must have the same creators, network and steps; {differing[0]} differs"
        )
    total = 2 * replications * scenario.steps
    done = 0
    runs: tuple[list[Result], list[Result]] = ([], [])
    for replication in range(replications):
        for results, world in zip(runs, (scenario, other), strict=True):
            told = _shifted(progress, done, total)
            played = run(world, seed + replication, threads, told)
            # with its digest at hand a result no longer holds on to engine and network
            results.append(replace(played, _digest=played.state_digest))
            done += scenario.steps
    return Comparison(tuple(runs[0]), tuple(runs[1]))


def _difference(acted: Floats, contributed: Floats) -> Floats:
    """Return differences; not a number where neither has a bound, as without any data."""
    with np.errstate(invalid="ignore"):
        found: Floats = acted - contributed
    return found


def _measures(columns: dict[str, list[float]]) -> list[str]:
    """Return the names of a record's numbers, without when it was and what is told in words."""
    later = list(columns.items())[3:]
    return [name for name, values in later if not any(isinstance(each, str) for each in values)]


def _crowd(scenario: Scenario, name: str) -> object:
    if name == "communities":
        return tuple((community.name, community.size) for community in scenario.communities)
    return getattr(scenario, name)


def _shifted(progress: Progress | None, done: int, total: int) -> Progress | None:
    if progress is None:
        return None
    return lambda step, _: progress(done + step, total)
