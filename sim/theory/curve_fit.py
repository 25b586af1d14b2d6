"""Fitting a curve to counts that are known only to lie between two numbers at some dates.

Counts that grow independently of one another from day to day, with the curve's mean, have
Poisson increments; the likelihood of a run of intervals then follows step by step, by adding up
over every count that an interval allows (interval censoring: Turnbull 1976,
doi:10.1111/j.2517-6161.1976.tb01597.x).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import OptimizeResult, minimize
from scipy.special import gammaln, xlogy
from scipy.stats import qmc

from sim.errors import InputError
from sim.theory.bass import BassCurve, PulseCurve
from sim.theory.maps import Array

Curve = BassCurve | PulseCurve

RATES = (1e-7, 20.0)  # per day
MARKET = 1000.0  # largest number who may join, as a multiple of the last count
FIRST_TRIES = 512
POLISHED = 5
IMPOSSIBLE = 1e12  # minus log-likelihood of what cannot happen; finite for the optimiser


@dataclass(frozen=True)
class _Counts:
    """Cumulative counts, and what may have been added between two dates."""

    days: Array
    low: NDArray[np.int64]
    high: NDArray[np.int64]

    @cached_property
    def known(self) -> NDArray[np.bool_]:
        """Whether the counts at both ends of each step are known."""
        exact = self.high == self.low
        both: NDArray[np.bool_] = exact[:-1] & exact[1:]
        return both

    @cached_property
    def known_steps(self) -> tuple[Array, Array]:
        """What was added in the steps whose ends are known, and its log factorial."""
        added = np.diff(self.low)[self.known].astype(float)
        return added, gammaln(added + 1.0)

    @cached_property
    def other_steps(self) -> list[tuple[int, Array, Array]]:
        """The other steps: number, what may have been added, and its log factorial.

        Where that would be less than nothing it is 0 with an infinite factorial.
        """
        steps = []
        for i in np.flatnonzero(~self.known).tolist():
            least, most = self.low[i + 1] - self.high[i], self.high[i + 1] - self.low[i]
            added = np.arange(least, most + 1.0)
            possible = np.maximum(added, 0.0)
            steps.append((i, possible, np.where(added < 0, np.inf, gammaln(possible + 1.0))))
        return steps


@dataclass(frozen=True)
class CurveFit:
    """A curve fitted by maximum likelihood.

    Parameters
    ----------
    curve : BassCurve or PulseCurve
        The curve.
    log_likelihood : float
        Of the counts after the first, given the first.
    free : tuple of str
        The parameters that were fitted.
    at_bound : tuple of str
        Those of them that ran into the end of their range: not identified by these counts.
    first_day, first_count : float
        Where the curve is anchored.
    """

    curve: Curve
    log_likelihood: float
    free: tuple[str, ...]
    at_bound: tuple[str, ...]
    first_day: float
    first_count: float

    @property
    def aic(self) -> float:
        """Akaike's criterion; lower is better (Akaike 1974, doi:10.1109/TAC.1974.1100705)."""
        return 2.0 * len(self.free) - 2.0 * self.log_likelihood

    def predict(self, days: ArrayLike) -> Array:
        """Return the expected cumulative count at each day."""
        grown = self.curve.cumulative(days) - self.curve.cumulative(self.first_day)
        return self.first_count + grown


def fit_bass(
    days: ArrayLike, low: ArrayLike, high: ArrayLike, fixed: Mapping[str, float] | None = None
) -> CurveFit:
    """Fit Bass diffusion to cumulative counts.

    Parameters
    ----------
    days : array_like (dates,)
        Days, ascending.
    low, high : array_like of int (dates,)
        Lowest and highest count possible at each day; the same where the count is known.
    fixed : mapping of str to float, optional
        Parameters of `BassCurve` that are known; the others are fitted.

    Raises
    ------
    InputError
        If the counts cannot be cumulative or a name in ``fixed`` is no parameter.
    """
    rates = {"innovation": RATES, "imitation": RATES}
    return _fit(BassCurve, rates, days, low, high, fixed or {})


def fit_pulse(
    days: ArrayLike, low: ArrayLike, high: ArrayLike, fixed: Mapping[str, float] | None = None
) -> CurveFit:
    """Fit a pulse without peers to cumulative counts.

    See `fit_bass`; ``fixed`` names parameters of `PulseCurve`.
    """
    rates = {"intensity": RATES, "decay": RATES}
    return _fit(PulseCurve, rates, days, low, high, fixed or {})


def log_likelihood(curve: Curve, days: ArrayLike, low: ArrayLike, high: ArrayLike) -> float:
    """Return the log-likelihood of the counts after the first, given the first.

    All counts that the first interval allows are taken as equally likely.

    See `fit_bass` for the parameters and errors.
    """
    return _log_likelihood(curve, _checked(days, low, high))


