"""Figures of a sweep: what an outcome depends on, and how it responds to what was varied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis import sensitivity
from analysis.page.charts import response as response_chart
from analysis.page.drawing import drawn
from analysis.page.parts import Html
from analysis.surfaces import phase_diagram, response, surface
from sim.errors import InputError
from sim.sweeps.columns import encode_base

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from analysis.page.live import Chart
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


def explored(sweep: Sweep) -> Iterator[Chart]:
    """Yield charts of the same outcomes, for designs whose points were not drawn at random."""
    drawable = sweep.designs and sweep.designs[-1].about["kind"] not in sensitivity.METHODS
    names = [name for name in sweep.outcomes if not name.endswith(".series")] if drawable else []
    left = MOST
    for outcome in names:
        try:
            x, by, _, fixed = _axes(sweep, outcome)
            found = surface(sweep, outcome, [x] if by is None else [by, x], fixed)
        except InputError:
            continue
        left -= 1
        yield (
            f"{_caption(outcome, x, by, fixed)} Each point with its lowest and highest.",
            response_chart(found, outcome, x, by),
        )
        if left == 0:
            return


def _response(sweep: Sweep, outcome: str) -> tuple[Figure, str]:
    """Draw a map over two numbers, or lines along one number by something else."""
    x, by, two, fixed = _axes(sweep, outcome)
    if by is not None and two:
        figure = phase_diagram(sweep, outcome, x, by, fixed)
    else:
        figure = response(sweep, outcome, x, by, fixed)
    return figure, _caption(outcome, x, by, fixed)


def _axes(sweep: Sweep, outcome: str) -> tuple[str, str | None, bool, dict[str, Any]]:
    """Return what is drawn along, by what, whether that is a number, and what else is fixed."""
    varied = {path: column for path, column in _varied(sweep).items() if column.nunique() > 1}
    numbers = [path for path, column in varied.items() if pd.api.types.is_numeric_dtype(column)]
    others = [path for path in varied if path not in numbers]
    if not numbers:
        raise InputError(f"{outcome}: no number was varied")
    two = len(numbers) >= 2 and not others
    by = next(iter(numbers[1:] if two else others), None)
    fixed = {path: varied[path].iloc[0] for path in varied if path not in (numbers[0], by)}
    return numbers[0], by, two, fixed


def _caption(outcome: str, x: str, by: str | None, fixed: dict[str, Any]) -> str:
    at = "".join(f", at {path} = {value}" for path, value in fixed.items())
    return f"{outcome} by {x}{f' and {by}' if by else ''}{at}."


def _varied(sweep: Sweep) -> dict[str, pd.Series[float]]:
    """Return the values of each parameter over the points of the newest design, as in tables."""
    points = sweep.designs[-1].points
    rows = [points.changes(at) for at in range(len(points))]
    paths = list(dict.fromkeys(path for row in rows for path in row))
    return {path: pd.Series([encode_base(row.get(path, np.nan)) for row in rows]) for path in paths}
