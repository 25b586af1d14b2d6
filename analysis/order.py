"""In which order creators came to act, seen on a sample of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis import style
from analysis.tactics import source
from sim.words.numbers import percent

if TYPE_CHECKING:
    from analysis.replay import Replay

NEVER = "#EDEDED"
SAMPLED = (
    "The sample begins with those who acted first and follows their links, so that more of it "
    "acted than of all creators."
)


@style.styled
def order(seen: Replay) -> Figure:
    """Draw some creators and their links; the earlier one first acted, the darker it is."""
    sample, acted = seen.sample, seen.began >= 0
    figure = Figure(figsize=(style.PAGE, 4.4))
    figure.set_layout_engine("constrained")
    axes = figure.add_subplot()
    axes.set_axis_off()
    axes.add_collection(
        LineCollection(list(sample.at[sample.links]), colors="#CCCCCC", linewidths=0.4, zorder=1)
    )
    x, y = sample.at.T
    shared: dict[str, Any] = {"edgecolors": style.GREY, "linewidths": 0.4, "zorder": 2}
    axes.scatter(x[~acted], y[~acted], s=20, c=NEVER, label="never acted", **shared)
    drawn = axes.scatter(
        x[acted], y[acted], s=26, c=seen.began[acted], cmap="viridis", vmin=0,
        vmax=max(1, int(seen.began.max(initial=1))), **shared,
    )  # fmt: skip
    whole = MaxNLocator(nbins=8, integer=True)
    told = "step in which a creator first acted"
    style.colour_bar(figure, drawn, told, shrink=0.7, ticks=whole)
    share = percent(float(seen.ever @ seen.represents / seen.represents.sum()))
    axes.set_title(
        f"Around those who acted first: {int(np.count_nonzero(acted))} of these {acted.size} "
        f"creators acted, of all {share}"
    )
    figure.legend(*axes.get_legend_handles_labels(), loc="outside upper right")
    style.footnote(figure, [f"{source(seen)} {SAMPLED}"])
    return figure
