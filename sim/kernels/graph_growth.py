"""Networks that grow: newcomers choose among those who are already there."""

from __future__ import annotations

from sim.kernels.compiled import compiled
from sim.kernels.graphs import below, sort_part
from sim.kernels.philox import block


@compiled
def attach(targets, links, seed, purpose):
    """Write the ``links`` creators that each newcomer chooses, ascending (int32, written).

    Newcomer ``links + k`` picks link ends that exist, uniformly, until they belong to
    ``links`` creators; the end number r of the list of all ends is the newcomer of link
    r // 2 when r is even, and its target when r is odd (Batagelj & Brandes 2005,
    doi:10.1103/PhysRevE.71.036113).  The first newcomer takes all who are there.
    """
    for e in range(min(links, targets.size)):
        targets[e] = e
    for first in range(links, targets.size, links):
        for e in range(first, first + links):
            attempt = 0
            fresh = False
            target = 0
            while not fresh:
                w0, w1, w2, w3 = block(seed, purpose, 0, e, attempt)
                for half in range(2):
                    if not fresh:
                        r = below(w2, w3, 2 * first) if half else below(w0, w1, 2 * first)
                        target = targets[r >> 1] if r & 1 else links + (r >> 1) // links
                        fresh = True
                        for earlier in range(first, e):
                            fresh = fresh and targets[earlier] != target
                attempt += 1
            targets[e] = target
        sort_part(targets, first, first + links)
