"""Pledges that bind only once enough others have signed.

Assurance contracts: Bagnoli & Lipman 1989, doi:10.2307/2297503; Tabarrok 1998,
doi:10.1023/A:1004957109535.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.theory import maps
from sim.theory.thresholds import cdf


def bound(sizes: ArrayLike) -> NDArray[np.int64]:
    """Return how many pledges bind: the largest n with #{m_i <= n - 1} >= n.

    Parameters
    ----------
    sizes : array_like (..., creators)
        How many others each creator wants to have signed; the last axis is one crowd.

    Returns
    -------
    int64 (...)
        Creators bound; nobody else acts.
    """
    ordered = np.sort(np.asarray(sizes, dtype=float), axis=-1)
    number = np.arange(1, ordered.shape[-1] + 1)
    count: NDArray[np.int64] = np.max(
        np.where(ordered <= number - 1, number, 0), axis=-1, initial=0
    )
    return count


def equilibrium(sizes: Any) -> float:
    """Return the largest share r of a large crowd with F(r) >= r.

    Parameters
    ----------
    sizes : number, distribution or callable
        Share of the crowd that each creator wants to have signed; F is its cumulative
        distribution.
    """
    return maps.settle(cdf(sizes), 1.0)
