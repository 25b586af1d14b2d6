"""How many acted by when, and act: simulated, observed, and by explanations without peers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from analysis import spread, style
from analysis.rivals import Identified
from analysis.style import day
from analysis.theory import overlay

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from sim.runs.comparison import Comparison
    from sim.scenario import Observed, Scenario

    Floats = NDArray[np.float64]

EPOCH = date(1970, 1, 1)
"""From which matplotlib counts days."""
DAYS_BEFORE, DAYS_AFTER = 16, 9
"""What the close view shows before the last fitted date and after the last observed one."""
WIDE = 50.0
"""Ratio of the largest count to the smallest from which the axis is logarithmic."""
ROOM = 1.1
"""Height of the close view, as a multiple of what it has to show."""
MOST_DATES, MOST_DATES_CLOSE = 9, 5
DASHED = (0, (2.0, 1.5))


def whole_view(axes: Axes, letter: str, comparison: Comparison, observed: Observed | None) -> None:
    """Draw the whole time, with numbered events; the scale is logarithmic for wide counts."""
    scenario = comparison.scenario
    _simulated(axes, comparison)
    _acting(axes, comparison)
    _theory(axes, comparison)
    _withheld(axes, comparison)
    axes.set_xlim(number(scenario.start), ends_of_steps(scenario)[-1])
    style.dated(axes, MOST_DATES)
    _events(axes, scenario)
    if observed is not None:
        _observed(axes, observed)
        _until(axes, observed, told=True)
    if observed is not None and max(observed.high) > WIDE * max(1.0, *observed.low[:1]):
        axes.set_yscale("log")
        axes.set_ylim(bottom=1.0)
    elif axes.get_yscale() == "linear":
        axes.set_ylim(bottom=0.0)
    _counts(axes, observed)
    if observed is None and (withheld(comparison).any() or fell(comparison)):
        axes.set_ylabel("creators")
    style.letter(axes, letter, "The whole campaign", above=10.0)


def close_view(axes: Axes, letter: str, comparison: Comparison, observed: Observed) -> None:
    """Draw the days around the last fitted date, with other explanations where there are any."""
    scenario = comparison.scenario
    _simulated(axes, comparison)
    identified = Identified.of(scenario)
    if identified is not None:
        _rivals(axes, identified)
    _observed(axes, observed)
    begin = number(observed.fitted_until or max(observed.dates)) - DAYS_BEFORE
    end = number(max(observed.dates)) + DAYS_AFTER
    axes.set_xlim(begin, end)
    style.dated(axes, MOST_DATES_CLOSE)
    _until(axes, observed, told=False)
    when = ends_of_steps(scenario)
    shown = adopters(comparison)[:, (when >= begin) & (when <= end)]
    simulated = float(spread.outer(shown)[1].max()) if shown.size else 0.0
    axes.set_ylim(0.0, ROOM * max(simulated, *observed.high))
    _counts(axes, observed)
    style.letter(axes, letter, "The wave, and other explanations" if identified else "The wave")


def adopters(comparison: Comparison) -> Floats:
    """Return the real creators who ever acted (replications, steps + 1)."""
    return np.array([result.adopters for result in comparison.action])


def ends_of_steps(scenario: Scenario) -> Floats:
    """Return when each row of a result was reached, in matplotlib's days (steps + 1,)."""
    begun = [number(scenario.date_of(step)) for step in range(scenario.steps + 1)]
    return np.array(begun) + scenario.step_days


def number(when: date) -> float:
    """Return a date as matplotlib counts days."""
    return float((when - EPOCH).days)


def acting(comparison: Comparison) -> Floats:
    """Return the real creators who act at each time (replications, steps + 1)."""
    return np.array([result.counts[:, 0] @ result.represents for result in comparison.action])


def fell(comparison: Comparison) -> bool:
    """Return whether some who acted ever stopped."""
    return bool((acting(comparison) < adopters(comparison)).any())


def _simulated(axes: Axes, comparison: Comparison) -> None:
    """Draw the median and the bands over replications."""
    counts, when = adopters(comparison), ends_of_steps(comparison.scenario)
    spread.shade(axes, when, counts, style.BLUE, "simulated")
    label = f"simulated, {spread.middle(len(counts))}"
    axes.plot(when, np.median(counts, axis=0), color=style.BLUE, linestyle="-", label=label)


def _acting(axes: Axes, comparison: Comparison) -> None:
    """Draw who still acts, where some have stopped, beside who ever acted."""
    if not fell(comparison):
        return
    counts, when = acting(comparison), ends_of_steps(comparison.scenario)
    spread.shade(axes, when, counts, style.GREEN, "acting then")
    label = f"acting then, {spread.middle(len(counts))}"
    axes.plot(when, np.median(counts, axis=0), color=style.GREEN, linestyle="--", label=label)


