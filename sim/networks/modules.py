"""Links inside and outside of modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEW = 300
TOLERATED = 1000


def linked_modules(
    degrees: NDArray[np.int64], starts: NDArray[np.int64], mixing: float, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], int]:
    """Return rows of a random network of modules, and how many links found no place.

    Parameters
    ----------
    degrees : int64 (creators,)
        Links of each creator, of which the share ``mixing`` leads out of the module.
    starts : int64 (modules + 1,)
        The creators of module m are ``starts[m]`` to ``starts[m + 1]``.
    """
    import numpy as np

    from sim.kernels.graph_degrees import merge_rows, split_degrees
    from sim.kernels.graph_switches import repair
    from sim.kernels.graphs import drop_unwelcome
    from sim.networks.pairing import ATTEMPTS, link_anew, matched, mixed
    from sim.purposes import NETWORK

    creators, modules = degrees.size, starts.size - 1
    inside = np.empty(creators, dtype=np.int64)
    split_degrees(inside, degrees, 1.0 - mixing, starts, seed, NETWORK)
    outside = degrees - inside
    if outside.sum() % 2:
        outside[np.flatnonzero(outside)[0]] -= 1
    anywhere = np.empty(0, dtype=np.int32)
    module = np.repeat(np.arange(modules, dtype=np.int32), np.diff(starts))
    near, near_ends = matched(inside, starts, seed, first=1)
    far, far_ends = matched(outside, np.array([0, creators]), seed)
    for m in range(modules):
        table = near, near_ends, int(starts[m]), int(starts[m + 1])
        if repair(*table, anywhere, FEW, 0, seed, NETWORK):
            link_anew(*table)
            mixed(*table, seed)
    repair(far, far_ends, 0, creators, module, ATTEMPTS, TOLERATED, seed, NETWORK)
    kept = drop_unwelcome(near, near_ends, anywhere) + drop_unwelcome(far, far_ends, module)
    indptr = np.zeros(creators + 1, dtype=np.int64)
    indices = np.empty(kept, dtype=np.int32)
    merge_rows(indptr, indices, near, near_ends, far, far_ends)
    return indptr, indices, (near_ends.size + far_ends.size - kept) // 2
