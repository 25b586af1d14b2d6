"""Exchanging the ends of links, which changes no degree."""

from __future__ import annotations

import numpy as np

from sim.kernels.compiled import compiled, inlined
from sim.kernels.graphs import apart, below, linked
from sim.kernels.philox import HALF, block

REPAIR, MIX = 2, 3


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
    """Put ``new`` in place of one ``old`` in sorted row ``i``."""
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
def _switch(indptr, indices, module, a, b, c, d):
    """Exchange a-b and c-d for a-d and c-b if both are welcome and not there yet."""
    possible = apart(module, a, d) and apart(module, c, b)
    possible = possible and a != c and b != d and (a != b or c != d)
    possible = possible and not linked(indptr, indices, a, d)
    possible = possible and not linked(indptr, indices, c, b)
    if possible:
        _replace(indptr, indices, a, b, d)
        _replace(indptr, indices, b, a, c)
        _replace(indptr, indices, c, d, b)
        _replace(indptr, indices, d, c, a)
    return possible


@inlined
def _random_end(indptr, begin, end, high, low):
    """Return a creator and the place of one of its entries, all places equally likely."""
    place = indptr[begin] + below(high, low, indptr[end] - indptr[begin])
    return begin + np.searchsorted(indptr[begin : end + 1], place, side="right") - 1, place


@compiled
def repair(indptr, indices, begin, end, module, attempts, most, seed, purpose):
    """Switch loops, repeated links and those within a module away from sorted rows.

    Rows ``begin`` to ``end`` are treated, which are linked among themselves.  Returns how many
    entries could not be helped in so many ``attempts``; gives up when more than ``most``.
    """
    switched = np.uint64(begin) << HALF
    left = 0
    for i in range(begin, end):
        at = indptr[i]
        while at < indptr[i + 1]:
            j = indices[at]
            good = apart(module, i, j) and (at == indptr[i] or indices[at - 1] != j)
            moved = False
            attempt = 0
            while not good and not moved and attempt < attempts:
                w0, w1, _, _ = block(seed, purpose, REPAIR, switched, attempt)
                other, place = _random_end(indptr, begin, end, w0, w1)
                moved = _switch(indptr, indices, module, i, j, other, indices[place])
                attempt += 1
            if moved:
                switched += np.uint64(1)
            else:
                left += not good
                at += 1
            if left > most:
                return left
    return left


@compiled
def mix(indptr, indices, begin, end, module, switches, seed, purpose):
    """Try random switches, which makes every simple network with these degrees equally likely.

    Rows ``begin`` to ``end`` are treated, which are linked among themselves; loops are left.
    """
    first_item = np.uint64(begin) << HALF
    for number in range(switches):
        w0, w1, w2, w3 = block(seed, purpose, MIX, first_item + np.uint64(number), 0)
        a, first = _random_end(indptr, begin, end, w0, w1)
        c, second = _random_end(indptr, begin, end, w2, w3)
        b, d = indices[first], indices[second]
        if a != b and c != d:
            _switch(indptr, indices, module, a, b, c, d)
