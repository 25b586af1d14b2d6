"""Degrees that follow a power law."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def power_law(exponent: float, least: int, most: int) -> list[float]:
    """Return the probabilities of ``least``, ..., ``most``, in proportion to k**-exponent."""
    weights = [float(k) ** -exponent for k in range(least, most + 1)]
    total = sum(weights)
    return [weight / total for weight in weights]


def mean_of(probabilities: list[float], least: int) -> float:
    """Return the mean of a distribution that begins at ``least``."""
    return sum(p * k for k, p in enumerate(probabilities, start=least))


def power_law_of_mean(exponent: float, mean: float, most: int) -> tuple[list[float], int]:
    """Return a power law up to ``most`` with a given mean, and where it begins.

    It mixes the laws that begin at two neighbouring numbers, in the proportion that gives
    the mean; ``mean`` lies between the law that begins at 1 and ``most``.
    """
    least = 1
    while least < most and mean_of(power_law(exponent, least + 1, most), least + 1) <= mean:
        least += 1
    low = power_law(exponent, least, most)
    if least == most:
        return low, least
    high = [0.0, *power_law(exponent, least + 1, most)]
    below, above = mean_of(low, least), mean_of(high, least)
    share = (mean - below) / (above - below)
    return [(1 - share) * p + share * q for p, q in zip(low, high, strict=True)], least


def drawn(
    probabilities: list[float], least: int, creators: int, step: int, seed: int
) -> NDArray[np.int64]:
    """Return independent draws from a distribution that begins at ``least`` (creators,)."""
    import numpy as np

    from sim.kernels.graph_degrees import draw
    from sim.purposes import NETWORK

    table = np.array(list(accumulate(probabilities))[:-1], dtype=np.float64)
    out = np.empty(creators, dtype=np.int64)
    draw(out, table, least, step, seed, NETWORK)
    return out
