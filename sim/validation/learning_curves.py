"""What a model scores that is trained on a share of the data, one share left out at a time."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.validation.tables import read_runs

if TYPE_CHECKING:
    from sim.capability.fit_result import Fit

Mode = Literal["shared", "recommender"]


def curve_error(table: Path, mode: Mode = "shared") -> float:
    """Return the error at inner points, each predicted without itself, as a share of the range.

    Parameters
    ----------
    table : Path
        CSV with columns ``frac`` (share of the data) and ``small`` (score of a model with it).
    mode : str
        ``recommender``: who keeps data back is not served either; else ``shared``.
    """
    found = _fit(table, mode)
    errors = (found.held_out["flat"] - found.problem.losses)[1:-1, 0]
    return float(np.sqrt((errors**2).mean()) / np.ptp(found.problem.losses))


def better_mode(table: Path) -> Mode:
    """Return in which mode the left-out points are foretold better."""
    return min(("shared", "recommender"), key=lambda mode: curve_error(table, mode))


@lru_cache(maxsize=64)
def _fit(table: Path, mode: Mode) -> Fit:
    from sim.capability import fit

    runs = read_runs(table, ("frac", "small")).sort_values("frac")
    score = runs["small"].to_numpy()
    return fit(runs["frac"], score, mode=mode, higher_is_better=bool(score[-1] > score[0]))
