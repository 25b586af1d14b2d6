"""Two curves that tell apart peers from publicity: Bass diffusion, and a pulse without peers.

Bass 1969, doi:10.1287/mnsc.15.5.215: each who has not joined joins at rate p + q N / m, by
itself or because N of m have.  The pulse has no peers: the rate is a shock that dies away,
a exp(-d t) (external influence, Mahajan & Peterson 1985, *Models for Innovation Diffusion*;
exogenous shocks, Crane & Sornette 2008, doi:10.1073/pnas.0803685105).  Both may start in the
midst of a steady background.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sim.errors import InputError
from sim.theory.maps import Array


@dataclass(frozen=True)
class BassCurve:
    """How many have joined under Bass diffusion.

    Parameters
    ----------
    market : float
        Number m who may join.
    innovation : float
        Rate p of joining by oneself (1 / day).
    imitation : float
        Rate q of joining because others have (1 / day).
    start : float
        Day on which it starts.
    background : float
        Others who join all along (1 / day).

    Raises
    ------
    InputError
        If a number is negative or not finite.
    """

    market: float
    innovation: float
    imitation: float
    start: float = 0.0
    background: float = 0.0

    def __post_init__(self) -> None:
        _check(self.market, self.innovation, self.imitation, self.background)

    def cumulative(self, days: ArrayLike) -> Array:
        """Return how many have joined by each day, counting the background from day 0."""
        day = np.asarray(days, dtype=float)
        p, q, since = self.innovation, self.imitation, np.maximum(day - self.start, 0.0)
        decay = (p + q) * since
        with_peers = -p * np.expm1(-decay) / np.maximum(p + q * np.exp(-decay), 1e-300)
        joined: Array = self.background * day + self.market * with_peers
        return joined


@dataclass(frozen=True)
class PulseCurve:
    """How many have joined after a pulse of publicity, without peers.

    Parameters
    ----------
    market : float
        Number m who may join.
    intensity : float
        Rate a of joining at the start of the pulse (1 / day).
    decay : float
        Rate d at which the pulse dies away (1 / day).
    start : float
        Day on which it starts.
    background : float
        Others who join all along (1 / day).

    Raises
    ------
    InputError
        If a number is negative or not finite.
    """

    market: float
    intensity: float
    decay: float
    start: float = 0.0
    background: float = 0.0

    def __post_init__(self) -> None:
        _check(self.market, self.intensity, self.decay, self.background)

    def cumulative(self, days: ArrayLike) -> Array:
        """Return how many have joined by each day, counting the background from day 0."""
        day = np.asarray(days, dtype=float)
        since = np.maximum(day - self.start, 0.0)
        shock = since if self.decay == 0.0 else -np.expm1(-self.decay * since) / self.decay
        joined: Array = self.background * day - self.market * np.expm1(-self.intensity * shock)
        return joined


def bass_steps(
    market: float, innovation: float, imitation: float, steps: int, start: float = 0.0
) -> Array:
    """Return how many have joined at each step of the discrete Bass model; (steps + 1,).

    In a step (p + q N / m) (m - N) join.

    Parameters
    ----------
    market : float
        Number m who may join.
    innovation, imitation : float
        Chances p and q of joining by oneself and because all others have, in a step.
    steps : int
        Number of steps.
    start : float
        How many have joined at step 0.

    Raises
    ------
    InputError
        If the chances are negative or exceed 1 together, or the market is not positive.
    """
    if not (market > 0.0 and innovation >= 0.0 and imitation >= 0.0):
        raise InputError("Bass: expected a market above 0, and p and q of zero or more")
    if innovation + imitation > 1.0:
        raise InputError(f"Bass: p + q in a step must not exceed 1, got {innovation + imitation}")
    joined = np.empty(steps + 1)
    joined[0] = start
    for step in range(steps):
        now = joined[step]
        joined[step + 1] = now + (innovation + imitation * now / market) * (market - now)
    return joined


def _check(*numbers: float) -> None:
    if not all(0.0 <= number < np.inf for number in numbers):
        raise InputError(f"curve: expected finite numbers of zero or more, got {numbers}")