def _log_likelihood(curve: Curve, data: _Counts) -> float:
    grown = np.maximum(np.diff(curve.cumulative(data.days)), 0.0)  # rounding may take away
    added, log_factorial = data.known_steps
    mean = grown[data.known]
    total = float((xlogy(added, mean) - mean - log_factorial).sum())
    width = data.high - data.low + 1
    allowed = np.full(width[0], 1.0 / width[0])
    for i, added, log_factorial in data.other_steps:
        logs = xlogy(added, grown[i]) - grown[i] - log_factorial
        largest = logs.max()
        if largest == -np.inf:
            return -np.inf
        before = allowed if width[i] > 1 else np.ones(1)
        allowed = np.convolve(before, np.exp(logs - largest))[width[i] - 1 :][: width[i + 1]]
        reached = allowed.sum()
        if reached == 0.0:
            return -np.inf
        total += float(largest + np.log(reached))
        allowed /= reached
    return total


def _fit(
    kind: Callable[..., Curve],
    rates: Mapping[str, tuple[float, float]],
    days: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    fixed: Mapping[str, float],
) -> CurveFit:
    data = _checked(days, low, high)
    grown = max(int(data.high[-1] - data.low[0]), 1)
    first, last = float(data.days[0]), float(data.days[-1])
    ranges = {
        "market": (1.0, MARKET * grown),
        **rates,
        "background": (1e-7 * grown, 10.0 * grown / (last - first)),
        "start": (first, last),
    }
    if unknown := set(fixed) - set(ranges):
        raise InputError(f"fixed: expected names out of {list(ranges)}, got {sorted(unknown)}")
    free = [name for name in ranges if name not in fixed]
    bounds = np.array([ranges[name] for name in free]).reshape(-1, 2)
    rate = np.array([name != "start" for name in free], dtype=bool)  # searched on a log scale
    edges = np.log(bounds, where=rate[:, None], out=bounds.copy())

    def curve(point: Array) -> Curve:
        values = np.exp(point, where=rate, out=point.copy())
        return kind(**{**fixed, **dict(zip(free, values.tolist(), strict=True))})

    def loss(point: Array) -> float:
        return min(-_log_likelihood(curve(point), data), IMPOSSIBLE)

    best = _search(loss, edges) if free else np.empty(0)
    reach = 1e-3 * (edges[:, 1] - edges[:, 0])
    stuck = (best - edges[:, 0] < reach) | (edges[:, 1] - best < reach)
    return CurveFit(
        curve=curve(best),
        log_likelihood=-loss(best),
        free=tuple(free),
        at_bound=tuple(name for name, is_stuck in zip(free, stuck, strict=True) if is_stuck),
        first_day=first,
        first_count=float(data.low[0] + data.high[0]) / 2.0,
    )


def _search(loss: Callable[[Array], float], edges: Array) -> Array:
    """Try an even spread of points, then walk downhill from the best of them."""
    spread = qmc.Sobol(len(edges), scramble=False).random(FIRST_TRIES)
    points = edges[:, 0] + spread * (edges[:, 1] - edges[:, 0])
    order = np.argsort([loss(point) for point in points], kind="stable")

    def downhill(point: Array) -> OptimizeResult:
        options = {"maxfev": 2000, "xatol": 1e-7, "fatol": 1e-9, "adaptive": True}
        return minimize(loss, point, method="Nelder-Mead", bounds=edges, options=options)

    best = min((downhill(points[i]) for i in order[:POLISHED]), key=lambda result: result.fun)
    found: Array = downhill(best.x).x
    return found


def _checked(days: ArrayLike, low: ArrayLike, high: ArrayLike) -> _Counts:
    day = np.asarray(days, dtype=float)
    least, most = np.asarray(low), np.asarray(high)
    if not (day.ndim == 1 and day.size >= 2 and day.shape == least.shape == most.shape):
        raise InputError(
            "counts: expected two dates or more, with a lowest and a highest count each"
        )
    if not (np.isfinite(day).all() and (np.diff(day) > 0).all()):
        raise InputError("counts: the days must ascend")
    whole = [np.asarray(values).astype(np.int64) for values in (least, most)]
    if (whole[0] != least).any() or (whole[1] != most).any() or (whole[0] < 0).any():
        raise InputError("counts: expected whole numbers, zero or more")
    if (np.maximum.accumulate(whole[0]) > whole[1]).any():
        raise InputError(
            "counts: a cumulative count cannot fall, and the lowest must not exceed the highest"
        )
    return _Counts(day, *whole)
