"""Published results, played again: one model in each module, with any parameters.

The functions simulate (``sim.validation.watts_frequency(mean_degree=3.0)``) and know no
expected value; those stand in `sim.validation.table`, and `sim.theory` has what can be said
without simulating.  Functions are found by looking into the modules.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any


def __getattr__(name: str) -> Any:
    modules = [module.name for module in pkgutil.iter_modules(__path__)]
    if name in modules:
        return importlib.import_module(f"{__name__}.{name}")
    for module in modules if not name.startswith("_") else ():
        found = getattr(importlib.import_module(f"{__name__}.{module}"), name, None)
        if getattr(found, "__module__", None) == f"{__name__}.{module}":
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
