"""Contribute when one's own resources move the common good enough to pay."""

from __future__ import annotations

import math
from typing import ClassVar

from sim.decisions.base import Rule
from sim.spec import Positive


class CriticalMass(Rule):
    """Contribute iff v [P(R + r) - P(R)] > cost, one at a time.

    R is the share of all resources that others have contributed, r the creator's own share, v
    its interest in the good, and P(R) = R^exponent the production function: accelerating above
    1, linear at 1, decelerating below.  Contributions are not taken back.

    References
    ----------
    Oliver, Marwell & Teixeira 1985, doi:10.1086/228313.
    """

    when: ClassVar = "reached"
    order: ClassVar = "one_by_one"
    traits: ClassVar[dict[str, float]] = {"interest": 1.0, "resource": 1.0}
    weighs: ClassVar[str | None] = "resource"

    exponent: Positive = 2.0
    """Of the production function."""

    @property
    def everyone(self) -> bool:
        return True

    def monotone(self) -> bool:
        return self.exponent >= 1.0

    @staticmethod
    def decide(
        mobilised: bool,
        exposure: float,
        weight: float,
        degree: float,
        interest: float,
        cost: float,
        shift: float,
        exponent: float,
    ) -> bool:
        """Return whether the creator contributes."""
        if mobilised:
            return True
        own = weight / degree if degree > 0 else 0.0
        gain = math.pow(exposure + own, exponent) - math.pow(exposure, exponent)
        return interest * gain + shift > cost
