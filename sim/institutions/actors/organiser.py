"""An organiser at play: asks creators to join, pays them, demands."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.institutions.actors.actor import Actor
from sim.kernels.crowd import BOUND

if TYPE_CHECKING:
    from sim.institutions.actors.actor import Ids, Mask
    from sim.institutions.actors.cast import Cast
    from sim.institutions.organiser import Organiser

NOBODY = np.empty(0, dtype=np.int32)


class OrganiserActor(Actor):
    """Plays an `Organiser`.

    Attributes
    ----------
    strength : float
        What is left of its strength, 1 at the start.
    asked, recruited, pledged : int
        Creators asked so far, those who joined on being asked, and those who have promised to.
    fund : float
        Money left in the strike fund.
    demanding : bool
        Whether a demand has been made that is neither met nor refused.
    refused : bool
        Whether the deadline of the demand has passed.
    """

    kind = "organiser"
    series = ("strength", "asked", "recruited", "pledged", "fund", "demanding", "refused")

    def __init__(self, cast: Cast, spec: Organiser, number: int) -> None:
        super().__init__(cast, spec, number)
        self.strength = 1.0
        self.asked = self.recruited = 0
        self.fund = spec.fund.amount if spec.fund else 0.0
        self.demanding = self.refused = self.met = False
        self._made = 0
        self._promised: Ids = NOBODY
        self._waits = spec.pledges is not None
        self._order: Ids | None = None
        self._next = 0
        self._room = 0.0
        self._last = None if spec.until is None else cast.step_of(spec.until)
        self._relieve()

    @property
    def pledged(self) -> int:
        """Creators who have promised to act."""
        return int(self._promised.size)

    def act(self) -> None:
        """Campaign, pay and demand, as long as there is any action."""
        if not self.scenario.action:
            return
        if self._campaigning:
            self._campaign()
        if self.calls_off:
            self._call_off()
        self._pay()
        self._demand()

    @property
    def _campaigning(self) -> bool:
        begins, ends = self.spec.begins, self.spec.ends
        begun = begins is None or self.step_number >= self.cast.step_of(begins)
        return begun and (ends is None or self.scenario.date_of(self.step_number) <= ends)

    def _campaign(self) -> None:
        spec = self.spec
        effort = spec.demand.escalation if spec.demand and self.refused else 1.0
        self._room += spec.contacts * self.strength * effort
        ids = self._candidates(int(self._room))
        self._room -= int(self._room)
        self.strength *= 1.0 - spec.burn_out
        self.engine.orders.inform(ids)
        self.asked += ids.size
        self._recruit(ids[self.draws(ids) < spec.persuasion])

    def _recruit(self, ids: Ids) -> None:
        """Let creators act; or promise to, until enough have promised."""
        if self._waits:
            self._promised = np.union1d(self._promised, ids).astype(np.int32)
            if self._promised.size < self.spec.pledges:
                return
            self._waits = False
            idle = self.engine.tactic[self._promised] == 0
            ids, self._promised = self._promised[idle], NOBODY
        self.recruited += ids.size
        self.engine.orders.start(ids, self.spec.committed)

    @property
    def calls_off(self) -> bool:
        """Whether the action ends in this step, as announced."""
        return self._last is not None and self.step_number == self._last + 1

    def announced(self) -> tuple[float, float]:
        """Return after how many steps the action ends as announced, and who goes on (share)."""
        if self._last is None or self.step_number > self._last:
            return math.inf, 0.0
        return float(self._last + 1 - self.step_number), self.spec.goes_on

    def _call_off(self) -> None:
        """Let all go back and stay there, but for those who act and go on."""
        begin, end = self.cast.bounds_of(self.spec.community)
        ids = np.arange(begin, end, dtype=np.int32)
        goes_on = self.draws(ids, step=self._last) < self.spec.goes_on
        back = ids[(self.engine.tactic[begin:end] == 0) | ~goes_on]
        self.engine.orders.stop(back)
        self.engine.orders.bind(back)

    def _candidates(self, count: int) -> Ids:
        """Return the next to ask: those who do not act, have not promised and are not bound."""
        if self._order is None:
            world = self.engine.world
            begin, end = self.cast.bounds_of(self.spec.community)
            self._order = world.ranked(self.spec.targets, begin, end)
        flags, tactic, order = self.engine.flags, self.engine.tactic, self._order
        found: list[Ids] = []
        missing, left = min(count, order.size), order.size
        while missing > 0 and left > 0:
            chunk = order[self._next : self._next + max(2 * missing, 64)][:left]
            able = (tactic[chunk] == 0) & (flags[chunk] & BOUND == 0)
            able &= ~np.isin(chunk, self._promised)
            places = np.flatnonzero(able)[:missing]
            passed = chunk.size if places.size < missing else int(places[-1]) + 1
            found.append(chunk[places])
            missing -= places.size
            left -= passed
            self._next = (self._next + passed) % order.size
        return np.concatenate(found) if found else NOBODY

    def _pay(self) -> None:
        """Pay those who act from the fund, until it is empty."""
        fund = self.spec.fund
        if fund is not None:
            acting, idle = self._heads()
            self.fund = max(0.0, self.fund + fund.dues * idle - fund.pay * acting)
            self._relieve()

    def _relieve(self) -> None:
        """Take off the cost of acting what the fund promises as long as there is money in it."""
        fund = self.spec.fund
        if fund is not None:
            groups = self.engine.world.groups // self.cast.sizes.size
            covered = fund.covers if self.fund > 0.0 else 0.0
            self.cast.spare(self.name, np.tile(covered * self._mine(), groups))

    def pay_of(self) -> float:
        """Return what a creator who acts now gets from the fund in a step."""
        fund = self.spec.fund
        return fund.pay if fund is not None and self.fund > 0.0 else 0.0

    def steps_left(self) -> float:
        """Return for how many steps the fund lasts if as many go on acting."""
        fund = self.spec.fund
        if fund is None or self.fund <= 0.0:
            return 0.0
        acting, idle = self._heads()
        spent = fund.pay * acting - fund.dues * idle
        return self.fund / spent if spent > 0.0 else float("inf")

    def _heads(self) -> tuple[float, float]:
        """Return how many real creators act, and how many do not."""
        mine = self._mine()
        represents = self.cast.represents
        acting = float((self.engine.counts[0] * represents)[mine].sum())
        return acting, float((self.cast.sizes * represents)[mine].sum()) - acting

    def _mine(self) -> Mask:
        community = self.spec.community
        return self.cast.addressed((community,) if community else ())

    def _demand(self) -> None:
        """Make the demand, see it met, or let its deadline pass."""
        demand, step = self.spec.demand, self.step_number
        if demand is None or self.met or self.refused:
            return
        lab = self.cast.lab(demand.lab)
        if not self.demanding and self.cast.participation >= demand.at:
            self.demanding, self._made = True, step
            lab.asked = True
        elif self.demanding and lab.conceded:
            self.demanding, self.met = False, True
        elif self.demanding and step - self._made >= demand.deadline:
            self.demanding, self.refused = False, True
