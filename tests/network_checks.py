"""What must hold of any network, checked the slow and obvious way."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.networks import Network


def rows_of(network: Network) -> list[list[int]]:
    """Each creator's neighbours as plain lists."""
    return [network.neighbours(i).tolist() for i in range(network.creators)]


def assert_well_formed(network: Network) -> None:
    """Rows complete, sorted, without loops and repeats; both ways unless directed."""
    n = network.creators
    if not network.complete:
        assert network.indptr.dtype == np.int64
        assert network.indices.dtype == np.int32
        assert network.indptr.size == n + 1
        assert network.indptr[0] == 0
        assert network.indptr[-1] == network.indices.size
        assert (np.diff(network.indptr) >= 0).all()
    rows = rows_of(network)
    for i, row in enumerate(rows):
        assert i not in row
        assert row == sorted(set(row))
        assert all(0 <= j < n for j in row)
    if not network.directed:
        pairs = {(i, j) for i, row in enumerate(rows) for j in row}
        assert pairs == {(j, i) for i, j in pairs}


def same(first: Network, second: Network) -> bool:
    """Whether two networks have the same links."""
    return np.array_equal(first.indptr, second.indptr) and np.array_equal(
        first.indices, second.indices
    )


def share_within(network: Network) -> NDArray[np.float64]:
    """Share of each community's link ends that stay in the community."""
    community = np.repeat(np.arange(len(network.sizes)), network.sizes)
    rows = np.repeat(np.arange(network.creators), np.diff(network.indptr))
    at_home = community[rows] == community[network.indices]
    of_each = np.bincount(community[rows], minlength=len(network.sizes))
    return np.bincount(community[rows], at_home, minlength=len(network.sizes)) / of_each