def withheld(comparison: Comparison) -> Floats:
    """Return the creators whose works are out by no act of theirs (replications, steps + 1)."""
    creators = float(comparison.action[0].sizes @ comparison.action[0].represents)
    return creators * np.array([result.withheld[:, -1] for result in comparison.action])


def _withheld(axes: Axes, comparison: Comparison) -> None:
    """Draw whose works platforms or the law withhold, where there are any, beside who acted."""
    counts = withheld(comparison)
    if not counts.any():
        return
    middle = np.median(counts, axis=0)
    label = f"withheld by default or law, {spread.middle(len(counts))}"
    when = ends_of_steps(comparison.scenario)
    axes.plot(when, middle, color=style.ORANGE, linestyle="-.", label=label)
    if middle.max() > WIDE * max(1.0, float(np.median(adopters(comparison)[:, -1]))):
        axes.set_yscale("symlog", linthresh=1.0)


def _theory(axes: Axes, comparison: Comparison) -> None:
    """Draw what theory says of a large crowd, where there is theory."""
    first = comparison.action[0]
    creators = float(first.sizes @ first.represents)
    for label, (_, shares) in overlay(first, "adoption").items():
        axes.plot(
            ends_of_steps(first.scenario), creators * shares, color=style.VERMILION,
            linewidth=1.1, linestyle=DASHED, label=label,
        )  # fmt: skip


def _observed(axes: Axes, observed: Observed) -> None:
    """Draw counts at noon of their days: filled if fitted to, hollow if predicted."""
    until = observed.fitted_until or max(observed.dates)
    for label, fitted in (("observed, used to fit", True), ("observed, held out", False)):
        rows = [i for i, when in enumerate(observed.dates) if (when <= until) == fitted]
        if not rows:
            continue
        when = [number(observed.dates[i]) + 0.5 for i in rows]
        low, high = (np.array([side[i] for i in rows]) for side in (observed.low, observed.high))
        middle = (low + high) / 2.0
        axes.errorbar(
            when, middle, yerr=(middle - low, high - middle), linestyle="none", marker="o",
            markersize=3.6, markeredgewidth=0.9, color=style.BLACK, elinewidth=1.6, zorder=5,
            markerfacecolor=style.BLACK if fitted else "white", label=label,
        )  # fmt: skip


def _rivals(axes: Axes, identified: Identified) -> None:
    """Draw what other values that fit predict, and what explanations without peers expect."""
    when = np.array([number(each) for each in identified.dates]) + 0.5
    own = identified.cause
    if own is not None:
        label = f"all values that fit, 90 %: × {own['missed']:.2f}"
        for edge, name in zip((own["band"][0], own["band"][-1]), (label, None), strict=True):
            axes.plot(when, edge, color=style.SKY, linewidth=0.9, linestyle=DASHED, label=name)
    colours = (style.VERMILION, style.GREEN, style.ORANGE)
    for rival, colour, dashes in zip(identified.rivals, colours, style.DASHES[1:], strict=False):
        label = f"{rival.label}: × {rival.missed:.2f}"
        axes.plot(when, rival.expected, color=colour, linewidth=1.1, linestyle=dashes, label=label)


def _events(axes: Axes, scenario: Scenario) -> None:
    """Mark dated events with the numbers that the footnote explains."""
    begin, end = axes.get_xlim()
    for n, event in enumerate(scenario.calendar, 1):
        when = number(event.on)
        if not begin <= when <= end:
            continue
        axes.axvline(when, color=style.GREY, linewidth=0.6, linestyle=":", zorder=0)
        axes.annotate(
            str(n), (when, 1.0), (0, 1), xycoords=("data", "axes fraction"), ha="center",
            va="bottom", textcoords="offset points", fontsize=6.5, color=style.GREY,
        )  # fmt: skip


def _until(axes: Axes, observed: Observed, told: bool) -> None:
    """Mark the last date used to fit, told beside the line or in the legend."""
    if observed.fitted_until is None:
        return
    begin, end = axes.get_xlim()
    if not begin <= number(observed.fitted_until) < end:
        return
    when, words = number(observed.fitted_until) + 1.0, day(observed.fitted_until)
    label = "_nolegend_" if told else f"fitted until {words}"
    axes.axvline(when, color=style.BLACK, linewidth=0.8, linestyle="--", zorder=1, label=label)
    if told:
        axes.annotate(
            f"fitted until\n{words}", (when, 0.0), (4, 4), textcoords="offset points",
            xycoords=("data", "axes fraction"), ha="left", va="bottom", fontsize=6.5,
        )  # fmt: skip


def _counts(axes: Axes, observed: Observed | None) -> None:
    axes.set_ylabel(f"{observed.outcome if observed else 'creators who acted'}, cumulative")
    axes.yaxis.set_major_formatter(_tell_count)
    axes.grid(axis="y")


def _tell_count(count: float, _: float | None = None) -> str:
    """Return a count as an axis tells it; millions are abbreviated, or they would not fit."""
    return f"{count / 1e6:,g} M" if abs(count) >= 1e6 else f"{count:,.0f}"
