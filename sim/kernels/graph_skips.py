"""Links that are present independently of each other, in time proportional to their number.

Instead of a draw for every pair, one exponential draw gives the way to the next link
(Batagelj & Brandes 2005, doi:10.1103/PhysRevE.71.036113).  A pair that is linked with
probability p is a stretch of length -log(1 - p); a draw that ends in it makes the link.
"""

from __future__ import annotations

import math

import numpy as np

from sim.kernels.compiled import compiled
from sim.kernels.graph_lists import put_links
from sim.kernels.philox import block, to_unit


@compiled
def draw_ways(ways, chunk, first, seed, purpose):
    """Write exponential draws of mean 1 (float64, written): blocks ``first``, ... of a chunk."""
    half = ways.size // 2
    for b in range(half):
        w0, w1, w2, w3 = block(seed, purpose, 0, chunk, first + b)
        ways[b] = to_unit(w0, w1)
        ways[half + b] = to_unit(w2, w3)
    for k in range(ways.size):
        ways[k] = -math.log(1.0 - ways[k])


@compiled
def walk(indptr, indices, starts, pieces, ends, rates, rows, ways, links, seed, purpose):
    """Visit all links i < j in ascending order; count them, or write them into both rows.

    Rows of community c are ``starts[c]`` to ``starts[c + 1]``; the creators that come after
    one of them are cut into pieces ``pieces[c]`` to ``pieces[c + 1]``, each up to creator
    ``ends[piece]``, where a pair has length ``rates[piece]``.  Rows come out sorted, since
    the lower neighbours of a row are all written before its higher ones.

    Each ``rows`` rows have draws of their own.  Room: ``ways`` (float64) for draws, ``links``
    (2, links) int32.  Without ``indices`` (size 0) the links are only counted.
    """
    sources, targets = links[0], links[1]
    found = 0
    at, drawn = ways.size, 0
    for c in range(starts.size - 1):
        last = pieces[c + 1]
        for i in range(starts[c], starts[c + 1]):
            if i % rows == 0:
                at, drawn = ways.size, 0
            piece = pieces[c]
            j = i + 1
            while True:
                if at == ways.size:
                    draw_ways(ways, i // rows, drawn, seed, purpose)
                    at, drawn = 0, drawn + ways.size // 2
                way = ways[at]
                at += 1
                while piece < last and way >= (ends[piece] - j) * rates[piece]:
                    way -= (ends[piece] - j) * rates[piece]
                    j = ends[piece]
                    piece += 1
                if piece == last:
                    break
                j = min(j + np.int64(way / rates[piece]), ends[piece] - 1)
                sources[found] = i
                targets[found] = j
                found += 1
                j += 1
                if found == sources.size:
                    put_links(indptr, indices, sources, targets)
                    found = 0
    put_links(indptr, indices, sources[:found], targets[:found])
