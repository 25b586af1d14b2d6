"""How a lab answers creators who act: give in, buy them out one by one, or strike back."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from sim.creators.distributions import Quantity, Uniform
from sim.spec import Name, NonNegative, Probability, Spec


class Concession(Spec):
    """When a lab gives in, and what it offers.

    It gives in once, in the first step in which

    reputation P A + returns (L - L_back) >= price + more compliance (L_out - L),

    where P is the share of creators seen acting, A the attention of the press (1 where there is
    none), L the loss of a model trained on what the lab has, L_back if all works came back and
    L_out if all that creators want out were out.  All terms are shares of the full loss.  The
    two motives, disruption and reputation, are those of King 2008, doi:10.2189/asqu.53.3.395;
    their sum is an assumption.
    """

    reputation: NonNegative = 0.0
    """Loss that the lab would take on to be rid of a protest of everybody."""
    compliance: Probability | None = None
    """Probability with which requests are honoured from then on; as before unless stated."""
    returns: Probability = 0.0
    """Share of those who act who stop when the lab gives in."""
    price: NonNegative = 0.0
    """What giving in costs otherwise, as a share of the loss."""
    size: Probability = 1.0
    """How much of what was asked it is, to creators."""
    communities: tuple[Name, ...] = ()
    """To whom it is made; everybody unless stated."""
    first: date | None = None
    """Not before this date."""
    only_when_asked: bool = False
    """Whether the lab answers demands of an organiser only."""
    truce: Annotated[int, Field(ge=1)] = 26
    """Steps for which those who stopped do not act again."""


class Licensing(Spec):
    """Divide and conquer: individual offers, each at what a model would lose without that one.

    Since losses are convex, these values of single creators add up to a share r < 1 of what
    their works are worth together.  A creator who expects to get a share b of its part of a
    collective deal by holding out accepts iff b <= r.  Whoever accepts stops acting and does
    not start again (Segal 2003, Journal of Economic Theory 113(2), 147-181).
    """

    offers: Annotated[int, Field(ge=1)] = 100
    """Simulated creators who get an offer in a step, largest portfolios first."""
    hope: Quantity = Uniform(0.0, 1.0)
    """b: what creators expect from holding out, as a share of their part: an assumption."""
    starts: Probability = 0.05
    """Share of creators seen acting from which offers are made."""


class Retaliation(Spec):
    """What a lab does against creators who act, once enough are seen to."""

    by: Literal["ignoring", "banning"] = "ignoring"
    """Honour no request any more, or lock out whoever acts."""
    at: Probability = 0.05
    """Share of creators seen acting."""
    sanction: NonNegative = 0.0
    """Cost of being locked out (utility): deters everybody from acting."""
