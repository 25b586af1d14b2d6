"""All modules of `sim`, but for those that need what an extra brings and is not here."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import sim

EXTRAS = {"pyabc"}


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(sim.__path__, "sim."):
        if found.name == "sim.__main__":
            continue
        try:
            yield importlib.import_module(found.name)
        except ModuleNotFoundError as error:
            if error.name not in EXTRAS:
                raise
