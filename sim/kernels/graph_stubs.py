"""Networks with given degrees: link ends are paired at random, then made simple.

The pairing (Bollobas 1980, doi:10.1016/S0195-6698(80)80030-8) may link a creator to itself
or two creators twice.  Such links are exchanged with random others, which changes no
degree: a-b and c-d become a-d and c-b (a switch; McKay & Wormald 1990,
doi:10.1016/0196-6774(90)90029-E), see `sim.kernels.graph_switches`.
"""

from __future__ import annotations

from sim.kernels.compiled import compiled, inlined
from sim.kernels.graph_lists import fill_links
from sim.kernels.graphs import below, bits_below, draw_bits, sort_part
from sim.kernels.philox import block
from sim.kernels.prefetch import prefetch

PAIR, SHUFFLE = 0, 1
GONE = -1
AHEAD = 32


@compiled
def list_ends(ends, indptr):
    """Write each creator as often as it has links (int32, written); ``indptr`` has the rows."""
    for i in range(indptr.size - 1):
        for at in range(indptr[i], indptr[i + 1]):
            ends[at] = i


@compiled
def match(indptr, indices, pool, draws, links, stream, seed, purpose):
    """Pair the link ends in ``pool`` (int32, ascending; used up) at random; write the links.

    The first end that is left takes a partner among all the others: a random place of the
    pool is drawn until it holds an end; the ``own`` ends that a creator has left count as
    standing at the first of its places.  The pool is closed up when less than half of it is
    left.  Creators come in order and the partners of each are sorted, which makes all rows
    come out sorted.  Each ``stream`` has draws of its own.

    Room: ``draws`` (uint64, even); ``links`` (2, room) int32, for the links of one creator and
    more.
    """
    sources, targets = links[0], links[1]
    size = left = pool.size
    head = found = drawn = 0
    at = draws.size
    while left > 0:
        while pool[head] == GONE:
            head += 1
        first, begin, i = head, found, pool[head]
        own, head = _take(pool, head, size)
        while own > 0:
            own -= 1
            partner = GONE
            while partner == GONE:
                if at == draws.size:
                    draw_bits(draws, PAIR, drawn, stream, seed, purpose)
                    at, drawn = 0, drawn + draws.size // 2
                if at + AHEAD < draws.size:
                    prefetch(pool, bits_below(draws[at + AHEAD], size))
                place = bits_below(draws[at], size)
                at += 1
                partner = pool[place]
                if partner == GONE and first <= place < first + own:
                    partner = i
                    own -= 1
            pool[place] = GONE
            sources[found], targets[found] = i, partner
            found += 1
            left -= 2
        sort_part(targets, begin, found)
        if 2 * found > sources.size or left == 0:
            fill_links(indptr, indices, sources[:found], targets[:found])
            found = 0
        if 2 * left < size:
            size = _close_up(pool, head, size)
            head, at = 0, draws.size


@inlined
def _take(pool, head, size):
    """Take the ends of the next creator out; return how many, and where the others begin."""
    i = pool[head]
    own = 0
    while head < size and (pool[head] == i or pool[head] == GONE):
        own += pool[head] == i
        pool[head] = GONE
        head += 1
    return own, head


@compiled
def _close_up(pool, begin, end):
    """Move what is left of the pool to its front; return how much that is."""
    kept = 0
    for place in range(begin, end):
        pool[kept] = pool[place]
        kept += pool[place] != GONE
    return kept


@compiled
def shuffle(values, seed, purpose):
    """Put values into random order (Fisher & Yates 1938)."""
    for at in range(values.size - 1, 0, -1):
        w0, w1, _, _ = block(seed, purpose, SHUFFLE, at, 0)
        other = below(w0, w1, at + 1)
        values[at], values[other] = values[other], values[at]
