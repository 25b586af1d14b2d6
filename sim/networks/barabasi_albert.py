"""Newcomers who prefer those with many links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from sim.networks.base import END, POINTER, NetworkSpec, named

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.networks.network import Network

PICKS = 1024


class BarabasiAlbert(NetworkSpec):
    """Newcomers link to creators in proportion to the links these have already.

    Barabasi & Albert 1999 (doi:10.1126/science.286.5439.509): degrees fall off as k**-3, the
    oldest are the hubs.  The first newcomer links to ``links`` creators without links.  With
    several communities creators join in random order, so that hubs are spread over them.
    """

    links: Annotated[int, Field(ge=1)]
    """Links that each newcomer brings; the mean degree is about twice as high."""

    def build(
        self, sizes: tuple[int, ...], seed: int, names: tuple[str, ...] | None = None
    ) -> Network:
        from sim.networks.network import Network
        from sim.networks.rows import from_newcomers

        rows = from_newcomers(sizes, self.links, seed, self._attach)
        return Network(*rows, sizes, named(sizes, names))

    def memory(self, creators: int) -> int:
        return creators * (POINTER + 3 * END * self.links)

    def _attach(self, targets: NDArray[np.int32], creators: int, seed: int) -> None:
        import numpy as np

        from sim.kernels.graph_growth import attach
        from sim.purposes import NETWORK

        attach(targets, self.links, np.empty(PICKS, dtype=np.uint64), seed, NETWORK)
