"""The lab trains on text or images that its own earlier model made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from sim.capability.responses.base import Response, Situation
from sim.spec import NonNegative, Probability

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class Synthetic(Response):
    """Fill the gap with generated data.

    ``accumulate`` keeps the real data and adds generated ones: at most ``amount`` for each
    real one and no more than is missing, each worth quality^(gamma / beta).  Over generations
    the excess error stays bounded by the sum of 1 / n^2, pi^2 / 6 in the limit.  ``replace``
    puts generated data in the place of real ones, of which only ``kept`` remain, and the
    excess error grows with each generation: n times after n.  Both from the linear theory of
    Gerstgrasser et al. 2024 (arXiv 2404.01413); errors are read as lost data.
    """

    mode: Literal["accumulate", "replace"] = "accumulate"
    amount: NonNegative = 1.0
    """Generated data for each real one, at most."""
    quality: Annotated[float, Field(gt=0.0, le=1.0)] = 0.5
    """Of generated data beside real ones: an assumption."""
    generations: Annotated[int, Field(ge=1, le=100)] = 1
    """How many models in a row were trained on what the one before made."""
    kept: Probability = 0.0
    """Share of the real data kept where generated data replace them."""

    def apply(self, situation: Situation) -> Floats:
        """Return what real and generated data are worth together."""
        import numpy as np

        data = situation.data
        if self.mode == "replace":
            return data * (self.kept + (1.0 - self.kept) / (self.generations + 1))
        missing = np.maximum(situation.full.total - data, 0.0)
        beta = np.asarray(situation.surrogate.beta)
        worth = self.quality ** (situation.surrogate.quality / beta)
        bound = sum(1.0 / n**2 for n in range(1, self.generations + 1))
        return data + worth * np.minimum(self.amount * data, missing) / bound
