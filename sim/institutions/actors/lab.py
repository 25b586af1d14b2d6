"""A lab at play: crawls, freezes, trains, releases, and answers creators who act."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.capability import presets
from sim.capability.responses import FREE
from sim.capability.supply import Supply
from sim.institutions.actors.actor import Actor
from sim.institutions.actors.answers import Answers
from sim.institutions.actors.mandate import COLUMNS, count
from sim.institutions.calendar import YEAR
from sim.kernels.ingest import DONATED, HELD, POISONED, RAW, SOUGHT
from sim.supply import Corpus

if TYPE_CHECKING:
    from sim.capability.outcome import Outcome
    from sim.institutions.actors.actor import Floats
    from sim.institutions.actors.cast import Cast
    from sim.institutions.lab import Lab, Sharing
    from sim.supply import Crawl

GIVEN = slice(2, 4)
"""Columns of `Corpus.effects` that say what is given to a rival."""

ROUNDING = 1e-12
"""Relative difference of losses from which a response is better than another."""

USELESS = 10.0
"""Loss, relative to full participation, from which a model is as good as none to people."""


@dataclass(frozen=True, eq=False)
class Round:
    """One training round of a lab."""

    step: int
    released: int
    """Step from which the model is published."""
    outcome: Outcome
    """Under the lab's declared response."""
    alternatives: dict[str, float]
    """Overall loss under responses that cost nothing, since the same strike can cost a lot or
    nothing, by the response's name."""
    data: float
    """Effective data trained on; 1 is full participation at the start."""
    withdrawn: float
    """Works that are out of the training set, in real works."""
    works: float
    """Works that full participation would give, in real works."""
    donated: float = 0.0
    """Effective data of these that were given to this lab."""
    poisoned: tuple[float, ...] = ()
    """Poisoned works that the lab did not find, by community, in real works."""
    compliance: float = 1.0
    """Probability with which requests were honoured."""
    passed: bool = True
    """Whether it may be released: false where a referendum refused."""

    @property
    def best(self) -> str:
        """The response that costs nothing and loses least; of equals, the plainest."""
        least = min(self.alternatives.values()) * (1.0 + ROUNDING)
        return next(name for name, loss in self.alternatives.items() if loss <= least)


@dataclass(frozen=True)
class Outlook:
    """Overall losses of models that a lab could train now."""

    now: float
    """On what it has."""
    back: float
    """If all works came back."""
    out: float
    """If all works were out that creators who act want out."""


