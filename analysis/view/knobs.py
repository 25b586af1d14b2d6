"""What the page lets one change: values of the scenario, as its own schema describes them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from sim.creators.distributions import Constant
from sim.loading.overrides import values
from sim.scenario import Scenario
from sim.spec import Spec

ALWAYS = ("compliance", "response")
"""Fields that are shown although a scenario leaves them at their default."""
NEVER = ("about", "action", "label", "name", "size", "start")
"""Fields that are not shown: they are for readers, or make another crowd."""
PARTS = 100
"""Places of a slider; a value between two of them is typed instead."""


@dataclass(frozen=True)
class Knob:
    """One value, or the same value of several communities, and how it is set.

    Parameters
    ----------
    label : str
        Path of the value, with ``*`` for several communities.
    paths : tuple of str
        What it sets.
    widget : dict
        Kind, value and bounds, as Mesa's page takes them.
    """

    label: str
    paths: tuple[str, ...]
    widget: dict[str, Any]


def knobs(scenario: Scenario) -> list[Knob]:
    """Return a knob for each value that the scenario states, by the order of its fields.

    Communities that agree in a value share its knob.
    """
    known = values(scenario)
    names = [f"communities.{community.name}." for community in scenario.communities]
    found: dict[str, list[_Leaf]] = defaultdict(list)
    for leaf in _leaves(scenario, ""):
        if leaf.path in known:
            own = next((name for name in names if leaf.path.startswith(name)), None)
            short = leaf.path if own is None else f"communities.*.{leaf.path[len(own) :]}"
            found[short].append(leaf)
    return [knob for short, leaves in found.items() for knob in _shared(short, leaves, len(names))]


@dataclass(frozen=True)
class _Leaf:
    path: str
    value: Any
    annotation: Any
    bounds: tuple[float, float]


def _shared(short: str, leaves: list[_Leaf], communities: int) -> Iterator[Knob]:
    """Yield a knob for each value, whichever leaves have it."""
    groups: dict[str, list[_Leaf]] = defaultdict(list)
    for leaf in leaves:
        groups[repr(leaf.value)].append(leaf)
    for group in groups.values():
        label = group[0].path
        if len(group) > 1:
            some = "" if len(group) == communities else f" ({len(group)} of {communities})"
            label = f"{short}{some}"
        widget = {"label": label, "value": group[0].value, **_widget(group[0])}
        yield Knob(label, tuple(leaf.path for leaf in group), widget)


def _leaves(spec: Spec, path: str) -> Iterator[_Leaf]:
    """Yield the single values below a spec that it states."""
    for name, field in type(spec).model_fields.items():
        value = getattr(spec, name)
        stated = name in ALWAYS or value != field.get_default(call_default_factory=True)
        if stated and name not in NEVER:
            bounds = _bounds([*field.metadata, *_constraints(field.annotation)])
            yield from _below(value, f"{path}{name}", field.annotation, bounds)


def _below(value: Any, path: str, annotation: Any, bounds: tuple[float, float]) -> Iterator[_Leaf]:
    if isinstance(value, Constant):
        yield _Leaf(path, value.value, float, (-math.inf, math.inf))
    elif isinstance(value, Spec):
        yield from _leaves(value, f"{path}.")
    elif isinstance(value, dict):
        inside = get_args(annotation)[-1:] or (Any,)
        for key, part in value.items():
            within = _bounds([*_constraints(inside[0])])
            yield from _below(part, f"{path}.{key}", inside[0], within)
    elif isinstance(value, tuple) and any(isinstance(part, Spec) for part in value):
        for number, part in enumerate(value):
            yield from _below(part, f"{path}.{getattr(part, 'name', number)}", Any, bounds)
    elif isinstance(value, (bool, int, float, str)):
        yield _Leaf(path, value, annotation, bounds)


def _constraints(annotation: Any) -> Iterator[Any]:
    """Yield what is annotated on a type or on one of its alternatives."""
    yield from getattr(annotation, "__metadata__", ())
    for inside in get_args(annotation):
        if hasattr(inside, "__metadata__"):
            yield from inside.__metadata__


def _bounds(constraints: list[Any]) -> tuple[float, float]:
    stated = [each for c in constraints for each in (c, *getattr(c, "metadata", ()))]
    low = [each.ge for each in stated if getattr(each, "ge", None) is not None]
    high = [each.le for each in stated if getattr(each, "le", None) is not None]
    return max(low, default=-math.inf), min(high, default=math.inf)


def _widget(leaf: _Leaf) -> dict[str, Any]:
    """Return how a value is set, as Mesa's page names it."""
    choices = _choices(leaf.annotation)
    if isinstance(leaf.value, bool):
        return {"type": "Checkbox"}
    if choices:
        return {"type": "Select", "values": choices}
    low, high = leaf.bounds
    step = (high - low) / PARTS
    if isinstance(leaf.value, float) and math.isfinite(step):
        places = (leaf.value - low) / step
        if math.isclose(places, round(places), abs_tol=1e-9):
            return {"type": "SliderFloat", "min": low, "max": high, "step": step}
    return {"type": "InputText", "value": f"{leaf.value}"}


def _choices(annotation: Any) -> list[str]:
    """Return the texts that a field allows, if they are listed."""
    if get_origin(annotation) is Literal:
        return [str(choice) for choice in get_args(annotation)]
    found = [_choices(each) for each in get_args(annotation) if each is not NoneType]
    return next((each for each in found if each), [])
