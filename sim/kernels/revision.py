"""Which creators reconsider in a step."""

from __future__ import annotations

import math

import numpy as np

from sim.kernels.choice import edge, full_draw
from sim.kernels.compiled import compiled
from sim.kernels.philox import block, fill_words, to_unit

GROUP = 1024
"""Creators of whom few are picked together; each group has its own draws."""
OFTEN = 0.05
"""Share from which a draw for each creator costs less than the gaps between those picked."""


@compiled
def pick_many(picked, words, share, seed, purpose, step):
    """List a random share of creators 0, 1, ... in ascending order (picked int32, written).

    Each is picked if its own draw lies below ``share``, so that a larger share picks the same
    creators and more.  ``words`` (uint32 (a multiple of 4,), written) gives room for draws.
    Returns how many were picked.
    """
    size = np.int64(0)
    limit = edge(share)
    for first in range(0, picked.size, words.size):
        fill_words(words, seed, purpose, step, first, 0)
        for k in range(min(words.size, picked.size - first)):
            i = first + k
            # written whether it is picked or not: no processor could predict who is
            picked[size] = i
            size += np.int64(words[k] < limit)
            if words[k] == limit and full_draw(words[k], seed, purpose, step, i) < share:
                size += np.int64(1)
    return size


@compiled
def pick_few(picked, share, seed, purpose, step):
    """List a random share of creators 0, 1, ... in ascending order (picked int32, written).

    Each is picked with probability ``share``, independently: gaps between picked creators are
    geometric, so those who are not picked cost nothing.  Returns how many were picked.
    """
    size = 0
    if share <= 0.0:
        return size
    scale = 1.0 / math.log1p(-share) if share < 1.0 else 0.0
    for group in range((picked.size + GROUP - 1) // GROUP):
        i = group * GROUP
        end = min(i + GROUP, picked.size)
        attempt = 0
        while True:
            w0, w1, _, _ = block(seed, purpose, step, group, attempt)
            attempt += 1
            gap = math.log1p(-to_unit(w0, w1)) * scale
            if gap >= GROUP:
                break
            i += int(gap)
            if i >= end:
                break
            picked[size] = i
            size += 1
            i += 1
    return size
