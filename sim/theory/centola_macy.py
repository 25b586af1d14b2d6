"""How fast a contagion that needs several neighbours goes round a ring.

Centola & Macy 2007, doi:10.1086/521848.
"""

from __future__ import annotations

from sim.errors import InputError


def ring_steps(creators: int, degree: int, threshold: int) -> int | None:
    """Return the steps in which a ring fills from one creator and all its neighbours.

    On either side the front gains degree / 2 + 1 - threshold creators in a step; what is left
    between the two fronts fills in one step once both are in sight.

    Parameters
    ----------
    creators : int
        Creators on the ring.
    degree : int
        Links of each to the nearest others, half of them on either side; even.
    threshold : int
        Acting neighbours needed.

    Returns
    -------
    int or None
        None if the ring never fills.

    Raises
    ------
    InputError
        If the degree is odd, below 2 or not below the number of creators, or nobody is needed.
    """
    if degree < 2 or degree % 2 or degree >= creators:
        raise InputError(
            f"ring: expected an even degree from 2 to below {creators} creators, got {degree}"
        )
    if threshold < 1:
        raise InputError(f"threshold: expected one neighbour or more, got {threshold}")
    gap = creators - degree - 1
    front = degree // 2 + 1 - threshold
    closing = degree + 1 - threshold  # widest gap that fills in one step
    if gap == 0:
        return 0
    if gap <= closing:
        return 1
    if front < 1:
        return None
    return -(-(gap - closing) // (2 * front)) + 1
