"""``datastrike show``: what a scenario asks, assumes and expects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sim.cli.evidence import Behind
    from sim.scenario import Evidence, Scenario

WIDE = 40
"""Most letters that paths and values are lined up to."""


@click.command(short_help="Show a scenario: question, parameters, sources, finding.")
@click.argument("source", metavar="NAME|FILE")
@click.option("--toml", is_flag=True, help="Print the whole scenario as a file to change and run.")
def command(source: str, toml: bool) -> None:
    """Show a scenario: its question, sources, parameters and expected finding.

    Shown are the network, the rule and what differs from its default or has a source, each with
    what stands behind it where the scenario states that.
    """
    from sim.loading.files import load_scenario, to_toml

    scenario = load_scenario(source)
    if toml:
        click.echo(to_toml(scenario), nl=False)
    else:
        click.echo("\n".join(_lines(scenario, source)))


def _lines(scenario: Scenario, source: str) -> Iterator[str]:
    about = scenario.about
    yield f"{source}: {about.title}" if about.title else source
    for head, text in (("Question", about.question), ("Expected finding", about.finding)):
        if text:
            yield f"\n{head}: {text}"
    yield "\nParameters, with what stands behind them where it is stated; others have their default"
    yield from _parameters(scenario)
    for number, observed in enumerate(about.observed):
        first, last = min(observed.dates), max(observed.dates)
        dates = f"{len(observed.dates)} dates from {first} to {last}"
        yield f"\nCompared with: {observed.outcome}, {dates}"
        behind = [each for each in about.evidence if each.path == f"about.observed.{number}"]
        if observed.source not in [each.source for each in behind]:
            yield f"  {observed.source}"
        yield from (f"  {_told(each)}" for each in behind)
    if about.sources:
        yield "\nSources"
        yield from (f"  {line}" for line in about.sources)


def _parameters(scenario: Scenario) -> Iterator[str]:
    from sim.cli.evidence import Behind

    alike: dict[tuple[str, str, str], list[str]] = {}
    known = Behind(scenario, _all)
    for path, value in _all(scenario):
        mark = _mark(known, path, value)
        part, name, rest = (*path.split(".", 2), "", "")[:3]
        shared = f"{part}.*.{rest}" if part == "communities" else path
        alike.setdefault((shared, value, mark), []).append(name)
    rows = [
        (
            path.replace("*", names[0]),
            value,
            "; ".join(filter(None, (_as_well(names, scenario), mark))),
        )
        for (path, value, mark), names in alike.items()
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
    for path, value, mark in rows:
        yield f"  {path:<{min(widths[0], WIDE)}}  {value:<{min(widths[1], WIDE)}}  {mark}".rstrip()


def _as_well(names: list[str], scenario: Scenario) -> str:
    """Return which other communities have the value of the first."""
    if len(names) == 1:
        return ""
    everybody = len(names) == len(scenario.communities)
    return "in every community" if everybody else f"also {', '.join(names[1:])}"


def _mark(known: Behind, path: str, value: str) -> str:
    """Return what stands behind a value, or behind the parts of it that are told in one line."""
    from sim.cli.evidence import OWN

    told = [OWN] * known.changed(path, value)
    for each in known.of(path, value):
        within = each.path.startswith(f"{path}.")
        told.append(_told(each, each.path.removeprefix(f"{path}.") if within else ""))
    return "; ".join(told)


def _told(evidence: Evidence, part: str = "") -> str:
    mark = f"{part} ({evidence.mark})" if part else evidence.mark
    return f"{mark}: {evidence.source}".removesuffix(": ")


def _all(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Yield path and value of all that is shown."""
    yield from _stated(scenario)
    yield from _left_at_default(scenario)


def _stated(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Yield path and value of what a scenario states, for people to read."""
    from sim.cli.evidence import UNTOLD

    for name, data in scenario.chosen().items():
        if name not in UNTOLD:
            yield from _flat(data, name)


def _left_at_default(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Yield path and value of what has its default and yet something behind it."""
    from sim.loading.overrides import values

    known = {path: str(value) for path, value in values(scenario).items()}
    for name, data in scenario.to_data().items():
        known.update(_flat(data, name))
    stated = [f"{path}." for path, _ in _stated(scenario)]
    for each in scenario.about.evidence:
        around = f"{each.path}."
        if any(one.startswith(around) or around.startswith(one) for one in stated):
            continue
        below = [path for path in known if path.startswith(around)]
        for path in [each.path] if each.path in known else below:
            yield path, known[path]


def _flat(data: Any, path: str) -> Iterator[tuple[str, str]]:
    parts: dict[str, Any] = {}
    if isinstance(data, dict):
        parts = {key: part for key, part in data.items() if key != "kind"}
    elif isinstance(data, list) and any(isinstance(part, dict) for part in data):
        parts = {str(part.pop("name", number)): part for number, part in enumerate(data)}
    single = not any(isinstance(part, (dict, list)) for part in parts.values())
    if isinstance(data, dict) and "kind" in data and single:
        told = ", ".join(f"{key}={part}" for key, part in parts.items())
        yield path, f"{data['kind']} {told}".rstrip()
        return
    for key, part in parts.items():
        yield from _flat(part, f"{path}.{key}")
    if not parts:
        yield path, ", ".join(map(str, data)) if isinstance(data, list) else str(data)
