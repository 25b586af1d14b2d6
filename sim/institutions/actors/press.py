"""The press at play."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.institutions.actors.actor import Actor

if TYPE_CHECKING:
    from sim.institutions.actors.cast import Cast
    from sim.institutions.press import Press


class PressActor(Actor):
    """Plays a `Press`: attends to what happened, and lets readers know at the next step.

    Attributes
    ----------
    attention : float
        Between 0 and 1.
    """

    kind = "press"
    series = ("attention",)

    def __init__(self, cast: Cast, spec: Press) -> None:
        super().__init__(cast, spec)
        self.attention = spec.attention
        self._seen = cast.participation

    def act(self) -> None:
        """Attend to what has happened, and cover it."""
        spec, cast = self.spec, self.cast
        kept = 0.5 ** (self.scenario.step_days / spec.half_life)
        rise = max(0.0, cast.participation - self._seen)
        worth = spec.participation * rise + spec.release * cast.releases
        worth += spec.concession * cast.concessions
        self.attention = 1.0 - (1.0 - kept * self.attention) * math.exp(-worth)
        self._seen = cast.participation
        reads = cast.addressed(spec.communities).astype(float)
        cast.tell(np.asarray(spec.reach * self.attention * reads))
