"""Playing a sweep in this process."""

from __future__ import annotations

import math
from collections.abc import Generator
from time import monotonic
from typing import TYPE_CHECKING

from sim.sweeps.player import Job, Player

if TYPE_CHECKING:
    from sim.sweeps.chunks import Chunks, Played


def serial(job: Job, chunks: Chunks, until: float = math.inf) -> Generator[Played]:
    """Play chunks in this process until a time; yield each run with what came of it."""
    player = Player(job)
    while monotonic() < until and (taken := chunks.next()) is not None:
        chunk, runs = taken
        for run, row in zip(runs, player.play(chunk), strict=True):
            chunks.learn(row.seconds)
            yield run, row
