"""How much a group can do: X creators, model Y, change of capability Z."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.leverage.collective import collective_value as collective_value
    from sim.leverage.curve import LeverageCurve as LeverageCurve
    from sim.leverage.curve import leverage as leverage
    from sim.leverage.curve import leverage_curve as leverage_curve
    from sim.leverage.induced import critical_mass as critical_mass
    from sim.leverage.induced import induced_leverage as induced_leverage
    from sim.leverage.size import smallest_group as smallest_group

HOMES = {
    "LeverageCurve": "curve",
    "collective_value": "collective",
    "critical_mass": "induced",
    "induced_leverage": "induced",
    "leverage": "curve",
    "leverage_curve": "curve",
    "smallest_group": "size",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
