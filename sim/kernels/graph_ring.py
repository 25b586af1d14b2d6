"""Small worlds: a ring whose links are moved at random.

Link e leads from creator ``e // width`` to creator ``targets[e]``.
"""

from __future__ import annotations

from sim.kernels.compiled import compiled, inlined
from sim.kernels.graphs import below, draw_bits
from sim.kernels.philox import HALF, MASK, block, to_unit

ATTEMPTS = 4096


@compiled
def lay_ring(targets, creators, width):
    """Link each creator to the ``width`` next ones on the ring (``targets`` int32, written)."""
    for i in range(creators):
        for step in range(width):
            j = i + step + 1
            targets[i * width + step] = j if j < creators else j - creators


@inlined
def _joined(targets, width, i, j):
    found = i == j
    for e in range(i * width, (i + 1) * width):
        found = found or targets[e] == j
    for e in range(j * width, (j + 1) * width):
        found = found or targets[e] == i
    return found


@compiled
def mark(marked, links, probability, draws, seed, purpose):
    """Choose each link with a probability; write them to ``marked`` (int64), return how many.

    Without room (``marked`` of size 0) they are only counted.  ``draws`` (uint64, even) gives
    room for draws.
    """
    found = 0
    for begin in range(0, links, draws.size // 2):
        draw_bits(draws, 0, begin, 0, seed, purpose)
        for e in range(begin, min(begin + draws.size // 2, links)):
            bits = draws[2 * (e - begin)]
            if to_unit(bits >> HALF, bits & MASK) < probability:
                if marked.size:
                    marked[found] = e
                found += 1
    return found


@compiled
def rewire(targets, creators, width, marked, seed, purpose):
    """Move the far end of each marked link to a random creator not linked yet.

    A link whose near end finds nobody (it is linked to all but everyone) stays in place.
    """
    for e in marked:
        i = e // width
        for attempt in range(ATTEMPTS):
            _, _, w2, w3 = block(seed, purpose, 0, e, attempt)
            j = below(w2, w3, creators)
            if not _joined(targets, width, i, j):
                targets[e] = j
                break


@compiled
def exchange(targets, width, marked, seed, purpose):
    """Let each marked link exchange its far end with another one, which changes no degree.

    A pair that would make a loop or a repeated link is drawn again.
    """
    for first in marked:
        for attempt in range(1, ATTEMPTS):
            w0, w1, _, _ = block(seed, purpose, 0, first, attempt)
            second = marked[below(w0, w1, marked.size)]
            near, other = first // width, second // width
            if not _joined(targets, width, near, targets[second]) and not _joined(
                targets, width, other, targets[first]
            ):
                targets[first], targets[second] = targets[second], targets[first]
                break
