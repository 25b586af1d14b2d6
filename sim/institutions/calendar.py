"""The exogenous calendar: what happens on a date whatever creators and labs do."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from sim.spec import Name, NonNegative, Part, Probability


class Event(Part):
    """Something that falls due on a date."""

    package: ClassVar[str] = ""
    noun: ClassVar[str] = "event"

    on: date
    """When it falls due."""


class Broadcast(Event):
    """News that reaches creators directly, then fades from attention.

    A creator who has not heard yet hears with probability ``reach`` in the first step, and
    with a probability that halves every ``half_life`` days in the steps after.
    """

    label: Annotated[str, Field(max_length=120)] = ""
    """What the news is, for figures and tables."""
    reach: Probability = 1.0
    """Probability of hearing in the first step."""
    half_life: NonNegative = 0.0
    """Days in which attention halves; 0: news of one step."""
    communities: tuple[Name, ...] = ()
    """Who is addressed; everybody unless stated."""
