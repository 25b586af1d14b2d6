"""What theory says of the rules and networks, for any parameters: no simulation, no engine.

One author's or model's theory per module (``sim.theory.granovetter.equilibrium``, ...), found
by looking into the package and imported on first use.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType


def __getattr__(name: str) -> ModuleType:
    if name in __dir__():
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [module.name for module in pkgutil.iter_modules(__path__)]
