"""The consumer market: shares of users by capability."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


def shares(losses: ArrayLike, sensitivity: float, outside: float) -> Floats:
    """Return the logit share of users of each lab, and of none: (labs + 1,).

    Parameters
    ----------
    losses : (labs,)
        Loss of the model in use, relative to full participation at the start.
    sensitivity : float
        Utility of a unit of capability.
    outside : float
        Utility of using none.

    References
    ----------
    McFadden 1974, on conditional logit.
    """
    import numpy as np

    utility = np.append(sensitivity * (1.0 - np.asarray(losses, dtype=float)), outside)
    odds: Floats = np.exp(utility - utility.max())
    found: Floats = odds / odds.sum()
    return found
