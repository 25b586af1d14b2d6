"""The lab repeats each community's remaining works until that community's tokens are spent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.capability.repetition import epochs
from sim.capability.responses.base import Response, Situation

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class RepeatOwn(Response):
    """Repeat each community's works so that its share of the training tokens stays as it was.

    Worth of the repeats as in `RepeatUniform`, applied community by community: an assumption,
    repetition was measured for whole corpora (Muennighoff et al. 2023, arXiv 2305.16264).
    """

    def apply(self, situation: Situation) -> NDArray[np.float64]:
        """Return the data of each community times what repeating them is worth."""
        often = epochs(situation.full.raw, situation.supply.raw)
        return situation.repeated(often)
