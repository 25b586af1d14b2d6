"""The gallery: every scenario of the library, as its file states it, with a figure.

``python -m docs.gallery DIR [NAME ...]`` plays every scenario, or those named, beside the same
world without action, and leaves each one's figure and report in a folder of its own.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

import sim
from sim.loading.scripts import library

REPLICATIONS = 3
"""Of what is played to be looked at."""
LARGE = 20_000
"""Creators from which one replication is drawn instead of three."""


def write(folder: Path) -> Path:
    """Write the page and its figures into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    names = list(library())
    pages = [entry(name, folder) for name in names]
    head = (
        "# Gallery\n\nEvery scenario that `datastrike list` shows, with what it asks and what was "
        "expected before it was played. Figures show who acted; lines are medians over three "
        "replications, areas reach from lowest to highest; those of large crowds show one.\n"
    )
    page = folder / "gallery.md"
    page.write_text("\n".join((head, *pages)), "utf-8")
    return page


def entry(name: str, folder: Path) -> str:
    """Return one scenario as Markdown, and draw its figure into a folder."""
    scenario = sim.load_scenario(name)
    about = scenario.about
    told = [
        f"## {about.title or name}",
        f"![Who acts over time in the scenario {name}]({draw(scenario, name, folder)})",
        f"*{about.question}*" if about.question else "",
        f"Expected: {about.finding}" if about.finding else "",
        facts(scenario),
        f"Sources: {'; '.join(about.sources)}." if about.sources else "",
        f"```console\ndatastrike run {name}\n```",
    ]
    return "\n\n".join(filter(None, told)) + "\n"


def facts(scenario: sim.Scenario) -> str:
    """Return who is in a world, and how they decide, in one sentence."""
    who = ", ".join(f"{c.size:,} {c.name}" for c in scenario.communities[:4])
    more = len(scenario.communities) - 4
    who += f" and {more} more communities" if more > 0 else ""
    labs = f"; labs: {', '.join(lab.name for lab in scenario.labs)}" if scenario.labs else ""
    network = scenario.network.kind().replace("_", " ")
    rule = scenario.rule.kind().replace("_", " ")
    return f"{who}; network: {network}; rule: {rule}; {scenario.steps} steps{labs}."


def draw(scenario: sim.Scenario, name: str, folder: Path) -> str:
    """Draw who acts over time; return the figure's file name."""
    communities = importlib.import_module("analysis.communities").communities
    replications = 1 if scenario.creators > LARGE else 3
    figure = communities([sim.run(scenario, seed) for seed in range(replications)])
    figure.savefig(folder / f"{name}.svg")
    return f"{name}.svg"


def play(folder: Path, names: Sequence[str] = ()) -> list[Path]:
    """Play scenarios, draw and report each in a folder of its own; return the reports."""
    from sim.cli import DONE, main

    pages = []
    for name in names or library():
        out = str(folder / name)
        played = main(["run", name, "--replications", f"{REPLICATIONS}", "--out", out])
        if played != DONE or main(["report", out]) != DONE:
            raise SystemExit(f"{name}: could not be played or reported")
        pages.append(folder / name / "report.html")
    return pages


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit("python -m docs.gallery DIR [NAME ...]")
    play(Path(sys.argv[1]), sys.argv[2:])
