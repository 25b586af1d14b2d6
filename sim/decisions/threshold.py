"""Join when enough others have."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from sim.decisions.base import Rule


class Threshold(Rule):
    """Mobilise once the exposure reaches the creator's own threshold.

    References
    ----------
    Granovetter 1978, doi:10.1086/226707 (everyone); Watts 2002, doi:10.1073/pnas.082090499
    (share of neighbours); Centola & Macy 2007, doi:10.1086/521848 (count of neighbours).
    """

    when: ClassVar[str] = "reached"

    of: Literal["share", "count"] = "share"
    """Whether the threshold is a share or a count of the others."""
    scope: Literal["neighbours", "everyone"] = "neighbours"
    """Whose acts count."""
    reversible: bool = False
    """Whether creators stop again when the exposure falls below the threshold."""

    def parameters(self) -> dict[str, Any]:
        return {**super().parameters(), "counted": self.of == "count"}

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
