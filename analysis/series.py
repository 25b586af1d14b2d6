"""An observed series of cumulative counts beside a simulated one, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.theory.curve_fit import log_likelihood

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import ArrayLike, NDArray

    from sim.scenario import Observed

    Floats = NDArray[np.float64]
    Counted = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Counts:
    """Lowest and highest cumulative count (dates,) seen on some days, counted from a start."""

    days: Floats
    low: Counted
    high: Counted

    @classmethod
    def of(cls, observed: Observed, start: date) -> Counts:
        """Read a scenario's series."""
        days = np.array([(day - start).days for day in observed.dates], dtype=float)
        low, high = (np.array(side, dtype=np.int64) for side in (observed.low, observed.high))
        return cls(days, low, high)

    def among(self, first: float, last: float) -> Counts:
        """Return the counts from a day to another, both included."""
        kept = (self.days >= first) & (self.days <= last)
        return Counts(self.days[kept], self.low[kept], self.high[kept])

    @property
    def middle(self) -> Floats:
        """The middle of each count's interval."""
        return np.asarray((self.low + self.high) / 2.0)

    def score(self, curve: Any) -> float:
        """Return the log-likelihood of the counts after the first, given expected ones.

        Increments are Poisson and only the interval of each count is known; ``curve`` tells the
        expected count by noon of any day (`sim.theory.curve_fit.log_likelihood`).
        """
        return log_likelihood(curve, self.days, self.low, self.high)

    def missed(self, expected: ArrayLike) -> float:
        """Return the median factor, 1 or more, by which expected counts (dates,) miss."""
        off = np.abs(np.log(np.asarray(expected, dtype=float) / self.middle))
        return float(np.exp(np.median(off)))


@dataclass(frozen=True, eq=False)
class Simulated:
    """Counts at the end of each day (days,), the first at the end of ``first``."""

    first: float
    ends: Floats

    def cumulative(self, days: ArrayLike) -> Floats:
        """Return the counts by noon of some days."""
        at = np.asarray(days, dtype=float) - self.first - 0.5
        return np.asarray(np.interp(at, np.arange(self.ends.size), self.ends))


def weighted_quantiles(values: Floats, weights: Floats, shares: tuple[float, ...]) -> Floats:
    """Return quantiles (shares, columns) of values (samples, columns) with weights (samples,)."""
    out = np.empty((len(shares), values.shape[1]))
    for place, column in enumerate(values.T):
        order = np.argsort(column, kind="stable")
        below = np.cumsum(weights[order]) / weights.sum()
        out[:, place] = column[order][np.searchsorted(below, shares).clip(max=order.size - 1)]
    return out
