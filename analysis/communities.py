"""Who acted over time, community by community."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from analysis import spread, style
from analysis.participation import ends_of_steps

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.result import Result

MOST = len(style.CYCLE) - 1
"""Communities that are told apart, beside everybody."""
EVERYBODY = "everybody"


@style.styled
def communities(results: Sequence[Result]) -> Figure:
    """Draw the shares of each community that ever acted and that act now.

    Parameters
    ----------
    results : list of Result
        Replications of one scenario: lines are medians, areas hold 90 % of them, or all of a few.
    """
    figure = Figure(figsize=(style.PAGE, 3.2), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    _panel(left, results, "adoption", "a", "Who ever acted")
    _panel(right, results, "participation", "b", "Who acts now")
    left.set_ylabel("creators of the community (%)")
    left.set_ylim(bottom=0.0)
    figure.legend(*left.get_legend_handles_labels(), loc="outside upper center", ncols=4)
    scenario, seeds = results[0].scenario, [result.seed for result in results]
    source = f"Simulated: scenario {scenario.name} (digest {scenario.digest[:10]})"
    style.footnote(figure, [f"{source}, {spread.played(seeds)}. {spread.drawn(len(seeds))}"])
    return figure


def shown(result: Result) -> dict[str, int]:
    """Return the columns that are drawn by name: the largest communities, then everybody."""
    largest = np.argsort(-result.sizes * result.represents, kind="stable")[:MOST]
    named = {result.communities[column]: int(column) for column in sorted(largest)}
    whole = {EVERYBODY: len(result.communities)}
    return whole if len(named) == 1 else named | whole


def _panel(axes: Axes, results: Sequence[Result], what: str, letter: str, title: str) -> None:
    when = ends_of_steps(results[0].scenario)
    values = 100.0 * np.array([getattr(result, what) for result in results])
    for name, column in shown(results[0]).items():
        low, high = spread.outer(values[:, :, column])
        middle = np.median(values[:, :, column], axis=0)
        colour = {"color": style.BLACK, "linestyle": "-"} if name == EVERYBODY else {}
        (line,) = axes.plot(when, middle, label=name, **colour)  # type: ignore[arg-type]
        axes.fill_between(when, low, high, color=line.get_color(), alpha=0.15, linewidth=0)
    axes.set_xlim(when[0], max(when[-1], when[0] + 1.0))
    style.dated(axes)
    axes.grid(axis="y")
    style.letter(axes, letter, title)
