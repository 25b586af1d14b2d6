"""Networks with given degrees: link ends are paired at random, then made simple.

The pairing (Bollobas 1980, doi:10.1016/S0195-6698(80)80030-8) may link a creator to itself
or two creators twice.  Such links are exchanged with random others, which changes no
degree: a-b and c-d become a-d and c-b (a switch; McKay & Wormald 1990,
doi:10.1016/0196-6774(90)90029-E).
"""

from __future__ import annotations

import numpy as np

from sim.kernels.compiled import compiled, inlined
from sim.kernels.graphs import below, linked
from sim.kernels.philox import block

PAIR, REPAIR, MIX = 0, 1, 2
ATTEMPTS = 100_000


@compiled
def list_ends(ends, indptr):
    """Write each creator as often as it has links (int32, written); ``indptr`` has the rows."""
    for i in range(indptr.size - 1):
        for at in range(indptr[i], indptr[i + 1]):
            ends[at] = i


@compiled
def shuffle(ends, seed, purpose):
    """Put link ends into random order (Fisher & Yates 1938)."""
    for at in range(ends.size - 1, 0, -1):
        w0, w1, w2, w3 = block(seed, purpose, PAIR, at >> 1, 0)
        other = below(w2, w3, at + 1) if at & 1 else below(w0, w1, at + 1)
        ends[at], ends[other] = ends[other], ends[at]


@compiled
def fill_pairs(indptr, indices, ends):
    """Write the links ``ends[0]``-``ends[1]``, ``ends[2]``-``ends[3]``, ... into both rows."""
    for at in range(0, ends.size - 1, 2):
        i, j = ends[at], ends[at + 1]
        indices[indptr[i + 1]] = j
        indptr[i + 1] += 1
        indices[indptr[j + 1]] = i
        indptr[j + 1] += 1


@inlined
def _place(indices, low, high, value):
    while low < high:
        middle = (low + high) // 2
        if indices[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@inlined
def _replace(indptr, indices, i, old, new):
    begin, end = indptr[i], indptr[i + 1]
    at = _place(indices, begin, end, old)
    while at + 1 < end and indices[at + 1] < new:
        indices[at] = indices[at + 1]
        at += 1
    while at > begin and indices[at - 1] > new:
        indices[at] = indices[at - 1]
        at -= 1
    indices[at] = new


@inlined
def _switch(indptr, indices, a, b, c, d):
    """Exchange a-b and c-d for a-d and c-b if that makes no loop and no repeated link."""
    possible = a != d and c != b and a != c and b != d and (a != b or c != d)
    possible = possible and not linked(indptr, indices, a, d)
    possible = possible and not linked(indptr, indices, c, b)
    if possible:
        _replace(indptr, indices, a, b, d)
        _replace(indptr, indices, b, a, c)
        _replace(indptr, indices, c, d, b)
        _replace(indptr, indices, d, c, a)
    return possible


@inlined
def _random_end(indptr, high, low):
    end = below(high, low, indptr[-1])
    return np.searchsorted(indptr, end, side="right") - 1, end


@inlined
def _bad(indptr, indices, i, at):
    j = indices[at]
    return j == i or (at > indptr[i] and indices[at - 1] == j)


@compiled
def repair(indptr, indices, seed, purpose):
    """Switch every loop and repeated link of sorted rows away; return how many are left."""
    switched = 0
    left = 0
    for i in range(indptr.size - 1):
        at = indptr[i]
        while at < indptr[i + 1]:
            done = not _bad(indptr, indices, i, at)
            attempt = 0
            while not done and attempt < ATTEMPTS:
                w0, w1, _, _ = block(seed, purpose, REPAIR, switched, attempt)
                c, end = _random_end(indptr, w0, w1)
                done = _switch(indptr, indices, i, indices[at], c, indices[end])
                if done:
                    switched += 1
                    at = indptr[i] - 1
                attempt += 1
            left += not done
            at += 1
    return left


@compiled
def mix(indptr, indices, switches, seed, purpose):
    """Try random switches of a simple network, which makes every such network equally likely."""
    for number in range(switches):
        w0, w1, w2, w3 = block(seed, purpose, MIX, number, 0)
        a, first = _random_end(indptr, w0, w1)
        c, second = _random_end(indptr, w2, w3)
        _switch(indptr, indices, a, indices[first], c, indices[second])
