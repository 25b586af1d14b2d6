"""Philox4x32-10 with whole numbers, and the addresses of draws, as the model states them."""

from __future__ import annotations

MASK = 2**32 - 1


def philox(counter, key, rounds=10):
    """Ten rounds of multiplying, splitting and mixing (Salmon et al. 2011, section 4.2)."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(rounds):
        left, right = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = right >> 32 ^ c1 ^ k0, right & MASK, left >> 32 ^ c3 ^ k1, left & MASK
        k0, k1 = k0 + 0x9E3779B9 & MASK, k1 + 0xBB67AE85 & MASK
    return c0, c1, c2, c3


def block(seed, purpose, step, item, attempt=0):
    """The four words of an item: key (seed, purpose), counter (step, item, attempt)."""
    return philox((step & MASK, item & MASK, item >> 32, attempt), (seed, purpose))


def word(seed, purpose, step, item, attempt=0):
    """The word of an item that shares a block with three neighbours."""
    return block(seed, purpose, step, item // 4, attempt)[item % 4]


def unit(high, low):
    """53 random bits as a number in [0, 1)."""
    return (high << 21 | low >> 11) / 2**53


def uniform(seed, purpose, step, item, attempt=0):
    """An item's number in [0, 1)."""
    high = word(seed, purpose, step, item, 2 * attempt)
    low = word(seed, purpose, step, item, 2 * attempt + 1)
    return unit(high, low)
