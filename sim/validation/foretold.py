"""What runs say that nothing was fitted to, by the surrogate and by other forms."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from sim.capability.fit_result import Fit

    Floats = NDArray[np.float64]


def foretold(found: Fit, data: ArrayLike, form: str = "surrogate") -> Floats:
    """Return what a fit foretells of runs (runs, targets), in the measure of the runs.

    Parameters
    ----------
    found : Fit
        Fitted to other runs.
    data : (runs, communities)
        In the unit of the runs that were fitted.
    form : str
        ``surrogate``, or a rival form of `sim.capability.rivals`, fitted to the same runs.
    """
    from sim.capability import ExtrapolationWarning, rivals

    if form == "surrogate":
        with warnings.catch_warnings():
            # That nothing like them was fitted is the point here.
            warnings.simplefilter("ignore", ExtrapolationWarning)
            return found.predict(data)
    problem = found.problem
    asked = np.asarray(data, dtype=np.float64) / problem.unit
    return np.asarray(problem.shown(rivals.predicted(problem, form, asked)))
