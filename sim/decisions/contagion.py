"""Catch it from others, and recover."""

from __future__ import annotations

import math
from typing import ClassVar, Literal

from sim.decisions.base import Rule
from sim.spec import Probability


class Contagion(Rule):
    """Start with probability 1 - (1 - beta)^k among k acting others; stop with gamma.

    References
    ----------
    Kermack & McKendrick 1927, doi:10.1098/rspa.1927.0118 (SI, SIS, SIR); Kempe, Kleinberg &
    Tardos 2003, doi:10.1145/956750.956769 (independent cascades).
    """

    scales_pull: ClassVar = True

    beta: Probability = 0.1
    """Probability of starting because of one acting other in one step."""
    gamma: Probability = 0.0
    """Probability that a creator who acts stops in a step."""
    immune: bool = False
    """Whether those who stopped never start again (SIR instead of SIS)."""
    scope: Literal["neighbours", "everyone"] = "neighbours"
    """Whose acts count."""

    def monotone(self) -> bool:
        return True

    @staticmethod
    def probability(
        mobilised: bool,
        ever: bool,
        active: float,
        shift: float,
        beta: float,
        gamma: float,
        immune: bool,
    ) -> float:
        """Return the probability of acting in the next step."""
        if mobilised:
            return 1.0 - gamma
        if active <= 0 or (immune and ever):
            return 0.0
        chance = beta
        if shift != 0.0 and 0.0 < beta < 1.0:
            chance = 1.0 / (1.0 + (1.0 - beta) / beta * math.exp(-shift))
        return 1.0 - math.pow(1.0 - chance, active)
