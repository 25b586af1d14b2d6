"""Two creators who learn whether to act from what it brought them.

Bush & Mosteller 1955, *Stochastic Models for Learning*; Macy 1991, doi:10.1086/229821;
Macy & Flache 2002, doi:10.1073/pnas.092080099.

After each round the stimulus is s = (payoff - aspiration) / (largest difference of the two),
and the propensity of what was just done moves by rate * s * (1 - propensity) if s >= 0 and by
rate * s * propensity otherwise.  The expected motion of the propensity p to act is zero at the
*self-correcting* equilibria, where satisfaction and regret balance; pairs of choices that
satisfy both are *self-reinforcing*: once certain, they stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.polynomial import Polynomial

from sim.errors import InputError
from sim.theory.maps import FixedPoint


@dataclass(frozen=True)
class Game:
    """What a creator gets, by its own choice and the other's.

    Parameters
    ----------
    temptation : float
        Holding back while the other acts.
    reward : float
        Both act.
    punishment : float
        Both hold back.
    sucker : float
        Acting alone.
    aspiration : float
        Payoff at which a creator is neither satisfied nor sorry.

    Raises
    ------
    InputError
        If every payoff equals the aspiration, so that there is nothing to learn.
    """

    temptation: float
    reward: float
    punishment: float
    sucker: float
    aspiration: float

    def __post_init__(self) -> None:
        if not 0.0 < self.largest < np.inf:
            raise InputError(
                "learning: expected finite payoffs, not all equal to the aspiration "
                f"{self.aspiration}"
            )

    @property
    def largest(self) -> float:
        """Largest difference between a payoff and the aspiration."""
        payoffs = (self.temptation, self.reward, self.punishment, self.sucker)
        return max(abs(payoff - self.aspiration) for payoff in payoffs)

    def stimulus(self, acts: bool, other_acts: bool) -> float:
        """Return how satisfying (above 0) or regrettable a round is, from -1 to 1."""
        if acts:
            payoff = self.reward if other_acts else self.sucker
        else:
            payoff = self.temptation if other_acts else self.punishment
        return (payoff - self.aspiration) / self.largest


def expected_motion(game: Game, p: float, q: float | None = None) -> float:
    """Return the expected change of the propensity to act in a round, at learning rate 1.

    Parameters
    ----------
    game : Game
        Payoffs and aspiration.
    p, q : float
        Propensities to act of the creator and of the other (the same by default).

    Raises
    ------
    InputError
        If a propensity is not between 0 and 1.
    """
    q = p if q is None else q
    if not (0.0 <= p <= 1.0 and 0.0 <= q <= 1.0):
        raise InputError(f"propensity: expected numbers between 0 and 1, got {p} and {q}")
    with_other, alone = _motions(game)
    return float(q * with_other(p) + (1.0 - q) * alone(p))


def self_correcting(game: Game) -> tuple[FixedPoint, ...]:
    """Return the common propensities 0 < p < 1 whose expected motion is zero, in order.

    ``stable`` means that small moves of either creator away from it are corrected; ``slope`` is
    that of p + motion along the line on which both are alike.
    """
    with_other, alone = _motions(game)
    p = Polynomial([0.0, 1.0])
    motion = p * with_other + (1.0 - p) * alone
    own = p * with_other.deriv() + (1.0 - p) * alone.deriv()
    other = with_other - alone
    points = []
    for zero in _inner_zeros(motion):
        alike, apart = own(zero) + other(zero), own(zero) - other(zero)
        points.append(FixedPoint(zero, 1.0 + float(alike), bool(alike < 0.0 and apart < 0.0)))
    return tuple(points)


def self_reinforcing(game: Game) -> tuple[tuple[bool, bool], ...]:
    """Return the pairs of choices (whether each acts) that satisfy both creators."""
    return tuple(
        (one, two)
        for one, two in product((True, False), repeat=2)
        if game.stimulus(one, two) > 0.0 and game.stimulus(two, one) > 0.0
    )


def _motions(game: Game) -> tuple[Polynomial, Polynomial]:
    """Return the motion given that the other acts, and that it does not, in p."""
    with_other = _acting(game.stimulus(True, True)) + _holding(game.stimulus(False, True))
    alone = _acting(game.stimulus(True, False)) + _holding(game.stimulus(False, False))
    return with_other, alone


def _acting(stimulus: float) -> Polynomial:
    p = Polynomial([0.0, 1.0])
    return p * stimulus * ((1.0 - p) if stimulus >= 0.0 else p)


def _holding(stimulus: float) -> Polynomial:
    p = Polynomial([0.0, 1.0])
    return -(1.0 - p) * stimulus * (p if stimulus >= 0.0 else (1.0 - p))


def _inner_zeros(motion: Polynomial) -> list[float]:
    ends = motion.trim(1e-13)
    for at in (0.0, 1.0):  # certainty is no inner zero
        factor = Polynomial([-at, 1.0])
        while ends.degree() > 0 and abs(ends(at)) < 1e-12:
            ends = (ends // factor).trim(1e-13)
    roots = ends.roots() if ends.degree() > 0 else np.empty(0)
    real = roots[np.abs(np.imag(roots)) < 1e-9].real
    return sorted(float(root) for root in real if 0.0 < root < 1.0)
