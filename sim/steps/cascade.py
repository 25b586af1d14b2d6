"""Cascades of creators who join and stay: a run costs the links touched, not the crowd."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.decisions.loops import Shape, compiled_rule

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.engine import Engine


class Cascade:
    """Plays a rule by which creators join at a number of acting others, and stay.

    Instead of what each creator sees, it keeps what each creator still needs, and works that
    out when the creator is first touched, or for everybody once a 16th of the crowd has been.

    Parameters
    ----------
    engine : Engine
        Whose columns are read.
    shape : Shape
        What the loops are specialised to.
    """

    def __init__(self, engine: Engine, shape: Shape) -> None:
        self.engine, self.shape = engine, shape
        rule, network = engine.scenario.rule, engine.world.network
        narrow = network.longest_row < np.iinfo(np.int16).max - 1
        self.size = engine.world.size
        self.need = np.zeros(self.size, dtype=np.int16 if narrow else np.int32)
        self.found = np.empty(self.size + 1, dtype=np.int32)
        self.count = 0
        self.touched = 0
        self.filled = False
        self.idle = engine.world.least("threshold") > 0.0
        self.loops = compiled_rule(rule, shape)
        self._links = (network.indptr, network.indices)
        self._columns = tuple(engine.world.column(name) for name in rule.columns())
        self._parameters = tuple(float(value) for value in rule.parameters().values())

    @staticmethod
    def plays(engine: Engine, shape: Shape) -> bool:
        """Return whether a run is a cascade of this kind."""
        scenario = engine.scenario
        rule = scenario.rule
        return (
            rule.counts_up_to() is not None
            and rule.stays()
            and shape.sees == "links"
            and scenario.revision.share == 1.0
            and scenario.seen_for is None
            and not (scenario.one_by_one or shape.unaware or shape.shifted or shape.bound)
            and not (shape.linked or shape.fed or engine.world.network.directed)
        )

    @property
    def settled(self) -> bool:
        """Whether nobody would join in a later step."""
        return self.filled or self.idle or self.engine.step_number > 0

    def reach(self, changed: NDArray[np.int32], delta: NDArray[np.int8]) -> None:
        """Show who started to those who see them; note who joins."""
        indptr, indices = self._links
        if self.filled:
            seen = changed if self.engine.all_seen else changed[delta > 0]
            self.count = self.loops.pour(seen, self.found, self.need, indptr, indices)
        else:
            self.count = self.loops.spread(
                changed, delta, self.found, self.need, indptr, indices,
                self._columns, self._parameters,
            )  # fmt: skip
        self.touched += changed.size

    def reconsider(self) -> None:
        """Cascades are played only where nothing moves creators but others."""

    def decide(self, step: int, heard: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return who joins in a step (int32)."""
        joining = np.sort(self.found[: self.count])
        if not self.filled and (
            not self.idle or (self.touched + joining.size) * self.loops.FILL_FROM > self.size
        ):
            self.filled = True
            count = self.loops.need_all(
                self.need, self.found, self._links[0], self._columns, self._parameters
            )
            joining = np.concatenate((joining, self.found[:count])) if count else joining
        return joining

    def active(self) -> NDArray[np.int32]:
        """Return how many visible others each creator sees acting (creators,)."""
        from sim.kernels.crowd import SEEN
        from sim.kernels.exposure import push

        active = np.zeros(self.size, dtype=np.int32)
        seen = np.flatnonzero(self.engine.flags & SEEN).astype(np.int32)
        alike = np.empty(0, dtype=np.int32)
        push(seen, np.ones(seen.size, dtype=np.int8), *self._links, alike, active)
        return active
