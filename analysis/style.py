"""The house style of figures: for print, for the colour-blind, and the same bytes every time."""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Callable, Collection
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

import matplotlib as mpl
from matplotlib import dates as mdates
from matplotlib.rcsetup import cycler
from matplotlib.ticker import FuncFormatter
from matplotlib.transforms import ScaledTranslation

from sim.tactics import Tactic

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

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
LETTERS = 20.5
"""Letters of a footnote in an inch."""
SMALL_LINE, LINE, UNDER_TICKS = 8.2, 9.8, 14.0
"""Points from line to line in footnotes and below an axis, and what is around its labels."""
LONGER = {
    mdates.YEARLY: (1000, 2000), mdates.MONTHLY: (12,), mdates.DAILY: (28,), mdates.HOURLY: (24,),
    mdates.MINUTELY: (60,), mdates.SECONDLY: (60,),
}  # fmt: skip
"""Intervals between dates on an axis, beyond matplotlib's, for axes with room for few."""
HOURS, DAYS, MONTHS = 2.5, 120.0, 7305.0
"""Days up to which dates are told with the hour, with the day of the month, and with the month."""

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


UNDATED = {
    "pdf": {"CreationDate": None},
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
}
"""Formats of figures, and what must not stand in them if the same figure gives the same bytes."""


@styled
def content(figure: Figure, ending: str) -> bytes:
    """Return a figure as a file's content, in a format of `UNDATED`."""
    file = BytesIO()
    figure.savefig(file, format=ending, metadata=UNDATED[ending])
    return file.getvalue()


def save(figure: Figure, folder: str | Path, stem: str) -> tuple[Path, Path]:
    """Write a figure as PNG and SVG and return both paths."""
    png, svg = (Path(folder) / f"{stem}.{ending}" for ending in ("png", "svg"))
    for path in (png, svg):
        path.write_bytes(content(figure, path.suffix[1:]))
    return png, svg


def letter(axes: Axes, name: str, title: str, above: float = 6.0) -> None:
    """Head a panel, so many points above it, with its letter and what it shows."""
    axes.set_title(f"{name}  {title}".strip(), pad=above)


def legend_below(axes: Axes, columns: int = 1, told: Collection[str] = (), wrap: int = 60) -> int:
    """Set the legend under a panel's axis, where it hides nothing, and return its lines.

    Called when the labels below the axis are as they will be; leaves out what was ``told``.
    """
    named = zip(*axes.get_legend_handles_labels(), strict=True)
    shown = [(handle, textwrap.fill(label, wrap)) for handle, label in named if label not in told]
    if not shown:
        return 0
    lines = 1 + max((tick.get_text().count("\n") for tick in axes.get_xticklabels()), default=0)
    deep = UNDER_TICKS + LINE * (lines + (1 + axes.get_xlabel().count("\n")))
    assert axes.figure is not None
    below = ScaledTranslation(0.0, -deep / 72.0, axes.figure.dpi_scale_trans)
    handles, labels = zip(*shown, strict=True)
    axes.legend(
        handles, labels, ncols=columns, loc="upper left", bbox_to_anchor=(0.0, 0.0),
        bbox_transform=axes.transAxes + below, borderaxespad=0.0, borderpad=0.0,
    )  # fmt: skip
    heights: list[int] = [1 + label.count("\n") for label in labels]
    each = -(-len(heights) // columns)
    return max(sum(heights[at : at + each]) for at in range(0, len(heights), each))


def dated(axes: Axes, most: int = 7) -> None:
    """Let the horizontal axis tell dates, given in matplotlib's days and within its limits."""
    begin, end = axes.get_xlim()
    even = end - begin > DAYS  # days from the first on: those counted in months crowd at its end
    locator = mdates.AutoDateLocator(minticks=3, maxticks=most, interval_multiples=even)  # type: ignore[no-untyped-call]
    for unit, more in LONGER.items():
        locator.intervald[unit] = [*locator.intervald[unit], *more]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda number, _: _tell(number, end - begin)))
    axes.set_xlabel("date")


def day(when: date) -> str:
    """Return a date in words."""
    return f"{when.day} {when:%b %Y}"


def _tell(number: float, span: float) -> str:
    """Return a date in matplotlib's days as an axis over so many days tells it."""
    when: datetime = mdates.num2date(number)  # type: ignore[no-untyped-call]
    if span < HOURS:
        return f"{when:%H:%M}\n{when.day} {when:%b}\n{when.year}"
    if span <= DAYS:
        return f"{when.day} {when:%b}\n{when.year}"
    return f"{when:%b}\n{when.year}" if span <= MONTHS else f"{when.year}"


def colour_bar(figure: Figure, drawn: ScalarMappable, label: str, **where: Any) -> None:
    """Tell what colours stand for, in shapes: pages load no pictures, not even from themselves."""
    bar = figure.colorbar(drawn, label=label, **where)
    assert bar.solids is not None
    bar.solids.set_rasterized(False)
    bar.solids.set_edgecolor("face")


def footnote(figure: Figure, lines: list[str]) -> None:
    """Say below a figure where its numbers come from."""
    width, height = figure.get_size_inches()
    wrapped = [part for line in lines for part in textwrap.wrap(line, int(width * LETTERS))]
    figure.text(
        0.012, 0.008, "\n".join(wrapped), fontsize=6.0, color=GREY, va="bottom", linespacing=1.35
    )
    engine = figure.get_layout_engine()
    if engine is not None:
        bottom = (len(wrapped) * SMALL_LINE + 4.0) / 72.0 / height
        cast("ConstrainedLayoutEngine", engine).set(rect=(0.0, bottom, 1.0, 1.0 - bottom))
