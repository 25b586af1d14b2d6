"""Degrees, modules, and who gets which."""

from __future__ import annotations

import numpy as np

from sim.kernels.compiled import compiled
from sim.kernels.philox import block, to_unit

DEAL, INSIDE = 6, 7


@compiled
def draw(out, table, least, step, seed, purpose):
    """Write draws (int64, written): ``least`` and one more for each number in ``table``.

    ``table`` holds cumulative probabilities, the last (1) left out.
    """
    for i in range(out.size):
        w0, w1, _, _ = block(seed, purpose, step, i, 0)
        out[i] = least + np.searchsorted(table, to_unit(w0, w1), side="right")
