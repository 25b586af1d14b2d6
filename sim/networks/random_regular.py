"""Everyone has the same number of links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from sim.errors import InputError
from sim.networks.base import END, POINTER, NetworkSpec, check_ends, named

if TYPE_CHECKING:
    from sim.networks.network import Network


class RandomRegular(NetworkSpec):
    """Everyone has the same number of links, to random others.

    Link ends are paired at random and made simple by switches, see
    `sim.networks.pairing.paired`.
    """

    degree: Annotated[int, Field(ge=0)]
    """How many others each creator sees; even, or the number of creators is."""

    def build(
        self, sizes: tuple[int, ...], seed: int, names: tuple[str, ...] | None = None
    ) -> Network:
        import numpy as np

        from sim.networks.network import Network
        from sim.networks.pairing import paired

        creators = sum(sizes)
        self._check(creators)
        degrees = np.full(creators, self.degree, dtype=np.int64)
        return Network(*paired(degrees, seed), sizes, named(sizes, names))

    def memory(self, creators: int) -> int:
        return creators * (2 * POINTER + 2 * END * self.degree)

    def _check(self, creators: int) -> None:
        if self.degree and self.degree >= creators:
            raise InputError(
                f"network: degree must be below the number of creators, "
                f"got {self.degree} with {creators:,} creators"
            )
        if self.degree * creators % 2:
            raise InputError(
                f"network: {creators:,} creators with {self.degree} links each have an odd "
                "number of link ends; make degree or the number of creators even"
            )
        check_ends(creators, self.degree * creators)
