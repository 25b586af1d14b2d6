"""The table of published results: one model in each module, found by looking here.

A module defines ``CHECKS``.  Nothing else in the program knows what should come out.
"""

from __future__ import annotations

import importlib
import pkgutil

from sim.errors import InputError
from sim.validation.check import Check
from sim.words.messages import nearest


def names() -> list[str]:
    """Return the models that there are checks of."""
    return [module.name for module in pkgutil.iter_modules(__path__)]


def checks(name: str) -> tuple[Check, ...]:
    """Return the checks of one model.

    Raises
    ------
    InputError
        If there are none; with the nearest name.
    """
    known = names()
    if name not in known:
        raise InputError(f"unknown reproduction {name!r}; {nearest(name, known)}")
    found: tuple[Check, ...] = importlib.import_module(f"{__name__}.{name}").CHECKS
    return found
