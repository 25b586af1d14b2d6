"""Sign to act if enough others sign; nobody acts alone."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from sim.decisions.base import Rule


class ConditionalPledge(Rule):
    """A pledge binds once as many others have signed as it asks for; otherwise it is released.

    In each step the largest group forms in which every member's condition is met by the other
    members and by those who act already: of n members, the n-th lowest threshold is at most
    n - 1.  Pledges that bind are kept.

    References
    ----------
    Bagnoli & Lipman 1989, doi:10.2307/2297503 (assurance contracts); Tabarrok 1998,
    doi:10.1023/A:1004957109535.
    """

    when: ClassVar = "pledge"
    scales_pull: ClassVar = True

    of: Literal["share", "count"] = "count"
    """Whether a pledge asks for a share of all creators or a count of others."""

    def parameters(self) -> dict[str, Any]:
        return {**super().parameters(), "counted": self.of == "count"}

    @property
    def everyone(self) -> bool:
        return True

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
    ) -> bool:
        """Return whether the creator's pledge binds when the others seen have signed."""
        return mobilised or (active if counted else exposure) >= threshold - shift
