"""The lab buys back part of what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.capability.responses.base import Response, Situation
from sim.spec import NonNegative, Probability

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class License(Response):
    """Buy missing data at a price, as far as owners accept and the budget goes.

    Every community's missing data are bought in the same proportion.  Price and budget are in
    any one unit of money; data in units of the full corpus.
    """

    price: NonNegative = 0.0
    """For data as large as the full corpus."""
    budget: NonNegative | None = None
    """Most that the lab spends; without limit unless stated."""
    accept: Probability = 1.0
    """Share of the missing data whose owners sell."""

    def apply(self, situation: Situation) -> Floats:
        """Return the data with what is bought."""
        missing = _missing(situation)
        trained: Floats = situation.data + self._share(missing)[:, None] * missing
        return trained

    def cost(self, situation: Situation) -> Floats:
        """Return what the lab pays, (cases,)."""
        missing = _missing(situation)
        paid: Floats = self.price * self._share(missing) * missing.sum(axis=-1)
        return paid

    def _share(self, missing: Floats) -> Floats:
        import numpy as np

        whole = self.price * missing.sum(axis=-1)
        if self.budget is None:
            return np.full(whole.shape, self.accept)
        affordable = np.divide(self.budget, whole, out=np.ones_like(whole), where=whole > 0.0)
        share: Floats = np.minimum(affordable, self.accept)
        return share


def _missing(situation: Situation) -> Floats:
    import numpy as np

    return np.maximum(situation.full.total - situation.data, 0.0)
