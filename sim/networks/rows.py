"""From what a generator counts to the rows of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def from_links(
    creators: int, sources: NDArray[np.int32], targets: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the rows of an undirected list of links; loops and repeated links are dropped."""
    import numpy as np

    from sim.kernels.graph_lists import count_links, fill_links
    from sim.kernels.graphs import begin_rows, drop_repeats, sort_rows

    indptr = np.zeros(creators + 1, dtype=np.int64)
    count_links(indptr, sources, targets)
    indices = np.empty(begin_rows(indptr), dtype=np.int32)
    fill_links(indptr, indices, sources, targets)
    sort_rows(indptr, indices)
    kept = drop_repeats(indptr, indices)
    return indptr, indices if kept == indices.size else indices[:kept].copy()


def from_lists(
    creators: int, targets: NDArray[np.int32], width: int, first: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the rows of links from creator ``first + e // width`` to ``targets[e]``."""
    import numpy as np

    from sim.kernels.graphs import begin_rows, count_lists, fill_lists

    indptr = np.zeros(creators + 1, dtype=np.int64)
    count_lists(indptr, targets, width, first)
    indices = np.empty(begin_rows(indptr), dtype=np.int32)
    fill_lists(indptr, indices, targets, width, first)
    return indptr, indices
