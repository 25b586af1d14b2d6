"""Bargaining over the worth of data: surplus, Nash split, and how long a strike lasts."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Stakes:
    """What a deal is about, in money a step."""

    with_data: float
    """pi1: what the lab earns with everybody's works."""
    without: float
    """pi0: what it earns with those it has."""
    apart: float
    """d: what creators who act have without a deal: other income and pay, less what they lose."""

    @property
    def surplus(self) -> float:
        """Return what a deal creates, pi1 - pi0 - d."""
        return self.with_data - self.without - self.apart

    def nash(self, power: float) -> float:
        """Return the payment y* = d + power * surplus of the Nash bargain (Nash 1950)."""
        return self.apart + power * self.surplus


@dataclass(frozen=True)
class Demand:
    """The concession curve y(t) = y* + (y0 - y*) exp(-eta t) of Ashenfelter & Johnson 1969."""

    least: float
    """y*: what creators would settle for."""
    first: float
    """y0: what they ask for at first."""
    fading: float
    """eta, by step."""

    def at(self, t: float) -> float:
        """Return what is asked for after t steps."""
        return self.least + (self.first - self.least) * math.exp(-self.fading * t)


def settlement_time(stakes: Stakes, demand: Demand, rate: float) -> float:
    """Return after how many steps a lab that discounts at ``rate`` a step accepts.

    It maximises the present value of pi0 until s and of pi1 - y(s) ever after, so that
    s = ln[(y0 - y*) (1 + eta / rate) / (pi1 - pi0 - y*)] / eta, not below 0; infinite where a
    deal at y* is worth nothing to it (Ashenfelter & Johnson 1969, equation of the strike's
    length).
    """
    gain = stakes.with_data - stakes.without - demand.least
    if gain <= 0.0:
        return math.inf
    over = demand.first - demand.least
    if over <= 0.0:
        return 0.0
    return max(0.0, math.log(over * (1.0 + demand.fading / rate) / gain) / demand.fading)


@dataclass(frozen=True)
class Prospect:
    """What a lab sees ahead: the strike's stakes until the fund is empty, and after."""

    now: Stakes
    later: Stakes
    """When the strike fund no longer pays."""
    empty: float
    """Steps from now until then."""
    attrition: float = 0.0
    """Rate, by step, at which the lab expects those who act to give up."""
    ends: float = math.inf
    """Steps from now until the strike ends by itself, as announced."""
    stays_out: float = 0.0
    """Share of what is at stake that stays out then."""
    horizon: float = math.inf
    """Steps from now for which a deal would hold; what comes after is open either way."""

    def at(self, wait: int) -> Stakes:
        """Return the stakes after a wait."""
        stakes = self.now if wait < self.empty else self.later
        left = math.exp(-self.attrition * wait) * (self.stays_out if wait >= self.ends else 1.0)
        if left == 1.0:
            return stakes
        lost = stakes.with_data - stakes.without
        return Stakes(stakes.with_data, stakes.with_data - left * lost, left * stakes.apart)

    def earned(self, wait: float, rate: float) -> float:
        """Return what the lab earns during a wait without a deal, at present value."""
        falling, lost = rate + self.attrition, self.now.with_data - self.now.without
        until = min(wait, self.ends)
        out = annuity(falling, until)
        if wait > self.ends:
            left = math.exp(-falling * self.ends)
            out += self.stays_out * left * annuity(falling, wait - self.ends)
        return self.now.with_data * annuity(rate, wait) - lost * out


def accepts(
    prospect: Prospect, power: float, asking: float, fading: float, struck: int, rate: float,
    patience: int,
) -> bool:  # fmt: skip
    """Return whether a lab settles now rather than at any later step within its patience.

    Parameters
    ----------
    prospect : Prospect
        Stakes now and later.
    power : float
        Share of the surplus that creators get in the Nash bargain.
    asking : float
        How far the first demand lies above it, as a share of the surplus.
    fading : float
        eta, by step.
    struck : int
        Steps that the strike has lasted.
    rate : float
        Discount rate, by step, above 0.
    patience : int
        Steps that the lab looks ahead.
    """
    waits = range(int(min(patience, prospect.horizon)) + 1)
    worth = [
        _value(
            prospect, wait, demanded(prospect.at(wait), power, asking, fading, struck + wait), rate
        )
        for wait in waits
    ]
    never = prospect.earned(prospect.horizon, rate)
    return worth[0] >= max(worth) and worth[0] >= never


def demanded(stakes: Stakes, power: float, asking: float, fading: float, struck: int) -> float:
    """Return what creators ask for after a strike of so many steps."""
    least = stakes.nash(power)
    first = least + asking * max(stakes.surplus, 0.0)
    return Demand(least, first, fading).at(struck)


def _value(prospect: Prospect, wait: int, asked: float, rate: float) -> float:
    """Return the present value, in continuous time, of settling after a wait."""
    deal = prospect.at(wait).with_data - asked
    held = math.exp(-rate * wait) * annuity(rate, prospect.horizon - wait)
    return prospect.earned(wait, rate) + deal * held


def annuity(rate: float, steps: float) -> float:
    """Return the present value, in continuous time, of 1 in each of so many steps from now."""
    return -math.expm1(-rate * steps) / rate
