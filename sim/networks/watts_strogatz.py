"""Small worlds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from sim.errors import InputError
from sim.networks.base import END, POINTER, NetworkSpec, check_ends, named
from sim.spec import Probability

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.networks.network import Network

DRAWS = 1024


class WattsStrogatz(NetworkSpec):
    """A ring of close neighbours in which some links are moved far away.

    Watts & Strogatz 1998 (doi:10.1038/30918): each creator is linked to ``degree / 2`` others
    on either side; each link is moved with probability ``rewiring`` to a random creator that
    is not linked yet.  With ``keep_degrees`` moved links exchange ends instead (Maslov &
    Sneppen 2002, doi:10.1126/science.1065103; so in Centola & Macy 2007, doi:10.1086/521848).
    Communities are stretches of the ring.
    """

    degree: Annotated[int, Field(ge=0, multiple_of=2)]
    """How many others a creator sees before links are moved; even."""

    rewiring: Probability
    """Probability that a link is moved: 0 is the ring, 1 nearly random."""

    keep_degrees: bool = False
    """Moved links exchange their far ends, so that everyone keeps ``degree`` links."""

    def build(
        self, sizes: tuple[int, ...], seed: int, names: tuple[str, ...] | None = None
    ) -> Network:
        import numpy as np

        from sim.kernels.graph_ring import lay_ring
        from sim.kernels.graphs import sort_rows
        from sim.networks.network import Network
        from sim.networks.rows import from_lists

        creators, width = sum(sizes), self.degree // 2
        self._check(creators)
        targets = np.empty(creators * width, dtype=np.int32)
        lay_ring(targets, creators, width)
        self._move(targets, creators, seed)
        indptr, indices = from_lists(creators, targets, width, 0)
        sort_rows(indptr, indices)
        return Network(indptr, indices, sizes, named(sizes, names))

    def _move(self, targets: NDArray[np.int32], creators: int, seed: int) -> None:
        import numpy as np

        from sim.kernels.graph_ring import exchange, mark, rewire
        from sim.purposes import NETWORK

        draws = np.empty(DRAWS, dtype=np.uint64)
        chance = targets.size, self.rewiring, draws, seed, NETWORK
        marked = np.empty(mark(np.empty(0, dtype=np.int64), *chance), dtype=np.int64)
        mark(marked, *chance)
        if self.keep_degrees:
            exchange(targets, self.degree // 2, marked, seed, NETWORK)
        else:
            rewire(targets, creators, self.degree // 2, marked, seed, NETWORK)

    def memory(self, creators: int) -> int:
        return creators * (POINTER + 3 * END * self.degree // 2)

    def _check(self, creators: int) -> None:
        if self.degree and self.degree >= creators:
            raise InputError(
                f"network: degree must be below the number of creators, "
                f"got {self.degree} with {creators:,} creators"
            )
        check_ends(creators, self.degree * creators)
