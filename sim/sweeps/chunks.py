"""Cutting the runs of a sweep into chunks of about the same work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from sim.sweeps.player import Chunk

if TYPE_CHECKING:
    from sim.sweeps.plan import Row, Run

    Changes = Callable[[int], dict[str, Any]]
    Played = tuple[Run, Row]

SECONDS = 1.0
"""Work that goes into one chunk."""
MOST, FIRST = 512, 1
"""Runs in a chunk: at most, and before it is known how long they take."""


class Chunks:
    """Cuts the runs of a sweep into chunks of about the same work.

    Parameters
    ----------
    runs : iterator of Run
        In the order in which they are to be played.
    changes : function
        Gives the changes to the base scenario at a point.
    singly : bool
        Whether every run is played and reported for itself.
    """

    def __init__(self, runs: Iterator[Run], changes: Changes, singly: bool = False) -> None:
        self._runs, self._changes, self._singly = runs, changes, singly
        self._number = 0
        self._seconds = SECONDS / FIRST

    def next(self) -> tuple[Chunk, list[Run]] | None:
        """Return the next chunk with its runs; None at the end."""
        wanted = int(SECONDS / max(self._seconds, 1e-9))
        runs = list(islice(self._runs, min(max(wanted, 1), MOST)))
        return self.chunk(runs, self._singly) if runs else None

    def chunk(self, runs: list[Run], singly: bool) -> tuple[Chunk, list[Run]]:
        """Return a chunk of stated runs."""
        self._number += 1
        places = {point: place for place, point in enumerate(dict.fromkeys(r.point for r in runs))}
        changes = tuple(self._changes(point) for point in places)
        compact = tuple((places[run.point], run.seed, run.arm) for run in runs)
        return Chunk(self._number, changes, compact, singly), runs

    def learn(self, seconds: float) -> None:
        """Take notice of how long a run took."""
        self._seconds += 0.1 * (seconds - self._seconds)
