"""Kinds of values that options take."""

from __future__ import annotations

from collections.abc import Callable

import click


def whole(low: int, high: int = 2**32 - 1) -> Callable[[str], int]:
    """Return a reader of whole numbers between two bounds."""

    def number(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise click.BadParameter(f"must be a whole number, got {text!r}") from None
        if not low <= value <= high:
            raise click.BadParameter(f"must be from {low} to {high}, got {value}")
        return value

    return number
