"""Everyone sees everyone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.networks.base import NetworkSpec, named

if TYPE_CHECKING:
    from sim.networks.network import Network


class Complete(NetworkSpec):
    """Everyone sees everyone; no links are stored (Granovetter 1978, doi:10.1086/226707)."""

    def build(
        self, sizes: tuple[int, ...], seed: int, names: tuple[str, ...] | None = None
    ) -> Network:
        import numpy as np

        from sim.networks.network import Network

        rows, ends = np.empty(0, np.int64), np.empty(0, np.int32)
        return Network(rows, ends, sizes, named(sizes, names), complete=True)

    def memory(self, creators: int) -> int:
        return 0
