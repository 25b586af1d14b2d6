"""Degrees, and who gets which inside and outside of modules."""

from __future__ import annotations

import math

import numpy as np

from sim.kernels.compiled import compiled, inlined
from sim.kernels.graphs import below, sort_part
from sim.kernels.philox import block, to_unit

DEAL, ROUND = 8, 9


@compiled
def draw(out, table, least, step, seed, purpose):
    """Write draws (int64, written): ``least`` and one more for each number in ``table``.

    ``table`` holds cumulative probabilities, the last (1) left out.
    """
    for i in range(out.size):
        w0, w1, _, _ = block(seed, purpose, step, i, 0)
        out[i] = least + np.searchsorted(table, to_unit(w0, w1), side="right")


@compiled
def deal_degrees(degrees, ranked, share, starts, modules, pool, seed, purpose):
    """Give degrees (int64, written) to creators whose modules have room for them.

    ``ranked`` has the degrees, the highest first; ``share`` of a degree must be fewer than
    the module's creators.  Module m has creators ``starts[m]`` to ``starts[m + 1]``;
    ``modules`` lists the modules, the largest first.  All ways to do so are equally likely; a
    degree that no module has room for any more is lowered.  Returns how many were; ``pool``
    (creators,) int32 gives room.
    """
    opened = free = lowered = 0
    for rank in range(ranked.size):
        degree = ranked[rank]
        while opened < modules.size:
            begin, end = starts[modules[opened]], starts[modules[opened] + 1]
            if share * degree > end - begin - 1:
                if free > 0:
                    break
                degree = np.int64((end - begin - 1) / share)
                lowered += 1
            for i in range(begin, end):
                pool[free] = i
                free += 1
            opened += 1
        w0, w1, _, _ = block(seed, purpose, DEAL, rank, 0)
        place = below(w0, w1, free)
        degrees[pool[place]] = degree
        free -= 1
        pool[place] = pool[free]
    return lowered


@compiled
def split_degrees(inside, degrees, share, starts, seed, purpose):
    """Write how many links each creator has in the own module (int64, written).

    That is ``share`` of the degree, rounded at random; one creator of each module has one
    more or fewer if the sum would be odd.
    """
    for m in range(starts.size - 1):
        begin, end = starts[m], starts[m + 1]
        odd = False
        for i in range(begin, end):
            w0, w1, _, _ = block(seed, purpose, ROUND, i, 0)
            exact = share * degrees[i]
            inside[i] = math.floor(exact) + (to_unit(w0, w1) < exact - math.floor(exact))
            odd = odd != (inside[i] % 2 == 1)
        i = begin
        while odd and i < end:
            if 0 < inside[i] < degrees[i] and inside[i] + 1 < end - begin:
                inside[i] += 1
                odd = False
            i += 1
        i = begin
        while odd and i < end:
            if inside[i] > 0:
                inside[i] -= 1
                odd = False
            i += 1


@compiled
def merge_rows(indptr, indices, first_rows, first, second_rows, second):
    """Write the sorted rows of two networks that share no link as those of one."""
    at = 0
    for i in range(indptr.size - 1):
        a, b = first_rows[i], second_rows[i]
        while a < first_rows[i + 1] or b < second_rows[i + 1]:
            if b == second_rows[i + 1] or (a < first_rows[i + 1] and first[a] < second[b]):
                indices[at] = first[a]
                a += 1
            else:
                indices[at] = second[b]
                b += 1
            at += 1
        indptr[i + 1] = at


@inlined
def _until(left, order, low, high, value):
    """Return the first place in ``order`` whose creator has fewer than ``value`` ends left."""
    while low < high:
        middle = (low + high) // 2
        if left[order[middle]] >= value:
            low = middle + 1
        else:
            high = middle
    return low


@inlined
def _join(indptr, indices, left, i, j):
    for here, there in ((i, j), (j, i)):
        left[here] -= 1
        indices[indptr[here] + left[here]] = there


@compiled
def link_highest(indptr, indices, begin, end, left, order):
    """Link rows ``begin`` to ``end`` among themselves: who has most ends left, with the next.

    Makes a network whenever there is one with these degrees (Havel 1955; Hakimi 1962,
    doi:10.1137/0110037); ends that find no place are left as loops.  Room: ``left``, ``order``
    (creators,) int64, where ``order`` has the creators by degree, the highest first.
    """
    for i in range(begin, end):
        left[i] = indptr[i + 1] - indptr[i]
        for at in range(indptr[i], indptr[i + 1]):
            indices[at] = i
    for head in range(end - begin):
        i = order[head]
        some = _until(left, order, head + 1, end - begin, 1)
        last = min(head + left[i], some - 1)
        if last <= head:
            continue
        value = left[order[last]]
        same = _until(left, order, head + 1, end - begin, value + 1)
        after = _until(left, order, head + 1, end - begin, value)
        for place in range(head + 1, same):
            _join(indptr, indices, left, i, order[place])
        for place in range(after - (last + 1 - same), after):
            _join(indptr, indices, left, i, order[place])
    for i in range(begin, end):
        sort_part(indices, indptr[i], indptr[i + 1])
