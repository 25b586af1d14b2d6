"""A bar on the terminal for many runs: how many a second, and how long it still takes."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LOOK = 0.2
"""Seconds between two looks at the bar."""


@contextmanager
def rate_bar(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Give a function to call with the runs played and the runs in all.

    The bar is on standard error, and only where that is a terminal; it leaves nothing behind.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    bar = Progress(
        "{task.description}",
        BarColumn(),
        MofNCompleteColumn(),
        "runs, {task.fields[rate]} a second,",
        TimeRemainingColumn(),
        "left",
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task(what, total=None, rate="?")
        begun = looked = time.monotonic()

        def tell(done: int, total: int) -> None:
            nonlocal looked
            now = time.monotonic()
            if now - looked > LOOK or done == total:
                looked = now
                rate = f"{done / max(now - begun, 1e-9):,.0f}"
                bar.update(task, completed=done, total=total, rate=rate)

        yield tell
