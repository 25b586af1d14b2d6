"""A worker's side of the conversation, held in this process, where it can be seen."""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any

import pytest

from sim.sweeps import cluster, worker
from sim.sweeps.outcomes import Outcome
from sim.sweeps.player import Chunk, Job, Player
from tests.sweep_cases import THRESHOLD, raising, seed_and_size, small

JOB = Job(small(), (Outcome("mine", seed_and_size),))
CHUNK = Chunk(7, ({THRESHOLD: 0.1}, {THRESHOLD: 0.3}), ((0, 3, 0), (1, 4, 0), (1, 5, 1)))


def told(row: Any) -> tuple[Any, ...]:
    return row.status, row.error, row.values


class Conversation:
    """What is said to a worker, and what it answers; it ends with an empty message."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left = threading.Event()
        hears, self.says = os.pipe()
        self.answers, speaks = os.pipe()
        monkeypatch.setattr(worker, "active", False)
        monkeypatch.setattr(os, "_exit", lambda code: self.left.set())
        self.opened: list[IO[Any]] = []
        fdopen = os.fdopen

        def noted(*asked: Any) -> IO[Any]:
            self.opened.append(fdopen(*asked))
            return self.opened[-1]

        monkeypatch.setattr(os, "fdopen", noted)
        self.stdout = os.fdopen(speaks, "w")
        stdin = SimpleNamespace(buffer=os.fdopen(hears, "rb"))
        streams = SimpleNamespace(stdin=stdin, stdout=self.stdout, stderr=sys.__stderr__)
        monkeypatch.setattr(worker, "sys", streams)

    def held(self, *messages: bytes) -> list[tuple[str, Any]]:
        os.write(self.says, b"".join(map(worker.framed, messages)))
        with contextlib.suppress(EOFError):  # an empty message holds no chunk
            worker.main()
        os.close(self.says)
        assert self.left.wait(30.0), "leaves when nobody speaks to it any more"
        for stream in self.opened:  # as the end of a process does
            stream.close()
        heard = []
        with os.fdopen(self.answers, "rb") as stream:
            while (message := worker.receive(stream)) is not None:
                heard.append(pickle.loads(message))
        return heard


@pytest.fixture
def conversation(monkeypatch: pytest.MonkeyPatch) -> Conversation:
    return Conversation(monkeypatch)


def briefing(job: Any) -> bytes:
    return pickle.dumps((pickle.dumps(job), None))


class TestConversation:
    @pytest.mark.parametrize("singly", [False, True])
    def test_plays_what_it_is_given(self, conversation: Conversation, singly: bool) -> None:
        chunk = Chunk(CHUNK.number, CHUNK.changes, CHUNK.runs, singly)
        (ready, _), *said = conversation.held(briefing(JOB), pickle.dumps(chunk), b"")
        assert ready == worker.READY
        assert {kind for kind, _ in said} == {worker.ROWS}
        assert {number for _, (number, _) in said} == {7}
        if singly:
            assert [len(rows) for _, (_, rows) in said] == [1, 1, 1]
        rows = [row for _, (_, rows) in said for row in rows]
        assert list(map(told, rows)) == list(map(told, Player(JOB).play(CHUNK)))
        assert [row.values for row in rows] == [(63.0,), (64.0,), (65.0,)]

    def test_knows_that_it_is_one(self, conversation: Conversation) -> None:
        conversation.held(briefing(JOB), b"")
        assert worker.active

    def test_says_what_it_cannot_read(self, conversation: Conversation) -> None:
        module = sys.modules["sim.sweeps.player"]
        job = b"csim.sweeps.player\nGone\n."
        assert conversation.held(pickle.dumps((job, None))) == [
            (worker.BROKEN, f"AttributeError: Can't get attribute 'Gone' on {module!r}")
        ]

    def test_finds_what_a_script_defines_under_another_name(
        self, conversation: Conversation, tmp_path: Path
    ) -> None:
        """As Python's own multiprocessing does: the script is imported, its guard not entered."""
        script = tmp_path / "own.py"
        script.write_text(
            "def twice(result):\n    return 2.0 * result.seed\n"
            "if __name__ == '__main__':\n    raise SystemExit('entered')\n"
        )
        main = sys.modules["__main__"]
        try:
            packed = pickle.dumps(Job(small(), (Outcome("twice", _Named("__mp_main__", "twice")),)))
            started = {"init_main_from_path": str(script)}
            _, (_, (_, rows)) = conversation.held(
                pickle.dumps((packed, started)), pickle.dumps(CHUNK), b""
            )
        finally:
            sys.modules["__main__"] = main
            sys.modules.pop("__mp_main__", None)
        assert [row.values for row in rows] == [(6.0,), (8.0,), (10.0,)]


class _Named:
    """Packed as a function of a module that is only there on the other side."""

    def __init__(self, module: str, name: str) -> None:
        self.module, self.name = module, name

    def __reduce__(self) -> tuple[Any, tuple[str, str]]:
        return _found, (self.module, self.name)


def _found(module: str, name: str) -> Any:
    return getattr(sys.modules[module], name)


@pytest.mark.parametrize("cut", [1, 8, 12])
def test_a_message_cut_off_is_none(cut: int) -> None:
    whole = worker.framed(b"chunk")
    assert worker.receive(io.BytesIO(whole)) == b"chunk"
    assert worker.receive(io.BytesIO(whole[:cut])) is None


class TestCluster:
    def test_a_worker_plays_like_any_other_process(self) -> None:
        rows = cluster._played(pickle.dumps(JOB), CHUNK, None)
        assert list(map(told, rows)) == list(map(told, Player(JOB).play(CHUNK)))

    def test_time_is_limited_by_a_process_of_its_own(self) -> None:
        rows = cluster._played(pickle.dumps(JOB), CHUNK, 60.0)
        assert list(map(told, rows)) == list(map(told, Player(JOB).play(CHUNK)))

    def test_runs_of_a_dead_worker_are_played_again_one_by_one(self) -> None:
        distributed = pytest.importorskip("distributed")
        from sim.sweeps.chunks import Chunks
        from sim.sweeps.plan import Run

        runs = [Run(0, 1, 0), Run(0, 2, 0)]
        playing = cluster._Cluster(None, b"", Chunks(iter(()), lambda place: {}), None)
        died = SimpleNamespace(
            status="error",
            exception=lambda: distributed.KilledWorker("key", None, 1),
        )
        assert list(playing._came(died, runs)) == []
        chunk, alone = playing._next()
        assert (alone, chunk.singly) == (runs[:1], True)
        ((run, row),) = playing._came(died, alone)
        assert (run, row.status) == (runs[0], "crashed")
        assert playing._next()[1] == runs[1:]
        assert playing._next() is None

    def test_another_failure_of_a_worker_is_said(self) -> None:
        pytest.importorskip("distributed")
        playing = cluster._Cluster(None, b"", None, None)
        lost = SimpleNamespace(status="error", exception=lambda: ImportError("no sim"))
        with pytest.raises(ValueError, match=r"^dask: a worker cannot play \(no sim\)$"):
            list(playing._came(lost, []))


def test_a_failure_is_found_run_by_run() -> None:
    """Runs handed over together: those that raise are rows, the others are kept."""
    job = Job(small(), (Outcome("mine", raising),))
    statuses = [row.status for row in Player(job).play(CHUNK)]
    assert statuses == ["ok", "ok", "failed"]
