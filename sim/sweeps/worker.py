"""A worker process: takes chunks from standard input, answers on standard output.

Messages are framed by their length.  They come from the process that started the worker, and
nobody else; when that process ends, however it ends, standard input closes and so does the
worker.
"""

from __future__ import annotations

import os
import pickle
import struct
import sys
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.sweeps.player import Chunk, Job, Player

LENGTH = struct.Struct("<Q")
SILENCE = 0.2
"""Seconds after which a worker says what it has done, at the next run."""
READY, BROKEN, ROWS = "ready", "broken", "rows"
active = False
"""Whether this process is a worker."""


def framed(content: bytes) -> bytes:
    """Return a message with its length in front."""
    return LENGTH.pack(len(content)) + content


def receive(stream: IO[bytes]) -> bytes | None:
    """Return the next message, still packed; None when the other side is gone."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (size,) = LENGTH.unpack(head)
    content = stream.read(size)
    return content if len(content) == size else None


def main() -> None:
    """Play chunks until the process that started this one closes the connection."""
    global active  # noqa: PLW0603 (a process is a worker or it is not)
    active = True
    inbox: SimpleQueue[bytes] = SimpleQueue()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a run prints
    threading.Thread(target=_listen, args=(sys.stdin.buffer, inbox), daemon=True).start()

    def say(kind: str, what: Any = None) -> None:
        answers.write(framed(pickle.dumps((kind, what), pickle.HIGHEST_PROTOCOL)))
        answers.flush()

    import sim.runs.runner  # noqa: F401 (what takes longest)
    from sim.sweeps.player import Player, said, warm

    try:
        job = _unpacked(inbox.get())
        warm(job)
        player = Player(job)
    except Exception as error:  # noqa: BLE001 (said by the process that started us)
        say(BROKEN, said(error))
        return
    say(READY)
    while True:
        _play(player, pickle.loads(inbox.get()), say)  # noqa: S301 (from who started us)


def _play(player: Player, chunk: Chunk, say: Callable[[str, Any], None]) -> None:
    spoken, rows = time.monotonic(), []
    for row in player.play(chunk):
        rows.append(row)
        if chunk.singly or time.monotonic() - spoken > SILENCE:
            say(ROWS, (chunk.number, rows))
            spoken, rows = time.monotonic(), []
    if rows:
        say(ROWS, (chunk.number, rows))


def _unpacked(briefing: bytes) -> Job:
    """Return the job; a script that it is defined in is imported under another name."""
    packed, started = pickle.loads(briefing)  # noqa: S301 (from the process that started us)
    if started is not None:
        from multiprocessing.spawn import prepare

        prepare(started)
    job: Job = pickle.loads(packed)  # noqa: S301
    return job


def _listen(stream: IO[bytes], inbox: SimpleQueue[bytes]) -> None:
    while (message := receive(stream)) is not None:
        inbox.put(message)
    os._exit(0)
