"""Act on one's own motivation, encouraged or discouraged by what others do."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from sim.decisions.base import Rule


class Motivation(Rule):
    """Mobilise iff b + c > 0; c moves towards minus the local share who do not participate.

    c' = lambda c - (1 - lambda) (1 - local participation), where b is the creator's grievance.

    References
    ----------
    Siegel 2009, doi:10.1111/j.1540-5907.2008.00361.x.
    """

    memories: ClassVar[dict[str, float]] = {"discouragement": -1.0}

    persistence: Annotated[float, Field(ge=0.0, lt=1.0)] = 0.5
    """lambda: how much of the external motivation c lasts from step to step."""
    scope: Literal["neighbours", "everyone"] = "neighbours"
    """Whose acts count."""

    def monotone(self) -> bool:
        return True

    @staticmethod
    def decide(
        exposure: float, grievance: float, discouragement: float, shift: float, persistence: float
    ) -> tuple[bool, float]:
        """Return whether the creator acts, and its new external motivation."""
        c = persistence * discouragement - (1.0 - persistence) * (1.0 - exposure)
        return grievance + c + shift > 0.0, c
