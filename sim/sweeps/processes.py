"""Playing a sweep in processes on this machine, none of which can take the sweep down with it.

Workers are started anew (never forked), play on one thread each, and leave when this process
is gone.  A worker that dies is replaced.  What it had not reported is played again, one run at
a time; a run in which workers keep dying is recorded as crashed, and one that takes longer
than allowed as such.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import subprocess
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Generator, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.sweeps import worker as protocol
from sim.sweeps.plan import Run, failed

if TYPE_CHECKING:
    from sim.sweeps.chunks import Chunks, Played
    from sim.sweeps.player import Chunk, Job

START = """
import json, sys
sys.path[:] = json.loads(sys.stdin.buffer.readline())
from sim.sweeps.worker import main
main()
"""
ONE_THREAD = dict.fromkeys(
    ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"
)
NEW_GROUP_ON_WINDOWS = 0x200  # CREATE_NEW_PROCESS_GROUP, which subprocess has only there
IN_FLIGHT = 2
"""Chunks that a worker has at hand."""
DEATHS = 3
"""Workers that die in a run played alone before it is recorded as crashed."""
STARTS, KILLED_STARTS = 3, 10
"""Workers in a row that may end before they are ready: by themselves, or killed by others."""
FIRST_RUN = 10.0
"""Seconds by which a worker's first run may exceed the time limit, since kernels are loaded."""
LOOK = 0.05
"""Seconds between looks at runs that might take too long."""


def processes(
    job: Job, chunks: Chunks, workers: int, time_limit: float | None = None
) -> Generator[Played]:
    """Play all chunks in so many processes; yield each run with what came of it.

    Raises
    ------
    InputError
        If workers cannot be started or do not find what the scenario is made of.
    """
    pool = _Pool(job, chunks, workers, time_limit)
    try:
        yield from pool.play()
    finally:
        pool.close()


