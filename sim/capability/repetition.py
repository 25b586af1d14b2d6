"""What repeated data are worth (Muennighoff et al. 2023, arXiv 2305.16264)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

TEXT = 15.39
"""R* for text, fitted by Muennighoff et al. 2023."""


def worth(epochs: ArrayLike, repetition: float = TEXT) -> NDArray[np.float64]:
    """Return what data seen ``epochs`` times are worth, in fresh data of the same amount.

    1 + R* (1 - exp(-(epochs - 1) / R*)); with R* = 15.39 four epochs are worth 3.73 and
    sixteen 10.58.  Below one epoch only that share of the data is seen.
    """
    import numpy as np

    times = np.asarray(epochs, dtype=np.float64)
    again = -repetition * np.expm1(-np.maximum(times - 1.0, 0.0) / repetition)
    return np.where(times < 1.0, times, 1.0 + again)


def epochs(budget: ArrayLike, unique: ArrayLike, at_least: float = 1.0) -> NDArray[np.float64]:
    """Return how often ``unique`` data are seen in training on ``budget``."""
    import numpy as np

    there = np.asarray(unique, dtype=np.float64)
    wanted = np.broadcast_to(np.asarray(budget, dtype=np.float64), there.shape)
    often = np.divide(wanted, there, out=np.ones_like(there), where=there > 0.0)
    return np.maximum(often, at_least)
