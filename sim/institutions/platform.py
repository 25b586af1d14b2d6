"""A platform: who is on it, what its default is, and how it meets a protest."""

from __future__ import annotations

from datetime import date
from typing import Literal

from sim.institutions.names import InstitutionName
from sim.spec import Name, NonNegative, Probability, Spec


class Platform(Spec):
    """A platform on which creators publish, and which can speak for their works.

    What a default or a list of the platform takes out is withheld: absent from labs that honour
    it, but not an act of the creators, who are neither counted nor seen as mobilised.
    """

    name: InstitutionName
    members: Probability | dict[Name, Probability] = 1.0
    """Share of creators whose works are here, everywhere or by community."""
    default: Literal["in", "out"] = "in"
    """Whether members' works may be used for training unless they say otherwise."""
    reversed_on: date | None = None
    """Date on which the default changes to the other one."""
    reversed_at: Probability | None = None
    """Share of members seen acting, each counted for the real ones, at which the default changes
    from in to out."""
    sticks: Probability = 1.0
    """Probability that a member leaves the default as it is (Johnson & Goldstein 2003,
    doi:10.1126/science.1091721)."""
    choice_on: date | None = None
    """Date from which members can take their works out by a setting, while the default leaves
    them in: those do who do not stick to it."""
    choice_at: Probability | None = None
    """Share of members seen acting at which that choice is offered."""
    bulk_opt_out: date | None = None
    """Date on which the platform opts all members out; part of the action."""
    tool_on: date | None = None
    """Date from which members can opt out with one click."""
    tool_at: Probability | None = None
    """Share of members seen acting at which the tool is offered."""
    tool: Probability = 0.0
    """Share of a member's cost of acting that the tool saves."""
    refused_on: date | None = None
    """Date on which the platform refuses in public what members ask of it."""
    outrage: NonNegative = 0.0
    """Utility of acting that a refusal adds to members until it gives in (backfire:
    Hess & Martin 2006, Mobilization 11(2), 249-267; that it adds is an assumption)."""
    bans_at: Probability | None = None
    """Share of members seen acting from which the platform bans."""
    bans: Probability = 0.0
    """Probability that a member who is seen acting is banned in a step: what it took down is
    put back, and it cannot act any more."""
    deterrence: NonNegative = 0.0
    """Cost of acting to members while the platform bans (utility)."""
    notice: Probability = 0.0
    """Probability that a member's community hears of a new default, choice or tool, or of
    a refusal, in that step."""
    concession: Probability = 0.0
    """How much of what was asked a new default, choice or tool is, to its communities."""

    def share_of(self, community: str) -> float:
        """Return the share of a community's creators who are members."""
        if isinstance(self.members, dict):
            return self.members.get(community, 0.0)
        return self.members

    @property
    def bans_members(self) -> bool:
        """Whether members may be banned."""
        return self.bans_at is not None and self.bans > 0.0

    @property
    def moves_members(self) -> bool:
        """Whether it changes what members want."""
        deters = self.bans_at is not None and self.deterrence > 0.0
        angers = self.refused_on is not None and self.outrage > 0.0
        return self.tool > 0.0 or deters or angers
