"""Numbers as they stand in sentences."""

from __future__ import annotations

import math

import pytest

from sim.words.numbers import count, percent, signed, times


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0"),
        (999.4, "999"),
        (1234.0, "1,230"),
        (999_999.0, "1 million"),
        (5.85e9, "5.85 billion"),
        (1e12, "1 trillion"),
    ],
)
def test_counts(number: float, text: str) -> None:
    assert count(number) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.012345, "1.2 %"),
        (0.00012345, "0.012 %"),
        (1.14e-9, "1.1 parts per billion"),
        (1.2e-12, "0.0012 parts per billion"),
        (1e-13, "less than 0.001 parts per billion"),
        (12.3, "1230 %"),
        (math.nan, "not known"),
    ],
)
def test_percentages(share: float, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(
    ("factor", "text"),
    [(22.87, "23 times"), (1.04, "1.0 times"), (0.5, "0.50 times"), (2e7, "20 million times")],
)
def test_multiples(factor: float, text: str) -> None:
    assert times(factor) == text


@pytest.mark.parametrize(("change", "text"), [(0.01, "+1 %"), (-0.01, "-1 %"), (0.0, "0 %")])
def test_changes(change: float, text: str) -> None:
    assert signed(change) == text
