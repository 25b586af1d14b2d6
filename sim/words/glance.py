"""What notebooks show of a study: a sentence, a small table, and its figure where one can be drawn.

Figures are drawn by `analysis`, which is looked up by name since nothing here knows it; drawing
must never cost the numbers.
"""

from __future__ import annotations

import importlib
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

MODULE = "analysis.glance"
LARGE = 10_000.0
"""From which numbers are shown whole."""


def as_text(head: str, table: pd.DataFrame) -> str:
    """Return what a terminal shows: a line, and a table below it."""
    return f"{head}\n{table.to_string(index=False, float_format=_short)}"


def as_html(head: str, table: pd.DataFrame, study: object) -> str:
    """Return the same for a notebook, with the study's figure."""
    shown = table.to_html(index=False, float_format=_short)
    return f"<p>{escape(head)}</p>{shown}{_figure(study)}"


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= LARGE else f"{value:.4g}"


def _figure(study: object) -> str:
    try:
        return str(importlib.import_module(MODULE).glance(study))
    except Exception:  # noqa: BLE001 (whatever drawing may raise)
        return ""
