"""A study as one page: question, answer, figures, assumptions, receipt; it needs no network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.page.leverage import leverage_page
from analysis.page.live import scripts
from analysis.page.parts import Html, document, element, paragraphs, section
from analysis.page.runs import comparison_page, run_page
from analysis.page.sweeps import sweep_page
from sim.result import Result
from sim.runs.comparison import Comparison
from sim.storage import load, read_receipt
from sim.sweeps.saved import Sweep

if TYPE_CHECKING:
    from sim.scenario import Scenario


KINDS = {
    "run": "A single run",
    "comparison": "A campaign beside the same world without it",
    "leverage": "A study of leverage",
    "sweep": "A sweep over parameters",
}


def report(folder: str | Path) -> str:
    """Return the page of a saved folder: a run, a comparison, a leverage study or a sweep.

    Raises
    ------
    InputError
        If it is not such a folder, or is damaged.
    """
    path = Path(folder)
    study = load(path)
    if isinstance(study, Sweep):
        return _page(study.scenario, "sweep", sweep_page(study))
    receipt = read_receipt(path)
    if isinstance(study, Comparison):
        content = comparison_page(study, path, receipt)
    elif isinstance(study, Result):
        content = run_page(study, path, receipt)
    else:
        content = leverage_page(study, path, receipt)
    return _page(study.scenario, receipt["kind"], content)


def _page(scenario: Scenario, kind: str, content: Iterator[Html]) -> str:
    about = scenario.about
    title = about.title or scenario.name
    head = [
        element("h1", title),
        element("p", f"{KINDS[kind]}; scenario {scenario.name}.", class_="quiet"),
        section("Question", paragraphs([about.question])) if about.question else Html(),
        section("Expected beforehand", paragraphs([about.finding])) if about.finding else Html(),
    ]
    whole = [*head, *content]
    return document(title, whole, scripts(whole))
