"""Adding replications until the mean of an outcome is known as well as was asked for.

Sequential stopping at a fixed width of the interval (Chow & Robbins 1965,
doi:10.1214/aoms/1177700156): more replications where the standard error is still too large.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import InputError
from sim.sweeps.points import Points
from sim.sweeps.saved import Sweep
from sim.sweeps.summaries import summary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.sweeps.columns import Design
    from sim.sweeps.running import Running

MOST = 1000
LEAST = 5
"""Replications from which on a standard error is believed."""
GROWTH = 1.5
"""Factor by which replications grow where they are not enough."""


def refine(running: Running, asked: Design, precision: Mapping[str, float], most: int) -> None:
    """Add replications at points whose standard errors are too large.

    Parameters
    ----------
    running : Running
        Plays and writes.
    asked : Design
        What has been played.
    precision : dict of str to float
        Standard error to be reached, by outcome.
    most : int
        Replications at the most.

    Raises
    ------
    InputError
        If a standard error to be reached is not above 0, or runs failed.
    """
    for outcome, error in precision.items():
        if not error > 0.0:
            raise InputError(f"precision: {outcome} must be above 0, got {error:g}")
    design = asked
    while design.about["replications"] < most:
        lacking = imprecise(Sweep(running.folder), design, precision)
        if not lacking.any():
            return
        now = design.about["replications"]
        more = min(most, max(LEAST, math.ceil(GROWTH * now)))
        about = {**design.about, "kind": "list", "sampled": [], "replications": more}
        design = replace(design, points=_some(design.points, lacking), about=about, shares=None)
        running.play(design)


def imprecise(sweep: Sweep, design: Design, precision: Mapping[str, float]) -> NDArray[np.bool_]:
    """Return at which points of a design some standard error is still too large (points,)."""
    lacking = np.zeros(len(design.points), dtype=bool)
    if design.about["replications"] < LEAST:
        return ~lacking
    for outcome, error in precision.items():
        lacking |= summary(sweep, outcome, design).standard_error > error
    return lacking


def _some(points: Points, chosen: NDArray[np.bool_]) -> Points:
    places = np.flatnonzero(chosen).tolist()
    columns = {path: [cells[place] for place in places] for path, cells in points.columns.items()}
    digests = points.hexadecimals()
    return Points(columns, [digests[place] for place in places])
