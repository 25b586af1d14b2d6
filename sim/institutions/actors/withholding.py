"""Whose works are out through no act of their own: platforms' defaults and lists, and the law."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.kernels.crowd import LICENSED, WITHHELD

if TYPE_CHECKING:
    from sim.institutions.actors.cast import Cast


class Withholding:
    """Keeps the flag of withheld works in line with platforms and the law.

    Parameters
    ----------
    cast : Cast
        All institutions of the run.
    """

    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    def refresh(self) -> None:
        """Withhold and restore works after a default, list or law has changed."""
        engine, law = self.cast.engine, self.cast.law
        out = np.zeros(engine.world.size, dtype=bool)
        for platform in self.cast.platforms:
            out[platform.kept_out] = True
        agreed = engine.flags & LICENSED != 0
        if law.asks:
            out |= law.bars()
            agreed |= law.said_yes
        out &= ~agreed
        now = engine.flags & WITHHELD != 0
        engine.orders.withhold(np.flatnonzero(out & ~now).astype(np.int32))
        engine.orders.restore(np.flatnonzero(now & ~out).astype(np.int32))
