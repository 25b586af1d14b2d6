"""The lab spends its token budget on another mix of communities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from sim.capability.repetition import epochs
from sim.capability.responses.base import Response, Situation
from sim.errors import InputError
from sim.spec import NonNegative

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

TRIED = (0.0, 0.25, 0.5, 0.75, 1.0)


class Reweight(Response):
    """Train each community's works as often as a mix says, within the budget of tokens.

    Works of community j are seen e_j = w_j * budget / sum_k w_k U_k times and are worth what
    `RepeatUniform` says.  Without ``weights``, w_j = (U_j^full / U_j)^emphasis: 0 repeats
    everything alike, 1 restores each community's share.  Without ``emphasis`` the lab takes
    whichever of 0, 1/4, ..., 1 loses least overall: its best answer that costs no money.
    """

    weights: tuple[NonNegative, ...] | None = None
    """How often each community's works are seen, relative to the others."""
    emphasis: Annotated[float, Field(ge=0.0, le=4.0)] | None = None
    """How far the mix leans to the communities that lost most."""

    def apply(self, situation: Situation) -> Floats:
        """Return the data of each community times what repeating them is worth."""
        import numpy as np

        if self.weights is not None:
            return self._mixed(situation, self._stated(situation))
        if self.emphasis is not None:
            return self._mixed(situation, _leaning(situation, self.emphasis))
        mixes = [self._mixed(situation, _leaning(situation, lean)) for lean in TRIED]
        losses = np.array([situation.overall(mix) for mix in mixes])
        best = losses.argmin(axis=0)
        chosen: Floats = np.array(mixes)[best, np.arange(best.size)]
        return chosen

    def _stated(self, situation: Situation) -> Floats:
        import numpy as np

        weights = np.array(self.weights, dtype=np.float64)
        communities = situation.data.shape[1]
        if weights.size != communities:
            raise InputError(
                f"the reweight response has {weights.size} weights and there are {communities} "
                "communities: give one for each"
            )
        return weights

    def _mixed(self, situation: Situation, weights: Floats) -> Floats:
        raw = situation.supply.raw
        often = weights * epochs(
            situation.full.raw.sum(), (weights * raw).sum(axis=-1, keepdims=True), at_least=0.0
        )
        return situation.repeated(often)


def _leaning(situation: Situation, emphasis: float) -> Floats:
    return epochs(situation.full.raw, situation.supply.raw) ** emphasis
