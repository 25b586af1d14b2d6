"""A bargaining table at play: creators demand, the lab accepts or waits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.institutions.actors.actor import Actor
from sim.institutions.arithmetic.bargaining import Prospect, Stakes, accepts, demanded
from sim.institutions.calendar import YEAR

if TYPE_CHECKING:
    from sim.institutions.actors.cast import Cast
    from sim.institutions.bargaining import Bargaining


class BargainingActor(Actor):
    """Plays a `Bargaining`.

    Attributes
    ----------
    struck : int
        Steps since the lab began to bargain; -1 before.
    settled : bool
        Whether a deal holds.
    demand : float
        What is asked for, in money a step.
    paid : float
        What the lab pays in a step under the deal.
    surplus : float
        What a deal would create in a step.
    """

    kind = "bargaining"
    series = ("struck", "demand", "surplus", "settled", "paid")

    def __init__(self, cast: Cast, spec: Bargaining, number: int) -> None:
        super().__init__(cast, spec, number)
        self.name = f"{spec.lab}" if number == 0 else f"{spec.lab}.{number}"
        self.lab = cast.lab(spec.lab)
        self.organiser = cast.organiser(spec.organiser)
        self.struck = -1
        self.settled = False
        self.demand = self.paid = self.surplus = 0.0
        self._until = 0
        self._party = np.empty(0, dtype=np.int32)

    def act(self) -> None:
        """Let a deal run out; demand, and settle if the lab had rather pay than wait."""
        if self.settled and self.step_number >= self._until:
            self._run_out()
        share = self.cast.share_of(self.cast.addressed(self.spec.communities))
        if not self._bargains(share):
            self.struck = -1
        over = self.organiser is not None and self.organiser.calls_off
        if self.settled or over or not self._bargains(share):
            return
        self.struck += 1
        prospect = self._prospect()
        spec = self.spec
        self.surplus = prospect.now.surplus
        self.demand = demanded(prospect.now, spec.power, spec.asking, spec.learning, self.struck)
        rate = spec.discount * self.scenario.step_days / YEAR
        if self.surplus > 0.0 and accepts(
            prospect, spec.power, spec.asking, spec.learning, self.struck, rate, spec.patience
        ):
            self._settle()

    def _bargains(self, share: float) -> bool:
        return share > 0.0 and share >= self.spec.starts

    def _prospect(self) -> Prospect:
        """Return what the lab expects, from the works it could train on now."""
        market, outlook, spec = self.cast.market, self.lab.outlook(), self.spec
        back, without = (
            0.0 if market is None else market.profit(self.lab, loss)
            for loss in (outlook.back, outlook.now)
        )
        without -= spec.disruption * self.cast.share_of(self.cast.addressed(spec.communities))
        pay = self.organiser.pay_of() if self.organiser else 0.0
        heads = self._heads()
        alone = heads * (spec.income - spec.sacrifice)
        now = Stakes(back, without, alone + heads * pay)
        left = self.organiser.steps_left() if self.organiser and pay > 0.0 else math.inf
        ends, goes_on = self.organiser.announced() if self.organiser else (math.inf, 0.0)
        later = Stakes(back, without, alone)
        term = float(max(spec.term, 1))
        return Prospect(now, later, left, spec.attrition, ends, goes_on, term)

    def _heads(self) -> float:
        """Return how many real creators of this table act."""
        counts = self.engine.counts[0] * self.cast.represents
        return float(counts[self.cast.addressed(self.spec.communities)].sum())

    def _settle(self) -> None:
        """Let those who act go back to contributing, and hold to the deal for its term."""
        here = self.cast.addressed(self.spec.communities)
        acting = np.flatnonzero(self.engine.tactic).astype(np.int32)
        at_table = np.repeat(here, self.engine.world.network.sizes)
        self._party = acting[at_table[acting]]
        self.engine.orders.stop(self._party)
        self.engine.orders.bind(self._party)
        self.cast.concede(here, 1.0)
        self.settled, self.paid = True, self.demand
        self._until = self.step_number + max(self.spec.term, 1)

    def _run_out(self) -> None:
        self.engine.orders.free(self._party)
        self.settled, self.paid, self.struck = False, 0.0, -1
