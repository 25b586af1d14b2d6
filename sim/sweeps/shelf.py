"""Large networks on disk, where every process of a sweep maps the same one into its memory."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from platform import node
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.sweeps.plan import Run

PREFIX = ".networks"


class Shelf:
    """Where networks are kept, one folder for each seed, for as long as runs need them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: Counter[int] = Counter()
        self._newest: int | None = None

    def watch(self, runs: Iterator[Run]) -> Iterator[Run]:
        """Yield runs, taking notice of those that are handed out."""
        for run in runs:
            self._open[run.seed] += 1
            self._newest = run.seed
            yield run
        self._newest = None

    def back(self, run: Run) -> None:
        """Take notice of a run that was played; drop the networks of a seed that is through."""
        self._open[run.seed] -= 1
        if self._open[run.seed] <= 0 and run.seed != self._newest:
            del self._open[run.seed]
            shutil.rmtree(self.folder / str(run.seed), ignore_errors=True)


@contextmanager
def shelf(folder: Path) -> Iterator[Shelf]:
    """Give a shelf in a folder, which is gone afterwards."""
    _clear(folder)
    kept = Path(tempfile.mkdtemp(prefix=f"{PREFIX}-{node()}-{os.getpid()}-", dir=folder))
    try:
        yield Shelf(kept)
    finally:
        shutil.rmtree(kept, ignore_errors=True)


def _clear(folder: Path) -> None:
    """Remove what sweeps on this machine left that were killed."""
    for left in folder.glob(f"{PREFIX}-{node()}-*"):
        number = left.name.split("-")[-2]
        if os.name == "posix" and number.isdigit() and not _lives(int(number)):
            shutil.rmtree(left, ignore_errors=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
