"""Figures of a sweep: what an outcome depends on, and how it responds to what was varied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis import sensitivity
from analysis.page.drawing import drawn
from analysis.page.parts import Html
from analysis.surfaces import phase_diagram, response
from sim.errors import InputError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.sweeps.saved import Sweep

MOST = 3
"""Outcomes that are drawn; the others are in the table."""


def maps(sweep: Sweep, name: str = "map") -> Iterator[Html]:
    """Yield a figure for each of the first outcomes that vary, where one can be drawn."""
    left = MOST
    for outcome in sweep.outcomes:
        if left == 0 or outcome.endswith(".series"):
            continue
        try:
            figure, caption = _figure(sweep, outcome)
        except InputError:
            continue  # the table below says what is missing
        left -= 1
        yield drawn(figure, f"{name}-{MOST - left}", caption)


def _figure(sweep: Sweep, outcome: str) -> tuple[Figure, str]:
    if sweep.designs[-1].about["kind"] in sensitivity.METHODS:
        found = sensitivity.sensitivity(sweep, outcome)[0]
        at = ", ".join(f"{path} = {value}" for path, value in found.levers.items())
        caption = f"What {outcome} depends on ({found.method}){f', at {at}' if at else ''}."
        return sensitivity.figure(found), " ".join((caption, *(f"{w}." for w in found.warnings)))
    return _response(sweep, outcome)


def _response(sweep: Sweep, outcome: str) -> tuple[Figure, str]:
    """Draw a map over two numbers, or lines along one number by something else."""
    varied = {path: column for path, column in _varied(sweep).items() if column.nunique() > 1}
    numbers = [path for path, column in varied.items() if pd.api.types.is_numeric_dtype(column)]
    others = [path for path in varied if path not in numbers]
    if not numbers:
        raise InputError(f"{outcome}: no number was varied")
    two = len(numbers) >= 2 and not others
    by = (numbers[1:] if two else others)[:1]
    shown = [numbers[0], *by]
    fixed = {path: varied[path].iloc[0] for path in varied if path not in shown}
    if two:
        figure = phase_diagram(sweep, outcome, numbers[0], numbers[1], fixed)
    else:
        figure = response(sweep, outcome, numbers[0], next(iter(by), None), fixed)
    at = "".join(f", at {path} = {value}" for path, value in fixed.items())
    return figure, f"{outcome} by {' and '.join(shown)}{at}."


def _varied(sweep: Sweep) -> dict[str, pd.Series[float]]:
    """Return the values of each parameter over the points of the newest design."""
    points = sweep.designs[-1].points
    rows = [points.changes(at) for at in range(len(points))]
    paths = list(dict.fromkeys(path for row in rows for path in row))
    return {path: pd.Series([row.get(path, np.nan) for row in rows]) for path in paths}
