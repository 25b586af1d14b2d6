"""Names by which parts of a scenario refer to one another, and whether they fit together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario import Scenario

    Reference = tuple[str, str, str]


def mistakes(scenario: Scenario) -> Iterator[str]:
    """Yield a sentence for each name that nothing has, and for institutions that clash."""
    known = {
        "community": [community.name for community in scenario.communities],
        "lab": [lab.name for lab in scenario.labs],
        "organiser": [organiser.name for organiser in scenario.organisers],
    }
    for path, family, name in _references(scenario):
        if name not in known[family]:
            among = ", ".join(sorted(known[family]))
            hint = f"expected one of {among}" if among else "the scenario declares none"
            yield f"{path}: no {family} {name!r}; {hint}"
    for community in scenario.communities:
        if community.name in community.opposes:
            yield f"communities.{community.name}.opposes: must name others, got itself"
    for name in known["community"]:
        share = sum(platform.share_of(name) for platform in scenario.platforms)
        if share > 1.0 + 1e-9:
            yield (
                f"platforms: shares of {name} who are members add up to {share:g}; a creator is "
                "on one platform, so give at most 1"
            )
    yield from _without_market(scenario)
    if len(scenario.platforms) > 250:
        yield f"platforms: at most 250, got {len(scenario.platforms)}"


def _without_market(scenario: Scenario) -> Iterator[str]:
    """Yield a sentence for each institution that needs a market, or others, to have an effect."""
    for number, talks in enumerate(scenario.bargaining):
        if scenario.market is None and talks.disruption == 0.0:
            yield (
                f"bargaining.{number}: needs a market, which says what a lab's capability earns, "
                "or a disruption; give one"
            )
    for lab in scenario.labs:
        if lab.sharing is not None and (scenario.market is None or lab.receives == "nobody"):
            yield (
                f"labs.{lab.name}.sharing: needs a market to earn in, and creators to receive "
                "works from"
            )


def _references(scenario: Scenario) -> Iterator[Reference]:
    for community in scenario.communities:
        yield from _communities(f"communities.{community.name}.opposes", community.opposes)
    if scenario.seeds.community:
        yield "seeds.community", "community", scenario.seeds.community
    for number, event in enumerate(scenario.calendar):
        path = f"calendar.{number}"
        yield from _communities(f"{path}.communities", getattr(event, "communities", ()))
        yield from _labs(f"{path}.lab", [event.lab] if hasattr(event, "lab") else [])
        yield from _labs(f"{path}.labs", getattr(event, "labs", ()))
    yield from _of_labs(scenario)
    yield from _of_others(scenario)


def _of_labs(scenario: Scenario) -> Iterator[Reference]:
    for lab in scenario.labs:
        if not isinstance(lab.receives, str):
            yield from _communities(f"labs.{lab.name}.receives", lab.receives)
        if lab.concession is not None:
            path = f"labs.{lab.name}.concession.communities"
            yield from _communities(path, lab.concession.communities)


def _of_others(scenario: Scenario) -> Iterator[Reference]:
    for platform in scenario.platforms:
        if isinstance(platform.members, dict):
            yield from _communities(f"platforms.{platform.name}.members", platform.members)
    for organiser in scenario.organisers:
        path = f"organisers.{organiser.name}"
        chosen = [organiser.community] if organiser.community else []
        yield from _communities(f"{path}.community", chosen)
        yield from _labs(f"{path}.demand.lab", [organiser.demand.lab] if organiser.demand else [])
    for regulator in scenario.regulators:
        yield from _labs(f"regulators.{regulator.name}.ruling.labs", regulator.ruling.labs)
    if scenario.press is not None:
        yield from _communities("press.communities", scenario.press.communities)
    if scenario.mandate is not None:
        yield from _communities("mandate.electorate", scenario.mandate.electorate)
    for number, talks in enumerate(scenario.bargaining):
        yield from _labs(f"bargaining.{number}.lab", [talks.lab])
        yield from _communities(f"bargaining.{number}.communities", talks.communities)
        if talks.organiser:
            yield f"bargaining.{number}.organiser", "organiser", talks.organiser


def _communities(path: str, names: Iterable[str]) -> Iterator[Reference]:
    yield from ((path, "community", name) for name in names)


def _labs(path: str, names: Iterable[str]) -> Iterator[Reference]:
    yield from ((path, "lab", name) for name in names)
