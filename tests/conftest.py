"""What all tests share: no screen, and examples that take as long as they take."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("MPLBACKEND", "Agg")

settings.register_profile(
    "datastrike",
    deadline=None,  # the first example compiles the kernels
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("datastrike")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-baseline",
        action="store_true",
        help="make tests/golden.json anew; changed numbers need a 'Results change' line",
    )
