"""The exogenous calendar: what happens whatever creators and labs do.

An event falls due on its date; with a ``rate``, from that date on with a constant hazard, drawn
by address, so that it comes at the same time with and without action.
"""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from sim.spec import Name, NonNegative, Part, Positive, Probability

if TYPE_CHECKING:
    from sim.scenario import Scenario

Label = Annotated[str, Field(max_length=120)]
Rate = Positive | None
YEAR = 365.25


class Event(Part):
    """Something that falls due on a date, or at a rate from a date on."""

    package: ClassVar[str] = ""
    noun: ClassVar[str] = "event"

    on: date
    """When it falls due, or may from then on."""

    def due(self, scenario: Scenario, seed: int, number: int) -> int | None:
        """Return the step in which it falls due, at least 1; None if it never does.

        Parameters
        ----------
        scenario : Scenario
            Whose calendar it is in.
        seed : int
            Random seed of the run.
        number : int
            Its place in the calendar, which addresses its draws.
        """
        first = max(1, scenario.step_of(self.on))
        rate: float | None = getattr(self, "rate", None)
        if rate is None:
            return first
        from sim.kernels.philox import uniform
        from sim.purposes import HAZARD

        chance = hazard(rate, scenario.step_days)
        steps = range(first, scenario.steps + 1)
        return next((s for s in steps if uniform(seed, HAZARD, s, number, 0) < chance), None)


class Broadcast(Event):
    """News that reaches creators directly, then fades from attention.

    A creator who has not heard yet hears with probability ``reach`` in the first step, and
    with a probability that halves every ``half_life`` days in the steps after.
    """

    label: Label = ""
    """What the news is, for figures and tables."""
    reach: Probability = 1.0
    """Probability of hearing in the first step."""
    half_life: NonNegative = 0.0
    """Days in which attention halves; 0: news of one step."""
    communities: tuple[Name, ...] = ()
    """Who is addressed; everybody unless stated."""
    rate: Rate = None
    """Times a year at which it comes from the date on; on the date itself unless stated."""


class Deadline(Event):
    """The last day for requests to count in a lab's trainings that follow.

    Requests filed later do not count for that lab any more.  Before, urgency draws creators:
    it halves with every ``half_life`` days that are left (the deadline effect: Roth, Murnighan
    & Schoumaker 1988, American Economic Review 78(4), 806-823).
    """

    lab: str
    label: Label = ""
    urgency: NonNegative = 0.0
    """Utility of acting on the last day."""
    half_life: Positive = 7.0
    """Days before the deadline in which urgency halves."""
    until: date | None = None
    """From when on requests count again; never unless stated."""


class TrainingDate(Event):
    """A day on which a lab trains, beside its own cadence."""

    lab: str
    label: Label = ""
    rate: Rate = None
    """Times a year at which it comes from the date on; on the date itself unless stated."""


class Release(Event):
    """A model released by somebody who is not simulated."""

    label: Label = ""
    gain: float = 0.0
    """Capability that it gains in creators' own domains, in shares of the full loss."""
    communities: tuple[Name, ...] = ()
    """Whose domains; everybody's unless stated."""
    rate: Rate = None
    """Times a year at which it comes from the date on; on the date itself unless stated."""


class Ruling(Event):
    """A court or the law speaks: for creators with a probability, else nothing changes."""

    label: Label = ""
    regime: Literal["opt_out", "opt_in", "referendum"] | None = None
    """How consent is given from then on; as before unless stated."""
    asked: Probability | None = None
    """Share of creators who are asked for their consent from then on; as before unless stated."""
    enforcement: Probability | None = None
    """Least probability with which labs honour requests from then on."""
    labs: tuple[str, ...] = ()
    """Which labs it binds; all unless stated."""
    transparency: Probability = 0.0
    """Probability that a creator hears from then on, in each step, that its works are used."""
    concession: Probability = 1.0
    """How much of what creators want it gives them."""
    favours: Probability = 1.0
    """Probability that it goes the creators' way."""
    rate: Rate = None
    """Times a year at which it comes from the date on; on the date itself unless stated."""


def hazard(rate: float, days: float) -> float:
    """Return the probability that something with a yearly rate happens within days."""
    return -math.expm1(-rate * days / YEAR)
