"""A regulator or court at play."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.institutions.actors.actor import Actor
from sim.institutions.calendar import hazard
from sim.kernels.philox import uniform
from sim.purposes import HAZARD

if TYPE_CHECKING:
    from sim.institutions.actors.cast import Cast
    from sim.institutions.regulator import Regulator

FIRST = 1_000_000
"""Number that addresses the first regulator's draws; events of the calendar come before."""


class RegulatorActor(Actor):
    """Plays a `Regulator`.

    Attributes
    ----------
    ruled : bool
        Whether it has ruled.
    favoured : bool
        Whether it ruled for the creators.
    """

    kind = "regulator"
    series = ("ruled", "favoured", "hazard")

    def __init__(self, cast: Cast, spec: Regulator, number: int) -> None:
        super().__init__(cast, spec, number)
        self.ruled = self.favoured = False
        self.hazard = 0.0
        self._first = cast.step_of(spec.ruling.on)

    def act(self) -> None:
        """Rule, if it comes to it in this step."""
        ruling, step = self.spec.ruling, self.step_number
        if self.ruled or step < self._first:
            return
        pressed = self.spec.pressure * self.cast.participation
        if ruling.rate is None and self.spec.pressure == 0.0:
            self.hazard = 1.0
        else:
            self.hazard = hazard((ruling.rate or 0.0) + pressed, self.scenario.step_days)
        if uniform(self.engine.seed, HAZARD, step, FIRST + self.number, 0) < self.hazard:
            self.ruled = True
            self.favoured = self.cast.rule(ruling, FIRST + self.number)
