"""Real data for tests: found where the environment says, otherwise the test is skipped."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

BESIDE_CHECKOUT = Path(__file__).parents[2] / "shared" / "data"


def shared(name: str) -> Path:
    """Return the path of a data file, or skip the test with the reason."""
    path = Path(os.environ.get("DATASTRIKE_DATA", BESIDE_CHECKOUT)) / name
    if not path.exists():
        pytest.skip(f"no {name} here; set DATASTRIKE_DATA to a folder that has it")
    return path
