"""Who decides in a step, and the loops that play their decisions."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from sim.decisions.loops import ROOM, Shape, compiled_rule
from sim.kernels import crowd as kernels
from sim.kernels.revision import pick
from sim.purposes import DECISION, ORDER, REVISION

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.engine import Engine

PARALLEL_FROM = 1 << 20
"""Creators from which a second thread pays."""


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
        self.threads = threads or os.cpu_count() or 1
        self.size = engine.world.size
        self.everyone_sees = shape.sees != "links"
        self.tracked = (
            self.rule.when == "reached" and not self.everyone_sees and self.revision.share == 1.0
        )
        self.words = np.empty(ROOM, dtype=np.uint32)
        self.changed = np.empty(self.size, dtype=np.int32)
        self.queued = np.zeros(self.size if self.tracked else 0, dtype=np.uint8)
        self.reached = np.empty(self.size if self.tracked else 0, dtype=np.int32)
        self.waiting = 0
        self.all_due = True
        self._loops = compiled_rule(self.rule, shape)

    @property
    def settled(self) -> bool:
        """Whether nobody would decide otherwise in a later step than in the last one."""
        return self.rule.when == "reached" and self.revision.share == 1.0 and not self.all_due

    def reach(self, changed: NDArray[np.int32], delta: NDArray[np.int8]) -> None:
        """Show changes to those who see them, and note whose view changed."""
        engine = self.engine
        if self.everyone_sees:
            total = int(delta.sum(dtype=np.int64))
            engine.active[0] += total
            self.all_due = self.all_due or delta.any() or self.rule.when == "always"
            return
        indptr, indices = engine.world.network.indptr, engine.world.network.indices
        if self.tracked:
            self.waiting = kernels.push_and_reach(
                changed, delta, indptr, indices, engine.active, self.queued, self.reached
            )
        else:
            kernels.push(changed, delta, indptr, indices, engine.active)

    def decide(self, step: int, heard: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return who changes in a step (int32), given who has just heard (int32)."""
        if self.tracked:
            self.waiting = kernels.enqueue(heard, self.queued, self.reached, self.waiting)
            reached = self.reached[: self.waiting]
            kernels.dequeue(reached, self.queued)
            self.waiting = 0
            if not self.all_due:
                return self._decided(step, np.sort(reached))
        elif self.rule.when == "reached" and self.revision.share == 1.0:
            if not self.all_due:
                return self._decided(step, np.sort(heard))
        self.all_due = False
        if self.revision.share < 1.0:
            return self._decided(step, self._picked(step))
        return self._decided(step, None)

    def _picked(self, step: int) -> NDArray[np.int32]:
        picked = np.empty(self.size, dtype=np.int32)
        count = pick(picked, self.revision.share, self.engine.seed, REVISION, step)
        return picked[:count]

    def _decided(self, step: int, who: NDArray[np.int32] | None) -> NDArray[np.int32]:
        if self.revision.order == "one_by_one":
            return self._one_by_one(step, who)
        if who is None:
            return self._all_at_once(step)
        count = self._loops.revise_listed(who, self.changed, *self._situation(step))
        return self.changed[:count].copy()

    def _all_at_once(self, step: int) -> NDArray[np.int32]:
        situation = self._situation(step)
        share = ROOM * -(-self.size // (ROOM * self.threads))
        if self.threads == 1 or self.size < PARALLEL_FROM:
            count = self._loops.revise_all(0, self.size, self.changed, self.words, *situation)
            return self.changed[:count].copy()

        def part(begin: int) -> NDArray[np.int32]:
            end = min(begin + share, self.size)
            changed, words = self.changed[begin:end], np.empty(ROOM, dtype=np.uint32)
            count = self._loops.revise_all(begin, end, changed, words, *situation)
            return changed[:count]

        with ThreadPoolExecutor(self.threads) as pool:
            return np.concatenate(list(pool.map(part, range(0, self.size, share))))

    def _one_by_one(self, step: int, who: NDArray[np.int32] | None) -> NDArray[np.int32]:
        raise NotImplementedError

    def _situation(self, step: int) -> tuple[object, ...]:
        engine = self.engine
        columns = tuple(engine.world.column(name) for name in self.rule.columns())
        return (
            engine.seed,
            DECISION,
            step,
            engine.crowd,
            engine.active,
            self._degrees(),
            columns,
            tuple(float(value) for value in self.rule.parameters().values()),
            engine.shift,
        )

    def _degrees(self) -> NDArray[np.int64]:
        if self.shape.sees == "links":
            return self.engine.world.network.indptr
        return np.array([self.size - (self.shape.sees == "others")], dtype=np.int64)
