"""Networks that grow: newcomers choose among those who are already there."""

from __future__ import annotations

import numpy as np

from sim.kernels.compiled import compiled, inlined
from sim.kernels.graphs import below, bits_below, draw_bits, sort_part
from sim.kernels.philox import block
from sim.kernels.prefetch import prefetch

AHEAD = 32


@inlined
def pick(e, attempt, ends, seed, purpose):
    """Return the link end, of so many, that link ``e`` tries at an attempt."""
    w0, w1, w2, w3 = block(seed, purpose, 0, e >> 1, attempt)
    return below(w2, w3, ends) if e & 1 else below(w0, w1, ends)


@compiled
def _pick_all(picks, links, begin, seed, purpose):
    """Write the first pick of link ends for links ``begin`` (even), ... (uint64, written)."""
    draw_bits(picks, 0, begin >> 1, 0, seed, purpose)
    later = begin % links
    ends = 2 * (begin - later)
    for k in range(picks.size):
        if later == links:
            later = 0
            ends += 2 * links
        later += 1
        picks[k] = bits_below(picks[k], ends)


@compiled
def attach(targets, links, picks, seed, purpose):
    """Write the ``links`` creators that each newcomer chooses, ascending (int32, written).

    Newcomer ``links + k`` picks link ends that exist, uniformly, until they belong to
    ``links`` creators; the end number r of the list of all ends is the newcomer of link
    r // 2 when r is even, and its target when r is odd (Batagelj & Brandes 2005,
    doi:10.1103/PhysRevE.71.036113).  The first newcomer takes all who are there.
    ``picks`` (uint64, even) gives room for picks drawn ahead.
    """
    for e in range(min(links, targets.size)):
        targets[e] = e
    drawn = 0
    for first in range(links, targets.size, links):
        for e in range(first, first + links):
            while e >= drawn:
                _pick_all(picks, links, drawn, seed, purpose)
                drawn += picks.size
            at = e - drawn + picks.size
            if at + AHEAD < picks.size:
                prefetch(targets, np.int64(picks[at + AHEAD]) >> 1)
            r = np.int64(picks[at])
            attempt = 0
            fresh = False
            while not fresh:
                target = targets[r >> 1] if r & 1 else links + (r >> 1) // links
                fresh = True
                for earlier in range(first, e):
                    fresh = fresh and targets[earlier] != target
                if not fresh:
                    attempt += 1
                    r = pick(e, attempt, 2 * first, seed, purpose)
            targets[e] = target
        sort_part(targets, first, first + links)
