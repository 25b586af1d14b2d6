"""Reads the documentation's pages and does what they say.

A page's ``python`` blocks run in order in one folder, each with names of its own, so that any of
them can be copied alone; a block that begins with ``# file: NAME`` is written there instead (so are
other blocks that begin so).  ``sh`` blocks hold commands of ``datastrike``, or of ``do.py``, which
are only looked up.  A ``text`` block holds all that a ``python`` block before it prints, or lines
of what commands print, where that was done.  ``diff`` blocks change files.  ``console`` blocks are
only shown.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from sim.cli import main

ROOT = Path(__file__).parents[1]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
FILE = re.compile(r"\A(?:#|<!--) file: (\S+).*\n")
SHOWN_ONLY = {"console", "bibtex"}


class Block(NamedTuple):
    """A fenced block of a page."""

    kind: str
    text: str
    line: int


def blocks(page: str) -> list[Block]:
    """Return the fenced blocks of a page, but for directives."""
    return [
        Block(found[1], found[2], page.count("\n", 0, found.start()) + 2)
        for found in FENCE.finditer(page)
    ]


def follow(page: Path, folder: Path, prepared: bool = False) -> None:
    """Do what a page says in a folder, the current one; if ``prepared``, all but writing."""
    printed, whole = "", False
    for block in blocks(page.read_text("utf-8")):
        where = f"{page.name}:{block.line}"
        if block.kind in SHOWN_ONLY:
            continue
        if writes(block):
            if not prepared:
                write(block, folder, where)
        elif block.kind == "text":
            if printed:
                _compare(block.text, printed, where, whole)
        elif block.kind == "python":
            printed, whole = _python("\n" * (block.line - 1) + block.text, page), True
        elif block.kind == "sh":
            printed, whole = _shell(block.text, where), False
        else:
            raise AssertionError(f"{where}: nothing is known to be done with {block.kind}")


def prepare(page: Path, folder: Path) -> None:
    """Write all that a page writes, so that whatever is imported later has it."""
    for block in blocks(page.read_text("utf-8")):
        if writes(block):
            write(block, folder, f"{page.name}:{block.line}")


def writes(block: Block) -> bool:
    return block.kind == "diff" or FILE.match(block.text) is not None


def write(block: Block, folder: Path, where: str) -> None:
    """Write the file that a block holds, or the change that it says."""
    named = FILE.match(block.text)
    if named is None:
        _change(block.text, folder, where)
        return
    path = folder / named[1]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.text[named.end() :], "utf-8")


def _python(source: str, page: Path) -> str:
    heard = io.StringIO()
    with contextlib.redirect_stdout(heard):
        exec(compile(source, str(page), "exec"), {"__name__": page.stem})  # noqa: S102 (the project's own pages)
    return heard.getvalue()


def _shell(text: str, where: str) -> str:
    heard, complaints = io.StringIO(), io.StringIO()
    for line in text.splitlines():
        program, *arguments = shlex.split(line, comments=True)
        if [program, *arguments[:1]] == ["python3", "do.py"]:
            told = (ROOT / "do.py").read_text("utf-8").split('"""')[1]
            assert f"{line.partition('#')[0].strip()} " in told, (
                f"{where}: do.py has no such command"
            )
            continue
        assert program == "datastrike", f"{where}: {program} cannot be tried; write console"
        with contextlib.redirect_stdout(heard), contextlib.redirect_stderr(complaints):
            code = main(arguments)
        assert code == 0, f"{where}: {line}\n{complaints.getvalue()}"
    return heard.getvalue()


def _compare(text: str, printed: str, where: str, whole: bool) -> None:
    lines, told = ([line.strip() for line in each.splitlines()] for each in (printed, text))
    for line in filter(None, told):
        assert line in lines, f"{where}: {line!r} was not printed, but:\n{printed}"
    assert not whole or len(told) >= len(lines), f"{where}: prints more:\n{printed}"


def _change(text: str, folder: Path, where: str) -> None:
    command = ["git", "apply", "-C1", "--recount", "-"]
    done = subprocess.run(command, cwd=folder, input=text, text=True, capture_output=True)  # noqa: PLW1510
    assert done.returncode == 0, f"{where}: {done.stderr}"


if __name__ == "__main__":  # everything is written before anything is imported
    PAGES = [Path(name) for name in sys.argv[1:]]
    for each in PAGES:
        prepare(each, Path.cwd())
    for each in PAGES:
        follow(each, Path.cwd(), prepared=True)
