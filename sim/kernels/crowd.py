"""Loops over the crowd: who changes, who sees it, who hears.

Columns that a run does not need have size 0 (or size 1, where everybody has the same code).
"""

from __future__ import annotations

import math

import numpy as np

from sim.kernels.choice import below, edge
from sim.kernels.compiled import compiled
from sim.kernels.philox import fill_words, uniform

EVER, AWARE, SEEN, COMMITTED = np.uint8(1), np.uint8(2), np.uint8(4), np.uint8(8)
WITHHELD, BOUND, LICENSED = np.uint8(16), np.uint8(32), np.uint8(64)
"""Bits of the ``flags`` column: has ever acted, is aware, is seen acting, never stops; works are
out through a default or the law, may not start, sold a licence."""


@compiled
def change(changed, delta, step, seed, purpose, crowd, repertoire, visibility, counts):
    """Start those who do not act, stop those who do.

    Parameters
    ----------
    changed : int32 (k,)
        Creators who change.
    delta : int8 (k,), written
        Change in how many visible others their audience sees: -1, 0 or 1.
    crowd : tuple of arrays, written
        tactic uint8 (n,), flags uint8 (n,), since int32 (n,) or (0,), community uint16 or (0,).
    repertoire : uint8 (n,) or (1,)
        Tactic used when mobilised.
    visibility : float64 (tactics,)
        Probability that others see the tactic.
    counts : int64 (2, communities), written
        Creators mobilised now, and ever.
    """
    tactic, flags, since, community = crowd
    one, all_seen = np.uint8(1), visibility[1:].min() >= 1.0
    for k in range(changed.size):
        i = changed[k]
        c = community[i] if community.size > 0 else 0
        # without a branch on who starts and who stops, which no processor could predict
        bits = flags[i]
        stops = np.uint8(tactic[i] != 0)
        starts = one - stops
        code = starts * (repertoire[i] if repertoire.size > 1 else repertoire[0])
        seen = starts
        if not all_seen and starts and visibility[code] < 1.0:
            seen = np.uint8(uniform(seed, purpose, step, i, 0) < visibility[code])
        tactic[i] = code
        flags[i] = bits & ~(SEEN * stops) | EVER * starts | SEEN * seen
        delta[k] = np.int8(seen) - np.int8(stops & np.uint8(bits & SEEN != 0))
        counts[0, c] += np.int64(starts) - np.int64(stops)
        counts[1, c] += np.int64(starts & np.uint8(bits & EVER == 0))
        if since.size > 0:
            since[i] = step


@compiled
def expire(started, delta, step, tactic, flags, since):
    """Hide those who started in a step and have acted since; see `change` for the arrays."""
    for k in range(started.size):
        i = started[k]
        delta[k] = 0
        if tactic[i] != 0 and since[i] == step and flags[i] & SEEN != 0:
            flags[i] &= ~SEEN
            delta[k] = -1


@compiled
def hear(
    begin, end, hazards, fading, seed, purpose, step, tactic, flags, active, unit, room, heard
):
    """Let the unaware hear and the idle aware lose interest.

    Parameters
    ----------
    begin, end : int
        Creators of one community.
    hazards : tuple of float
        Probability of hearing the news, and of hearing from one visible mobilised neighbour.
    fading : float
        Probability that an aware creator who does not act loses interest.
    active : int (n,), (1,) or (0,)
        Visible others whom each creator sees acting, all who act where all see all, or nobody.
    unit : float
        What one unit of ``active`` counts for.
    room : tuple of arrays, written
        Draws, uint32 (a multiple of 4,), and as many places, int32.
    heard : int32 (n,), written
        Who heard; the number is returned.
    """
    news, peer = hazards
    words, listed = room
    fades, hears = edge(fading), edge(news)
    own = active.size > 1
    met_by_all = np.int64(active.size == 1 and active[0] > 0)
    size = 0
    first = begin - begin % 4
    while first < end:
        fill_words(words, seed, purpose, step, first, 0)
        left = np.int64(0)
        # most neither hear nor forget: the others are listed first, without a branch
        for i in range(max(begin, first), min(end, first + words.size)):
            draw = words[i - first]
            aware, acts = np.int64(flags[i] & AWARE != 0), np.int64(tactic[i] != 0)
            met = np.int64(active[i] > 0) if own else met_by_all
            listed[left] = i
            left += (aware & (1 - acts) & np.int64(draw <= fades)) | (
                (1 - aware) & (met | np.int64(draw <= hears))
            )
        for k in range(left):
            i = listed[k]
            draw = words[i - first]
            if flags[i] & AWARE != 0:
                if below(draw, fading, seed, purpose, step, i):
                    flags[i] &= ~AWARE
                continue
            chance = news
            acting = (active[i] if own else active[0]) * unit if active.size > 0 else 0.0
            if acting > 0.0:
                chance = 1.0 - (1.0 - news) * math.pow(1.0 - peer, acting)
            if below(draw, chance, seed, purpose, step, i):
                flags[i] |= AWARE
                heard[size] = i
                size += 1
        first += words.size
    return size
