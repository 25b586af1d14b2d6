"""What a campaign did to a lab's models, round by round."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analysis import spread, style
from analysis.style import day
from sim.words.numbers import whose

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from sim.runs.comparison import Comparison, Effect

    Floats = NDArray[np.float64]

UNITS = (
    (1e-2, "%", "%"),
    (1e-6, "parts per million", "ppm"),
    (1e-9, "parts per billion", "ppb"),
)
RESPONSES = {
    "none": "lab trains on what is left",
    "best": "lab answers as well as it can without paying",
    "repeat_uniform": "lab repeats what is left",
}
COLOURS, MARKS = (style.VERMILION, style.GREEN, style.ORANGE, style.PURPLE), "osD^"
MOST_DATES = 3
"""Training rounds from beyond which dates take two lines."""
MOST_TOLD = 6
"""Training rounds from beyond which dates and numbers stand at some of them only."""
HEADROOM = 0.3
"""Room above and below what is drawn, for the numbers, as a share of its height."""
SIDES = 0.72
"""Width that the responses at one training round share; rounds are 1 apart."""


def effects(axes: Axes, letter: str, comparison: Comparison, lab: str) -> None:
    """Draw the change of the loss at each training round, by what the lab does about it."""
    by_response = loss_changes(comparison, lab)
    size, unit, _ = _unit([change.mean for row in by_response.values() for change in row])
    apart = SIDES / max(1, len(by_response))
    drawn = [
        Row.of(row, len(comparison.action), apart * (k - (len(by_response) - 1) / 2), size)
        for k, row in enumerate(by_response.values())
    ]
    for k, (response, row) in enumerate(zip(by_response, drawn, strict=True)):
        _row(axes, row, k, RESPONSES.get(response, response.replace("_", " ")))
    _tell(axes, drawn)
    axes.axhline(0.0, color=style.GREY, linewidth=0.8, linestyle="-")
    labels = rounds(comparison, lab)
    if len(labels) > MOST_DATES:
        labels = [label.replace(" ", "\n", 2).replace("\n", " ", 1) for label in labels]
    shown = _told_at(len(labels))
    axes.set_xticks(shown, [labels[at] for at in shown])
    axes.set_xlim(-0.6, len(labels) - 0.4)
    axes.margins(y=HEADROOM)
    if not any(np.any(row.mean) for row in drawn):
        axes.set_ylim(-1.0, 1.0)
        axes.set_yticks([0.0])
    more = any("+" in label for label in labels)
    told = f"share of all data missing{' (+: added)' if more else ''} in effect"
    axes.set_xlabel(f"data freeze; {told}")
    axes.set_ylabel(f"increase of the loss ({unit})".replace(" (parts", "\n(parts"))
    axes.grid(axis="y")
    style.letter(axes, letter, f"What {whose(lab)} model lost")


def loss_changes(comparison: Comparison, lab: str) -> dict[str, list[Effect]]:
    """Return the change of a lab's loss by response and training round."""
    columns = comparison.action[0].labs[lab].columns
    numbers = range(comparison.rounds(lab).size)
    return {
        name.partition(".")[2]: [comparison.effect(lab, name, n) for n in numbers]
        for name in columns
        if name.startswith("loss_if.")
    }


def rounds(comparison: Comparison, lab: str) -> list[str]:
    """Return each training round's date and the share of all data missing, or added, in effect."""
    dates = [comparison.scenario.date_of(int(step)) for step in comparison.rounds(lab)]
    missing = [comparison.missing(lab, n).mean for n in range(len(dates))]
    return [f"{day(when)}\n{_told(share)}" for when, share in zip(dates, missing, strict=True)]


class Row(NamedTuple):
    """The changes under one response of the lab (rounds,), in the unit of the axis."""

    place: Floats
    mean: Floats
    low: Floats
    high: Floats

    @classmethod
    def of(cls, row: list[Effect], replications: int, beside: float, size: float) -> Row:
        """Return changes, drawn so far beside their rounds, in a unit of some size."""
        told = [(change.mean, *spread.ends(change, replications)) for change in row]
        mean, low, high = np.array(told, dtype=np.float64).reshape(-1, 3).T / size
        return cls(beside + np.arange(len(row), dtype=np.float64), mean, low, high)


def _row(axes: Axes, row: Row, k: int, label: str) -> None:
    """Draw one response's changes with their intervals."""
    mean = np.where(np.isfinite(row.mean), row.mean, np.nan)
    # without any data a loss has no bound, and no mark
    below, above = mean - np.minimum(row.low, mean), np.maximum(row.high, mean) - mean
    axes.errorbar(
        row.place, mean, yerr=(below, above), linestyle="none", markersize=4.5,
        marker=MARKS[k % len(MARKS)], color=COLOURS[k % len(COLOURS)], elinewidth=1.4, label=label,
    )  # fmt: skip


def _tell(axes: Axes, rows: list[Row]) -> None:
    """Tell the largest change of a round above it and the smallest below it, out of each's way."""
    for at in _told_at(len(rows[0].mean)) if rows else ():
        order = sorted(range(len(rows)), key=lambda k: -rows[k].mean[at])
        for k, up in ((order[0], True), (order[-1], False))[: len(rows)]:
            row, end = rows[k], max if up else min
            known = bool(np.isfinite(row.mean[at]))
            edge = end(row.low[at], row.mean[at], row.high[at]) if known else 0.0
            axes.annotate(
                _short(float(row.mean[at])) if known else "no bound",
                (row.place[at], edge), (0, 4 if up else -4), textcoords="offset points",
                ha="center", va="bottom" if up else "top", fontsize=6.0,
                color=COLOURS[k % len(COLOURS)],
            )  # fmt: skip


def _told_at(rounds: int) -> range:
    """Return the training rounds whose dates and numbers are told; the newest always is."""
    every = 1 + (rounds - 1) // MOST_TOLD
    return range((rounds - 1) % every, rounds, every)


def _unit(shares: list[float]) -> tuple[float, str, str]:
    """Return size, name and sign of the unit in which the largest share is readable."""
    largest = max((abs(share) for share in shares if np.isfinite(share)), default=0.0)
    if largest == 0.0:
        return UNITS[0]
    return next((unit for unit in UNITS if largest >= 0.1 * unit[0]), UNITS[-1])


def _short(number: float) -> str:
    """Return a number with two digits that count."""
    if number == 0.0:
        return "0"
    text = f"{number:.2g}" if abs(number) < 100.0 else f"{number:,.0f}"
    return text.replace("-", "−")


def _told(share: float) -> str:
    if not np.isfinite(share):
        return "not known"
    size, _, sign = _unit([share])
    return f"{'+' if share < 0.0 else ''}{_short(abs(share) / size)} {sign}" if share else "0"