class _Worker:
    """One process, what it has at hand, and the threads that talk with it."""

    def __init__(self, briefing: bytes, events: SimpleQueue[tuple[_Worker, bytes | None]]) -> None:
        if os.name == "nt":
            apart: dict[str, Any] = {"creationflags": NEW_GROUP_ON_WINDOWS}
        else:
            apart = {"process_group": 0}  # so that Ctrl-C reaches only the process in charge
        self.process = subprocess.Popen(
            [sys.executable, "-c", START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **ONE_THREAD},
            **apart,
        )
        self.ready = self.experienced = False
        self.chunks: deque[tuple[Chunk, deque[Run]]] = deque()
        self.heard = time.monotonic()
        self._events = events
        self._outbox: SimpleQueue[bytes | None] = SimpleQueue()
        for target in (self._speak, self._listen):
            threading.Thread(target=target, daemon=True).start()
        self.give(
            f"{json.dumps([str(p) for p in sys.path])}\n".encode() + protocol.framed(briefing)
        )

    def give(self, content: bytes) -> None:
        """Hand over bytes without waiting for them to be read."""
        self._outbox.put(content)

    @property
    def fate(self) -> str:
        """How the process ended."""
        code = self.process.returncode
        return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"

    def end(self) -> None:
        """Kill the process and take leave of it."""
        self._outbox.put(None)
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError, ValueError):
                if stream is not None:
                    stream.close()

    def _speak(self) -> None:
        stream = self.process.stdin
        assert stream is not None
        with contextlib.suppress(OSError, ValueError):
            while (content := self._outbox.get()) is not None:
                stream.write(content)
                stream.flush()

    def _listen(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        message: bytes | None = b""
        while message is not None:
            try:
                message = protocol.receive(stream)
            except (OSError, ValueError):
                message = None
            self.heard = time.monotonic()
            self._events.put((self, message))


class _Pool:
    """Workers, and who plays what."""

    def __init__(self, job: Job, chunks: Chunks, workers: int, time_limit: float | None) -> None:
        self._job, self._chunks, self._time_limit = job, chunks, time_limit
        self._events: SimpleQueue[tuple[_Worker, bytes | None]] = SimpleQueue()
        self._again: deque[list[Run]] = deque()
        self._deaths: Counter[Run] = Counter()
        self._stillborn = 0
        self._exhausted = False
        self._briefing = _briefing(job)
        self._workers: list[_Worker] = []
        for _ in range(workers):
            self._start()

    def close(self) -> None:
        """End all workers."""
        for worker in self._workers:
            worker.end()

    def play(self) -> Iterator[Played]:
        """Yield runs as they are reported, until there is nothing left to play."""
        while self._feed():
            try:
                worker, message = self._events.get(timeout=self._patience)
            except Empty:
                yield from self._overdue()
                continue
            if worker in self._workers:
                yield from self._lost(worker) if message is None else self._told(worker, message)
            if self._events.empty():
                yield from self._overdue()

    def _start(self) -> None:
        self._workers.append(_Worker(self._briefing, self._events))

    def _feed(self) -> bool:
        """Keep workers supplied; return whether anything is being played or will be."""
        for worker in self._workers:
            while worker.ready and len(worker.chunks) < IN_FLIGHT:
                taken = self._next()
                if taken is None:
                    break
                if not worker.chunks:
                    worker.heard = time.monotonic()
                worker.chunks.append((taken[0], deque(taken[1])))
                worker.give(protocol.framed(pickle.dumps(taken[0], pickle.HIGHEST_PROTOCOL)))
        return not self._exhausted or any(worker.chunks for worker in self._workers)

    def _next(self) -> tuple[Chunk, list[Run]] | None:
        if self._again:
            return self._chunks.chunk(self._again.popleft(), singly=True)
        taken = self._chunks.next()
        self._exhausted = taken is None
        return taken

    def _told(self, worker: _Worker, message: bytes) -> Iterator[Played]:
        kind, what = pickle.loads(message)  # noqa: S301 (from a process that we started)
        if kind == protocol.BROKEN:
            raise InputError(f"a worker cannot start: {what}")
        if kind == protocol.READY:
            worker.ready, self._stillborn = True, 0
            return
        number, rows = what
        chunk, runs = worker.chunks[0]
        assert chunk.number == number
        worker.experienced = True
        for row in rows:
            run = runs.popleft()
            self._chunks.learn(row.seconds)
            yield run, row
        if not runs:
            worker.chunks.popleft()

    def _lost(self, worker: _Worker) -> Iterator[Played]:
        """Replace a worker that is gone, and see to what it was playing."""
        self._replace(worker)
        if not worker.ready:
            self._stillborn += 1
            killed = (worker.process.returncode or 0) < 0
            if self._stillborn >= (KILLED_STARTS if killed else STARTS):
                raise InputError(
                    f"workers end before they are ready ({worker.fate}); what they said stands "
                    "above; use one worker to play in this process"
                )
        if worker.chunks and worker.chunks[0][0].singly:
            run = worker.chunks[0][1][0]
            self._deaths[run] += 1
            if self._deaths[run] >= DEATHS:
                worker.chunks[0][1].popleft()
                yield run, failed("crashed", f"the process that played it died ({worker.fate})")
        self._put_back(worker)

    def _overdue(self) -> Iterator[Played]:
        """End workers whose run takes longer than allowed."""
        if self._time_limit is None:
            return
        for worker in list(self._workers):
            allowed = self._time_limit + (0.0 if worker.experienced else FIRST_RUN)
            if worker.chunks and time.monotonic() - worker.heard > allowed:
                run = worker.chunks[0][1].popleft()
                self._replace(worker)
                error = f"took longer than the time limit of {self._time_limit:g} s"
                yield run, failed("timeout", error, allowed)
                self._put_back(worker)
                return  # what others have said in the meantime comes first

    def _replace(self, worker: _Worker) -> None:
        worker.end()
        self._workers.remove(worker)
        self._start()

    def _put_back(self, worker: _Worker) -> None:
        """Have the rest of a lost worker's runs played again, first those at hand."""
        for _, runs in worker.chunks:
            if runs:
                self._again.append(list(runs))
                self._exhausted = False

    @property
    def _patience(self) -> float | None:
        return None if self._time_limit is None else LOOK


def _briefing(job: Job) -> bytes:
    """Return the job as it goes to workers, with the script that it may be defined in."""
    content = packed(job)
    script = getattr(sys.modules["__main__"], "__file__", None) if b"__main__" in content else None
    started = script and {"init_main_from_path": str(Path(script).absolute()), "sys_argv": sys.argv}
    return pickle.dumps((content, started))


def packed(job: Job) -> bytes:
    """Return a job as bytes.

    Raises
    ------
    InputError
        If it holds functions or rules that other processes cannot find.
    """
    try:
        return pickle.dumps(job, pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise InputError(
            f"processes cannot be given what the sweep needs ({error}); define functions and "
            "rules at the top of a file, or use one worker"
        ) from None


def available() -> int:
    """Return how many processes this machine plays at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
