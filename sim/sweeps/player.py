"""Playing runs of a sweep: the same for every way of spreading them over processes."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.creators.community import Community
from sim.creators.seeds import Seeds
from sim.errors import InputError
from sim.loading.overrides import override
from sim.networks.base import NetworkSpec
from sim.networks.edge_list import EdgeList
from sim.networks.erdos_renyi import ErdosRenyi
from sim.scenario import Scenario
from sim.sweeps.outcomes import Outcome
from sim.sweeps.plan import ARMS, OK, Row, failed

if TYPE_CHECKING:
    from sim.networks.network import Network
    from sim.result import Result

TOGETHER = 64
"""Runs that are handed over in one call, so that those alike are played by one loop."""
REMEMBERED = 512
"""Scenarios that a process keeps at hand."""
SHARED_BYTES = 32 * 10**6
"""Networks from this size on are kept on disk for all processes to map into memory."""
LONGEST_ERROR = 400


@dataclass(frozen=True)
class Job:
    """What every process of a sweep needs to know.

    Parameters
    ----------
    scenario : Scenario
        The base.
    outcomes : tuple of Outcome
        What is kept of each run.
    networks : str, optional
        Folder for large networks that several runs share.
    threads : int, optional
        Threads for large crowds.
    """

    scenario: Scenario
    outcomes: tuple[Outcome, ...]
    networks: str | None = None
    threads: int | None = 1

    @property
    def is_ours(self) -> bool:
        """Whether no rule or function of a user takes part, which might take the process down."""
        given = any(outcome.function is not None for outcome in self.outcomes)
        return not given and type(self.scenario.rule).__module__.startswith("sim.")


@dataclass(frozen=True)
class Chunk:
    """Some runs that are played by one process, one after another.

    Parameters
    ----------
    number : int
        Of the chunk.
    changes : tuple of dict
        Points: changes to the base scenario.
    runs : tuple of (int, int, int)
        Place of the point in ``changes``, seed, arm.
    singly : bool
        Whether every run is played and reported for itself.
    """

    number: int
    changes: tuple[dict[str, Any], ...]
    runs: tuple[tuple[int, int, int], ...]
    singly: bool = False


class Player:
    """Plays the runs of a job."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._resolved = lru_cache(REMEMBERED)(self._resolve)

    def play(self, chunk: Chunk) -> Iterator[Row]:
        """Yield what came of each run, in order."""
        points = [json.dumps(changes) for changes in chunk.changes]
        runs = [(points[place], seed, arm) for place, seed, arm in chunk.runs]
        at_once = 1 if chunk.singly else TOGETHER
        for begin in range(0, len(runs), at_once):
            yield from self._some(runs[begin : begin + at_once])

    def _some(self, runs: Sequence[tuple[str, int, int]]) -> list[Row]:
        """Play some runs in one call, or one by one where that fails."""
        from sim.runs.batch import run_many

        if len(runs) == 1:
            return [self._one(*runs[0])]
        begun = time.perf_counter()
        try:
            stated = [(self._resolved(point, arm), seed) for point, seed, arm in runs]
            results = run_many([(self._shared(s, seed), seed) for s, seed in stated], 1)
            kept = [self._keep(result) for result in results]
        except Exception:  # noqa: BLE001 (which run it was is found out one by one)
            return [self._one(*run) for run in runs]
        seconds = (time.perf_counter() - begun) / len(runs)
        return [Row(OK, None, seconds, values) for values in kept]

    def _one(self, point: str, seed: int, arm: int) -> Row:
        from sim.runs.runner import run

        begun = time.perf_counter()
        try:
            scenario = self._shared(self._resolved(point, arm), seed)
            values = self._keep(run(scenario, seed, self.job.threads))
        except Exception as error:  # noqa: BLE001 (whatever a run may raise)
            return failed("failed", said(error), time.perf_counter() - begun)
        return Row(OK, None, time.perf_counter() - begun, values)

    def _keep(self, result: Result) -> tuple[Any, ...]:
        return tuple(outcome.of(result) for outcome in self.job.outcomes)

    def _resolve(self, point: str, arm: int) -> Scenario:
        if ARMS[arm] != "action":
            return self._resolved(point, 0).without_action()
        base = self.job.scenario
        return override(base, json.loads(point))

    def _shared(self, scenario: Scenario, seed: int) -> Scenario:
        """Return the scenario with its network on disk, where that is worth it."""
        if self.job.networks is None or not is_large(scenario):
            return scenario
        drawn = seed if scenario.network_seed is None else scenario.network_seed
        crowd = [(community.name, community.size) for community in scenario.communities]
        what = json.dumps([scenario.network.to_data(), crowd, drawn], sort_keys=True)
        name = hashlib.sha256(what.encode()).hexdigest()[:20]
        folder = Path(self.job.networks, str(drawn), name)
        if not folder.exists():
            sizes = tuple(size for _, size in crowd)
            network = scenario.network.build(sizes, drawn, tuple(name for name, _ in crowd))
            try:
                network.save(folder)
            except InputError:
                return scenario  # another process was faster, or the disk is full
        return scenario.model_copy(update={"network": _OnDisk(str(folder))})


class _OnDisk(NetworkSpec):
    """A network that another process has built."""

    folder: str

    def build(
        self, sizes: tuple[int, ...], seed: int, names: tuple[str, ...] | None = None
    ) -> Network:
        from sim.networks.network import Network

        return Network.load(self.folder, mmap=True)

    def memory(self, creators: int) -> int:
        return 0


def is_large(scenario: Scenario) -> bool:
    """Return whether a network is worth keeping on disk."""
    creators = scenario.creators
    return scenario.network.memory(creators) >= SHARED_BYTES


def said(error: BaseException) -> str:
    """Return an error in one sentence."""
    text = " ".join(str(error).split())
    if not isinstance(error, InputError):
        text = f"{type(error).__name__}: {text}".removesuffix(": ")
    return text if len(text) <= LONGEST_ERROR else f"{text[:LONGEST_ERROR]}..."


def miniature(scenario: Scenario) -> Scenario | None:
    """Return a scenario of the same kind that is played at once; None if there is none."""
    smaller: list[Community] = [c.replace(size=min(c.size, 8)) for c in scenario.communities]
    try:
        return scenario.replace(
            communities=smaller, network=ErdosRenyi(1.0), seeds=Seeds(count=1), steps=2
        )
    except ValueError:
        return None


def warm(job: Job) -> Result | None:
    """Compile or load the kernels that a job needs; return what was played for it."""
    from sim.runs.runner import run

    small = miniature(job.scenario)
    try:
        return run(small, 0) if small is not None else None
    except Exception:  # noqa: BLE001 (its own runs will say what is wrong)
        return None


def rehearse(job: Job) -> None:
    """Compile what a job needs before others start, and see whether its outcomes have names.

    Raises
    ------
    InputError
        If a run has no quantity of an outcome's name.
    """
    played = warm(job)
    if played is not None and not isinstance(job.scenario.network, EdgeList):
        for outcome in job.outcomes:
            if outcome.function is None:
                outcome.of(played)
