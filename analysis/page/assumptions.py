"""What a scenario states, and what stands behind each value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from analysis.page.parts import Html, items, paragraphs, section, table
from sim.cli.evidence import OWN, UNTOLD, Behind

if TYPE_CHECKING:
    from sim.scenario import Scenario

UNMARKED, VARIED = "not marked", "varied"
LONG = 120
"""Letters after which a value is cut; the whole is in the scenario."""
MOST = 400
"""Rows at the most: thousands of communities would hide what matters."""


def assumptions(scenario: Scenario, varied: Sequence[str] = ()) -> Html:
    """Return all that differs from its default, with its evidence, and the sources.

    ``varied`` names what a sweep sets at each point, whatever the scenario says.
    """
    known = Behind(scenario, stated)
    rows = [(path, value, *behind(known, path, value, varied)) for path, value in stated(scenario)]
    more = [f"{len(rows) - MOST:,} more values are in the scenario below."] * (len(rows) > MOST)
    return section(
        "Assumptions",
        table(
            ("parameter", "value", "evidence", "source"),
            rows[:MOST],
            "All values that differ from their default, and what stands behind each.",
        ),
        paragraphs(more),
        items(scenario.about.sources),
    )


def stated(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Yield path and value of all that differs from its default, of network and rule always."""
    data = scenario.chosen()
    parts = {name: part for name, part in data.items() if name not in UNTOLD}
    for path, value in _leaves(parts, ""):
        yield path, value if len(value) <= LONG else f"{value[:LONG]} …"


def behind(known: Behind, path: str, value: str, varied: Sequence[str] = ()) -> tuple[str, str]:
    """Return the mark and the source of the evidence that is closest to a path."""
    if any(f"{path}.".startswith(f"{each}.") for each in varied):
        return VARIED, ""
    found = known.of(path, value)
    if found:
        return found[0].mark, found[0].source
    return (OWN if known.changed(path, value) else UNMARKED), ""


def _leaves(data: Any, path: str) -> Iterator[tuple[str, str]]:
    parts: dict[str, Any] = {}
    if isinstance(data, dict):
        parts = data
    elif isinstance(data, list) and any(isinstance(part, dict) for part in data):
        parts = {str(part.get("name", number)): part for number, part in enumerate(data)}
    for key, part in parts.items():
        if key != "name":
            yield from _leaves(part, f"{path}.{key}" if path else key)
    if not parts:
        yield path, ", ".join(map(str, data)) if isinstance(data, list) else str(data)
