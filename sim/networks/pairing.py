"""Random networks with given degrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pointers = NDArray[np.int64]
    Entries = NDArray[np.int32]
    Rows = tuple[Pointers, Entries]

DRAWS = 1024
ATTEMPTS = 10_000
MIXED_BELOW = 1000
SWITCHES_PER_LINK = 10


def paired(degrees: NDArray[np.int64], seed: int) -> Rows:
    """Return the rows of a random network with these degrees, all such about equally likely.

    Link ends are paired at random; loops and repeated links are switched away.  That favours
    some networks a little when there are few creators: small networks are therefore mixed by
    further random switches.  Where switches find no way out (nearly everyone is linked to
    everyone), the links come from Havel (1955) and Hakimi (1962, doi:10.1137/0110037), mixed.

    Parameters
    ----------
    degrees : int64 (creators,)
        Links of each creator.

    Raises
    ------
    InputError
        When no network without loops and repeated links has these degrees.
    """
    import numpy as np

    from sim.kernels.graph_switches import repair
    from sim.purposes import NETWORK

    if int(degrees.sum()) % 2:
        raise InputError("network: the degrees add up to an odd number; change one of them by one")
    indptr, indices = matched(degrees, np.array([0, degrees.size]), seed)
    anywhere = np.empty(0, dtype=np.int32)
    table = indptr, indices, 0, degrees.size
    if repair(*table, anywhere, ATTEMPTS, 0, seed, NETWORK):
        if link_anew(*table):
            raise InputError(
                "network: no network without loops and repeated links has these degrees; "
                "lower the highest ones or add creators"
            )
        mixed(*table, seed)
    elif indices.size < 2 * MIXED_BELOW:
        mixed(*table, seed)
    return indptr, indices


def matched(
    degrees: NDArray[np.int64], bounds: NDArray[np.int64], seed: int, first: int = 0
) -> Rows:
    """Pair link ends within each group of creators; loops and repeated links stay in.

    Parameters
    ----------
    degrees : int64 (creators,)
        Links of each creator; their sum is even in each group.
    bounds : int64 (groups + 1,)
        Where each group begins, and where the last ends.
    first : int
        Number of the first group's stream of draws.
    """
    import numpy as np

    from sim.kernels.graph_stubs import list_ends, match
    from sim.networks.rows import LINKS
    from sim.purposes import NETWORK

    indptr = np.concatenate([[0], np.cumsum(degrees)])
    pool = np.empty(indptr[-1], dtype=np.int32)
    list_ends(pool, indptr)
    ends = indptr[bounds]
    indptr[1:] = indptr[:-1]
    indices = np.empty(pool.size, dtype=np.int32)
    draws = np.empty(DRAWS, dtype=np.uint64)
    links = np.empty((2, LINKS + 2 * int(degrees.max(initial=0))), dtype=np.int32)
    for group in range(bounds.size - 1):
        part = pool[ends[group] : ends[group + 1]]
        match(indptr, indices, part, draws, links, first + group, seed, NETWORK)
    return indptr, indices


def link_anew(indptr: Pointers, indices: Entries, begin: int, end: int) -> int:
    """Link rows ``begin`` to ``end`` among themselves in place; return how many ends are left."""
    import numpy as np

    from sim.kernels.graph_degrees import link_highest

    degrees = np.diff(indptr[begin : end + 1])
    order = begin + np.argsort(-degrees, kind="stable")
    left = np.zeros(end, dtype=np.int64)
    link_highest(indptr, indices, begin, end, left, order)
    return int(left.sum())


def mixed(indptr: Pointers, indices: Entries, begin: int, end: int, seed: int) -> None:
    """Make all networks with the same degrees about equally likely, in place."""
    import numpy as np

    from sim.kernels.graph_switches import mix
    from sim.purposes import NETWORK

    switches = SWITCHES_PER_LINK * int(indptr[end] - indptr[begin]) // 2
    anywhere = np.empty(0, dtype=np.int32)
    mix(indptr, indices, begin, end, anywhere, switches, seed, NETWORK)
