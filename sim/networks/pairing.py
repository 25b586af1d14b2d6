"""Random networks with given degrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MIXED_BELOW = 100_000
SWITCHES_PER_LINK = 10


def paired(degrees: NDArray[np.int64], seed: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the rows of a random network with these degrees, all such about equally likely.

    Link ends are paired at random; loops and repeated links, whose number does not grow with
    the network, are switched away.  That favours some networks a little when there are few
    creators: small networks are therefore mixed by further random switches.

    Parameters
    ----------
    degrees : int64 (creators,)
        Links of each creator; their sum is even.

    Raises
    ------
    InputError
        When no network without loops and repeated links was found.
    """
    import numpy as np

    from sim.kernels.graph_stubs import fill_pairs, list_ends, mix, repair, shuffle
    from sim.kernels.graphs import begin_rows, sort_rows
    from sim.purposes import NETWORK

    indptr = np.concatenate([[0], np.cumsum(degrees)])
    ends = np.empty(indptr[-1], dtype=np.int32)
    list_ends(ends, indptr)
    shuffle(ends, seed, NETWORK)
    indptr[1:] = degrees
    indices = np.empty(begin_rows(indptr), dtype=np.int32)
    fill_pairs(indptr, indices, ends)
    sort_rows(indptr, indices)
    if repair(indptr, indices, seed, NETWORK):
        raise InputError(
            "network: these degrees leave loops or repeated links; "
            "lower the highest degrees or add creators"
        )
    if 0 < indices.size < 2 * MIXED_BELOW:
        mix(indptr, indices, SWITCHES_PER_LINK * indices.size // 2, seed, NETWORK)
    return indptr, indices
