"""Who consented to what a lab's models were trained on, round by round; the frontier of regimes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from analysis import style
from analysis.style import day
from sim.institutions.arithmetic.mandate import REGIMES, STATES
from sim.institutions.arithmetic.mandate import frontier as table_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.result import Result
    from sim.runs.comparison import Comparison

SAID = {
    "affirmative": ("said yes", style.GREEN),
    "tacit": ("silent, could refuse", style.SKY),
    "uninformed": ("did not know, or could not", "#D9D9D9"),
    "refused_honoured": ("refused, and heard", style.ORANGE),
    "refused_overridden": ("refused, in vain", style.VERMILION),
}
MARKS = dict(zip(REGIMES, "osD", strict=True))


def measured(comparison: Comparison) -> list[str]:
    """Return the labs whose mandate a comparison has measured."""
    tables = comparison.action[0].institutions
    return [name for name in comparison.action[0].labs if f"mandate.{name}" in tables]


def consent(axes: Axes, letter: str, comparison: Comparison, lab: str) -> None:
    """Draw creators by state of consent at each training round, as means over replications."""
    name = f"mandate.{lab}"
    tables = [run.institutions[name] for run in comparison.action if name in run.institutions]
    rounds = min(len(table["step"]) for table in tables)

    def mean(column: str) -> np.ndarray:
        return np.asarray(np.mean([table[column][:rounds] for table in tables], axis=0))

    shares = {state: mean(state) for state in STATES}
    bottom = np.zeros(rounds)
    for state, share in shares.items():
        label, colour = SAID[state]
        axes.bar(range(share.size), 100.0 * share, 0.6, 100.0 * bottom, color=colour, label=label)
        bottom += share
    passed = mean("passed")
    steps = [int(step) for step in tables[0]["step"][:rounds]]
    dates = [day(comparison.scenario.date_of(step)) for step in steps]
    regimes = [REGIMES[int(each)].replace("_", "-") for each in tables[0]["regime"][:rounds]]
    verdicts = ["" if share == 1.0 else "\nvoted down" for share in passed]
    rows = zip(dates, regimes, verdicts, strict=True)
    axes.set_xticks(range(len(dates)), [f"{when}\n{regime}{told}" for when, regime, told in rows])
    axes.set_ylim(0.0, 100.0)
    axes.set_yticks([0, 25, 50, 75, 100])
    axes.set_xlabel("data freeze; regime")
    axes.set_ylabel("creators (%)")
    style.letter(axes, letter, f"Who consented to {lab}'s models")


@style.styled
def frontier(results: Iterable[Result], measure: str = "loss") -> Figure:
    """Draw mandate against capability, a point for each regime and training round.

    Parameters
    ----------
    results : iterable of Result
        Runs whose scenarios declare a mandate; for example one for each regime.
    measure : str
        Column of `LabRecord.capability`, of which less is more capability.
    """
    found = table_of(results, measure)
    figure = Figure(figsize=(style.COLUMN, 3.0), layout="constrained")
    axes = figure.add_subplot()
    for (name, regime), rows in found.groupby(["scenario", "regime"], sort=False):
        mark, label = MARKS[str(regime)], str(name).replace("_", " ")
        loss, mandate = rows[measure].to_numpy() - 1.0, rows["mandate"].to_numpy()
        there = rows["deployed"].to_numpy(dtype=bool)
        points = axes.plot(100.0 * mandate[there], 100.0 * loss[there], mark, label=label)
        axes.plot(
            100.0 * mandate[~there], 100.0 * loss[~there], mark,
            markerfacecolor="none", color=points[0].get_color(),
        )  # fmt: skip
    axes.set_xlabel("mandate: creators who said yes (%)")
    axes.set_ylabel("change of the loss (%); open: voted down")
    axes.grid()
    style.legend_below(axes)
    return figure
