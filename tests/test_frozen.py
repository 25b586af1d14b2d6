"""Results cannot be changed once they are there; functions take what they say unless told."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sim import leverage

PACKAGES = ("sim.capability", "sim.decisions", "sim.leverage")


def records() -> Iterator[type]:
    for name in PACKAGES:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            for value in vars(importlib.import_module(module.name)).values():
                if dataclasses.is_dataclass(value) and value.__module__ == module.name:
                    yield value


@pytest.mark.parametrize("record", sorted(set(records()), key=lambda r: (r.__module__, r.__name__)),
                         ids=lambda record: record.__qualname__)  # fmt: skip
def test_records_are_frozen(record: type) -> None:
    assert record.__dataclass_params__.frozen


def unless_told(function: Callable[..., Any]) -> dict[str, Any]:
    stated = inspect.signature(function).parameters.values()
    return {p.name: p.default for p in stated if p.default is not p.empty}


WHOSE = {"lab": None, "tactic": "withhold", "step": None, "seed": 0}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("smallest_group",
         WHOSE | {"target": 0.01, "measure": "loss", "by": "random", "replications": 5}),
        ("collective_value", WHOSE | {"share": 0.9, "samples": 2000}),
        ("leverage", {"lab": None, "tactic": "withhold", "by": "random"}),
        ("leverage_curve",
         WHOSE | {"measure": "loss", "by": "random", "replications": 5, "shares": None}),
        ("critical_mass", {"by": "random", "level": 0.5, "horizon": None, "replications": 20,
                           "seed": 0, "largest": 0.5}),
        ("induced_leverage", {"by": "random", "replications": 20, "seed": 0}),
    ],
)  # fmt: skip
def test_what_is_asked_unless_told(name: str, told: dict[str, Any]) -> None:
    assert unless_told(getattr(leverage, name)) == told
