"""One campaign beside the same world without it: who acted, when, and what models lost."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, cast

from matplotlib.figure import Figure

from analysis import spread, style
from analysis.capability import trained
from analysis.effects import effects
from analysis.mandate import consent, measured
from analysis.participation import close_view, whole_view
from analysis.poison import aimed, concept
from analysis.rivals import Identified
from analysis.spread import played
from analysis.style import day

if TYPE_CHECKING:
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    from sim.runs.comparison import Comparison
    from sim.scenario import Observed


ROOMY = 2
"""Panels side by side up to which labels fit as they are."""
HIGH = 5.7
"""Inches of two rows of panels and their footnote, without legends."""
WRAP = 80
"""Letters across the page, of titles and legends."""


@style.styled
def campaign(comparison: Comparison) -> Figure:
    """Draw adoption over time beside what was observed, the effect on models, and who consented.

    Parameters
    ----------
    comparison : Comparison
        A scenario beside the same world without action; `sim.load` reads a saved one.
    """
    scenario = comparison.scenario
    labs = trained(comparison)
    observed = scenario.about.observed[0] if scenario.about.observed else None
    asked, poisoned = measured(comparison), bool(aimed(comparison))
    below = len(labs) + len(asked) + poisoned + (observed is not None)
    figure = Figure(figsize=(style.PAGE, HIGH), layout="constrained")
    cast("ConstrainedLayoutEngine", figure.get_layout_engine()).set(h_pad=0.07)
    places = figure.add_gridspec(2 if below else 1, max(1, below))
    letters, columns = iter("abcdefgh"), iter(range(below))
    whole_view(figure.add_subplot(places[0, :]), next(letters), comparison, observed)
    if observed is not None:
        panel = figure.add_subplot(places[1, next(columns)])
        close_view(panel, next(letters), comparison, observed)
    for lab, letter in zip(labs, letters, strict=False):
        effects(figure.add_subplot(places[1, next(columns)]), letter, comparison, lab)
    for lab, letter in zip(asked, letters, strict=False):
        consent(figure.add_subplot(places[1, next(columns)]), letter, comparison, lab)
    if poisoned:
        concept(figure.add_subplot(places[1, next(columns)]), next(letters), comparison)
    if below > ROOMY:
        _narrow(figure)
    lines = _legends(figure)
    figure.set_figheight(HIGH * (1 if below else 0.5) + sum(lines) * style.LINE / 72.0)
    style.footnote(figure, _sources(comparison, observed))
    return figure


def _legends(figure: Figure) -> tuple[int, int]:
    """Set legends below the panels, without what the first one tells; return their lines."""
    first, *others = figure.axes
    lines = style.legend_below(first, columns=3)
    told = first.get_legend_handles_labels()[1]
    wrap = WRAP // max(1, len(others))
    return lines, max((style.legend_below(each, 1, told, wrap) for each in others), default=0)


def _narrow(figure: Figure) -> None:
    """Shorten and break the labels of the lower panels, of which there are many."""
    wide = WRAP // (len(figure.axes) - 1)
    for axes in figure.axes[1:]:
        told = axes.get_xlabel().replace("of all data missing", "lost")
        told = told.removesuffix(" in effect")
        axes.set_xlabel(fill(told, wide))
        style.letter(axes, "", fill(axes.get_title("left"), wide))
        axes.set_ylabel(axes.get_ylabel(), fontsize=7.0)
        ticks = [label.get_text().replace(" 20", "\n20", 1) for label in axes.get_xticklabels()]
        if all(ticks):
            axes.set_xticks(axes.get_xticks(), ticks)


def _sources(comparison: Comparison, observed: Observed | None) -> list[str]:
    """Return where the figure's numbers come from."""
    scenario, seeds, first = comparison.scenario, comparison.seeds, comparison.action[0]
    lines = []
    if observed is not None:
        lines.append(f"Observed: {observed.source}.")
    if scenario.calendar:
        numbered = enumerate(scenario.calendar, 1)
        events = [f"{n} {getattr(e, 'label', '') or e.kind()} ({day(e.on)})" for n, e in numbered]
        lines.append(f"Events: {'; '.join(events)}.")
    lines.append(
        f"Simulated: scenario {scenario.name} (digest {scenario.digest[:10]}), "
        f"{played(seeds)}; {int(first.sizes.sum()):,} simulated "
        f"creators stand for {first.sizes @ first.represents:,.0f}."
    )
    if observed is not None and Identified.of(scenario):
        lines.append(
            "×: median factor by which counts are missed that came after the last fitted date."
        )
    if first.labs:
        lines.append(
            f"Loss: beside the same world without action; mean and {spread.told(len(seeds))}."
        )
    return lines
