"""Who decides in a step, and the loops that play their decisions."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from sim.decisions.loops import ROOM, Shape, compiled_rule, tabled
from sim.errors import InputError
from sim.kernels import exposure as kernels
from sim.kernels.choice import CERTAIN, STEADY
from sim.kernels.crowd import AWARE, BOUND
from sim.kernels.revision import OFTEN, pick_few, pick_many
from sim.purposes import DECISION, ORDER, REVISION, VISIBLE
from sim.steps.pull import NOTHING

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.engine import Engine

PARALLEL_FROM = 1 << 20
"""Creators from which a second thread pays."""
UNITS = 1 << 20
"""Whole units in a weight of 1, so that sums of weights are exact."""


class Reviser:
    """Plays the decisions of one engine's crowd.

    Parameters
    ----------
    engine : Engine
        Whose columns are read.
    shape : Shape
        What the loops are specialised to.
    threads : int, optional
        Threads for a pass over a large crowd; all processors unless given.
    """

    def __init__(self, engine: Engine, shape: Shape, threads: int | None) -> None:
        self.engine, self.shape = engine, shape
        self.rule = engine.scenario.rule
        self.revision = engine.scenario.revision
        if threads is not None and threads < 1:
            raise InputError(f"threads: must be at least 1, got {threads}")
        self.threads = threads or os.cpu_count() or 1
        self.size = engine.world.size
        self.everyone_sees = shape.sees != "links"
        self.one_by_one = engine.scenario.one_by_one
        self.lasting = self.rule.when != "always" and self.revision.share == 1.0
        self.tracked = (
            self.lasting
            and self.rule.when == "reached"
            and not self.everyone_sees
            and not self.one_by_one
            and not shape.fed
        )
        self.changed = np.empty(self.size, dtype=np.int32)
        self.queued = np.zeros(self.size if self.tracked else 0, dtype=np.uint8)
        self.reached = np.empty(self.size if self.tracked else 0, dtype=np.int32)
        self.waiting = 0
        self.all_due = True
        network = engine.world.network
        alike = np.empty(0, dtype=np.int32)
        weights = engine.world.link_weights
        self.links = (network.indptr, network.indices, alike if weights is None else weights)
        self.feed = np.array([engine.scenario.feed, 0.0])
        self.memories = self._first_memories()
        self.weights = self._weights()
        self.degrees = self._degrees()
        self._columns = self.rule.columns()
        self._parameters = tuple(float(value) for value in self.rule.parameters().values())
        self._loops = compiled_rule(self.rule, shape)
        self._tables = self._tabulated()
        self._needs_others = self._starts_by_contact()

    @property
    def settled(self) -> bool:
        """Whether nobody would decide otherwise in a later step than in the last one."""
        over = self._needs_others and not self.engine.counts[0].any()
        return over or (self.lasting and not self.all_due)

    def reach(self, changed: NDArray[np.int32], delta: NDArray[np.int8]) -> None:
        """Show changes to those who see them, and note whose view changed."""
        engine = self.engine
        if self.everyone_sees:
            by = delta * self.weights[changed] if self.weights.size else delta
            engine.active[0] += by.sum(dtype=np.int64)
            self.all_due |= bool(delta.any())
            return
        self.feed[1] += delta.sum(dtype=np.int64)
        if self.tracked:
            self.waiting = kernels.push_and_reach(
                changed, delta, *self.links, engine.active, self.queued, self.reached
            )
        else:
            kernels.push(changed, delta, *self.links, engine.active)
            self.all_due |= bool(delta.any())

    def reconsider(self) -> None:
        """Let everybody decide in the next step, since what moves them has changed."""
        self.all_due = True

    def decide(self, step: int, heard: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return who changes in a step (int32), given who has just heard (int32)."""
        who = self._due(step, heard)
        self.all_due = False
        if self.rule.when == "pledge":
            return self._pledged(who)
        if self.one_by_one:
            return self._one_by_one(step, who)
        if who is None:
            return self._all_at_once(step)
        count = self._loops.revise_listed(who, self.changed, *self._situation(step))
        return self.changed[:count].copy()

    def _due(self, step: int, heard: NDArray[np.int32]) -> NDArray[np.int32] | None:
        """Return who has to decide, in ascending order; None for everybody."""
        if self.tracked:
            self.waiting = kernels.enqueue(heard, self.queued, self.reached, self.waiting)
            reached = self.reached[: self.waiting]
            kernels.dequeue(reached, self.queued)
            self.waiting = 0
            return None if self.all_due else np.sort(reached)
        if self.lasting:
            depends = self.rule.when == "pledge" or self.one_by_one
            everybody = self.all_due or (depends and heard.size > 0)
            return None if everybody else np.sort(heard)
        if self.revision.share == 1.0:
            return None
        picked, address = np.empty(self.size, dtype=np.int32), (self.engine.seed, REVISION, step)
        share = self.revision.share
        if share < OFTEN:
            return picked[: pick_few(picked, share, *address)]
        words = np.empty(ROOM, dtype=np.uint32)
        return picked[: pick_many(picked, words, share, *address)]

    def _all_at_once(self, step: int) -> NDArray[np.int32]:
        situation = self._situation(step)
        share = ROOM * -(-self.size // (ROOM * self.threads))
        if self.threads == 1 or self.size < PARALLEL_FROM:
            count = self._loops.revise_all(0, self.size, self.changed, self._room(), *situation)
            return self.changed[:count].copy()

        def part(begin: int) -> NDArray[np.int32]:
            end = min(begin + share, self.size)
            changed = self.changed[begin:end]
            count = self._loops.revise_all(begin, end, changed, self._room(), *situation)
            return changed[:count]

        with ThreadPoolExecutor(self.threads) as pool:
            return np.concatenate(list(pool.map(part, range(0, self.size, share))))

    def _one_by_one(self, step: int, who: NDArray[np.int32] | None) -> NDArray[np.int32]:
        engine, world = self.engine, self.engine.world
        keys = world.uniform(step, ORDER)
        everyone = np.arange(self.size, dtype=np.int32) if who is None else who
        ordered = everyone[np.argsort(keys[everyone], kind="stable")]
        terms = (VISIBLE, world.repertoire, world.visibility, engine.counts)
        count = self._loops.revise_in_order(
            ordered, self.changed, np.empty(self.size, dtype=np.int8), *self._situation(step),
            terms, self.links,
        )  # fmt: skip
        self.all_due = count > 0
        return np.sort(self.changed[:count])

    def _pledged(self, who: NDArray[np.int32] | None) -> NDArray[np.int32]:
        """Return who acts from now on: the largest group in which every pledge is met.

        Those who are due may sign.  Members are those whose threshold the others in the group
        reach; of the creators in ascending order of threshold, the first n, where n is the
        largest number such that the n-th threshold is at most n - 1.
        """
        engine = self.engine
        acts = engine.tactic != 0
        able = ~acts & ((engine.flags & AWARE != 0) | (not self.shape.unaware))
        able &= engine.flags & BOUND == 0
        if who is not None:
            able &= np.isin(np.arange(self.size), who)
        asked = np.broadcast_to(engine.world.column("threshold"), (self.size,))
        threshold = asked[able] if engine.pull is None else (asked - engine.pull.on_idle())[able]
        others = int(engine.active[0]) + np.arange(threshold.size)
        counted = self.rule.parameters()["counted"]
        met = others if counted else others / max(int(self.degrees[0]), 1)
        order = np.argsort(threshold, kind="stable")
        holds = np.flatnonzero(threshold[order] <= met)
        members = order[: holds[-1] + 1] if holds.size else order[:0]
        return np.sort(np.flatnonzero(able)[members]).astype(np.int32)

    def _situation(self, step: int) -> tuple[object, ...]:
        engine = self.engine
        return (
            (engine.seed, DECISION, step),
            engine.crowd,
            (
                engine.active,
                self.degrees,
                self.weights,
                NOTHING if engine.pull is None else engine.pull.arrays,
                self.feed,
            ),
            tuple(engine.world.column(name) for name in self._columns),
            self._parameters,
            self.memories,
        )

    def _first_memories(self) -> tuple[NDArray[np.float64], ...]:
        columns = (self.engine.world.column(name) for name in self.rule.memories)
        return tuple(np.array(np.broadcast_to(c, (self.size,)), dtype=float) for c in columns)

    def _weights(self) -> NDArray[np.int64]:
        """Return what creators count for, in whole units (n,); of size 0 where all count 1."""
        if self.rule.weighs is None:
            return np.empty(0, dtype=np.int64)
        if not self.everyone_sees:
            raise InputError(
                f"rule {self.rule.kind()}: weighs creators, so all must see all; "
                "use scope 'everyone' or a complete network"
            )
        weights = np.broadcast_to(self.engine.world.column(self.rule.weighs), (self.size,))
        if not (np.isfinite(weights).all() and (weights >= 0.0).all()):
            raise InputError(f"communities: {self.rule.weighs} must be finite and not negative")
        return np.round(weights * UNITS).astype(np.int64)

    def _degrees(self) -> NDArray[np.integer]:
        """Return how many others each creator sees, or what everybody counts for (1,)."""
        network = self.engine.world.network
        if not self.everyone_sees and (network.directed or self.shape.linked):
            sums = np.zeros(self.size, dtype=np.int64)
            kernels.weighed(network.indices, self.links[2], sums)
            return sums
        if not self.everyone_sees:
            return network.row_sizes
        total = self.weights.sum() if self.weights.size else self.size
        return np.array([total], dtype=np.int64)

    def _room(self) -> tuple[NDArray[np.generic], ...]:
        """Return where a thread works: words, cells and places of a block, and the tables."""
        return (
            np.empty(ROOM, dtype=np.uint32),
            np.empty(ROOM, dtype=np.int32),
            np.empty(ROOM, dtype=np.int32),
            *self._tables,
        )

    def _starts_by_contact(self) -> bool:
        """Return whether a rule of counts alone starts nobody where nobody acts."""
        if not tabled(type(self.rule), self.shape):
            return False
        chances = []
        for ever in (False, True):
            alone = {"mobilised": False, "ever": ever, "active": 0, "shift": 0.0}
            known = alone | self.rule.parameters()
            chances.append(self.rule.function()(*(known[name] for name in self.rule.reads())))
        return not any(chances)

    def _tabulated(self) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        if not tabled(type(self.rule), self.shape):
            return STEADY, CERTAIN
        table, certain = np.empty((2, 4 * self._loops.COUNTED), dtype=np.uint32)
        clock, *_, parameters, _ = self._situation(0)
        self._loops.tabulate(table, certain, clock, parameters)
        return table, certain
