"""Rebel when the grievance outweighs the risk of being sanctioned."""

from __future__ import annotations

import math
from typing import ClassVar, Literal

from sim.decisions.base import Rule
from sim.spec import Finite, NonNegative


class GrievanceRisk(Rule):
    """Mobilise iff G - R (1 - exp(-k sanction / active)) > T, active = 1 + acting others seen.

    G is the creator's grievance and R its aversion to risk.

    References
    ----------
    Epstein 2002, doi:10.1073/pnas.092080199.
    """

    when: ClassVar = "reached"
    traits: ClassVar[dict[str, float]] = {"risk": 0.5}

    tolerance: Finite = 0.1
    """T: net grievance above which a creator acts."""
    sanction: NonNegative = 1.0
    """Sanctioners within sight of each creator."""
    k: NonNegative = 2.3
    """Makes the probability of a sanction .9 where sanctioners are as many as acting creators."""
    whole: bool = False
    """Whether the ratio of sanctioners to acting creators is rounded down, as in the classic
    model's punctuated bursts."""
    scope: Literal["neighbours", "everyone"] = "neighbours"
    """Whose acts count."""

    def monotone(self) -> bool:
        return True

    @staticmethod
    def decide(
        active: float,
        grievance: float,
        risk: float,
        shift: float,
        tolerance: float,
        sanction: float,
        k: float,
        whole: bool,
    ) -> bool:
        """Return whether the creator acts."""
        ratio = sanction / (1.0 + active)
        if whole:
            ratio = math.floor(ratio)
        return grievance + shift - risk * (1.0 - math.exp(-k * ratio)) > tolerance
