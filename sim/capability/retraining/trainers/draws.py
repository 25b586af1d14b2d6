"""Keyed draws for retraining: what is held out, what is withdrawn first, who strikes."""

from __future__ import annotations

from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from sim import purposes
from sim.kernels.philox import fill_uniform

PURPOSE = purposes.BOOTSTRAP


def uniforms(seed: int, what: str, count: int, attempt: int = 0) -> NDArray[np.float64]:
    """Return ``count`` numbers in [0, 1) that belong to ``what`` alone."""
    room = max(4, -(-count // 4) * 4)
    out = np.empty(room)
    high, low = np.empty(room, np.uint32), np.empty(room, np.uint32)
    fill_uniform(out, high, low, seed, PURPOSE, crc32(what.encode()), 0, attempt)
    return out[:count]


def order(seed: int, what: str, count: int, attempt: int = 0) -> NDArray[np.int64]:
    """Return the numbers below ``count`` in an order that belongs to ``what`` alone."""
    return np.argsort(uniforms(seed, what, count, attempt), kind="stable")
