"""Compressed sparse rows: what every network generator shares.

While rows are being filled, ``indptr[i + 1]`` is the place where the next link of row *i*
goes.  It starts at the beginning of the row and has reached its end, which is what
``indptr[i + 1]`` must hold, when the last link is in: no second array is needed.
"""

from __future__ import annotations

import numpy as np

from sim.kernels.compiled import compiled, inlined
from sim.kernels.philox import HALF, MASK, block

SHORT = 24


@inlined
def below(high, low, bound):
    """Return the integer in [0, bound) that 64 random bits stand for; ``bound`` <= 2**32."""
    size = np.uint64(bound)
    return np.int64((high * size + ((low * size) >> HALF)) >> HALF)


@inlined
def bits_below(bits, bound):
    """Return the integer in [0, bound) that a word of 64 random bits stands for."""
    return below(bits >> HALF, bits & MASK, bound)


@compiled
def draw_bits(out, step, first, stream, seed, purpose):
    """Write 64 random bits each (uint64, even, written): blocks ``first``, ... of a stream.

    Numbers below a bound are made from them in a second loop, since that multiplication
    would keep this one from being vectorised.
    """
    for b in range(out.size // 2):
        w0, w1, w2, w3 = block(seed, purpose, step, first + b, stream)
        out[2 * b] = (w0 << HALF) | w1
        out[2 * b + 1] = (w2 << HALF) | w3


@compiled
def begin_rows(indptr):
    """Turn degrees, at ``indptr[i + 1]``, into beginnings of rows; return the link ends."""
    total = np.int64(0)
    for i in range(1, indptr.size):
        degree = indptr[i]
        indptr[i] = total
        total += degree
    return total


@inlined
def sort_part(values, begin, end):
    """Sort ``values[begin:end]`` in place.

    Short parts by insertion with minimum and maximum in place of branches, which no processor
    could predict: twice as fast; long ones by Shell's method.
    """
    if end - begin <= SHORT:
        sorted_until = begin + 1
        while sorted_until < end and values[sorted_until - 1] <= values[sorted_until]:
            sorted_until += 1
        for at in range(sorted_until, end):
            value = values[at]
            for place in range(begin, at):
                other = values[place]
                values[place] = min(value, other)
                value = max(value, other)
            values[at] = value
        return
    gap = 1
    while 9 * gap < end - begin:
        gap = 3 * gap + 1
    while gap > 0:
        for at in range(begin + gap, end):
            value = values[at]
            place = at
            while place >= begin + gap and values[place - gap] > value:
                values[place] = values[place - gap]
                place -= gap
            values[place] = value
        gap = (gap - 1) // 3


@compiled
def sort_rows(indptr, indices):
    """Sort every row in place."""
    for i in range(indptr.size - 1):
        sort_part(indices, indptr[i], indptr[i + 1])


@inlined
def apart(module, i, j):
    """Return whether a link between ``i`` and ``j`` is welcome.

    Never with themselves; nor within a module, where ``module`` (creators,) is given.
    """
    return i != j and (module.size == 0 or module[i] != module[j])


@compiled
def drop_unwelcome(indptr, indices, module):
    """Drop repeated entries of sorted rows and those not `apart`; return the ends that stay."""
    kept = np.int64(0)
    begin = indptr[0]
    for i in range(indptr.size - 1):
        end = indptr[i + 1]
        previous = -1
        for at in range(begin, end):
            j = indices[at]
            if j != previous and apart(module, i, j):
                previous = j
                indices[kept] = j
                kept += 1
        begin = end
        indptr[i + 1] = kept
    return kept


@compiled
def linked(indptr, indices, i, j):
    """Return whether sorted row ``i`` holds ``j``."""
    low, high = indptr[i], indptr[i + 1]
    while low < high:
        middle = (low + high) // 2
        if indices[middle] < j:
            low = middle + 1
        else:
            high = middle
    return low < indptr[i + 1] and indices[low] == j
