"""What creators did over time, tactic by tactic and community by community."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from analysis import style
from analysis.communities import EVERYBODY, shown
from analysis.participation import ends_of_steps
from sim.tactics import Tactic

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from analysis.replay import Floats, Replay

ACROSS, MOST_DATES = 3, 5


@style.styled
def tactics(seen: Replay) -> Figure:
    """Draw the share of each community that used each tactic but contributing (areas add up).

    Each panel has a scale of its own, or those of few who act would look empty.
    Communities in which nobody acted are named below.
    """
    columns, idle = _parted(seen)
    across = min(ACROSS, len(columns))
    down = math.ceil(len(columns) / across)
    figure = Figure(figsize=(style.PAGE, 1.1 + 1.7 * down))
    figure.set_layout_engine("constrained")
    places = figure.subplots(down, across, squeeze=False, sharex=True).flat
    used = [t for t in list(Tactic)[1:] if seen.tactics[:, :, t].any()]
    for (name, column), axes in zip(columns.items(), places, strict=False):
        _panel(axes, seen, _used(seen, name, column), used)
        axes.set_title(name)
    lowest = len(columns) - across
    for number, axes in enumerate(figure.axes[: len(columns)]):
        axes.tick_params(labelbottom=number >= lowest)
        axes.set_xlabel("date" if number >= lowest else "")
    for axes in places:
        axes.set_axis_off()
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=4)
    figure.supylabel("creators (%)", fontsize=8.0)
    style.footnote(figure, [source(seen), *[f"Nobody acted in: {', '.join(idle)}."] * bool(idle)])
    return figure


def _parted(seen: Replay) -> tuple[dict[str, int], list[str]]:
    """Return the columns in which somebody acted, and the names of the other communities."""
    columns = shown(seen.result)
    idle = [n for n, c in columns.items() if n != EVERYBODY and not _used(seen, n, c)[:, 1:].any()]
    return {name: column for name, column in columns.items() if name not in idle}, idle


def _used(seen: Replay, name: str, column: int) -> Floats:
    """Return how many of a community, or of everybody, used each tactic (steps + 1, tactics)."""
    own = slice(None) if name == EVERYBODY else slice(column, column + 1)
    used: Floats = seen.tactics[:, own].sum(axis=1)
    return used


def told(tactic: Tactic) -> str:
    """Return a tactic's name in words."""
    return tactic.name.lower().replace("_", " ")


def source(seen: Replay) -> str:
    """Return where the numbers of one run come from."""
    scenario = seen.result.scenario
    return (
        f"Simulated: scenario {scenario.name} (digest {scenario.digest[:10]}), one run, "
        f"seed {seen.result.seed}."
    )


def _panel(axes: Axes, seen: Replay, counts: Floats, used: list[Tactic]) -> None:
    when = ends_of_steps(seen.result.scenario)
    shares = 100.0 * counts / counts.sum(axis=1, keepdims=True)
    axes.stackplot(
        when, [shares[:, tactic] for tactic in used], colors=[style.TACTICS[t] for t in used],
        labels=[told(tactic) for tactic in used],
    )  # fmt: skip
    axes.set_xlim(when[0], max(when[-1], when[0] + 1.0))
    axes.set_ylim(bottom=0.0)
    style.dated(axes, MOST_DATES)
    axes.grid(axis="y")
