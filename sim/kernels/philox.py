"""Counter-based random numbers: Philox4x32-10 (Salmon et al. 2011, doi:10.1145/2063384.2063405).

A draw has an address instead of a place in a queue: the key is (seed, purpose), the counter
is (step, item, attempt).  The same address gives the same number whatever else was drawn
before, on any thread, in any order.

A Philox block is four 32-bit words.  `block` gives an item a block of its own; `word` and
`uniform` share a block among four neighbouring items, a word each, which makes bulk draws
four times as cheap.  In a run a purpose uses one of the two ways, never both.
"""

from __future__ import annotations

import numpy as np

from sim.kernels.compiled import compiled, inlined

MASK = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
MULTIPLY_0, MULTIPLY_1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
WEYL_0, WEYL_1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
ONE, TWO, THREE = np.uint64(1), np.uint64(2), np.uint64(3)
HIGH, LOW = np.uint64(21), np.uint64(11)
TO_UNIT = 1.0 / 9007199254740992.0


@inlined
def _round(c0, c1, c2, c3, k0, k1):
    p0 = MULTIPLY_0 * c0
    p1 = MULTIPLY_1 * c2
    return (
        (p1 >> HALF) ^ c1 ^ k0,
        p1 & MASK,
        (p0 >> HALF) ^ c3 ^ k1,
        p0 & MASK,
        (k0 + WEYL_0) & MASK,
        (k1 + WEYL_1) & MASK,
    )


@inlined
def philox(c0, c1, c2, c3, k0, k1):
    """Return the four words of one Philox4x32-10 block (all values uint64 below 2**32)."""
    for _ in range(10):
        c0, c1, c2, c3, k0, k1 = _round(c0, c1, c2, c3, k0, k1)
    return c0, c1, c2, c3


@inlined
def block(seed, purpose, step, item, attempt):
    """Return the four words of an item's own block; every argument is a non-negative integer."""
    number = np.uint64(item)
    return philox(
        np.uint64(step) & MASK,
        number & MASK,
        number >> HALF,
        np.uint64(attempt) & MASK,
        np.uint64(seed) & MASK,
        np.uint64(purpose) & MASK,
    )


@inlined
def to_unit(high, low):
    """Return the number in [0, 1) that has word ``high`` and the upper 21 bits of ``low``."""
    return np.float64(np.int64((high << HIGH) | (low >> LOW))) * TO_UNIT


@inlined
def word(seed, purpose, step, item, attempt):
    """Return an item's word of the block that it shares with three neighbours (uint64)."""
    number = np.uint64(item)
    w0, w1, w2, w3 = block(seed, purpose, step, number >> TWO, attempt)
    lane = number & THREE
    if lane < TWO:
        return w1 if lane == ONE else w0
    return w3 if lane == THREE else w2


@compiled
def uniform(seed, purpose, step, item, attempt):
    """Return an item's number in [0, 1), of 53 random bits; attempts are independent."""
    return to_unit(
        word(seed, purpose, step, item, 2 * attempt),
        word(seed, purpose, step, item, 2 * attempt + 1),
    )


@compiled
def fill_words(out, seed, purpose, step, first, attempt):
    """Write `word` of items first, first + 1, ... into ``out`` (uint32, written).

    ``first`` and the size of ``out`` are multiples of four.
    """
    start = first // 4
    for b in range(out.size // 4):
        w0, w1, w2, w3 = block(seed, purpose, step, start + b, attempt)
        out[4 * b] = w0
        out[4 * b + 1] = w1
        out[4 * b + 2] = w2
        out[4 * b + 3] = w3


@compiled
def fill_uniform(out, high, low, seed, purpose, step, first, attempt):
    """Write `uniform` of items first, first + 1, ... into ``out`` (float64, written).

    ``high`` and ``low`` (uint32, written) give room for as many words as one pass treats;
    ``first`` and their size are multiples of four.
    """
    room = high.size
    for begin in range(0, out.size, room):
        fill_words(high, seed, purpose, step, first + begin, 2 * attempt)
        fill_words(low, seed, purpose, step, first + begin, 2 * attempt + 1)
        for i in range(min(room, out.size - begin)):
            out[begin + i] = to_unit(np.uint64(high[i]), np.uint64(low[i]))
