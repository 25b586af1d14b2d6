"""What users can put something into, by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import strategies as st


class Surface(NamedTuple):
    """What may be put in, and what is done with it."""

    inputs: st.SearchStrategy[Any]
    tried: Callable[[Any], None]
    """Fails where something neither works nor is refused in words."""
    costs: int = 1
    """How many light attempts one takes as long as."""


Prepared = Callable[[Path], Surface]
"""Prepares a surface in an empty folder of its own."""


def surfaces() -> dict[str, Prepared]:
    """Return every surface."""
    from tests.fuzzing import commands, descriptions, huge, packed, pages, saved, tables

    found: dict[str, Prepared] = {}
    for module in (descriptions, tables, packed, huge, commands, saved, pages):
        found |= module.SURFACES
    return found
