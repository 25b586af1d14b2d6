"""Links that are present independently of each other, in time proportional to their number.

Instead of a draw for every pair, one exponential draw gives the way to the next link
(Batagelj & Brandes 2005, doi:10.1103/PhysRevE.71.036113).  A pair that is linked with
probability p is a stretch of length -log(1 - p); a draw that ends in it makes the link.
"""

from __future__ import annotations

from sim.kernels.compiled import compiled
from sim.kernels.graphs import to_exponential
from sim.kernels.philox import block


@compiled
def walk(indptr, indices, filling, starts, pieces, ends, rates, seed, purpose):
    """Visit all links i < j in ascending order; count them, or write them into both rows.

    Rows of community c are ``starts[c]`` to ``starts[c + 1]``; the creators that come after
    one of them are cut into pieces ``pieces[c]`` to ``pieces[c + 1]``, each up to creator
    ``ends[piece]``, where a pair has length ``rates[piece]``.  Rows come out sorted, since
    the lower neighbours of a row are all written before its higher ones.
    """
    for c in range(starts.size - 1):
        last = pieces[c + 1]
        for i in range(starts[c], starts[c + 1]):
            piece = pieces[c]
            j = i + 1
            place = indptr[i + 1]
            drawn = 0
            while True:
                if drawn & 1 == 0:
                    w0, w1, w2, w3 = block(seed, purpose, 0, i, drawn >> 1)
                    way = to_exponential(w0, w1)
                else:
                    way = to_exponential(w2, w3)
                drawn += 1
                while piece < last and way >= (ends[piece] - j) * rates[piece]:
                    way -= (ends[piece] - j) * rates[piece]
                    j = ends[piece]
                    piece += 1
                if piece == last:
                    break
                j = min(j + int(way / rates[piece]), ends[piece] - 1)
                other = indptr[j + 1]
                if filling:
                    indices[place] = j
                    indices[other] = i
                indptr[j + 1] = other + 1
                place += 1
                j += 1
            indptr[i + 1] = place
