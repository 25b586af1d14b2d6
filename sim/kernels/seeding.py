"""Who is best placed to start: cores and coverage of a network."""

from __future__ import annotations

from sim.kernels.compiled import compiled
from sim.kernels.philox import uniform


@compiled
def distinct(drawn, taken, seed, purpose):
    """Draw distinct creators, all alike (drawn int32 (k,), written; k at most half of all).

    ``taken`` (uint8 (n,), written) marks them; zeros at first.
    """
    size = 0
    attempt = 0
    while size < drawn.size:
        i = int(uniform(seed, purpose, 1, attempt, 0) * taken.size)
        attempt += 1
        if taken[i] == 0:
            taken[i] = 1
            drawn[size] = i
            size += 1


@compiled
def cores(indptr, indices, core, order, place, starts):
    """Write the core number of each creator (core int32 (n,), written).

    The largest k such that the creator belongs to a group in which all have k links within it;
    creators are peeled off in ascending order of links left (Batagelj & Zaversnik 2003,
    arXiv:cs/0310049).

    Parameters
    ----------
    indptr, indices
        The network, undirected.
    order, place : int32 (n,), written
        Creators by links left, and where each stands.
    starts : int64 (longest row + 2,), written
        Where creators with so many links left begin in ``order``; zeros at first.
    """
    n = core.size
    for i in range(n):
        core[i] = indptr[i + 1] - indptr[i]
        starts[core[i] + 1] += 1
    for d in range(1, starts.size):
        starts[d] += starts[d - 1]
    for i in range(n):
        place[i] = starts[core[i]]
        order[place[i]] = i
        starts[core[i]] += 1
    for d in range(starts.size - 1, 0, -1):
        starts[d] = starts[d - 1]
    starts[0] = 0
    for position in range(n):
        i = order[position]
        for link in range(indptr[i], indptr[i + 1]):
            j = indices[link]
            if core[j] > core[i]:
                first = starts[core[j]]
                other = order[first]
                order[first], order[place[j]] = j, other
                place[other], place[j] = place[j], first
                starts[core[j]] += 1
                core[j] -= 1


@compiled
def cover(indptr, indices, begin, end, chosen, covered, head, following):
    """Choose creators whose audiences together are as large as a greedy choice makes them.

    The next is always the one that adds most creators not yet covered (Kempe, Kleinberg &
    Tardos 2003, doi:10.1145/956750.956769), found lazily, since what a creator adds can only
    shrink (Leskovec et al. 2007, doi:10.1145/1281192.1281239).

    Parameters
    ----------
    begin, end : int
        Candidates.
    chosen : int32 (k,), written
        The choice, best first; the number chosen is returned.
    covered : uint8 (n,), written
        Who is in some audience, or chosen; zeros at first.
    head : int32 (longest row + 2,), written
        Last candidate who added so many when last asked; -1 at first.
    following : int32 (n,), written
        The candidate before it.
    """
    for i in range(end - 1, begin - 1, -1):
        gain = indptr[i + 1] - indptr[i] + 1
        following[i] = head[gain]
        head[gain] = i
    size = 0
    gain = head.size - 1
    while gain > 0 and size < chosen.size:
        i = head[gain]
        if i < 0:
            gain -= 1
            continue
        head[gain] = following[i]
        adds = 1 - covered[i]
        for link in range(indptr[i], indptr[i + 1]):
            adds += 1 - covered[indices[link]]
        if adds < gain:
            following[i] = head[adds]
            head[adds] = i
            continue
        chosen[size] = i
        size += 1
        covered[i] = 1
        for link in range(indptr[i], indptr[i + 1]):
            covered[indices[link]] = 1
    return size
