"""An attempt either does what was asked or refuses it in sentences.

Anything else is a failure: an exception of another kind, a traceback, a refusal without a word,
something written all the same, memory without bound, or an attempt that does not end.
"""

from __future__ import annotations

import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import click.testing
from pydantic import ValidationError

import sim
from sim.cli import BAD_INPUT, _run, datastrike

LONGEST = 60
"""Processor seconds after which an attempt does not end; most take milliseconds."""
MOST = 4 * 2**30
"""Bytes of address space that an attempt may take more than there are before it."""
STATUS = Path("/proc/self/statm")
REFUSED = (sim.InputError, ValidationError)


@contextmanager
def bounded() -> Iterator[None]:
    """Fail what does not end, or takes memory without bound."""

    def late(*_: object) -> None:
        raise AssertionError(f"did not end within {LONGEST} seconds")

    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, LONGEST)
    memory = resource.getrlimit(resource.RLIMIT_AS)
    if STATUS.exists():
        pages = int(STATUS.read_text("ascii").split()[0])
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MOST, memory[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, memory)
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def attempt(what: Callable[[], Any]) -> Any:
    """Return what comes of it, or None where it was refused in words."""
    with bounded():
        try:
            return what()
        except REFUSED as error:
            said = str(error)
            assert said.strip()
            assert "Traceback" not in said
            return None


def command(*arguments: str, unwritten: Path | None = None, bounds: bool = True) -> int:
    """Call the command line; return its exit code."""
    runner = click.testing.CliRunner()
    code = 0

    @click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
    def called() -> None:
        nonlocal code
        code = _run(datastrike, list(arguments))

    with bounded() if bounds else nullcontext():
        result = runner.invoke(called, [], catch_exceptions=False)
    said = result.stderr
    assert "Traceback" not in result.output, result.output
    if code == BAD_INPUT:
        assert said.strip(), f"{arguments}: refused without a word"
        if unwritten is not None:
            assert not unwritten.exists(), f"{arguments}: refused, and wrote {unwritten}"
            left = list(unwritten.parent.glob(f".{unwritten.name}*"))
            assert left == [], f"{arguments}: refused, and left {left}"
    return code
