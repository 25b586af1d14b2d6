"""The lab trains on what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.capability.responses.base import Response, Situation

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class NoResponse(Response):
    """Train on what is left, once."""

    @classmethod
    def kind(cls) -> str:
        """Return the name of this response in files."""
        return "none"

    def apply(self, situation: Situation) -> NDArray[np.float64]:
        """Return the data as they are."""
        return situation.data
