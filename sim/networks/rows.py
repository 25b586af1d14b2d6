"""From what a generator counts to the rows of a network."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.errors import InputError
from sim.networks.base import check_ends

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LINKS = 8192


def from_links(
    creators: int, sources: NDArray[np.int32], targets: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the rows of an undirected list of links; loops and repeated links are dropped."""
    import numpy as np

    from sim.kernels.graph_lists import count_links, fill_links
    from sim.kernels.graphs import begin_rows, drop_unwelcome, sort_rows

    indptr = np.zeros(creators + 1, dtype=np.int64)
    count_links(indptr, sources, targets)
    indices = np.empty(begin_rows(indptr), dtype=np.int32)
    fill_links(indptr, indices, sources, targets)
    sort_rows(indptr, indices)
    kept = drop_unwelcome(indptr, indices, np.empty(0, dtype=np.int32))
    return indptr, indices if kept == indices.size else indices[:kept].copy()


def from_entries(
    creators: int,
    sources: NDArray[np.int32],
    targets: NDArray[np.int32],
    weights: NDArray[np.int32] | None,
    directed: bool,
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32] | None]:
    """Return rows, entries and weights of a list of links; loops are dropped.

    A source follows its target, so it stands in the target's row.  Of repeated links the
    heaviest stays.
    """
    import numpy as np

    fine = sources != targets
    rows, entries = targets[fine].astype(np.int64), sources[fine].astype(np.int64)
    heavy = None if weights is None else weights[fine]
    if not directed:
        rows, entries = np.concatenate([rows, entries]), np.concatenate([entries, rows])
        heavy = None if heavy is None else np.concatenate([heavy, heavy])
    key = rows * creators + entries
    order = np.argsort(key, kind="stable") if heavy is None else np.lexsort((-heavy, key))
    first = np.ones(key.size, dtype=bool)
    first[1:] = np.diff(key[order]) != 0
    kept = order[first]
    indptr = np.zeros(creators + 1, dtype=np.int64)
    np.cumsum(np.bincount(rows[kept], minlength=creators), out=indptr[1:])
    indices = entries[kept].astype(np.int32)
    return indptr, indices, None if heavy is None else heavy[kept]


def from_lists(
    creators: int,
    lists: NDArray[np.int32],
    width: int,
    first: int,
    order: NDArray[np.int32] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the rows of links of creator ``first + e // width`` with ``lists[e]``.

    Creators are renumbered when ``order`` holds their numbers.
    """
    import numpy as np

    from sim.kernels.graph_lists import put_lists
    from sim.kernels.graphs import begin_rows

    nothing = np.empty(0, dtype=np.int32)
    table = (lists, width, first, nothing if order is None else order)
    links = np.empty((2, LINKS), dtype=np.int32)
    indptr = np.zeros(creators + 1, dtype=np.int64)
    put_lists(indptr, nothing, *table, links)
    indices = np.empty(begin_rows(indptr), dtype=np.int32)
    put_lists(indptr, indices, *table, links)
    return indptr, indices


def from_newcomers(
    sizes: tuple[int, ...],
    links: int,
    seed: int,
    attach: Callable[[NDArray[np.int32], int, int], None],
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the rows of a network that grew by newcomers with ``links`` links each.

    ``attach`` writes what newcomers link to, given the number of creators and the seed.  With
    several communities the newcomers are creators in random order.

    Raises
    ------
    InputError
        If there are fewer creators to link to than links.
    """
    import numpy as np

    from sim.kernels.graphs import sort_rows
    from sim.networks.dealing import deal_at_random

    creators = sum(sizes)
    if links >= creators:
        raise InputError(
            f"network: links must be below the number of creators, "
            f"got {links} with {creators:,} creators"
        )
    check_ends(creators, 2.0 * links * creators)
    targets = np.empty((creators - links) * links, dtype=np.int32)
    attach(targets, creators, seed)
    if sum(size > 0 for size in sizes) < 2:
        return from_lists(creators, targets, links, links)
    order = deal_at_random(creators, seed)
    indptr, indices = from_lists(creators, targets, links, links, order)
    sort_rows(indptr, indices)
    return indptr, indices
