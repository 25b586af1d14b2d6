"""Independent links whose probability depends on the communities of both ends."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CERTAIN = 1e18
ROWS, DRAWS = 4096, 1024


@dataclass
class Blocks:
    """Probabilities of links from the creators of each community to those who come after them.

    Parameters
    ----------
    sizes : tuple of int
        Creators in each community.
    """

    sizes: tuple[int, ...]
    _ends: list[int] = field(default_factory=list)
    _rates: list[float] = field(default_factory=list)
    _pieces: list[int] = field(default_factory=lambda: [0])

    def add(self, community: int, end: int, probability: float) -> None:
        """Link a community's creators to the next ones, up to ``end``, with a probability.

        Communities come in order, beginning with the first; so do the ends within each.
        """
        while len(self._pieces) < community + 2:
            self._pieces.append(self._pieces[-1])
        self._pieces[-1] += 1
        self._ends.append(end)
        self._rates.append(-math.log1p(-probability) if probability < 1.0 else CERTAIN)

    def rows(self, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return the rows of a network drawn with these probabilities."""
        import numpy as np

        from sim.kernels.graph_skips import walk
        from sim.kernels.graphs import begin_rows
        from sim.networks.rows import LINKS
        from sim.purposes import NETWORK

        starts = np.array([0, *accumulate(self.sizes)], dtype=np.int64)
        pieces = np.array(self._pieces, dtype=np.int64)
        ends = np.array(self._ends, dtype=np.int64)
        rates = np.array(self._rates, dtype=np.float64)
        indptr = np.zeros(starts[-1] + 1, dtype=np.int64)
        ways = np.empty(DRAWS, dtype=np.float64)
        links = np.empty((2, LINKS), dtype=np.int32)
        table = (starts, pieces, ends, rates, ROWS, ways, links)
        walk(indptr, np.empty(0, dtype=np.int32), *table, seed, NETWORK)
        indices = np.empty(begin_rows(indptr), dtype=np.int32)
        walk(indptr, indices, *table, seed, NETWORK)
        return indptr, indices
