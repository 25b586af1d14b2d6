"""Which creators reconsider in a step."""

from __future__ import annotations

import math

from sim.kernels.compiled import compiled
from sim.kernels.philox import block, to_unit

GROUP = 1024
"""Creators picked from together; each group has its own draws."""


@compiled
def pick(picked, share, seed, purpose, step):
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
