"""The house style of figures: for print, for the colour-blind, and the same bytes every time."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import matplotlib as mpl
from matplotlib import dates as mdates
from matplotlib.rcsetup import cycler

from sim.tactics import Tactic

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.figure import Figure

P = ParamSpec("P")
T = TypeVar("T")

BLACK, GREY = "#222222", "#767676"
BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY, YELLOW = (
    "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#F0E442",
)  # fmt: skip
"""Okabe & Ito 2008, *Color Universal Design*: told apart by all common kinds of sight."""
CYCLE = (BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY, BLACK)
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)), (0, (8, 3)))
"""A second cue beside colour, in the same order."""

TACTICS = {
    Tactic.CONTRIBUTE: "#D9D9D9", Tactic.OPT_OUT: BLUE, Tactic.WITHHOLD: VERMILION,
    Tactic.STOPPAGE: ORANGE, Tactic.BOYCOTT: PURPLE, Tactic.POISON: BLACK, Tactic.DONATE: GREEN,
    Tactic.DONATE_AND_WITHHOLD: YELLOW,
}  # fmt: skip
"""What each tactic is drawn in, in every figure."""

COLUMN, PAGE = 3.5, 7.2
"""Widths of one and of two columns of a journal, in inches."""

RC: dict[str, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": GREY,
    "axes.labelcolor": BLACK,
    "axes.labelsize": 8.0,
    "axes.linewidth": 0.6,
    "axes.prop_cycle": cycler(color=CYCLE) + cycler(linestyle=DASHES),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 8.5,
    "axes.titleweight": "bold",
    "figure.dpi": 150,
    "font.family": ["DejaVu Sans"],  # comes with matplotlib, so every machine has it
    "font.size": 7.5,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.5,
    "legend.fontsize": 7.0,
    "legend.frameon": False,
    "lines.linewidth": 1.4,
    "savefig.dpi": 300,
    "svg.fonttype": "path",
    "svg.hashsalt": "datastrike",
    "text.color": BLACK,
    "xtick.color": GREY,
    "xtick.labelcolor": BLACK,
    "xtick.labelsize": 7.5,
    "ytick.color": GREY,
    "ytick.labelcolor": BLACK,
    "ytick.labelsize": 7.5,
}


def styled(draw: Callable[P, T]) -> Callable[P, T]:
    """Let a function draw in the house style, whatever the reader's own settings are."""

    @functools.wraps(draw)
    def drawing(*args: P.args, **kwargs: P.kwargs) -> T:
        with mpl.rc_context():
            mpl.rcdefaults()
            mpl.rcParams.update(RC)  # type: ignore[arg-type]
            return draw(*args, **kwargs)

    return drawing


@styled
def save(figure: Figure, folder: str | Path, stem: str) -> tuple[Path, Path]:
    """Write a figure as PNG and SVG and return both paths.

    The same figure gives the same bytes: without dates, and with ids that depend on content.
    """
    png, svg = (Path(folder) / f"{stem}.{ending}" for ending in ("png", "svg"))
    figure.savefig(png, metadata={"Software": None})
    figure.savefig(svg, metadata={"Date": None, "Creator": None})
    return png, svg


def letter(axes: Axes, name: str, title: str, above: float = 6.0) -> None:
    """Head a panel, so many points above it, with its letter and what it shows."""
    axes.set_title(f"{name}  {title}", pad=above)


def dated(axes: Axes) -> None:
    """Let the horizontal axis tell dates, given in matplotlib's days."""
    locator = mdates.AutoDateLocator(minticks=3, maxticks=7)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    axes.set_xlabel("date")


def colour_bar(figure: Figure, drawn: ScalarMappable, label: str, **where: Any) -> None:
    """Tell what colours stand for, in shapes: pages load no pictures, not even from themselves."""
    bar = figure.colorbar(drawn, label=label, **where)
    assert bar.solids is not None
    bar.solids.set_rasterized(False)
    bar.solids.set_edgecolor("face")


def footnote(figure: Figure, lines: list[str]) -> None:
    """Say below a figure where its numbers come from."""
    figure.text(
        0.012, 0.008, "\n".join(lines), fontsize=6.0, color=GREY, va="bottom", linespacing=1.35
    )
