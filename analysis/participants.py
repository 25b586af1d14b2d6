"""Who took part: those with many works or many links, and of which community.

Concentration curves, after Lorenz 1905 (doi:10.2307/2276207): creators in the order of what they
have, the most first, against the share of all who acted that is found among them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from analysis import style
from analysis.communities import EVERYBODY, shown
from analysis.tactics import source

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from analysis.replay import Floats, Replay

MOST_POINTS = 500


@style.styled
def participants(seen: Replay) -> Figure:
    """Draw among whom those who acted are found: by portfolio, by links, by community.

    Parameters
    ----------
    seen : Replay
        A run in which somebody acted.
    """
    figure = Figure(figsize=(style.PAGE, 3.0))
    left, middle, right = figure.subplots(1, 3)
    figure.set_layout_engine("constrained")
    _curve(left, seen, seen.stock, "works", "a", "By portfolio")
    _curve(middle, seen, seen.degree, "links", "b", "By links")
    _bars(right, seen)
    style.footnote(
        figure, [f"{source(seen)} Below the diagonal: those with more act less often than others."]
    )
    return figure


def concentration(by: Floats, what: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return shares of creators, the most first, and of the whole of something among them.

    Creators who are alike in what they are ordered by are not told apart: between two points
    the curve is straight.

    Parameters
    ----------
    by, what, weights : float64 (creators,)
        What they are ordered by, what is counted, and the real creators that each stands for.

    Returns
    -------
    float64 (points,), float64 (points,)
        Both from 0 to 1.
    """
    order = np.argsort(-by, kind="stable")
    last = np.flatnonzero(np.append(np.diff(by[order]) != 0.0, True))
    last = last[np.unique(np.linspace(0, last.size - 1, MOST_POINTS).astype(int))]
    among = np.cumsum(weights[order])[last]
    found = np.cumsum((what * weights)[order])[last]
    return np.append(0.0, among / among[-1]), np.append(0.0, found / found[-1])


def _curve(axes: Axes, seen: Replay, by: Floats, unit: str, letter: str, title: str) -> None:
    acted = seen.ever.astype(float)
    axes.plot([0.0, 100.0], [0.0, 100.0], color=style.GREY, linewidth=0.8, linestyle=":")
    x, y = concentration(by, acted, seen.represents)
    axes.plot(100.0 * x, 100.0 * y, color=style.BLUE, linestyle="-", label="who acted")
    if by.any():
        x, y = concentration(by, by, seen.represents)
        axes.plot(100.0 * x, 100.0 * y, color=style.ORANGE, linestyle="--", label=unit)
    axes.set(xlim=(0.0, 100.0), ylim=(0.0, 102.0), ylabel="share found among them (%)")
    axes.set_xlabel(f"creators, those with most {unit} first (%)")
    style.legend_below(axes)
    style.letter(axes, letter, title)


def _bars(axes: Axes, seen: Replay) -> None:
    """Draw each community's share of all creators, and of those who acted."""
    sizes = seen.result.sizes
    real = sizes * seen.result.represents
    acted = seen.result.counts[-1, 1] * seen.result.represents
    columns = {n: c for n, c in shown(seen.result).items() if n != EVERYBODY or sizes.size == 1}
    places, chosen = np.arange(len(columns)), list(columns.values())
    chosen = [min(column, sizes.size - 1) for column in chosen]
    axes.barh(places - 0.2, 100.0 * (real / real.sum())[chosen], 0.38, color="#BBBBBB",
              label="of all creators")  # fmt: skip
    axes.barh(places + 0.2, 100.0 * (acted / acted.sum())[chosen], 0.38, color=style.BLUE,
              label="of those who acted")  # fmt: skip
    axes.set_yticks(places, list(columns))
    axes.invert_yaxis()
    axes.set_xlabel("share (%)")
    style.legend_below(axes)
    style.letter(axes, "c", "By community")
