"""Which tables of a folder hold what: told by their columns, wherever they lie in it."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from sim.errors import InputError


class NoTableError(Exception):
    """No table of the kind is in the folder; the message says what was looked for."""


def with_columns(folder: Path, *needed: str) -> list[Path]:
    """Return the CSV tables of a folder that have all these columns, in a fixed order."""
    return [path for path, columns in headers(folder) if {*needed} <= {*columns}]


def headers(folder: Path) -> tuple[tuple[Path, tuple[str, ...]], ...]:
    """Return every CSV table below a folder with its columns.

    Raises
    ------
    InputError
        If there is no such folder.
    """
    if not folder.is_dir():
        raise InputError(f"--data: {folder} is not a folder")
    return tuple((path, _columns(path)) for path in _tables(folder))


def _tables(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.name.endswith((".csv", ".csv.gz")) and path.is_file():
            yield path


def _columns(path: Path) -> tuple[str, ...]:
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8", newline="") as file:
            line = file.readline(100_000)
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as problem:
        raise InputError(f"--data: {path} cannot be read: {problem}") from None
    return tuple(name.strip().strip('"') for name in line.split(","))
