"""The n-gram model in plain Python: dictionaries of counts, one chain of priors per byte."""

from __future__ import annotations

import math
from collections import Counter

SYMBOLS = 257
END = 256


def counts(works: list[bytes], order: int) -> Counter[tuple[int, ...]]:
    """Count n-grams up to order + 1 bytes; every work ends with a symbol of its own."""
    found: Counter[tuple[int, ...]] = Counter()
    for work in works:
        symbols = [*work, END]
        for end in range(1, len(symbols) + 1):
            for length in range(1, min(order + 1, end) + 1):
                found[tuple(symbols[end - length : end])] += 1
    return found


def probability(
    found: Counter[tuple[int, ...]], context: tuple[int, ...], symbol: int, priors: list[float]
) -> float:
    """Mix the orders from the shortest context to the longest."""
    chance = 1.0 / SYMBOLS
    for k in range(min(len(priors), len(context) + 1)):
        recent = context[len(context) - k :]
        seen = sum(found[(*recent, other)] for other in range(SYMBOLS))
        if seen == 0:
            break
        chance = (found[(*recent, symbol)] + priors[k] * chance) / (seen + priors[k])
    return chance


def bits(found: Counter[tuple[int, ...]], work: bytes, priors: list[float]) -> list[float]:
    """Return the bits of each byte of a held-out work."""
    return [
        -math.log2(
            probability(found, tuple(work[max(0, t - len(priors) + 1) : t]), work[t], priors)
        )
        for t in range(len(work))
    ]
