"""Options that several commands take, and how their values are read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sim.scenario import Scenario

SETTINGS = click.Option(
    ["--set", "settings"],
    multiple=True,
    metavar="PATH=VALUE",
    help="Change a value, as in communities.coders.size=1000 (communities.*.size: of all); "
    "network=FILE takes an edge list.",
)

RULES = click.Option(
    ["--rule", "rules"],
    multiple=True,
    metavar="FILE.py",
    help="A file that defines a decision rule which a saved scenario or a receipt uses.",
)


def changed(scenario: Scenario, settings: tuple[str, ...]) -> Scenario:
    """Return the scenario as `SETTINGS` change it."""
    from sim.loading.overrides import override, parse

    return override(scenario, dict(parse(setting) for setting in settings))


def whole(low: int, high: int = 2**32 - 1) -> Callable[[str], int]:
    """Return a reader of whole numbers between two bounds."""

    def number(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise click.BadParameter(f"must be a whole number, got {text!r}") from None
        if not low <= value <= high:
            raise click.BadParameter(f"must be from {low} to {high}, got {value}")
        return value

    return number
