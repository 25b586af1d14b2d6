"""Showing changes to those who see them: only audiences of creators who changed are touched."""

from __future__ import annotations

import numpy as np

from sim.kernels.compiled import compiled
from sim.kernels.prefetch import prefetch

POINTER_AHEAD, ROW_AHEAD = 24, 12
"""How many creators ahead row pointers, and rows, are asked for."""


@compiled
def push(changed, delta, indptr, indices, weights, active):
    """Add changes in visibility to what each audience sees (active int (n,), written).

    Parameters
    ----------
    changed : int32 (k,)
        Creators who changed.
    delta : int8 (k,)
        -1, 0 or 1; see `sim.kernels.crowd.change`.
    weights : int32 (link ends,) or (0,)
        What links count for; 1 each without them.
    """
    for k in range(changed.size):
        if k + POINTER_AHEAD < changed.size:
            prefetch(indptr, changed[k + POINTER_AHEAD])
            prefetch(indices, indptr[changed[k + ROW_AHEAD]])
        d = delta[k]
        if d == 0:
            continue
        # unsigned numbers spare the check for negative ones: a third faster
        i = np.uint32(changed[k])
        begin, end = np.uint64(indptr[i]), np.uint64(indptr[i + np.uint32(1)])
        if weights.size > 0:
            for link in range(begin, end):
                active[np.uint32(indices[link])] += d * weights[link]
        else:
            for link in range(begin, end):
                active[np.uint32(indices[link])] += d


@compiled
def push_and_reach(changed, delta, indptr, indices, weights, active, queued, reached):
    """As `push`; also list each creator whose view changed once (reached int32, written).

    ``queued`` (uint8 (n,), written) marks who is in the list; returns the length of the list.
    """
    push(changed, delta, indptr, indices, weights, active)
    size = 0
    for k in range(changed.size):
        if delta[k] != 0:
            i = changed[k]
            for link in range(indptr[i], indptr[i + 1]):
                j = indices[link]
                if queued[j] == 0:
                    queued[j] = 1
                    reached[size] = j
                    size += 1
    return size


@compiled
def enqueue(who, queued, reached, size):
    """Add creators to the list of those reached; return its new length."""
    for k in range(who.size):
        j = who[k]
        if queued[j] == 0:
            queued[j] = 1
            reached[size] = j
            size += 1
    return size


@compiled
def dequeue(reached, queued):
    """Empty the list of those reached."""
    for k in range(reached.size):
        queued[reached[k]] = 0


@compiled
def weighed(indices, weights, sums):
    """Add up the weights of the links by which each creator sees (sums int64 (n,), written)."""
    for link in range(indices.size):
        sums[indices[link]] += abs(weights[link]) if weights.size > 0 else 1


@compiled
def oppose(indptr, indices, weights, community, sign, signed):
    """Write the weights of links, below 0 to those whose protest the other is against.

    Parameters
    ----------
    weights : int32 (link ends,) or (1,)
        What links count for without signs.
    community : uint16 (n,)
        Community of each creator.
    sign : int8 (communities, communities)
        -1 where the second is against the protest of the first, else 1.
    signed : int32 (link ends,), written
    """
    for i in range(indptr.size - 1):
        for link in range(indptr[i], indptr[i + 1]):
            weight = weights[link] if weights.size > 1 else weights[0]
            signed[link] = weight * sign[community[indices[link]], community[i]]


@compiled
def row_sizes(indptr, sizes):
    """Write how long each row is (sizes int32 (n,) or (0,), written); return the longest."""
    longest = 0
    for i in range(indptr.size - 1):
        size = indptr[i + 1] - indptr[i]
        if sizes.size > 0:
            sizes[i] = size
        longest = max(longest, size)
    return longest
