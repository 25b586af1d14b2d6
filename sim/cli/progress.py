"""A bar on the terminal for what takes long."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn

PATIENCE = 1.0
"""Seconds before the bar of one run is shown; that of many is shown at once."""
LOOK = 0.2
"""Seconds between two looks at the rate."""


@contextmanager
def bar(what: str, many: bool = False) -> Iterator[Callable[[int, int], None] | None]:
    """Give a function to call with what is done and what there is in all.

    For ``many`` runs the bar says how many a second there are, and how long it still takes.  It
    is on standard error, and only where that is a terminal; it leaves nothing behind.
    """
    if not sys.stderr.isatty():
        yield None
        return
    shown = _Bar(what, many)
    try:
        yield shown.tell
    finally:
        shown.close()


class _Bar:
    def __init__(self, what: str, many: bool) -> None:
        self.what = what
        self.begun = self.looked = time.monotonic()
        self._progress = self._opened(_of_many()) if many else None

    def tell(self, done: int, total: int) -> None:
        """Show how much is done, once it takes long."""
        now = time.monotonic()
        if self._progress is None:
            if now - self.begun < PATIENCE:
                return
            self._progress = self._opened(())
        elif now - self.looked < LOOK and done != total:
            return
        self.looked = now
        rate = f"{done / max(now - self.begun, 1e-9):,.0f}"
        task = self._progress.task_ids[0]
        self._progress.update(task, completed=done, total=total, rate=rate)

    def close(self) -> None:
        """Take the bar away."""
        if self._progress is not None:
            self._progress.stop()

    def _opened(self, columns: Sequence[str | ProgressColumn]) -> Progress:
        from rich.console import Console
        from rich.progress import Progress

        progress = Progress(*columns, console=Console(stderr=True), transient=True)
        progress.add_task(self.what, total=None, rate="?")
        progress.start()
        return progress


def _of_many() -> tuple[str | ProgressColumn, ...]:
    """Return the columns of a bar for many runs."""
    from rich.progress import BarColumn, MofNCompleteColumn, TimeRemainingColumn

    rate = "runs, {task.fields[rate]} a second,"
    return (
        "{task.description}", BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn(), "left"
    )  # fmt: skip
