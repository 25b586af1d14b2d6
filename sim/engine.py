"""The engine: one step of the world, over columns.

Order of one step
-----------------
1. **Calendar.** Exogenous dated events fall due.
2. **Institutions act.** What they change about creators is seen at the next step.
3. **Exposure**, from the state at the end of the previous step: only audiences of creators who
   changed are touched; then the unaware hear.
4. **Decision.** Who starts or stops. Unaware creators do not decide.
5. **Supply.** Works are withdrawn, poisoned, donated or published again from now on.
6. **Training.** Labs that are due crawl, freeze, train and queue a release.
7. **Feedback**, from published observables only.
8. **Record.**
"""

from __future__ import annotations

import hashlib
import itertools
from collections import deque
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from sim.decisions.loops import LINK_UNIT, ROOM, Shape
from sim.decisions.trial import try_rule
from sim.errors import InputError
from sim.kernels import crowd as kernels
from sim.purposes import AWARENESS, VISIBLE
from sim.steps.cascade import Cascade
from sim.steps.news import News
from sim.steps.orders import Orders
from sim.steps.pull import Pull
from sim.steps.revision import Reviser
from sim.world import World

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.feedback import Published
    from sim.result import Tables
    from sim.scenario import Scenario
NOBODY = np.empty(0, dtype=np.int32)


class Institutions(Protocol):
    """What acts beside the crowd; nothing, unless the model brings institutions."""

    def fall_due(self, step: int) -> None:
        """Let dated events happen (phase 1)."""

    def act(self, step: int) -> None:
        """Let institutions act (phase 2)."""

    def train(self, step: int) -> None:
        """Let labs that are due train and release (phase 6)."""

    def published(self) -> Published | None:
        """Return what became public in this step (phase 7)."""


