"""Figures that commands draw into a file that users name."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.errors import InputError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STYLE = "analysis.style"
FORMATS = ("pdf", "png", "svg")
FIGURE = click.Option(
    ["--figure"], metavar="FILE", help="Draw it into a new file (.svg, .png, .pdf)."
)


def check_figure(path: str | None) -> None:
    """Refuse the name of a figure that exists, or whose format is not known."""
    from sim.folders import check_new_file

    if path is not None and _ending(check_new_file(path)) not in FORMATS:
        known = ", ".join(f".{name}" for name in FORMATS)
        raise InputError(f"--figure {path}: the name must end in one of {known}")


def write_figure(figure: Figure, path: str) -> None:
    """Write a figure into a new file, complete or not at all."""
    from sim.folders import write_bytes

    write_bytes(path, importlib.import_module(STYLE).content(figure, _ending(Path(path))))


def _ending(path: Path) -> str:
    return path.suffix.lower().removeprefix(".")
