"""From creators' tactics to training data: what a lab can use at a training round."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.capability.supply import Supply
from sim.errors import InputError
from sim.kernels import ingest as kernels
from sim.purposes import COMPLIANCE
from sim.tactics import EFFECTS, Effect, Tactic, named

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.engine import Engine
    from sim.institutions.lab import Lab
    from sim.world import World

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Crawl:
    """What a lab has at a training round."""

    supply: Supply
    totals: Floats
    """Sums over real creators (rows of `sim.kernels.ingest`, communities)."""
    used: Floats
    """Works of each creator that the lab uses (n,); of size 0 unless asked for."""


class Corpus:
    """The creators' works as one lab counts them: its unit is the full corpus at the start.

    Parameters
    ----------
    world : World
        Whose works.
    lab : Lab
        Who counts.
    number : int
        Which of the scenario's labs it is.
    kappa : float
        Elasticity of a creator's contribution in its number of works.
    detection : float
        Share of poisoned works that the lab finds.

    Attributes
    ----------
    compliance : float
        Probability with which the lab now honours a request.
    consumes : bool (tactics,)
        Whether those who use a tactic go on using the models.
    snapshot : float64 (n,) or (0,)
        Works of each creator that the lab has crawled and keeps.
    deadlines : list of (int, int or None)
        Steps after which requests do not count any more, and from which they do again.
    """

    def __init__(self, world: World, lab: Lab, number: int, kappa: float, detection: float) -> None:
        self.world, self.lab, self.number, self.kappa = world, lab, number, kappa
        self.detection = detection if lab.detection is None else lab.detection
        self.compliance = lab.compliance
        self.represents = np.array([c.represents for c in world.communities])
        self.receives = [lab.is_rival_of(c.name) for c in world.communities]
        self.stock, self.output = _whole(world, "stock"), _whole(world, "output")
        effects = _stated(world)
        self.effects = _effects(effects)
        self.consumes = np.array([effect.consumes for effect in effects])
        self._known: tuple[int, tuple[Floats, Floats]] | None = None
        made, effective = self.made(0)
        self.unit_works = made.sum() * (1.0 + lab.legacy)
        self.unit_data = effective.sum() * (1.0 + lab.legacy)
        if not self.unit_data > 0.0:
            raise InputError(
                f"communities: nobody has works at the start for lab {lab.name} to train on; "
                "give some of them a stock"
            )
        self.legacy = lab.legacy * effective / self.unit_data
        self.legacy_works = lab.legacy * made / self.unit_works
        self.snapshot = self._first_snapshot()
        self.deadlines: list[tuple[int, int | None]] = []

    @cached_property
    def full(self) -> Supply:
        """Everybody's works at the start: what full participation means."""
        return self.everything(0)

    def at(self, engine: Engine) -> tuple[Supply, Floats]:
        """Return what the lab can use now, and works (by row of the totals, communities)."""
        crawl = self.crawl(engine)
        return crawl.supply, crawl.totals

    def crawl(self, engine: Engine, each: bool = False) -> Crawl:
        """Return what the lab can use now; with ``each``, also of which creator how much."""
        used = np.zeros(self.world.size if each else 0)
        totals = np.zeros((len(self.world.communities), kernels.TOTALS))
        untouched = not (engine.scenario.action or engine.withheld.any() or each)
        if untouched and self.lab.crawls:
            made, effective = self.made(engine.step_number)
            totals[:, kernels.LIVE], totals[:, kernels.RAW] = effective, made
            return Crawl(self._counted(totals), totals.T, used)
        clock = (engine.step_number, self._filed_by(engine.step_number))
        for c, (begin, end) in enumerate(itertools.pairwise(self.world.bounds)):
            terms = (
                self.compliance, self.lab.reach, self.number, self.lab.crawls, self.receives[c]
            )  # fmt: skip
            kernels.ingest(
                begin, end, clock, terms, self.kappa, engine.seed, COMPLIANCE, engine.crowd,
                (engine.withheld_since, self.snapshot), self.stock, self.output, self.effects,
                used, totals[c],
            )  # fmt: skip
        totals *= self.represents[:, None]
        return Crawl(self._counted(totals), totals.T, used)

    def unserved(self, engine: Engine) -> Floats:
        """Return the share of each community that no longer uses the models (communities,)."""
        if self.consumes[engine.tactic].all():
            return np.zeros(len(self.represents))
        gone = ~self.consumes[engine.tactic]
        return np.array(
            [gone[b:e].mean() if e > b else 0.0 for b, e in itertools.pairwise(self.world.bounds)]
        )

    def look(self, engine: Engine) -> Crawl:
        """Return what the lab could use now, without crawling anything into its snapshot."""
        kept, self.snapshot = self.snapshot, self.snapshot.copy()
        crawl = self.crawl(engine)
        self.snapshot = kept
        return crawl

    def everything(self, step: int) -> Supply:
        """Return what there would be to use in a step if everybody took part."""
        made, effective = self.made(step)
        none = np.zeros_like(made)
        return self._supply(effective, made, none, none)

    def _filed_by(self, step: int) -> int:
        """Return the last step in which a request counts for a freeze in a step."""
        open_until = step - self.lab.lag
        for closed, reopened in self.deadlines:
            if closed <= step and (reopened is None or step < reopened):
                open_until = min(open_until, closed)
        return open_until

    def _counted(self, totals: Floats) -> Supply:
        return self._supply(
            totals[:, kernels.LIVE],
            totals[:, kernels.RAW],
            totals[:, kernels.POISON] * (1.0 - self.detection),
            totals[:, kernels.DONATED] * self.lab.curation,
        )

    def _supply(self, live: Floats, works: Floats, poison: Floats, donated: Floats) -> Supply:
        return Supply(
            live=live / self.unit_data,
            raw=works / self.unit_works + self.legacy_works,
            poison=poison / self.unit_data,
            donated=donated / self.unit_data,
            legacy=self.legacy,
        )

    def made(self, step: int) -> tuple[Floats, Floats]:
        """Return works by a step and their effective sum, each (communities,), in real creators."""
        if self._known is None or self._known[0] != step:
            self._known = step, self._add_up(step)
        return self._known[1]

    def _add_up(self, step: int) -> tuple[Floats, Floats]:
        pairs = [
            kernels.works(begin, end, step, self.kappa, self.stock, self.output)
            for begin, end in itertools.pairwise(self.world.bounds)
        ]
        made, effective = np.array(pairs).T
        return made * self.represents, effective * self.represents

    def _first_snapshot(self) -> Floats:
        if self.lab.snapshots == "fresh":
            return np.empty(0)
        if self.lab.snapshots == "kept":
            return np.zeros(self.world.size)
        return np.array(np.broadcast_to(self.stock, (self.world.size,)))


def _whole(world: World, name: str) -> Floats:
    column = world.column(name)
    return np.array([column]) if isinstance(column, float) else column


def _stated(world: World) -> list[Effect]:
    stated = {named(name): effect for name, effect in world.scenario.tactics.items()}
    return [stated.get(tactic, EFFECTS[tactic]) for tactic in Tactic]


def _effects(effects: list[Effect]) -> Floats:
    return np.array(
        [
            [
                e.past_kept, e.new_kept, e.past_given, e.new_given, e.poisoned, e.needs_compliance
            ]
            for e in effects
        ],
        dtype=float,
    )  # fmt: skip
