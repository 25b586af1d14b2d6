"""A regulator or court that rules when it comes to it, the sooner the more creators protest."""

from __future__ import annotations

from sim.institutions.calendar import Ruling
from sim.institutions.names import InstitutionName
from sim.spec import NonNegative, Spec


class Regulator(Spec):
    """A regulator or court.

    From the date of its ruling on it rules once, with a hazard of rate + pressure * P a year,
    where P is the share of creators seen acting.  Rulings of fixed dates need no regulator:
    they stand in the calendar.
    """

    name: InstitutionName
    ruling: Ruling
    """What it rules, from when on, and at which rate without protest."""
    pressure: NonNegative = 0.0
    """Rulings a year that a protest of everybody adds."""
