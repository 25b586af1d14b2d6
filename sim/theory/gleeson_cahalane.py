"""Thresholds on a large random network with any degrees, from a share of random initiators.

The tree approximation of Gleeson & Cahalane 2007, doi:10.1103/PhysRevE.75.056103; exact in
the limit of a large configuration network, where short loops vanish.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln, xlog1py, xlogy

from sim.errors import InputError
from sim.theory import degrees as degree
from sim.theory import maps
from sim.theory.maps import Array, Map
from sim.theory.thresholds import cdf

Of = Literal["share", "count"]

AT_ONCE = 4_000_000  # numbers held in memory by one evaluation


@dataclass(frozen=True)
class CascadeCondition:
    """Whether a small share of initiators sets off a cascade, judged close to the start.

    Parameters
    ----------
    first_order : bool
        Whether acting neighbours multiply: (1 - s) C_1 > 1.
    second_order : bool
        The same, or the parabola through the start never meets the diagonal.
    multiplication : float
        (1 - s) C_1.
    discriminant : float
        Of that parabola; it meets the diagonal iff this is zero or more.
    """

    first_order: bool
    second_order: bool
    multiplication: float
    discriminant: float


def final_size(degrees: ArrayLike, thresholds: Any, initiators: float, of: Of = "share") -> float:
    """Return the participation that the crowd settles on.

    It is s + (1 - s) sum_k p_k sum_m Bin(m; k, q) F(m/k), with q the fixed point of the same
    expression over the degrees met by following a link, less that link.

    Parameters
    ----------
    degrees : array_like (largest degree + 1,)
        Share of creators with 0, 1, 2, ... links.
    thresholds : number, distribution or callable
        Thresholds; a creator joins iff its threshold is at or below what it sees.
    initiators : float
        Share s of creators, chosen at random, who take part from the start and never stop.
    of : {"share", "count"}
        Whether thresholds are shares or counts of neighbours; creators without any see 0.

    Raises
    ------
    InputError
        If the share is not between 0 and 1 or nobody has a link.
    """
    along, everybody = _maps(degrees, thresholds, initiators, of)
    return float(everybody(np.array([maps.settle(along, initiators)]))[0])


def path(
    degrees: ArrayLike, thresholds: Any, initiators: float, steps: int, of: Of = "share"
) -> Array:
    """Return participation step by step when all revise together; (steps + 1,).

    See `final_size` for the parameters and errors.
    """
    along, everybody = _maps(degrees, thresholds, initiators, of)
    seen = maps.path(along, initiators, steps)
    return np.concatenate([[initiators], everybody(seen[:-1])])


def cascade_condition(
    degrees: ArrayLike, thresholds: Any, initiators: float, of: Of = "share"
) -> CascadeCondition:
    """Return whether so few initiators set off a cascade, to first and to second order in q.

    C_l is the coefficient of q**l in the expected response along a link.  To second order a
    cascade needs (1 - s) C_1 > 1, or no root of
    (1 - s) C_2 q^2 + ((1 - s) C_1 - 1) q + (1 - s) C_0 + s = 0.

    See `final_size` for the parameters and errors.
    """
    _check_share(initiators)
    followed = degree.followed(degree.shares(degrees))
    below, k = cdf(thresholds), np.arange(1, followed.size)
    zero, one, two = (_answers(below, np.full(k.size, m), k, of) for m in range(3))
    others, weight, rest = k - 1, followed[1:], 1.0 - initiators
    c0 = rest * float(weight @ zero) + initiators
    c1 = rest * float((weight * others) @ (one - zero))
    c2 = rest * float((weight * others * (others - 1) / 2) @ (two - 2 * one + zero))
    discriminant = (c1 - 1.0) ** 2 - 4.0 * c2 * c0
    return CascadeCondition(c1 > 1.0, c1 > 1.0 or discriminant < 0.0, c1, discriminant)


def _maps(degrees: ArrayLike, thresholds: Any, initiators: float, of: Of) -> tuple[Map, Map]:
    _check_share(initiators)
    given = degree.shares(degrees)
    followed = degree.followed(given)
    below = cdf(thresholds)
    along = _expected(followed[1:], 1, below, initiators, of)
    return along, _expected(given, 0, below, initiators, of)


def _check_share(initiators: float) -> None:
    if not 0.0 <= initiators <= 1.0:
        raise InputError(f"initiators: expected a share between 0 and 1, got {initiators}")


def _expected(weights: Array, known: int, below: Map, initiators: float, of: Of) -> Map:
    """Return q -> s + (1 - s) sum_n w_n sum_m Bin(m; n, q) F, n free neighbours, n + known all."""
    present = np.flatnonzero(weights)
    n = np.repeat(present, present + 1)
    m = np.concatenate([np.arange(count + 1) for count in present])
    answers = weights[n] * _answers(below, m, n + known, of)
    kept = answers > 0.0
    n, m, answers = n[kept], m[kept], answers[kept]
    log_choices = gammaln(n + 1.0) - gammaln(m + 1.0) - gammaln(n - m + 1.0)

    def response(q: Array) -> Array:
        x = np.clip(q.ravel(), 0.0, 1.0)
        out = np.empty(x.size)
        block = max(1, AT_ONCE // max(1, n.size))
        for at in range(0, x.size, block):
            part = x[at : at + block, None]
            chance = np.exp(log_choices + xlogy(m, part) + xlog1py(n - m, -part))
            out[at : at + block] = chance @ answers
        return initiators + (1.0 - initiators) * out.reshape(q.shape)

    return response


def _answers(below: Map, m: NDArray[np.int64], k: NDArray[np.int64], of: Of) -> Array:
    if of == "count":
        return below(m.astype(float))
    if of == "share":
        return below(m / np.maximum(k, 1))
    raise InputError(f"thresholds: expected of='share' or of='count', got {of!r}")