class Engine:
    """The crowd of one run, stepped.

    Parameters
    ----------
    world : World
        What stays fixed during the run.
    threads : int, optional
        Threads for loops over large crowds; no result depends on it.
    institutions : Institutions, optional
        What acts beside the crowd.

    Attributes
    ----------
    step_number : int
        Steps played.
    tactic : uint8 (creators,)
        Code of what each creator is doing (`sim.Tactic`).
    flags : uint8 (creators,)
        Bits: has ever acted, is aware, is seen acting, is committed, and more; see
        `sim.kernels.crowd`.
    active : int16 or int32 (creators,), or int64 (1,)
        Visible others whom each creator sees acting; their total where all see all; of size 0
        in cascades, which keep what each creator still needs instead.
    counts : int64 (2, communities)
        Creators mobilised now, and ever.
    history : int64 (steps + 1, 2, communities)
        ``counts`` after each step; row 0 after seeding.
    withheld : int64 (communities,)
        Creators whose works are out through a default or the law.
    withheld_history : int64 (steps + 1, communities), or (0, communities)
        ``withheld`` after each step, where institutions can withhold.
    """

    def __init__(
        self, world: World, threads: int | None = None, institutions: Institutions | None = None
    ) -> None:
        scenario = world.scenario
        size = world.size
        self.world, self.scenario, self.seed = world, scenario, world.seed
        self.institutions, self.threads = institutions, threads
        self.step_number = 0
        self.tactic = np.zeros(size, dtype=np.uint8)
        self.flags = np.zeros(size, dtype=np.uint8)
        self.since = np.zeros(size if _dated(scenario) else 0, dtype=np.int32)
        self.all_seen = scenario.seen_for is None and bool((world.visibility[1:] >= 1.0).all())
        self.sees = _sees(world)
        _try(world, self.sees)
        self.counts = np.zeros((2, len(world.communities)), dtype=np.int64)
        self.history = np.zeros((scenario.steps + 1, *self.counts.shape), dtype=np.int64)
        self.pull = Pull(world) if scenario.moves_creators else None
        self._changed = np.empty(0, dtype=np.int32)
        self._delta = np.empty(0, dtype=np.int8)
        self._started: deque[NDArray[np.int32]] = deque()
        self.news = News(world)
        self.orders = Orders(self)
        takes = scenario.withholds
        self.withheld_since = np.zeros(size if takes else 0, dtype=np.int32)
        self.withheld = np.zeros(len(world.communities), dtype=np.int64)
        kept = (scenario.steps + 1 if takes else 0, self.withheld.size)
        self.withheld_history = np.zeros(kept, dtype=np.int64)
        shape = self._shape(self._begin_awareness())
        cascades = Cascade.plays(self, shape)
        self.active = self._nothing_seen(cascades)
        self.reviser = Cascade(self, shape) if cascades else Reviser(self, shape, threads)
        self._seed_initiators()

    @property
    def crowd(
        self,
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.int32], NDArray[np.uint16]]:
        """The state columns as kernels take them: tactic, flags, since, community."""
        return self.tactic, self.flags, self.since, self.world.community

    def step(self) -> None:
        """Play one step, in the order at the top of this module."""
        self.step_number += 1
        step = self.step_number
        self.news.fall_due(step)
        if self.institutions is not None:
            self.institutions.fall_due(step)
            self.institutions.act(step)
        deciding = NOBODY
        if self.scenario.action:
            self._exposure()
            deciding = self.reviser.decide(step, self._hear())
        self._supply(deciding)
        if self.institutions is not None:
            self.institutions.train(step)
        self._feedback()
        self._record()

    @property
    def settled(self) -> bool:
        """Whether no later step can change anything, so that the run may stop."""
        if not self.scenario.action:
            return True
        if self.pull is not None:
            return False
        waiting = any(started.size for started in self._started)
        quiet = self._delta.size == 0 and not waiting and not self._may_hear
        return quiet and self.step_number > 0 and self.reviser.settled

    @property
    def _may_hear(self) -> bool:
        """Whether somebody may still come to know of the campaign, or forget it."""
        awareness = self.scenario.awareness
        spreads = awareness is not None and (awareness.peer > 0.0 or awareness.fading > 0.0)
        return self.reviser.shape.unaware and (spreads or self.news.pending)

    @property
    def tables(self) -> Tables:
        """Series of what moved creators, for the result."""
        return {} if self.pull is None else {"feedback": self.pull.table}

    @property
    def digest(self) -> str:
        """Hexadecimal SHA-256 of the creators' state and the history so far."""
        what = hashlib.sha256()
        for part in (self.tactic, self.flags, self.since, self.history):
            what.update(np.ascontiguousarray(part).data)
        return what.hexdigest()

    def rewritten(self) -> None:
        """Let everybody decide anew, since creators' columns were written from outside."""
        if isinstance(self.reviser, Cascade):
            self.active = self.reviser.active()
            self._changed, self._delta = self._changed[:0], self._delta[:0]
            self.reviser = Reviser(self, self.reviser.shape, self.threads)
        self.reviser.reconsider()

    def seen(self) -> NDArray[np.integer]:
        """Return how many visible others each creator sees acting: (creators,), or all ()."""
        if isinstance(self.reviser, Cascade):
            return self.reviser.active()
        return self.active if self.sees == "links" else self.active[0]

    def _nothing_seen(self, cascades: bool) -> NDArray[np.integer]:
        if self.sees != "links":
            return np.zeros(1, np.int64)
        network = self.world.network
        counter: type[np.integer[Any]] = np.int32
        if self.world.link_weights is not None:
            counter = np.int64
        elif not network.directed and network.longest_row < np.iinfo(np.int16).max:
            counter = np.int16
        return np.zeros(0 if cascades else self.world.size, counter)

    def _shape(self, unaware: bool) -> Shape:
        columns = self.scenario.rule.columns()
        shared = [name for name in columns if isinstance(self.world.column(name), float)]
        return Shape(
            constants=frozenset(shared),
            sees=self.sees,
            unaware=unaware,
            shifted=self.pull is not None,
            committed=self.scenario.has_committed,
            weighted=self.scenario.rule.weighs is not None,
            linked=self.sees == "links" and self.world.link_weights is not None,
            fed=self.sees == "links" and self.scenario.feed > 0.0,
            bound=self.scenario.directs_creators,
        )

    def _begin_awareness(self) -> bool:
        """Mark who knows of the campaign at the start; return whether somebody may not."""
        shares = [community.aware for community in self.world.communities]
        fading = self.scenario.awareness is not None and self.scenario.awareness.fading > 0.0
        if min(shares) == 1.0 and not fading:
            return False
        for begin, end, share in zip(
            self.world.bounds, self.world.bounds[1:], shares, strict=False
        ):
            if share == 1.0:
                self.flags[begin:end] |= kernels.AWARE
            elif share > 0.0:
                heard = np.empty(end - begin, dtype=np.int32)
                kernels.hear(
                    begin, end, (share, 0.0), 0.0, self.seed, AWARENESS, 0,
                    self.tactic, self.flags, NOBODY, 1.0, _room(), heard,
                )  # fmt: skip
        return True

    def _seed_initiators(self) -> None:
        initiators = self.world.initiators()
        self.flags[initiators] |= kernels.AWARE
        if self.scenario.seeds.committed:
            self.flags[initiators] |= kernels.COMMITTED
        self._supply(initiators)
        if self.pull is not None:
            self.pull.update(None, self.visible())
        self._record()

    def _record(self) -> None:
        self.history[self.step_number] = self.counts
        if self.withheld_since.size:
            self.withheld_history[self.step_number] = self.withheld

    def _exposure(self) -> None:
        self._forget_the_seen()
        self.reviser.reach(self._changed, self._delta)

    def _forget_the_seen(self) -> None:
        """Hide those who have been seen acting for as long as others look."""
        lasting = self.scenario.seen_for
        if lasting is None:
            return
        began = self.step_number - lasting - 1
        if len(self._started) > lasting:
            started = self._started.popleft()
            delta = np.empty(started.size, dtype=np.int8)
            kernels.expire(started, delta, began, self.tactic, self.flags, self.since)
            self._changed = np.concatenate((self._changed, started))
            self._delta = np.concatenate((self._delta, delta))

    def _hear(self) -> NDArray[np.int32]:
        """Let the unaware hear of the campaign; return who did, or was told (int32)."""
        told = self.orders.informed
        awareness = self.scenario.awareness
        peer = awareness.peer if awareness else 0.0
        fading = awareness.fading if awareness else 0.0
        hazards = self.news.hazards
        if not (hazards.any() or peer or fading) or not self.reviser.shape.unaware:
            return told
        active = self.active if self.sees == "links" else self._acting()
        found = [told]
        room = _room()
        unit = LINK_UNIT if self.reviser.shape.linked else 1.0
        for number, community in enumerate(self.world.communities):
            begin, end = self.world.bounds[number], self.world.bounds[number + 1]
            met = peer * community.attention
            if hazards[number] == 0.0 and met == 0.0 and fading == 0.0:
                continue
            heard = np.empty(end - begin, dtype=np.int32)
            size = kernels.hear(
                begin, end, (hazards[number], met), fading, self.seed, AWARENESS,
                self.step_number, self.tactic, self.flags, active, unit, room, heard,
            )  # fmt: skip
            found.append(heard[:size])
        return np.concatenate(found)

    def _feedback(self) -> None:
        """Move grievance, efficacy and cost by what became public in this step."""
        if self.pull is not None:
            public = self.institutions.published() if self.institutions is not None else None
            if self.pull.update(public, self.visible()):
                self.reviser.reconsider()

    def begin(self) -> None:
        """Let hold from the first step on what institutions have done before it."""
        self.orders.carry_out()
        if self.pull is not None:
            self.pull.refresh(self.visible())
        self._record()

    def visible(self) -> NDArray[np.int64]:
        """Return how many creators are seen acting (communities,)."""
        seen: NDArray[np.int64] = self.counts[0].copy()
        if not self.all_seen:
            for c, (begin, end) in enumerate(itertools.pairwise(self.world.bounds)):
                seen[c] = np.count_nonzero(self.flags[begin:end] & kernels.SEEN)
        return seen

    def _acting(self) -> NDArray[np.int32]:
        """Return how many visible creators act, for those who see all (1,)."""
        return np.array([np.count_nonzero(self.flags & kernels.SEEN)], dtype=np.int32)

    def _supply(self, changed: NDArray[np.int32]) -> None:
        """Start those who do not act and stop those who do; keep what others will see.

        Creators who revise one after another have done so, and have been seen, as they decided.
        """
        delta = np.zeros(changed.size, dtype=np.int8)
        if changed.size and (self.step_number == 0 or not self.scenario.one_by_one):
            kernels.change(
                changed, delta, self.step_number, self.seed, VISIBLE, self.crowd,
                self.world.repertoire, self.world.visibility, self.counts,
            )  # fmt: skip
        ordered, seen = self.orders.carry_out()
        if ordered.size:
            changed, delta = np.concatenate((changed, ordered)), np.concatenate((delta, seen))
        self._changed, self._delta = changed, delta
        if self.scenario.seen_for is not None:
            self._started.append(np.unique(changed[self.tactic[changed] != 0]))


