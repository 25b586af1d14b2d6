"""An organiser: whom it asks to join, with which means, and what it demands."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sim.institutions.names import InstitutionName
from sim.spec import Name, NonNegative, Probability, Spec


class Fund(Spec):
    """A strike fund: pays those who act until it is empty."""

    amount: NonNegative
    """Money at the start."""
    pay: NonNegative = 1.0
    """Money paid in each step to each real creator who acts."""
    dues: NonNegative = 0.0
    """Money that comes in, in each step, from each real creator who does not act."""
    covers: Probability = 1.0
    """Share of a creator's cost of acting that the pay takes off."""


class Demand(Spec):
    """What an organiser asks of a lab, and until when."""

    lab: InstitutionName
    at: Probability = 0.0
    """Share of creators seen acting at which it is made."""
    deadline: Annotated[int, Field(ge=1)] = 4
    """Steps that the lab has to give in."""
    escalation: Annotated[float, Field(ge=1.0)] = 1.0
    """Factor by which the organiser asks more creators in each step once it is refused."""


class Organiser(Spec):
    """Somebody who asks creators, one by one, to act.

    Those asked come to know of the campaign, and join with a probability.
    """

    name: InstitutionName
    contacts: NonNegative = 10.0
    """Simulated creators asked in a step."""
    targets: Literal["random", "hubs", "largest", "greedy"] = "random"
    """Whom it asks first: anybody; those with most links; those with most works; or those who
    together are seen by most (greedy cover, Kempe et al. 2003, doi:10.1145/956750.956769)."""
    community: Name | None = None
    """Whose creators it asks; everybody's unless stated."""
    persuasion: Probability = 0.1
    """Probability that a creator who is asked joins (door-to-door canvassing moves turnout by
    about .09: Gerber & Green 2000, doi:10.2307/2585837)."""
    committed: bool = False
    """Whether those who joined on being asked never stop."""
    begins: date | None = None
    """First day of the campaign; from the start unless stated."""
    ends: date | None = None
    """Last day; to the end unless stated."""
    until: date | None = None
    """Announced last day of the action: those who act go back then, and a lab that bargains knows
    it beforehand; open-ended unless stated."""
    goes_on: Probability = 0.0
    """Share of them who go on nevertheless."""
    burn_out: Probability = 0.0
    """Share of its remaining strength that each step of campaigning costs."""
    pledges: Annotated[int, Field(ge=1)] | None = None
    """Simulated creators who must have pledged before the first of them acts; later ones join at
    once, as all do unless this is stated."""
    fund: Fund | None = None
    """Strike fund of the creators whom it organises."""
    demand: Demand | None = None
    """What it asks of a lab."""

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.begins and self.ends and self.ends < self.begins:
            raise ValueError(f"ends: must not be before begins, got {self.ends}")
        return self
