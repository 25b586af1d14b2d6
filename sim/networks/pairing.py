"""Random networks with given degrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PLACES = 1024
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

    from sim.kernels.graph_stubs import list_ends, match, mix, repair
    from sim.networks.rows import LINKS
    from sim.purposes import NETWORK

    indptr = np.concatenate([[0], np.cumsum(degrees)])
    pool = np.empty(indptr[-1], dtype=np.int32)
    list_ends(pool, indptr)
    indptr[1:] = indptr[:-1]
    indices = np.empty(pool.size, dtype=np.int32)
    places = np.empty(PLACES, dtype=np.int64)
    links = np.empty((2, LINKS + 2 * int(degrees.max(initial=0))), dtype=np.int32)
    match(indptr, indices, pool, places, links, seed, NETWORK)
    if repair(indptr, indices, seed, NETWORK):
        raise InputError(
            "network: these degrees leave loops or repeated links; "
            "lower the highest degrees or add creators"
        )
    if 0 < indices.size < 2 * MIXED_BELOW:
        mix(indptr, indices, SWITCHES_PER_LINK * indices.size // 2, seed, NETWORK)
    return indptr, indices