class LabActor(Actor):
    """Plays a `Lab`: answers in phase 2, trains in phase 6.

    Attributes
    ----------
    rounds : list of Round
        Training rounds so far.
    trained : float
        Overall loss of the newest trained model, relative to full participation at the start.
    deployed : float
        The same of the model in use; of an open-weights lab, the best of its releases.
    in_use : float
        Loss of the model in use after progress: what users and creators notice.
    conceded : bool
        Whether the lab has given in.
    licensed : int
        Creators who sold it a licence.
    asked : bool
        Whether an organiser has made a demand.
    also_due : set of int
        Steps in which it trains beside its own cadence.
    mandate : dict of str to list
        A row for each training round, where the scenario declares a mandate.
    pays : float
        Money that a creator who gives it works gets in a step.
    """

    kind = "lab"
    series = ("trained", "deployed", "in_use", "compliance", "conceded", "licensed", "pays")

    def __init__(self, cast: Cast, spec: Lab, number: int) -> None:
        super().__init__(cast, spec, number)
        self.preset = presets.load(spec.preset).for_communities(cast.names)
        surrogate = self.preset.surrogate
        self.surrogate = surrogate
        self.corpus = Corpus(cast.engine.world, spec, number, surrogate.kappa, surrogate.detection)
        self.rounds: list[Round] = []
        self.conceded = self.asked = False
        self.licensed = 0
        self.pays = 0.0
        self.also_due: set[int] = set()
        self.mandate: dict[str, list[float]] = {name: [] for name in COLUMNS}
        self.answers = Answers(self)
        self._floor = 0.0
        self._gives = np.asarray((self.corpus.effects[:, GIVEN] > 0.0).any(axis=1))
        self._queue: deque[Round] = deque()
        self._published = self._before()
        self.trained = self.deployed = self.in_use = self._published[1]
        self.gained = np.zeros_like(self._published[0])
        self.fallen = 0.0
        self._due = {cast.step_of(day) for day in spec.dates}

    @property
    def compliance(self) -> float:
        """Probability with which requests are honoured now."""
        return self.corpus.compliance

    def comply(self, at_least: float) -> None:
        """Honour requests with this probability or more from now on, by law or by promise."""
        self._floor = max(self._floor, at_least)
        self.corpus.compliance = max(self.corpus.compliance, at_least)

    def defy(self) -> None:
        """Honour no request beyond what is enforced or promised."""
        self.corpus.compliance = self._floor

    def is_due(self, step: int) -> bool:
        """Return whether the lab trains in a step."""
        if step in self.also_due:
            return True
        if self._due:
            return step in self._due
        first: int = self.spec.every if self.spec.first is None else self.spec.first
        return step >= max(first, 1) and (step - first) % self.spec.every == 0

    def act(self) -> None:
        """Answer creators who act, and pay those who give."""
        self.answers.give()
        if self.spec.sharing is not None:
            self._share(self.spec.sharing)

    def _share(self, terms: Sharing) -> None:
        """Split the share among who gives, and let all know who could."""
        market, world = self.cast.market, self.engine.world
        assert market is not None
        gives = self._gives[self.engine.tactic]
        counts = np.histogram(np.flatnonzero(gives), world.bounds)[0]
        could = np.array(self.corpus.receives)
        givers = float((counts * self.cast.represents)[could].sum())
        self.pays = terms.share * market.profit(self) / givers if givers else 0.0
        felt = terms.worth * self.pays * could
        self.cast.push(f"share of {self.name}", np.tile(felt, world.groups // felt.size))

    def train(self) -> None:
        """Crawl, freeze and train if this step is due; publish what is due for release."""
        step = self.step_number
        if self.is_due(step):
            newest = self._train()
            self.rounds.append(newest)
            self.trained = float(newest.outcome.overall_loss)
            if newest.passed:
                self._queue.append(newest)
        self.gained, self.fallen = np.zeros_like(self.gained), 0.0
        while self._queue and self._queue[0].released <= step:
            self._release(self._queue.popleft())

    def outlook(self) -> Outlook:
        """Return what the lab could train now, looking without crawling anything new."""
        crawl = self.corpus.look(self.engine)
        supply, full = crawl.supply, self.corpus.full
        everything = self.corpus.everything(self.step_number)
        public = crawl.totals[RAW] + crawl.totals[HELD]
        wanted = np.divide(
            crawl.totals[SOUGHT], public, out=np.zeros_like(public), where=public > 0.0
        )
        out = np.minimum(supply.live, everything.live * (1.0 - wanted))
        refused = Supply(out, supply.raw, supply.poison, supply.donated, supply.legacy)
        noticed = (self._noticed(each, full, everything) for each in (supply, everything, refused))
        return Outlook(*noticed)

    def _noticed(self, supply: Supply, full: Supply, available: Supply) -> float:
        outcome = self.surrogate.evaluate(supply, full, self.spec.response, available=available)
        return min(float(outcome.overall_loss), USELESS) * self._left_by_progress

    @property
    def _left_by_progress(self) -> float:
        """Share of the loss that progress has left by now."""
        years = self.step_number * self.scenario.step_days / YEAR
        return math.exp(-self.spec.progress * years)

    def _train(self) -> Round:
        measured = self.scenario.mandate is not None
        crawl = self.corpus.crawl(self.engine, each=measured)
        row = count(self, crawl) if measured else {"passed": 1.0}
        for name, value in row.items() if measured else ():
            self.mandate[name].append(value)
        others = {name: float(self._model(crawl, name).overall_loss) for name in FREE}
        return self._round(crawl, self._model(crawl, self.spec.response), others, row["passed"] > 0)

    def _model(self, crawl: Crawl, response: str) -> Outcome:
        """Return the model that a response makes of what was crawled."""
        serves = self.surrogate.mode == "recommender"
        return self.surrogate.evaluate(
            crawl.supply,
            self.corpus.full,
            response,
            unserved=self.corpus.unserved(self.engine) if serves else 0.0,
            available=self.corpus.everything(self.step_number),
        )

    def _round(
        self, crawl: Crawl, outcome: Outcome, others: dict[str, float], passed: bool
    ) -> Round:
        totals = crawl.totals
        return Round(
            step=self.step_number,
            released=self.step_number + self.spec.delay,
            outcome=outcome,
            alternatives=others,
            data=float(crawl.supply.total.sum()),
            withdrawn=float(totals[HELD].sum()),
            works=float(totals[RAW].sum() + totals[HELD].sum()),
            donated=float(totals[DONATED].sum() * self.spec.curation / self.corpus.unit_data),
            poisoned=tuple((totals[POISONED] * (1.0 - self.corpus.detection)).tolist()),
            compliance=self.compliance,
            passed=passed,
        )

    def _before(self) -> tuple[Floats, float]:
        """Return the loss by community and overall of the model in use at the start."""
        if self.spec.crawls:
            return np.ones(len(self.corpus.represents)), 1.0
        full = self.corpus.full
        none = np.zeros_like(full.live)
        alone = Supply(none, self.corpus.legacy_works, none, none, full.legacy)
        outcome = self.surrogate.evaluate(alone, full, self.spec.response)
        return np.minimum(outcome.loss, USELESS), min(float(outcome.overall_loss), USELESS)

    def _release(self, released: Round) -> None:
        """Publish a model: what was gained in each domain, and what was lost overall."""
        outcome, step = released.outcome, self.step_number
        left = self._left_by_progress
        domains, overall = self._published
        now = np.minimum(outcome.loss, USELESS) * left
        whole = min(float(outcome.overall_loss), USELESS) * left
        self.gained = self.gained + domains - now
        self.fallen += max(0.0, whole - overall)
        self._published = now, whole
        self.cast.releases += 1.0
        loss = float(outcome.overall_loss)
        first = not any(r.released < step for r in self.rounds)
        if first or not self.spec.open_weights:
            self.deployed, self.in_use = loss, whole
        else:
            self.deployed, self.in_use = min(self.deployed, loss), min(self.in_use, whole)
