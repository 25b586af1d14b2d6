"""Numbers in words, for people to read."""

from __future__ import annotations

import math

SMALLEST = 0.001
"""Parts per billion below which a share is not told in numbers."""


def count(number: float) -> str:
    """Return a number of creators or works with three digits that count: ``1.23 million``."""
    if number < 1000.0:
        return f"{number:.0f}"
    number = float(f"{number:.3g}")
    words = ((1e12, " trillion"), (1e9, " billion"), (1e6, " million"), (1.0, ""))
    size, word = next((size, word) for size, word in words if number >= size)
    return f"{number / size:,.10g}{word}"


def times(factor: float) -> str:
    """Return a multiple with two digits that count: ``23 times``."""
    if factor >= 1000.0:
        return f"{count(factor)} times"
    digits = max(0, 1 - math.floor(math.log10(factor))) if factor > 0.0 else 0
    return f"{factor:.{digits}f} times"


def percent(share: float) -> str:
    """Return a share with two digits that count, never in powers of ten: ``0.012 %``.

    Below a hundred-millionth it is in parts per billion.
    """
    value = 100.0 * share
    if not math.isfinite(value):
        return "not known"
    if 0.0 < abs(value) < 1e-6:
        return _billionths(1e9 * share)
    return f"{_two_digits(value)} %"


def _billionths(value: float) -> str:
    if abs(value) < SMALLEST:
        return f"less than {SMALLEST:g} parts per billion"
    return f"{_two_digits(value)} parts per billion"


def _two_digits(value: float) -> str:
    digits = 1 if value == 0.0 else max(0, 1 - math.floor(math.log10(abs(value))))
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def signed(share: float) -> str:
    """Return a change as `percent` with its sign."""
    text = percent(share)
    return f"+{text}" if share > 0.0 and text[0].isdigit() else text


def whose(name: str) -> str:
    """Return whose something is: ``Lab's``, ``Lens'``."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def listed(parts: list[str]) -> str:
    """Return parts of a sentence as one: ``a, b, and c``."""
    return ", and ".join([*(", ".join(parts[:-1]),) * (len(parts) > 1), *parts[-1:]])


def ordinal(number: int) -> str:
    """Return a place in a row: ``1st``, ``2nd``, ``11th``."""
    endings = {1: "st", 2: "nd", 3: "rd"}
    ending = "th" if number % 100 in (11, 12, 13) else endings.get(number % 10, "th")
    return f"{number}{ending}"
