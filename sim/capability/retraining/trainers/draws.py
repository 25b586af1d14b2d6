"""Keyed draws for retraining: what is held out, what is withdrawn first, who strikes."""

from __future__ import annotations

from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from sim import purposes
from sim.kernels.philox import fill_uniform

PURPOSE = purposes.RETRAINING


def uniforms(seed: int, what: str, count: int, attempt: int = 0) -> NDArray[np.float64]:
    """Return ``count`` numbers in [0, 1) that belong to ``what`` alone."""
    room = 4 * (count // 4 + 1)
    out = np.empty(room)
    high, low = np.empty(room, np.uint32), np.empty(room, np.uint32)
    fill_uniform(out, high, low, seed, PURPOSE, crc32(what.encode()), 0, attempt)
    return out[:count]


def order(seed: int, what: str, count: int, attempt: int = 0) -> NDArray[np.int64]:
    """Return the numbers below ``count`` in an order that belongs to ``what`` alone."""
    return np.argsort(uniforms(seed, what, count, attempt), kind="stable")


def some(seed: int, what: str, count: int, share: float) -> NDArray[np.int64]:
    """Return a share of the numbers below ``count`` (at least 2), neither none nor all of them."""
    return order(seed, what, count)[: part_of(count, share)]


def part_of(count: int, share: float) -> int:
    """Return the share of ``count`` things that is nearest, but 1 at least and not all."""
    return min(max(1, round(share * count)), count - 1)


def places(seed: int, what: str, owner: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return each work's place, evenly from 0 to 1, in an order of its owner's works.

    Parameters
    ----------
    seed : int
    what : str
        What the order belongs to.
    owner : int64 (works,)
        Number of each work's owner.
    """
    counts = np.bincount(owner)
    keyed = np.lexsort((uniforms(seed, what, owner.size), owner))
    sorted_owner = owner[keyed]
    first = np.cumsum(counts) - counts
    place = np.empty(owner.size)
    place[keyed] = (np.arange(owner.size) - first[sorted_owner] + 0.5) / counts[sorted_owner]
    return place
