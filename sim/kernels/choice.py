"""Comparing a draw with a probability, exactly, without computing what is not needed.

A draw of 53 bits is decided by its first 32 in all but one case in four billion, so the other
word is drawn only then.  Likewise the logistic function is bracketed by its values at the ends
of a cell of width 1/16; the exponential is needed only when the draw falls inside the bracket.
"""

from __future__ import annotations

import math

import numpy as np

from sim.kernels.compiled import inlined
from sim.kernels.philox import to_unit, word

FROM_WORD = 2.0**-32
REACH = 40.0
CELLS = 16.0
LAST = 2.0 * REACH * CELLS + 1.0


def _logistic(x: float) -> float:
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    grown = math.exp(x)
    return grown / (1.0 + grown)


def _brackets() -> tuple[np.ndarray, np.ndarray]:
    ends = [_logistic(-REACH + k / CELLS) for k in range(int(2 * REACH * CELLS) + 1)]
    sure = [0, *(max(0, math.floor(low * 2**32) - 2) for low in ends)]
    never = [*(min(2**32 - 1, math.ceil(high * 2**32) + 2) for high in ends), 2**32 - 1]
    return np.array(sure, dtype=np.uint32), np.array(never, dtype=np.uint32)


SURE, NEVER = _brackets()
"""Words below ``SURE`` are draws below the logistic in the whole cell; above ``NEVER``, not.
The first cell holds everything below -40, the last everything from 40."""
STEADY = np.concatenate((NEVER, ~SURE))
"""A creator who does not act stays so if its word exceeds the entry of its cell; one who acts,
if the word's complement exceeds the entry as many cells further on."""
CERTAIN = np.concatenate((SURE, ~NEVER))
"""Likewise, a creator whose word or complement lies below the entry changes."""
BRACKETS = NEVER.size


@inlined
def logistic(x):
    """Return 1 / (1 + exp(-x)) without overflow."""
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    grown = math.exp(x)
    return grown / (1.0 + grown)


@inlined
def full_draw(first, seed, purpose, step, item):
    """Return the draw in [0, 1) whose first word is known; see `sim.kernels.philox.uniform`."""
    return to_unit(np.uint64(first), word(seed, purpose, step, item, 1))


@inlined
def below(first, probability, seed, purpose, step, item):
    """Return whether an item's draw lies below a probability, given the draw's first word."""
    least = np.float64(first) * FROM_WORD
    if least + FROM_WORD <= probability:
        return True
    if not least < probability:
        return False
    return full_draw(first, seed, purpose, step, item) < probability


@inlined
def cell_of(x):
    """Return the cell of the brackets in which x lies; the first and last reach to infinity."""
    place = (x + (REACH + 1.0 / CELLS)) * CELLS
    place = place if place > 0.0 else 0.0
    place = place if place < LAST else LAST
    return np.int32(place)


@inlined
def below_logistic(first, x, seed, purpose, step, item):
    """Return whether an item's draw lies below logistic(x), given the draw's first word."""
    cell = cell_of(x)
    if first < SURE[cell]:
        return True
    if first > NEVER[cell]:
        return False
    return full_draw(first, seed, purpose, step, item) < logistic(x)


@inlined
def edge(probability):
    """Return the word below which draws are surely below a probability, above which not."""
    scaled = probability * 4294967296.0
    if not scaled > 0.0:
        return np.uint32(0)
    return np.uint32(scaled) if scaled < 4294967295.0 else np.uint32(4294967295)
