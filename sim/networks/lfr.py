"""Networks of modules whose sizes, like degrees, differ widely."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator

from sim.errors import InputError
from sim.networks.base import END, POINTER, NetworkSpec, check_ends, named
from sim.spec import Positive, Probability

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.networks.network import Network

DEGREES, MODULES = 4, 5
Exponent = Annotated[float, Field(gt=1.0, le=20.0)]


class LFR(NetworkSpec):
    """Creators in modules; degrees and sizes of modules fall off as power laws.

    The benchmark of Lancichinetti, Fortunato & Radicchi 2008 (doi:10.1103/PhysRevE.78.046110):
    every creator has the share ``mixing`` of its links outside of its module.  A module is a
    stretch of consecutive creators, so a community consists of modules (but for its borders).
    """

    mean_degree: Positive = 10.0
    """How many others a creator sees on average."""

    mixing: Probability = 0.2
    """Share of links that lead out of the module."""

    degree_exponent: Exponent = 2.5
    """How fast degrees fall off."""

    module_exponent: Exponent = 1.5
    """How fast sizes of modules fall off."""

    max_degree: Annotated[int, Field(ge=1)] | None = None
    """The highest degree; unless stated the square root of the number of creators, and no more
    than the largest module has room for."""

    min_module: Annotated[int, Field(ge=2)] = 20
    """Creators in the smallest module."""

    max_module: Annotated[int, Field(ge=2)] = 200
    """Creators in the largest module."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.max_module < self.min_module:
            raise ValueError("max_module must not be below min_module")
        return self

    def build(
        self, sizes: tuple[int, ...], seed: int, names: tuple[str, ...] | None = None
    ) -> Network:
        from sim.networks.modules import linked_modules
        from sim.networks.network import Network

        creators = sum(sizes)
        check_ends(creators, creators * self.mean_degree)
        starts = self._starts(creators, seed)
        degrees, lowered = self._degrees(starts, seed)
        indptr, indices, left_out = linked_modules(degrees, starts, self.mixing, seed)
        notes = []
        if lowered:
            notes.append(f"Creators with fewer links than drawn, to fit their module: {lowered:,}.")
        if left_out:
            notes.append(f"Links that found no place and were left out: {left_out:,}.")
        return Network(
            indptr, indices, sizes, named(sizes, names), notes=tuple(notes), modules=starts
        )

    def memory(self, creators: int) -> int:
        return int(creators * (6 * POINTER + 3 * END * self.mean_degree))

    def _starts(self, creators: int, seed: int) -> NDArray[np.int64]:
        """Return where each module begins, and where the last ends."""
        import numpy as np

        from sim.networks.degrees import drawn, power_law

        if creators < self.min_module:
            raise InputError(
                f"network: min_module must not be above the number of creators, "
                f"got {self.min_module} with {creators:,} creators"
            )
        most = min(self.max_module, creators)
        table = power_law(self.module_exponent, self.min_module, most)
        number = creators // self.min_module + 1
        ends = np.cumsum(drawn(table, self.min_module, number, MODULES, seed))
        modules = int(np.searchsorted(ends, creators - self.min_module, side="right")) + 1
        starts = np.zeros(modules + 1, dtype=np.int64)
        starts[1:] = ends[:modules]
        starts[-1] = creators
        return starts

    def _degrees(self, starts: NDArray[np.int64], seed: int) -> tuple[NDArray[np.int64], int]:
        """Return the degree of each creator, and how many were lowered to fit their module."""
        import numpy as np

        from sim.kernels.graph_degrees import deal_degrees
        from sim.networks.degrees import drawn, power_law_of_mean
        from sim.purposes import NETWORK

        creators, room = int(starts[-1]), np.diff(starts)
        most = self._most(creators, int(room.max()))
        if not 1.0 <= self.mean_degree <= most:
            raise InputError(
                f"network: mean_degree must be from 1 to the highest degree ({most}), "
                f"got {self.mean_degree:g}"
            )
        table, least = power_law_of_mean(self.degree_exponent, self.mean_degree, most)
        ranked = np.sort(drawn(table, least, creators, DEGREES, seed))[::-1].copy()
        by_size = np.argsort(-room, kind="stable")
        degrees = np.empty(creators, dtype=np.int64)
        pool = np.empty(creators, dtype=np.int32)
        share = 1.0 - self.mixing
        lowered = deal_degrees(degrees, ranked, share, starts, by_size, pool, seed, NETWORK)
        return degrees, lowered

    def _most(self, creators: int, largest: int) -> int:
        fits = math.floor((largest - 1) / (1.0 - self.mixing)) if self.mixing < 1.0 else creators
        return self.max_degree or max(1, min(math.isqrt(creators), fits))
