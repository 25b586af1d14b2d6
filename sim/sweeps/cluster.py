"""Playing a sweep through Dask distributed: on a cluster, or on processes started for it.

Whoever started the scheduler decides what its workers are.  Workers need this program in the
same version and the files that the scenario reads; they do not need the sweep's folder, which
only this process writes.  Each should have one thread (``dask worker --nthreads 1``).

On SLURM, dask-jobqueue starts workers as jobs::

    from dask_jobqueue import SLURMCluster

    cluster = SLURMCluster(cores=1, memory="2GB", walltime="04:00:00")
    cluster.scale(200)
    sim.sweep(scenario, vary, 100, out="results", dask=cluster.scheduler_address)

On Kubernetes, dask-kubernetes does the same with ``KubeCluster``.  Where a service is too much,
array jobs need none, only a folder that all can write to::

    sbatch --array=1-50 --wrap 'datastrike sweep NAME --out DIR --shard $SLURM_ARRAY_TASK_ID/50'

and a Kubernetes Job with ``completionMode: Indexed`` takes ``--shard $JOB_COMPLETION_INDEX/50``.
A scheduler trusts whoever reaches it: keep it inside the cluster's network.
"""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Generator, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.sweeps.chunks import Chunks
from sim.sweeps.plan import Row, Run, failed
from sim.sweeps.player import Chunk, Job, Player
from sim.sweeps.processes import IN_FLIGHT, ONE_THREAD, available, packed, processes

if TYPE_CHECKING:
    from sim.sweeps.chunks import Played

LOCAL = "local"
"""Instead of an address: processes on this machine, started for the sweep."""
PATIENCE = 30
"""Seconds to wait for a scheduler and its first worker."""


def cluster(
    job: Job,
    chunks: Chunks,
    address: str,
    workers: int | None = None,
    time_limit: float | None = None,
) -> Generator[Played]:
    """Play all chunks on the workers of a Dask scheduler; yield each run with what came of it.

    Raises
    ------
    InputError
        If Dask is not installed, or no scheduler or worker can be reached.
    """
    try:
        import distributed
    except ImportError:
        raise InputError(
            "dask: is not installed; install it with: pip install 'datastrike[cluster]'"
        ) from None
    started = _local(distributed, workers) if address == LOCAL else None
    try:
        with _client(distributed, started or address) as client:
            yield from _Cluster(client, packed(job), chunks, time_limit).play()
    finally:
        if started is not None:
            started.close()


class _Cluster:
    """Chunks on their way to workers and back."""

    def __init__(self, client: Any, job: bytes, chunks: Chunks, time_limit: float | None) -> None:
        self._client, self._job, self._chunks = client, job, chunks
        self._time_limit = time_limit
        self._waiting: dict[Any, list[Run]] = {}
        self._again: deque[Run] = deque()

    def play(self) -> Iterator[Played]:
        """Yield runs as they come back, until there is nothing left to play."""
        from distributed import as_completed

        coming = as_completed(loop=self._client.loop)  # type: ignore[no-untyped-call]
        self._feed(coming)
        for future in coming:
            yield from self._came(future, self._waiting.pop(future))
            self._feed(coming)

    def _feed(self, coming: Any) -> None:
        most = IN_FLIGHT * max(1, sum(self._client.nthreads().values()))
        while len(self._waiting) < most and (taken := self._next()) is not None:
            chunk, runs = taken
            future = self._client.submit(_played, self._job, chunk, self._time_limit, pure=False)
            self._waiting[future] = runs
            coming.add(future)

    def _next(self) -> tuple[Chunk, list[Run]] | None:
        if self._again:
            return self._chunks.chunk([self._again.popleft()], singly=True)
        return self._chunks.next()

    def _came(self, future: Any, runs: list[Run]) -> Iterator[Played]:
        from distributed import KilledWorker

        if future.status == "finished":
            for run, row in zip(runs, future.result(), strict=True):
                self._chunks.learn(row.seconds)
                yield run, row
        elif not isinstance(future.exception(), KilledWorker):
            raise InputError(f"dask: a worker cannot play ({future.exception()})")
        elif len(runs) == 1:
            yield runs[0], failed("crashed", "the processes that played it died")
        else:
            self._again.extend(runs)


def _played(job: bytes, chunk: Chunk, time_limit: float | None) -> list[Row]:
    """Play a chunk on a worker, in a process of its own where its time is limited."""
    player = _player(job)
    if time_limit is None:
        return list(player.play(chunk))
    runs = [Run(*run) for run in chunk.runs]
    chunks = Chunks(iter(runs), lambda place: chunk.changes[place], singly=True)
    rows = dict(processes(player.job, chunks, 1, time_limit))
    return [rows[run] for run in runs]


@lru_cache(1)
def _player(job: bytes) -> Player:
    return Player(pickle.loads(job))  # noqa: S301 (from who started the sweep)


def _local(distributed: Any, workers: int | None) -> Any:
    """Start processes that only this machine can reach, on one thread each."""
    return distributed.LocalCluster(
        n_workers=workers or available(),
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        env=ONE_THREAD,
        silence_logs=50,
    )


def _client(distributed: Any, address: Any) -> Any:
    try:
        client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
        client.wait_for_workers(1, timeout=PATIENCE)
    except (OSError, TimeoutError, ValueError) as error:
        said = " ".join(str(error).split())[:200]
        raise InputError(f"dask: no scheduler with a worker at {address} ({said})") from None
    return client
