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


def _logistic(x: float) -> float:
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    grown = math.exp(x)
    return grown / (1.0 + grown)


def _brackets() -> tuple[np.ndarray, np.ndarray]:
    ends = [_logistic(-REACH + k / CELLS) for k in range(int(2 * REACH * CELLS) + 1)]
    sure = [max(0, math.floor(low * 2**32) - 2) for low in ends[:-1]]
    never = [min(2**32 - 1, math.ceil(high * 2**32) + 2) for high in ends[1:]]
    return np.array(sure, dtype=np.uint32), np.array(never, dtype=np.uint32)


SURE, NEVER = _brackets()
"""Words below ``SURE`` are draws below the logistic in the whole cell; above ``NEVER``, not."""


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
def below_logistic(first, x, seed, purpose, step, item):
    """Return whether an item's draw lies below logistic(x), given the draw's first word."""
    if x >= REACH:
        return True
    if x > -REACH:
        cell = np.int64((x + REACH) * CELLS)
        if first < SURE[cell]:
            return True
        if first > NEVER[cell]:
            return False
    return full_draw(first, seed, purpose, step, item) < logistic(x)
