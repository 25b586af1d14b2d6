"""Newcomers who also meet the friends of those they choose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from sim.networks.base import END, POINTER, NetworkSpec, named
from sim.spec import Probability

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.networks.network import Network


class HolmeKim(NetworkSpec):
    """Newcomers link to creators with many links, and to neighbours of these.

    Holme & Kim 2002 (doi:10.1103/PhysRevE.65.026107): degrees as in `BarabasiAlbert`, with
    many triangles.  After the first link of a newcomer, each further one goes with
    probability ``triads`` to a random neighbour of the creator chosen last by preference.
    """

    links: Annotated[int, Field(ge=1)]
    """Links that each newcomer brings; the mean degree is about twice as high."""

    triads: Probability
    """Probability that a further link closes a triangle."""

    def build(
        self, sizes: tuple[int, ...], seed: int, names: tuple[str, ...] | None = None
    ) -> Network:
        from sim.networks.network import Network
        from sim.networks.rows import from_newcomers

        rows = from_newcomers(sizes, self.links, seed, self._attach)
        return Network(*rows, sizes, named(sizes, names))

    def memory(self, creators: int) -> int:
        return creators * max(POINTER + 3 * END * self.links, END * (5 + 4 * self.links))

    def _attach(self, targets: NDArray[np.int32], creators: int, seed: int) -> None:
        import numpy as np

        from sim.kernels.graph_triads import attach_triads
        from sim.purposes import NETWORK

        pool = np.empty(3 * (creators + targets.size), dtype=np.int32)
        tails, followers = np.zeros((2, creators), dtype=np.int32)
        attach_triads(targets, self.links, self.triads, pool, tails, followers, seed, NETWORK)
