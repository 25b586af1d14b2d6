"""Several networks at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import model_validator

from sim.errors import InputError
from sim.networks.base import END, POINTER, NetworkSpec
from sim.spec import Positive

if TYPE_CHECKING:
    from sim.networks.network import Network

LAYER = 10


class Layers(NetworkSpec):
    """Creators see each other through several networks, such as acquaintances and a platform.

    A multiplex network (Kivela et al. 2014, doi:10.1093/comnet/cnu016) reduced to one with
    weights: a link weighs as much as the layers that have it, added up.
    """

    layers: tuple[NetworkSpec, ...]
    """The networks, at least one; `Complete` cannot be among them."""

    weights: tuple[Positive, ...] | None = None
    """What a link of each layer weighs (1/65536 to 32,767); 1 each unless stated."""

    @model_validator(mode="after")
    def _matching(self) -> Self:
        if not self.layers:
            raise ValueError("layers needs at least one network")
        if self.weights is not None and len(self.weights) != len(self.layers):
            raise ValueError("weights needs one number for each layer")
        return self

    def build(
        self, sizes: tuple[int, ...], seed: int, names: tuple[str, ...] | None = None
    ) -> Network:
        from sim.networks.uniting import united

        built = [
            layer.build(sizes, _seed_of(place, seed), names)
            for place, layer in enumerate(self.layers)
        ]
        if any(network.complete for network in built):
            raise InputError(
                "network: a complete network cannot be a layer; give the rule scope='everyone'"
            )
        return united(built, self.weights or (1.0,) * len(built))

    def version(self) -> object:
        return tuple(layer.version() for layer in self.layers)

    def memory(self, creators: int) -> int:
        kept = sum(layer.memory(creators) for layer in self.layers)
        return 3 * kept + creators * (POINTER + END)


def _seed_of(place: int, seed: int) -> int:
    """Return a seed of its own for each layer."""
    import numpy as np

    from sim.kernels.philox import fill_words
    from sim.purposes import NETWORK

    words = np.empty(4, dtype=np.uint32)
    fill_words(words, seed, NETWORK, LAYER, 4 * place, 0)
    return int(words[0])
