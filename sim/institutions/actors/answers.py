"""How a lab at play answers creators who act: it gives in, buys them out, or strikes back."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from sim.capability.supply import Supply

if TYPE_CHECKING:
    from sim.institutions.actors.actor import Floats, Ids, Mask
    from sim.institutions.actors.lab import LabActor, Outlook
    from sim.institutions.answers import Concession, Licensing

NOBODY = np.empty(0, dtype=np.int32)
MARGIN = 1e-3
"""Share of a community's missing works by which the value of single ones is measured."""


class Answers:
    """Plays the `Concession`, `Licensing` and `Retaliation` of one lab.

    Parameters
    ----------
    lab : LabActor
        Who answers.
    """

    def __init__(self, lab: LabActor) -> None:
        self.lab = lab
        self.cast, self.engine = lab.cast, lab.engine
        self._resting: list[tuple[int, Ids]] = []
        self._offered = NOBODY
        self._struck_back = False

    def give(self) -> None:
        """Answer what creators are seen doing."""
        spec, step = self.lab.spec, self.lab.step_number
        while self._resting and self._resting[0][0] <= step:
            self.engine.orders.free(self._resting.pop(0)[1])
        participation = self.cast.participation
        if participation == 0.0:
            return
        if spec.retaliation and not self._struck_back and participation >= spec.retaliation.at:
            self._strike_back()
        if spec.licensing and participation >= spec.licensing.starts:
            self._license(spec.licensing)
        if spec.concession and not self.lab.conceded and self._gives_in(spec.concession):
            self._concede(spec.concession)

    def _gives_in(self, terms: Concession) -> bool:
        begun = terms.first is None or self.lab.step_number >= self.cast.step_of(terms.first)
        if not begun or (terms.only_when_asked and not self.lab.asked):
            return False
        pressed, compliance = self._pressed(terms), self.lab.compliance
        return gain(terms, self.lab.outlook(), pressed, compliance) >= 0.0

    def _pressed(self, terms: Concession) -> float:
        """Return P A: how far the protest is seen."""
        here = self.cast.addressed(terms.communities)
        return self.cast.share_of(here) * self.cast.attention

    def _concede(self, terms: Concession) -> None:
        self.lab.conceded = True
        here = self.cast.addressed(terms.communities)
        self.cast.concede(here, terms.size)
        if terms.compliance is not None:
            self.lab.comply(terms.compliance)
        acting = self._acting(here)
        calmed = acting[self.lab.draws(acting) < terms.returns]
        self.engine.orders.stop(calmed)
        self.engine.orders.bind(calmed)
        self._resting.append((self.lab.step_number + terms.truce, calmed))

    def _strike_back(self) -> None:
        self._struck_back = True
        terms = self.lab.spec.retaliation
        if terms.by == "ignoring":
            self.lab.defy()
        else:
            cost = np.full(self.engine.world.groups, -terms.sanction)
            self.cast.push(f"lab {self.lab.name}", cost)

    def _license(self, terms: Licensing) -> None:
        acting = np.setdiff1d(self._acting(self.cast.addressed(())), self._offered)
        stock = np.broadcast_to(self.lab.corpus.stock, (self.engine.world.size,))[acting]
        ids = acting[np.argsort(-stock, kind="stable")[: terms.offers]]
        if not ids.size:
            return
        self._offered = np.union1d(self._offered, ids)
        worth = np.repeat(self.shares_alone(), self.engine.world.network.sizes)[ids]
        sold = ids[terms.hope.quantile(self.lab.draws(ids, step=0)) <= worth]
        self.engine.orders.stop(sold)
        self.engine.orders.bind(sold, licensed=True)
        self.lab.licensed += sold.size

    def shares_alone(self) -> Floats:
        """Return what works are worth one by one, as a share of their worth together.

        For each community (communities,): the loss without one of its works, all others being
        there, against their part of the loss without any of the works now missing.
        """
        lab = self.lab
        everything, full = lab.corpus.everything(lab.step_number), lab.corpus.full
        missing = np.maximum(everything.live - lab.corpus.look(self.engine).supply.live, 0.0)
        if not missing.any():
            return np.ones_like(missing)
        taken = np.vstack((np.zeros_like(missing), missing, MARGIN * np.diag(missing)))
        nothing = np.zeros_like(taken)
        cases = Supply(
            live=everything.live - taken,
            raw=everything.raw + nothing,
            poison=nothing,
            donated=nothing,
            legacy=everything.legacy + nothing,
        )
        outcome = lab.surrogate.evaluate(cases, full, lab.spec.response, available=everything)
        loss = outcome.overall_loss
        together = loss[1] - loss[0]
        if not (np.isfinite(together) and together > 0.0):
            return np.zeros_like(missing)
        part = together * missing / missing.sum()
        alone = (loss[2:] - loss[0]) / MARGIN
        share: Floats = np.divide(alone, part, out=np.ones_like(part), where=part > 0.0)
        return np.clip(share, 0.0, 1.0)

    def _acting(self, here: Mask) -> Ids:
        """Return who acts in some communities (int32)."""
        found = [
            np.flatnonzero(self.engine.tactic[begin:end]) + begin
            for wanted, (begin, end) in zip(
                here, itertools.pairwise(self.engine.world.bounds), strict=True
            )
            if wanted
        ]
        return np.concatenate(found).astype(np.int32) if found else NOBODY


def gain(terms: Concession, outlook: Outlook, pressed: float, compliance: float) -> float:
    """Return what a lab gains by giving in, as a share of the full loss; see `Concession`."""
    more = max(0.0, (terms.compliance or 0.0) - compliance)
    won = terms.reputation * pressed + terms.returns * (outlook.now - outlook.back)
    lost = terms.price + more * max(0.0, outlook.out - outlook.now)
    return won - lost
