"""A community of creators: how many there are, what they own, feel and would do."""

from __future__ import annotations

import math
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from sim.creators.distributions import Constant, Quantity
from sim.spec import Name, Probability, Spec
from sim.tactics import TacticName, named


def _as_mix(value: Any) -> Any:
    return {value: 1.0} if isinstance(value, str) else value


def _in_order(mix: dict[str, float]) -> dict[str, float]:
    return {tactic: mix[tactic] for tactic in sorted(mix, key=named)}


Repertoire = Annotated[
    dict[TacticName, Probability],
    BeforeValidator(_as_mix),
    Field(min_length=1),
    AfterValidator(_in_order),
]
"""Shares of creators by the tactic that they use when mobilised (Tilly's term)."""


class Community(Spec):
    """Creators who share a trade, and how their quantities differ."""

    name: Name
    """Name by which the community is addressed everywhere."""
    size: Annotated[int, Field(ge=1, le=2**31 - 2)]
    """Simulated creators."""
    threshold: Quantity = Constant(0.5)
    """Exposure at which a creator joins (share, or count where the rule counts)."""
    grievance: Quantity = Constant(0.0)
    """How strongly a creator objects to the use of its works (utility)."""
    cost: Quantity = Constant(0.0)
    """What acting costs a creator (utility)."""
    efficacy: Quantity = Constant(0.0)
    """How much a creator believes that acting works (utility)."""
    stock: Quantity = Constant(1.0)
    """Works already public at the start."""
    output: Quantity = Constant(0.0)
    """Works made per step."""
    stock_by_degree: Annotated[float, Field(ge=-1.0, le=1.0)] = 0.0
    """Rank correlation between a creator's stock and its number of links."""
    repertoire: Repertoire = Field(default={"withhold": 1.0})
    """Tactics used when mobilised, with the share of creators who use each."""
    represents: Annotated[float, Field(gt=0.0, le=1e12)] = 1.0
    """Real creators for each simulated one."""
    aware: Probability = 1.0
    """Share of creators who know of the campaign at the start."""
    attention: Probability = 1.0
    """How reachable these creators are: multiplies every probability of hearing."""
    linked: bool = True
    """Whether the network links these creators; those outside it have no neighbours, and a network
    from a file leaves their number as it is."""
    consents: Probability = 0.0
    """Share of creators who say yes when asked to let models be trained on their works."""
    opposes: tuple[Name, ...] = ()
    """Communities whose protest these creators are against: to creators there, each of these who
    acts cancels one whom they see acting with them, while what those there do draws these to act
    in turn (Meyer & Staggenborg 1996, American Journal of Sociology 101(6), 1628-1660)."""
    traits: dict[Name, Quantity] = Field(default={})
    """Further quantities that a decision rule reads, by name."""

    @model_validator(mode="after")
    def _mix_is_whole(self) -> Self:
        total = math.fsum(self.repertoire.values())
        if abs(total - 1.0) > 1e-9:
            raise ValueError(f"repertoire shares must add up to 1, got {total:g}")
        if "contribute" in self.repertoire:
            raise ValueError("repertoire: contribute is what creators do who are not mobilised")
        return self
