"""What a model loses without some of its data: surrogate, presets, fits to real runs."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.capability.chinchilla import from_chinchilla as from_chinchilla
    from sim.capability.fit_result import ExtrapolationWarning as ExtrapolationWarning
    from sim.capability.fitting import fit as fit
    from sim.capability.group_size import group_size_for as group_size_for
    from sim.capability.preset import Constant as Constant
    from sim.capability.preset import Preset as Preset
    from sim.capability.supply import Supply as Supply
    from sim.capability.surrogate import Floor as Floor
    from sim.capability.surrogate import Surrogate as Surrogate
    from sim.capability.uncertainty import intervals as intervals

HOMES = {
    "Constant": "preset",
    "ExtrapolationWarning": "fit_result",
    "Floor": "surrogate",
    "Preset": "preset",
    "Supply": "supply",
    "Surrogate": "surrogate",
    "fit": "fitting",
    "from_chinchilla": "chinchilla",
    "group_size_for": "group_size",
    "intervals": "uncertainty",
}
PARTS = {"presets", "retraining", "responses"}


def __getattr__(name: str) -> Any:
    if name in PARTS:
        return import_module(f"{__name__}.{name}")
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
    globals()[name] = found
    return found
