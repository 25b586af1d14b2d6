"""Every pair linked with the same probability."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import InputError
from sim.networks.base import END, POINTER, NetworkSpec, check_ends, named
from sim.spec import NonNegative

if TYPE_CHECKING:
    from sim.networks.network import Network


class ErdosRenyi(NetworkSpec):
    """Every pair is linked with the same probability, independently of all others.

    The model G(n, p) of Gilbert (1959, doi:10.1214/aoms/1177706098), often named after
    Erdos and Renyi, with p = mean_degree / (n - 1): degrees are binomial, in large networks
    Poisson.
    """

    mean_degree: NonNegative
    """How many others a creator sees on average."""

    def build(
        self, sizes: tuple[int, ...], seed: int, names: tuple[str, ...] | None = None
    ) -> Network:
        from sim.networks.blocks import Blocks
        from sim.networks.network import Network

        creators = sum(sizes)
        if self.mean_degree > max(creators - 1, 0):
            raise InputError(
                f"network: mean_degree must be below the number of creators, "
                f"got {self.mean_degree:g} with {creators:,} creators"
            )
        check_ends(creators, creators * self.mean_degree)
        blocks = Blocks((creators,))
        blocks.add(0, creators, self.mean_degree / max(creators - 1, 1))
        return Network(*blocks.rows(seed), sizes, named(sizes, names))

    def memory(self, creators: int) -> int:
        return int(creators * (POINTER + END * self.mean_degree))
