"""Networks laid over each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.errors import InputError
from sim.networks.network import WEIGHT_UNIT, Network

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Table = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]


def united(networks: Sequence[Network], factors: Sequence[float]) -> Network:
    """Return the network with the links of all; their weights, times a factor each, add up.

    Raises
    ------
    InputError
        When the networks differ in their creators, or a weight is too small or too large.
    """
    first, *others = networks
    indptr, indices, weights = first.indptr, first.indices, _weights(first, factors[0])
    for network, factor in zip(others, factors[1:], strict=True):
        _check(first, network)
        indptr, indices, weights = _unite(
            (indptr, indices, weights),
            (network.indptr, network.indices, _weights(network, factor)),
        )
    return Network(
        indptr,
        indices,
        first.sizes,
        first.names,
        notes=tuple(dict.fromkeys(note for network in networks for note in network.notes)),
        weights=weights,
        directed=any(network.directed for network in networks),
        ids=next((network.ids for network in networks if network.ids is not None), None),
        modules=next((n.modules for n in networks if n.modules is not None), None),
    )


def _unite(first: Table, second: Table) -> Table:
    import numpy as np

    from sim.kernels.graph_unite import unite

    if int(first[2].max(initial=0)) + int(second[2].max(initial=0)) >= 2**31:
        raise InputError("network: weights of layers add up to more than 32,767; lower them")
    indptr = np.zeros(first[0].size, dtype=np.int64)
    nothing = np.empty(0, dtype=np.int32)
    total = unite(indptr, nothing, nothing, *first, *second)
    indices, weights = np.empty((2, total), dtype=np.int32)
    unite(indptr, indices, weights, *first, *second)
    return indptr, indices, weights


def _weights(network: Network, factor: float) -> NDArray[np.int32]:
    import numpy as np

    if network.weights is None:
        units = np.full(network.indices.size, np.rint(factor * WEIGHT_UNIT))
    else:
        units = np.rint(network.weights * factor)
    if not ((units >= 1) & (units < 2**31)).all():
        raise InputError(
            f"network: weights of links must stay between 1/{WEIGHT_UNIT} and "
            f"{2**31 // WEIGHT_UNIT - 1:,}, got a factor of {factor:g}"
        )
    return units.astype(np.int32)


def _check(first: Network, other: Network) -> None:
    """Refuse layers whose creators are not the same."""
    import numpy as np

    if first.sizes != other.sizes or first.names != other.names:
        raise InputError(
            f"network: all layers need the same creators, got {first.creators:,} and "
            f"{other.creators:,} in communities {', '.join(first.names)} and "
            f"{', '.join(other.names)}"
        )
    if first.ids is not None and other.ids is not None and not np.array_equal(first.ids, other.ids):
        raise InputError(
            "network: the edge lists of two layers have other ids or another order; "
            "give both the same labels"
        )
