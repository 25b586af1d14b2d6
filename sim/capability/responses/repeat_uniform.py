"""The lab repeats the whole remaining corpus until its token budget is spent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.capability.repetition import epochs
from sim.capability.responses.base import Response, Situation

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class RepeatUniform(Response):
    """Repeat everything equally often so that the budget of tokens stays as it was.

    Epochs = usable works at full participation / usable works now, over the whole corpus;
    what the repeated data are worth follows Muennighoff et al. 2023 (arXiv 2305.16264).
    """

    def apply(self, situation: Situation) -> NDArray[np.float64]:
        """Return the data times what repeating them is worth."""
        now = situation.supply.raw.sum(axis=-1, keepdims=True)
        return situation.repeated(epochs(situation.full.raw.sum(), now))
