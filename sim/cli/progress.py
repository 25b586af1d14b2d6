"""A bar on the terminal for what takes long."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE = 1.0
"""Seconds before a bar is shown."""


@contextmanager
def bar(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Give a function to call with what is done and what there is in all.

    The bar is on standard error, and only where that is a terminal; it leaves nothing behind.
    """
    if not sys.stderr.isatty():
        yield None
        return
    shown = _Bar(what)
    try:
        yield shown.tell
    finally:
        shown.close()


class _Bar:
    def __init__(self, what: str) -> None:
        self.what, self.begun = what, time.monotonic()
        self._progress: Progress | None = None

    def tell(self, done: int, total: int) -> None:
        """Show how much is done, once it takes long."""
        if self._progress is None:
            if time.monotonic() - self.begun < PATIENCE:
                return
            self._progress = self._opened(total)
        self._progress.update(self._progress.task_ids[0], completed=done)

    def close(self) -> None:
        """Take the bar away."""
        if self._progress is not None:
            self._progress.stop()

    def _opened(self, total: int) -> Progress:
        from rich.console import Console
        from rich.progress import Progress

        progress = Progress(console=Console(stderr=True), transient=True)
        progress.add_task(self.what, total=total)
        progress.start()
        return progress
