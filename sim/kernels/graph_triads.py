"""Growing networks whose newcomers also link to neighbours of those they chose.

Who chose a creator is kept in blocks of 4, 8, 16, ... places of ``pool``; the first place
of a block tells where the block before it begins.
"""

from __future__ import annotations

from sim.kernels.compiled import compiled, inlined
from sim.kernels.graph_growth import pick
from sim.kernels.graphs import below, sort_part
from sim.kernels.philox import block, to_unit

SMALLEST = 4
PATIENCE = 64
TRIAD = 1


@inlined
def _block_of(place):
    """Return the place in its block, and the size of the block."""
    size = SMALLEST
    while place >= size:
        place -= size
        size *= 2
    return place, size


@inlined
def _neighbour(targets, links, pool, tails, followers, i, number):
    """Return neighbour ``number`` of creator ``i``: first those chosen, then those who chose."""
    chosen = links if i >= links else 0
    if number < chosen:
        return targets[(i - links) * links + number]
    place, size = _block_of(number - chosen)
    _, last = _block_of(followers[i] - 1)
    begin = tails[i]
    while last > size:
        begin = pool[begin]
        last //= 2
    return pool[begin + 1 + place]


@inlined
def _follow(pool, used, tails, followers, i, newcomer):
    """Note that a newcomer chose ``i``; return how much of the pool is used."""
    place, size = _block_of(followers[i])
    if place == 0:
        pool[used] = tails[i]
        tails[i] = used
        used += 1 + size
    pool[tails[i] + 1 + place] = newcomer
    followers[i] += 1
    return used


@inlined
def _among(targets, begin, end, target):
    found = False
    for e in range(begin, end):
        found = found or targets[e] == target
    return found


@compiled
def attach_triads(targets, links, triads, pool, tails, followers, seed, purpose):
    """Write the ``links`` creators that each newcomer chooses, ascending (int32, written).

    The first is chosen as in `sim.kernels.graph_growth.attach`; each further one is with
    probability ``triads`` a random neighbour of the last one chosen so, if there is one not
    linked to yet.  ``tails`` and ``followers`` (creators,), ``pool`` (3 for each creator and
    each link): int32, ``followers`` zero.
    """
    used = 0
    for first in range(0, targets.size, links):
        newcomer = links + first // links
        near = 0
        for e in range(first, first + links):
            target = e
            found = first == 0
            if e > first and not found:
                w0, w1, w2, w3 = block(seed, purpose, TRIAD, e, 0)
                patience = PATIENCE + 8 * links if to_unit(w0, w1) < triads else 0
                degree = followers[near] + (links if near >= links else 0)
                for attempt in range(patience):
                    number = below(w2, w3, degree)
                    target = _neighbour(targets, links, pool, tails, followers, near, number)
                    found = not _among(targets, first, e, target)
                    if found:
                        break
                    w0, w1, w2, w3 = block(seed, purpose, TRIAD, e, attempt + 1)
            attempt = 0
            while not found:
                r = pick(e, attempt, 2 * first, seed, purpose)
                target = targets[r >> 1] if r & 1 else links + (r >> 1) // links
                near = target
                found = not _among(targets, first, e, target)
                attempt += 1
            targets[e] = target
        sort_part(targets, first, first + links)
        for e in range(first, first + links):
            used = _follow(pool, used, tails, followers, targets[e], newcomer)
