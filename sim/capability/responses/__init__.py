"""Lab responses, one in each file; found by looking into this folder."""

from __future__ import annotations

from typing import Any

FREE = ("none", "repeat_uniform", "repeat_own", "reweight")
"""What a lab can do without paying for data: the best of these stands beside *none*."""


def __getattr__(name: str) -> Any:
    from sim.spec import find_class

    return find_class(__name__, name)
