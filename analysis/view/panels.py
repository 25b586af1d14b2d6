"""What the page draws of two worlds: solid lines for the first, dashed ones for the second."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis import style
from analysis.participation import ends_of_steps
from analysis.replay import column
from analysis.tactics import told
from sim.tactics import Tactic

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from analysis.sample import Sample
    from analysis.view.worlds import Worlds
    from sim.model import DataStrikeModel

    Floats = NDArray[np.float64]

SIZE = (6.0, 4.0)
UNDER = -0.28
"""Where legends begin, below the axis and its labels, as a share of a panel's height."""
SHORTEST = 10
"""Steps for which there is room from the beginning."""
NAMES = ("first world", "second world")
WORLDS: tuple[Literal["-"], Literal["--"]] = ("-", "--")
"""How the lines of both worlds are drawn."""
SERIES = {
    "adoption": ("ever acted", style.SKY, 3.0),
    "participation": ("act now", style.BLUE, 1.4),
    "withheld": ("withheld by default or law", style.ORANGE, 1.4),
}


@style.styled
def participation(worlds: Worlds) -> Figure:
    """Draw how many creators act, and have their works withheld, in both worlds."""
    figure, axes = _panel(worlds, "Who takes part")
    creators = worlds.creators
    for name, (label, colour, width) in SERIES.items():
        both = worlds.series(name)
        if name == "withheld" and not any(values.any() for values in both):
            continue
        _lines(axes, worlds, [creators * values for values in both], colour, label, width)
    _creators_up(axes)
    return figure


@style.styled
def tactics(worlds: Worlds) -> Figure:
    """Draw how many creators use each tactic but contributing, in both worlds."""
    figure, axes = _panel(worlds, "What they do")
    both = [np.array(kept) for kept in worlds.tactics]
    for tactic in list(Tactic)[1:]:
        series = [values[:, tactic] for values in both]
        if any(values.any() for values in series):
            _lines(axes, worlds, series, style.TACTICS[tactic], told(tactic))
    _creators_up(axes)
    return figure


@style.styled
def capability(worlds: Worlds) -> Figure:
    """Draw the loss of each lab's models at its training rounds, in both worlds."""
    figure, axes = _panel(worlds, "What models lose", worlds.shown.steps)
    when = ends_of_steps(worlds.shown)
    for number, colour in zip(range(len(worlds.first.labs)), style.CYCLE, strict=False):
        for model, dashes in zip(worlds.pair, WORLDS, strict=True):
            lab = model.labs[number]
            rounds = [(when[each.step], each.outcome.overall_loss) for each in lab.rounds]
            x, loss = np.array([(when[0], 1.0), *rounds], dtype=float).T
            label = lab.name if dashes == "-" else None
            axes.step(
                x, 100.0 * (loss - 1.0), where="post", marker="o", markersize=3, color=colour,
                linestyle=dashes, label=label,
            )  # fmt: skip
    axes.set_ylabel("increase of the loss (%)")
    axes.yaxis.set_major_formatter("{x:,.6g}")
    _legend(axes)
    return figure


@style.styled
def network(worlds: Worlds, sample: Sample) -> Figure:
    """Draw some creators in both worlds, coloured by what they do."""
    figure = Figure(figsize=SIZE)
    both = figure.subplots(1, 2)
    figure.subplots_adjust(left=0.01, right=0.99, top=0.92, bottom=0.12, wspace=0.02)
    seen: set[int] = set()
    for axes, model, name in zip(both, worlds.pair, NAMES, strict=True):
        seen |= _creators(axes, model, sample)
        style.letter(axes, "", name)
    handles = [
        Line2D([], [], marker="o", linestyle="none", color=style.TACTICS[Tactic(code)],
               markeredgecolor=style.GREY, markeredgewidth=0.4, label=told(Tactic(code)))
        for code in sorted(seen)
    ]  # fmt: skip
    figure.legend(handles=handles, loc="lower center", ncols=4)
    return figure


def rounds(worlds: Worlds) -> list[int]:
    """Return how often each lab has trained, in both worlds."""
    return [len(lab.rounds) for model in worlds.pair for lab in model.labs]


def states(worlds: Worlds, sample: Sample) -> list[bytes]:
    """Return what the sampled creators do and whether their works are withheld, in both worlds."""
    names = ("tactic", "withheld")
    return [column(model, n)[sample.ids].tobytes() for model in worlds.pair for n in names]


def _creators(axes: Axes, model: DataStrikeModel, sample: Sample) -> set[int]:
    codes = column(model, "tactic")[sample.ids]
    withheld = column(model, "withheld")[sample.ids]
    axes.add_collection(
        LineCollection(list(sample.at[sample.links]), colors="#CCCCCC", linewidths=0.4, zorder=1)
    )
    colours = [style.TACTICS[Tactic(int(code))] for code in codes]
    edges = [style.ORANGE if out else style.GREY for out in withheld]
    x, y = sample.at.T
    axes.scatter(x, y, s=14, c=colours, edgecolors=edges, linewidths=0.4, zorder=2)
    axes.set_axis_off()
    return {int(code) for code in codes}


def _panel(worlds: Worlds, title: str, until: int = SHORTEST) -> tuple[Figure, Axes]:
    figure = Figure(figsize=SIZE)
    axes = figure.add_subplot()
    figure.subplots_adjust(left=0.13, right=0.97, top=0.92, bottom=0.36)
    when = ends_of_steps(worlds.shown)
    axes.set_xlim(when[0], when[: max(worlds.played, until) + 1][-1])
    style.dated(axes)
    axes.grid(axis="y")
    style.letter(axes, "", title)
    return figure, axes


def _creators_up(axes: Axes) -> None:
    axes.set_ylabel("creators")
    axes.set_ylim(bottom=0.0)
    axes.yaxis.set_major_formatter("{x:,.10g}")
    _legend(axes)


def _lines(
    axes: Axes, worlds: Worlds, both: list[Floats], colour: str, label: str, width: float = 1.4
) -> None:
    when = ends_of_steps(worlds.shown)
    for values, dashes in zip(both, WORLDS, strict=True):
        axes.plot(
            when[: values.size], values, color=colour, linestyle=dashes,
            linewidth=width, label=label if dashes == "-" else None,
        )  # fmt: skip


def _legend(axes: Axes) -> None:
    """Tell colours by what they stand for, and lines by their world."""
    handles, labels = axes.get_legend_handles_labels()
    worlds = [Line2D([], [], color=style.GREY, linestyle=dashes) for dashes in WORLDS]
    axes.legend(
        [*handles, *worlds], [*labels, *NAMES], loc="upper left", ncols=3, borderaxespad=0.0,
        bbox_to_anchor=(0.0, UNDER), columnspacing=1.0,
    )  # fmt: skip
