"""One campaign beside the same world without it: who acted, when, and what models lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from analysis import style
from analysis.effects import effects
from analysis.mandate import consent, measured
from analysis.participation import close_view, day, whole_view
from analysis.poison import aimed, concept
from analysis.rivals import Identified

if TYPE_CHECKING:
    from sim.comparison import Comparison
    from sim.scenario import Observed


ROOMY = 2
"""Panels side by side up to which labels fit as they are."""


@style.styled
def campaign(comparison: Comparison) -> Figure:
    """Draw adoption over time beside what was observed, the effect on models, and who consented.

    Parameters
    ----------
    comparison : Comparison
        A scenario beside the same world without action; `sim.load` reads a saved one.
    """
    scenario = comparison.scenario
    labs = [name for name, lab in comparison.action[0].labs.items() if lab.columns["step"]]
    observed = scenario.about.observed[0] if scenario.about.observed else None
    asked, poisoned = measured(comparison), bool(aimed(comparison))
    below = len(labs) + len(asked) + poisoned + (observed is not None)
    figure = Figure(figsize=(style.PAGE, 6.2 if below else 3.4))
    places = figure.add_gridspec(
        2 if below else 1, max(1, below), height_ratios=(1.0, 1.1) if below else None,
        left=0.11, right=0.96, top=0.945 if below else 0.9, bottom=0.195 if below else 0.3,
        hspace=0.42, wspace=0.28 if below <= ROOMY else 0.4,
    )  # fmt: skip
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
    style.footnote(figure, _sources(comparison, observed))
    return figure


def _narrow(figure: Figure) -> None:
    """Shorten and break the labels of the lower panels, of which there are many."""
    for axes in figure.axes[1:]:
        axes.set_xlabel(
            axes.get_xlabel().replace("share of all data missing in effect", "share lost")
        )
        axes.set_ylabel(axes.get_ylabel().replace(" (parts", "\n(parts"), fontsize=7.0)
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
        f"Simulated: scenario {scenario.name} (digest {scenario.digest[:10]}), {len(seeds)} "
        f"replications, seeds {seeds[0]} to {seeds[-1]}; {int(first.sizes.sum()):,} simulated "
        f"creators stand for {first.sizes @ first.represents:,.0f}."
    )
    if observed is not None and Identified.of(scenario):
        lines.append(
            "×: median factor by which counts are missed that came after the last fitted date."
        )
    if first.labs:
        lines.append(
            "Loss: beside the same world without action; mean and 90 % of the replications."
        )
    return lines
