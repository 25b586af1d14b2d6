"""Join when enough others have."""

from __future__ import annotations

import math
from typing import Any, ClassVar, Literal

from sim.decisions.base import Rule


class Threshold(Rule):
    """Mobilise once the exposure reaches the creator's own threshold.

    References
    ----------
    Granovetter 1978, doi:10.1086/226707 (everyone); Watts 2002, doi:10.1073/pnas.082090499
    (share of neighbours); Centola & Macy 2007, doi:10.1086/521848 (count of neighbours).
    """

    when: ClassVar = "reached"
    scales_pull: ClassVar = True
    of: Literal["share", "count"] = "share"
    """Whether the threshold is a share or a count of the others."""
    scope: Literal["neighbours", "everyone"] = "neighbours"
    """Whose acts count."""
    reversible: bool = False
    """Whether creators stop again when the exposure falls below the threshold."""

    def parameters(self) -> dict[str, Any]:
        return {**super().parameters(), "counted": self.of == "count"}

    def stays(self) -> bool:
        return not self.reversible

    def monotone(self) -> bool:
        return True

    @staticmethod
    def decide(
        mobilised: bool,
        active: float,
        exposure: float,
        threshold: float,
        shift: float,
        counted: bool,
        reversible: bool,
    ) -> bool:
        """Return whether the creator acts: exposure at or above threshold, or no way back."""
        seen = active if counted else exposure
        return seen >= threshold - shift or (mobilised and not reversible)

    @staticmethod
    def quota(degree: int, threshold: float, counted: bool) -> int:
        """Return the least number m of acting others at which the creator joins.

        Exactly where `decide` turns: m / degree >= threshold in floating point, which holds for
        m / degree equal to the decimal number that was written down.
        """
        if threshold <= 0.0:
            return 0
        if threshold > (degree if counted else 1.0) or degree == 0:
            return degree + 1
        if counted:
            return math.ceil(threshold)
        m = math.ceil(threshold * degree)
        while (m - 1) / degree >= threshold:
            m -= 1
        while m / degree < threshold:
            m += 1
        return m
