"""Element by element with scalar arithmetic, which gives the same bits on every processor."""

from __future__ import annotations

import math

from sim.kernels.compiled import compiled


@compiled
def exponentials(values):
    """Replace each value by its exponential (float64, written)."""
    for i in range(values.size):
        values[i] = math.exp(values[i])


@compiled
def powers(values, exponent):
    """Replace each value by its power (float64, written)."""
    for i in range(values.size):
        values[i] = math.pow(values[i], exponent)
