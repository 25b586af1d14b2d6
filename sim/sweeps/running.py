"""Playing the runs of a design that are missing, and writing them as they come."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from sim.errors import InputError
from sim.sweeps.chunks import Chunks
from sim.sweeps.columns import Design, Writer, check_names
from sim.sweeps.player import Job, is_large, rehearse
from sim.sweeps.serial import serial
from sim.sweeps.shelf import Shelf, shelf
from sim.sweeps.store import Ledger, Store

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sim.sweeps.chunks import Played
    from sim.sweeps.plan import Keys, Plan

ALONE = 1.0
"""Seconds of work that is not worth the start of other processes."""
WORTH_KEEPING = 3
"""Runs on a large network from which on it is kept on disk for all processes."""


@dataclass(frozen=True)
class Means:
    """How a sweep is spread over processes.

    Parameters
    ----------
    workers : int, optional
        Processes on this machine; 1 plays in this one.  Unless given, as many as there are
        processors, once it is clear that it takes long.
    dask : str, optional
        Address of a Dask scheduler, or ``local``.
    part : (int, int)
        Which part of how many is played.
    time_limit : float, optional
        Seconds that a run may take.
    """

    workers: int | None = None
    dask: str | None = None
    part: tuple[int, int] = (0, 1)
    time_limit: float | None = None

    def __post_init__(self) -> None:
        if self.workers is not None and self.workers < 1:
            raise InputError(f"workers: must be at least 1, got {self.workers}")
        if self.time_limit is not None and not self.time_limit > 0.0:
            raise InputError(f"time limit: must be above 0 s, got {self.time_limit:g}")

    def spread(self, job: Job, chunks: Chunks, left: Callable[[], int]) -> Generator[Played]:
        """Yield all runs with what came of them; ``left`` says how many are still to be played."""
        if self.dask is not None:
            from sim.sweeps.cluster import cluster

            yield from cluster(job, chunks, self.dask, self.workers, self.time_limit)
            return
        if self.workers == 1 and self.time_limit is None:
            yield from serial(replace(job, threads=None), chunks)
            return
        if self.workers is None and self.time_limit is None and job.is_ours:
            yield from serial(job, chunks, until=monotonic() + ALONE)
        if left():
            from sim.sweeps.processes import available, processes

            yield from processes(job, chunks, self.workers or available(), self.time_limit)


@dataclass(frozen=True)
class Running:
    """A sweep at play: where its runs go and who plays them.

    Parameters
    ----------
    job : Job
        Scenario and outcomes.
    folder : Path
        Where runs are written.
    means : Means
        How runs are spread over processes.
    rerun_failed, allow_mixed : bool
        Whether failed runs are played again, and versions may be mixed.
    progress : function, optional
        Called with the runs played and those that were missing.
    """

    job: Job
    folder: Path
    means: Means
    rerun_failed: bool = False
    allow_mixed: bool = False
    progress: Callable[[int, int], None] | None = None

    def play(self, design: Design) -> None:
        """Play what is missing of a design.

        Raises
        ------
        InputError
            If the folder is of another sweep or takes no more, or workers cannot start.
        """
        check_names(design.points, self.job.outcomes)
        begun = Store.holds_sweep(self.folder) and Store(self.folder).outcomes == self._names
        if not begun:
            rehearse(self.job)
        store = Store.create(self.folder, self.job.scenario, self.job.outcomes)
        ledger = store.ledger()
        done = ledger.done if self.rerun_failed else ledger.known
        plan = design.plan(self.means.part)
        missing = plan.count(done)
        versions = store.add_versions()
        if missing:
            self._check_versions(store, ledger, versions)
        design.save(store)
        if missing:
            if begun:
                rehearse(self.job)
            writer = Writer(store, design.points, self.job.outcomes, versions)
            self._play(plan, done, missing, writer)

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(outcome.name for outcome in self.job.outcomes)

    def _play(self, plan: Plan, done: Keys, missing: int, writer: Writer) -> None:
        runs, job, played = plan.missing(done), self.job, 0
        with self._shelf(plan, missing) as kept:
            if kept is not None:
                runs, job = kept.watch(runs), replace(job, networks=str(kept.folder))
            chunks = Chunks(runs, plan.points.changes, self.means.time_limit is not None)
            with closing(self.means.spread(job, chunks, lambda: missing - played)) as coming:
                try:
                    for run, row in coming:
                        writer.add(run, row)
                        played += 1
                        if kept is not None:
                            kept.back(run)
                        if self.progress is not None:
                            self.progress(played, missing)
                finally:
                    writer.flush()

    def _shelf(self, plan: Plan, missing: int) -> AbstractContextManager[Shelf | None]:
        together = missing / plan.networks
        local = self.means.dask is None and self.means.workers != 1
        if local and together >= WORTH_KEEPING and is_large(self.job.scenario):
            return shelf(self.folder)
        return nullcontext()

    def _check_versions(self, store: Store, ledger: Ledger, now: str) -> None:
        others = [name for name in ledger.versions if name != now]
        if others and not self.allow_mixed:
            raise InputError(
                f"{self.folder}: holds runs made with {store.told(others[0])}, this is "
                f"{store.told(now)}; use another folder, or --allow-mixed to have both in one"
            )