def _try(world: World, sees: str) -> None:
    """Ask a user's rule for a few answers before anything is built upon it."""
    if world.scenario.rule.is_built_in():
        return
    rows = [0, world.size // 2, world.size - 1]
    columns = {
        name: tuple(np.broadcast_to(world.column(name), (world.size,))[rows].tolist())
        for name in world.scenario.rule.columns()
    }
    degree = world.network.degree if sees == "links" else np.array([world.size - 1])
    try_rule(world.scenario.rule, columns, (int(degree.min()), int(degree.max())))


def _room() -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    """Return where draws for a block of creators, and some of them, are listed."""
    return np.empty(ROOM, dtype=np.uint32), np.empty(ROOM, dtype=np.int32)


def _dated(scenario: Scenario) -> bool:
    """Return whether it matters when creators last changed."""
    tires = scenario.feedback is not None and scenario.feedback.fatigue > 0.0
    asked = "duration" in scenario.rule.reads()
    return bool(scenario.labs) or scenario.seen_for is not None or tires or asked


def _sees(world: World) -> str:
    """Return how creators see others: ``links``, ``everyone`` or the ``others`` in the crowd."""
    crowd = world.scenario.rule.everyone or world.network.complete
    opposed = [community.name for community in world.communities if community.opposes]
    if opposed and (crowd or world.scenario.feed > 0.0):
        raise InputError(
            f"communities.{opposed[0]}.opposes: needs creators who see neighbours only; use a "
            "network with links, a rule with scope 'neighbours' and no feed"
        )
    if world.scenario.rule.everyone:
        return "everyone"
    return "others" if crowd else "links"
