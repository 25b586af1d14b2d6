"""What each community is worth to a lab, alone and as part of any coalition."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.capability.supply import Supply
from sim.kernels.philox import uniform
from sim.leverage.portfolio import Portfolio, appraise
from sim.purposes import BOOTSTRAP
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

EXACT_UP_TO = 16


@dataclass(frozen=True, eq=False)
class CollectiveValue:
    """Group Shapley values of v(S) = loss without S - loss with everybody.

    Parameters
    ----------
    communities : tuple of str
    value : float64 (communities,)
        Shapley value: share of the loss that is due to each community's leaving.
    error : float64 (communities,)
        Standard error of the value; 0 where it is exact.
    alone : float64 (communities,)
        What each community's leaving costs while all others stay (leave-one-out).
    total : float
        What the leaving of all costs; the values add up to it.
    """

    communities: tuple[str, ...]
    value: Floats
    error: Floats
    alone: Floats
    total: float

    def table(self) -> pd.DataFrame:
        """Return one row for each community."""
        import pandas as pd

        return pd.DataFrame(
            {
                "community": self.communities,
                "value": self.value,
                "standard_error": self.error,
                "leave_one_out": self.alone,
            }
        )


def collective_value(
    scenario: Scenario,
    lab: str | None = None,
    tactic: str = "withhold",
    share: float = 0.9,
    step: int | None = None,
    seed: int = 0,
    samples: int = 2000,
) -> CollectiveValue:
    """Return what each community adds to a collective strike (Shapley 1953).

    Exact to 16 communities; from sampled orders with a standard error beyond.

    Parameters
    ----------
    scenario, lab, tactic, step, seed
        As in `leverage_curve`.
    share : float
        Share of a leaving community's data (and people) that leaves: below 1, since a power law
        without a floor has no value at no data at all.
    samples : int
        Orders of communities that are sampled where there are more than 16.

    Raises
    ------
    InputError
        If there is no such lab or tactic.
    """
    portfolio = appraise(scenario, lab, tactic, step, seed)
    names = tuple(c.name for c in portfolio.world.communities)
    loss = _Loss(portfolio, share)
    count = len(names)
    alone = loss.of(np.eye(count, dtype=bool))
    total = loss.of(np.ones((1, count), dtype=bool)).item()
    if count <= EXACT_UP_TO:
        value, error = _exact(loss, count), np.zeros(count)
    else:
        value, error = _sampled(loss, count, samples, seed)
    return CollectiveValue(names, value, error, alone, total)


class _Loss:
    """The loss that coalitions of communities cause."""

    def __init__(self, portfolio: Portfolio, share: float) -> None:
        self.portfolio = portfolio
        (self.base,) = portfolio.everyone.live
        taken = np.bincount(portfolio.community, weights=portfolio.taken, minlength=self.base.size)
        self.taken = share * taken
        self.unserved = 0.0 if portfolio.corpus.consumes[portfolio.tactic] else share
        self.reference = self._losses(self.base[None, :]).item()

    def of(self, coalitions: NDArray[np.bool_]) -> Floats:
        """Return the loss that each coalition's leaving adds (cases,)."""
        losses = self._losses(self.base - coalitions * self.taken, coalitions * self.unserved)
        losses -= self.reference
        return losses

    def _losses(self, live: Floats, unserved: object = 0.0) -> Floats:
        legacy = np.broadcast_to(self.portfolio.corpus.legacy, live.shape)
        supply = Supply.of(np.maximum(live, 0.0), legacy=legacy)
        surrogate, full = self.portfolio.surrogate, self.portfolio.corpus.full
        outcome = surrogate.evaluate(supply, full, "none", unserved=unserved)
        return np.array(outcome.overall_loss)


def _exact(loss: _Loss, count: int) -> Floats:
    members = (np.arange(2**count)[:, None] >> np.arange(count)) & 1 == 1
    values = loss.of(members)
    sizes = members.sum(axis=1)
    weights = np.array(
        [
            math.factorial(k) * math.factorial(count - k - 1) / math.factorial(count)
            for k in range(count)
        ]
    )
    out = np.empty(count)
    for community in range(count):
        without = np.flatnonzero(~members[:, community])
        gain = values[without | (1 << community)] - values[without]
        out[community] = (weights[sizes[without]] * gain).sum()
    return out


def _sampled(loss: _Loss, count: int, samples: int, seed: int) -> tuple[Floats, Floats]:
    gains = np.empty((samples, count))
    for sample in range(samples):
        keys = [uniform(seed, BOOTSTRAP, sample, community, 0) for community in range(count)]
        order = np.argsort(keys, kind="stable")
        grown = np.zeros((count + 1, count), dtype=bool)
        for place, community in enumerate(order):
            grown[place + 1] = grown[place]
            grown[place + 1, community] = True
        gains[sample, order] = np.diff(loss.of(grown))
    return gains.mean(axis=0), gains.std(axis=0, ddof=1) / math.sqrt(samples)
