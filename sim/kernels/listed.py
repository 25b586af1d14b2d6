"""Random numbers of listed creators."""

from __future__ import annotations

from sim.kernels.compiled import compiled
from sim.kernels.philox import uniform


@compiled
def fill_listed(out, ids, seed, purpose, step, attempt):
    """Write `uniform` of each listed item (out float64 (k,), written; ids int32 (k,))."""
    for k in range(ids.size):
        out[k] = uniform(seed, purpose, step, ids[k], attempt)
