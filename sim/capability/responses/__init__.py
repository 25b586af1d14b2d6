"""Lab responses, one in each file; found by looking into this folder."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    from sim.spec import find_class

    return find_class(__name__, name)
