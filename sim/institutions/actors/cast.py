"""Everybody who acts beside the creators, in the order in which they act."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from sim.feedback import Published
from sim.institutions.actors.bargaining import BargainingActor
from sim.institutions.actors.lab import LabActor
from sim.institutions.actors.law import Law
from sim.institutions.actors.market import MarketActor
from sim.institutions.actors.organiser import OrganiserActor
from sim.institutions.actors.platform import PlatformActor
from sim.institutions.actors.press import PressActor
from sim.institutions.actors.regulator import RegulatorActor
from sim.institutions.actors.withholding import Withholding
from sim.institutions.calendar import Deadline, Event, Release, Ruling, TrainingDate
from sim.kernels.philox import uniform
from sim.purposes import HAZARD

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.engine import Engine
    from sim.institutions.actors.actor import Actor
    from sim.model import DataStrikeModel
    from sim.result import Tables

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]


ORDER = (
    OrganiserActor, PlatformActor, LabActor, BargainingActor, RegulatorActor, PressActor
)  # fmt: skip
"""In which institutions act in a step: organisers campaign, platforms set defaults, labs answer
demands and bargain, a regulator rules, the press covers."""


class Cast:
    """All institutions of one run, and what they let creators know and feel.

    Parameters
    ----------
    model : DataStrikeModel
        Owns them as Mesa agents.
    engine : Engine
        The crowd.

    Attributes
    ----------
    participation : float
        Share of creators seen acting when institutions act, each counted for the real ones.
    releases, concessions : float
        Models released since the press last looked, and size of concessions.
    """

    def __init__(self, model: DataStrikeModel, engine: Engine) -> None:
        self.model, self.engine, self.scenario = model, engine, engine.scenario
        world = engine.world
        self.names = [community.name for community in world.communities]
        self.represents = np.array([community.represents for community in world.communities])
        self.sizes = np.array(world.network.sizes, dtype=float)
        self.releases = self.concessions = 0.0
        self._conceded, self._gained = np.zeros(len(self.names)), np.zeros(len(self.names))
        self._missed = np.ones(len(self.names))
        self.seen = engine.visible()
        self.law = Law(self)
        self.withholding = Withholding(self)
        self._cast()
        self._events = list(self._calendar())
        if self.scenario.withholds:
            self.withholding.refresh()
        self._urge()
        engine.begin()

    def _cast(self) -> None:
        stated = self.scenario
        self.platforms = [PlatformActor(self, s, k) for k, s in enumerate(stated.platforms)]
        self.labs = [LabActor(self, s, k) for k, s in enumerate(stated.labs)]
        self.organisers = [OrganiserActor(self, s, k) for k, s in enumerate(stated.organisers)]
        self.regulators = [RegulatorActor(self, s, k) for k, s in enumerate(stated.regulators)]
        self.press = None if stated.press is None else PressActor(self, stated.press)
        self.market = None if stated.market is None else MarketActor(self, stated.market)
        self.talks = [BargainingActor(self, s, k) for k, s in enumerate(stated.bargaining)]

    @property
    def everybody(self) -> Iterator[Actor]:
        """All institutions."""
        yield from (*self.organisers, *self.platforms, *self.labs, *self.talks, *self.regulators)
        yield from (each for each in (self.press, self.market) if each is not None)

    def fall_due(self, step: int) -> None:
        """Let dated events happen (phase 1)."""
        self._conceded[:] = 0.0
        self._gained[:] = 0.0
        self._missed[:] = 1.0
        self.seen = self.engine.visible()
        for number, event, due in self._events:
            if due == step:
                self._happen(event, number)
        self._urge()

    def act(self, step: int) -> None:
        """Let institutions act (phase 2)."""
        self.tell(np.full(len(self.names), self.law.transparency))
        kinds = self.model.agents_by_type
        for kind in ORDER:
            if kind in kinds:
                kinds[kind].do("act")
        self.releases = self.concessions = 0.0
        self.engine.news.coverage[:] = 1.0 - self._missed

    def train(self, step: int) -> None:
        """Let labs that are due train and release, and users choose (phase 6)."""
        for lab in self.labs:
            lab.train()
        if self.market is not None:
            self.market.choose()

    def published(self) -> Published:
        """Return what became public in this step (phase 7)."""
        gained = sum((lab.gained for lab in self.labs), self._gained)
        return Published(gained, sum(lab.fallen for lab in self.labs), self._conceded)

    def record(self) -> None:
        """Keep what institutions are like after a step (phase 8)."""
        for actor in self.everybody:
            actor.record()

    @property
    def tables(self) -> Tables:
        """Series of institutions by name."""
        tables = {actor.table: actor.rows for actor in self.everybody if actor.series}
        for lab in self.labs:
            if lab.mandate["step"]:
                tables[f"mandate.{lab.name}"] = lab.mandate
        return tables

    @property
    def participation(self) -> float:
        """Share of creators seen acting when institutions act, counted for the real ones."""
        return self.share_of(np.ones(len(self.names), dtype=bool))

    @property
    def attention(self) -> float:
        """Attention of the press; 1 where there is none."""
        return 1.0 if self.press is None else self.press.attention

    def share_of(self, communities: Mask) -> float:
        """Return the share of some communities' creators who are seen acting."""
        there = (self.sizes * self.represents)[communities].sum()
        seen = (self.seen * self.represents)[communities].sum()
        return float(seen / there) if there > 0.0 else 0.0

    def addressed(self, communities: tuple[str, ...]) -> Mask:
        """Return which communities are named; all if none is (communities,)."""
        return np.array([not communities or name in communities for name in self.names])

    def bounds_of(self, community: str | None) -> tuple[int, int]:
        """Return where a community's creators begin and end; all creators for None."""
        bounds = self.engine.world.bounds
        if community is None:
            return 0, bounds[-1]
        number = self.names.index(community)
        return bounds[number], bounds[number + 1]

    def communities_of(self, ids: NDArray[np.int32]) -> Floats:
        """Return 1 for communities that some creators belong to, 0 for others."""
        found = np.histogram(ids, self.engine.world.bounds)[0]
        return (found > 0).astype(float)

    def lab(self, name: str) -> LabActor:
        """Return a lab by name."""
        return next(lab for lab in self.labs if lab.name == name)

    def organiser(self, name: str | None) -> OrganiserActor | None:
        """Return an organiser by name."""
        return next((each for each in self.organisers if each.name == name), None)

    def step_of(self, day: date) -> int:
        """Return the step in which a date falls, at least 1."""
        return max(1, self.scenario.step_of(day))

    def tell(self, chance: Floats) -> None:
        """Let creators hear at the next step with a probability by community."""
        self._missed *= 1.0 - chance

    def concede(self, communities: Mask, size: float) -> None:
        """Publish a concession to some communities; 1 is all that was asked."""
        self._conceded += size * communities
        self.concessions += size

    def push(self, name: str, utility: Floats) -> None:
        """Add to the utility of acting from the next step on, by group, under a name."""
        if self.engine.pull is not None:
            self.engine.pull.pushed[name] = utility

    def spare(self, name: str, share: Floats) -> None:
        """Take a share off the cost of acting from the next step on, by group, under a name."""
        if self.engine.pull is not None:
            self.engine.pull.spared[name] = share

    def rule(self, ruling: Ruling, number: int) -> bool:
        """Let a court or the law speak; say whether it does for the creators."""
        favours = uniform(self.engine.seed, HAZARD, 0, number, 1) < ruling.favours
        if favours:
            self.law.rule(ruling)
            self.concede(self.addressed(()), ruling.concession)
        return bool(favours)

    def _calendar(self) -> Iterator[tuple[int, Event, int]]:
        for number, event in enumerate(self.scenario.calendar):
            due = event.due(self.scenario, self.engine.seed, number)
            if due is None:
                continue
            yield number, event, due
            if isinstance(event, TrainingDate):
                self.lab(event.lab).also_due.add(due)
            if isinstance(event, Deadline):
                until = None if event.until is None else self.step_of(event.until)
                self.lab(event.lab).corpus.deadlines.append((due, until))

    def _happen(self, event: Event, number: int) -> None:
        if isinstance(event, Ruling):
            self.rule(event, number)
        elif isinstance(event, Release):
            self._gained += event.gain * self.addressed(event.communities)
            self.releases += 1.0

    def _urge(self) -> None:
        """Let deadlines draw creators at the next step."""
        following = self.engine.step_number + 1
        for number, event, due in self._events:
            if isinstance(event, Deadline) and event.urgency > 0.0:
                left = (due - following) * self.scenario.step_days
                felt = event.urgency * 0.5 ** (left / event.half_life) if left >= 0.0 else 0.0
                self.push(f"deadline {number}", np.full(self.engine.world.groups, felt))
