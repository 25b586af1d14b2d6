"""Nobody sees anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.networks.base import POINTER, NetworkSpec, named

if TYPE_CHECKING:
    from sim.networks.network import Network


class Empty(NetworkSpec):
    """Nobody sees anybody: every creator decides alone."""

    def build(
        self, sizes: tuple[int, ...], seed: int, names: tuple[str, ...] | None = None
    ) -> Network:
        import numpy as np

        from sim.networks.network import Network

        rows, ends = np.zeros(sum(sizes) + 1, np.int64), np.empty(0, np.int32)
        return Network(rows, ends, sizes, named(sizes, names))

    def memory(self, creators: int) -> int:
        return POINTER * creators
