"""Calibration: which parameters of a scenario agree with published numbers, and how well.

A stored sweep drawn from the prior is compared with what was observed (approximate Bayesian
computation).  Runs that come closest are kept and weighted; their parameters are corrected for
the distance that is left by a local-linear regression.  What was not fitted is predicted.

References
----------
Pritchard et al. 1999, doi:10.1093/oxfordjournals.molbev.a026091 (rejection); Beaumont, Zhang &
Balding 2002, doi:10.1093/genetics/162.4.2025 (weights, regression); Craig et al. 1997,
doi:10.1007/978-1-4612-2290-3_2, and Pukelsheim 1994, doi:10.1080/00031305.1994.10476030
(history matching, the three-sigma rule).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.distributions import Distribution
from sim.errors import InputError
from sim.sweeps.axes import Axis
from sim.sweeps.summaries import replications

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sim.scenario import Observed, Scenario
    from sim.sweeps.columns import Design
    from sim.sweeps.saved import Sweep

    Floats = NDArray[np.float64]

ACCEPTED = 0.05
"""Share of the runs that is kept, unless stated."""
LEAST = 30
"""Runs that are kept at the least, for a regression to rest on."""
RULED_OUT = 3.0
"""Standard deviations from what was observed at which a point is implausible."""
SERIES = "adopters.series"


@dataclass(frozen=True)
class Target:
    """A published number that runs are compared with.

    Parameters
    ----------
    label : str
        What it is called: the name of an outcome, or what its function makes of a series.
    low, high : float
        What was observed lies between these, ends included.
    outcome : str
        Outcome of the sweep that it is compared with.
    step : int, optional
        Step of the series; the outcome is a single number unless given.
    fitted : bool
        Whether it is used for calibration, instead of being predicted.
    """

    label: str
    low: float
    high: float
    outcome: str
    step: int | None = None
    fitted: bool = True

    @property
    def middle(self) -> float:
        """The middle of what was observed."""
        return 0.5 * (self.low + self.high)


def targets(scenario: Scenario, observed: Observed, outcome: str = SERIES) -> list[Target]:
    """Return the targets that a published series gives, as cumulative counts of adopters.

    Counts are compared on a logarithmic scale, ln(1 + count), and those after
    ``observed.fitted_until`` are predicted.
    """
    found = []
    for day, low, high in zip(observed.dates, observed.low, observed.high, strict=True):
        step = scenario.step_of(day)
        if 0 <= step <= scenario.steps:
            fitted = observed.fitted_until is None or day <= observed.fitted_until
            found.append(Target(day.isoformat(), low, high, outcome, step, fitted))
    if not any(target.fitted for target in found):
        raise InputError("observed: no date lies within the scenario's steps and is to be fitted")
    return found


@dataclass(frozen=True, eq=False)
class Posterior:
    """Parameters that agree with what was observed.

    Parameters
    ----------
    axes : tuple of Axis
        What was calibrated, with its prior.
    values : float64 (kept, parameters)
        Parameters of the runs that were kept, corrected by the regression.
    weights : float64 (kept,)
        Of these runs; they add up to 1.
    distances : float64 (kept,)
        From what was observed, in spreads of the prior's runs.
    simulated : float64 (kept, targets)
        What these runs gave.
    targets : tuple of Target
        What was observed.
    points, seeds : int64 (kept,)
        Which point of the design each of these runs was at, and its seed.
    runs : int
        Of the prior.
    """

    axes: tuple[Axis, ...]
    values: Floats
    weights: Floats
    distances: Floats
    simulated: Floats
    targets: tuple[Target, ...]
    points: NDArray[np.int64]
    seeds: NDArray[np.int64]
    runs: int

    @property
    def parameters(self) -> tuple[str, ...]:
        """Paths that were calibrated."""
        return tuple(axis.path for axis in self.axes)

    def interval(self, level: float = 0.9) -> pd.DataFrame:
        """Return ``low``, ``median`` and ``high`` of each parameter's central interval."""
        return self._quantiles(self.values, self.parameters, "parameter", level)

    def predicted(self, level: float = 0.9) -> pd.DataFrame:
        """Return the predictive interval of each target beside what was observed.

        ``inside`` says whether the two overlap, ``error`` how far the median is from the middle
        of what was observed, as a share of it; targets that are not ``fitted`` are held out.
        """
        found = self._quantiles(
            self.simulated, [target.label for target in self.targets], "target", level
        )
        found["observed_low"] = [target.low for target in self.targets]
        found["observed_high"] = [target.high for target in self.targets]
        found["fitted"] = [target.fitted for target in self.targets]
        overlap = (found["low"] <= found["observed_high"]) & (
            found["high"] >= found["observed_low"]
        )
        middle = np.array([target.middle for target in self.targets])
        with np.errstate(divide="ignore", invalid="ignore"):
            error = (found["median"] - middle) / middle
        return found.assign(inside=overlap, error=error)

    @cached_property
    def correlation(self) -> Floats:
        """How parameters trade off against one another (parameters, parameters)."""
        spread = np.cov(self.values.T, aweights=self.weights).reshape(2 * [len(self.axes)])
        sd = np.sqrt(np.diag(spread))
        correlation: Floats = spread / np.outer(sd, sd)
        return correlation

    def drawn(self, number: int) -> list[dict[str, float]]:
        """Return points of the posterior, evenly by weight, to sweep over for predictions.

        One with much weight occurs more than once.
        """
        ends = np.cumsum(self.weights)
        chosen = np.searchsorted(ends, (np.arange(number) + 0.5) / number * ends[-1])
        rows = self.values[chosen.clip(max=len(ends) - 1)].tolist()
        return [
            {a.path: round(v) if a.whole else v for a, v in zip(self.axes, row, strict=True)}
            for row in rows
        ]

    def _quantiles(
        self, values: Floats, names: Sequence[str], called: str, level: float
    ) -> pd.DataFrame:
        import pandas as pd

        ends = (0.5 - 0.5 * level, 0.5, 0.5 + 0.5 * level)
        rows = [weighted_quantiles(column, self.weights, ends) for column in values.T]
        index = pd.Index(list(names), name=called)
        return pd.DataFrame(rows, columns=["low", "median", "high"], index=index)


def calibrate(
    sweep: Sweep,
    wanted: Sequence[Target],
    accepted: float | None = None,
    scale: Callable[[Floats], Floats] = np.log1p,
    correct: bool = True,
) -> Posterior:
    """Return the parameters with which runs of a sweep agree with what was observed.

    Parameters
    ----------
    sweep : Sweep
        A drawn design (``lhs`` or ``sequence``) over ``uncertain`` parameters, whose
        distributions are the prior, with independent seeds.
    wanted : list of Target
        What was observed.
    accepted : float, optional
        Share of the runs that is kept: `ACCEPTED` of them unless given, but at least `LEAST`.
    scale : function
        On which scale numbers are compared: logarithms of counts unless given.
    correct : bool
        Whether parameters are corrected by a regression on what is left of the distance.

    Raises
    ------
    InputError
        If the sweep has no such design, or runs failed.
    """
    design = _prior(sweep)
    axes = axes_of(sweep, design)
    simulated = np.column_stack([_simulated(sweep, target, design) for target in wanted])
    fitted = np.array([target.fitted for target in wanted])
    if not fitted.any():
        raise InputError("targets: none is to be fitted")
    assert design.shares is not None
    runs = design.about["replications"]
    shares = np.repeat(design.shares, runs, axis=0)
    ends = np.array([(target.low, target.high) for target in wanted])[fitted]
    gaps = _gaps(scale(simulated[:, fitted]), scale(ends))
    distances = np.sqrt((gaps**2).mean(axis=1))
    share = ACCEPTED if accepted is None else accepted
    size = min(len(distances), max(LEAST, round(share * len(distances))))
    kept = np.argsort(distances, kind="stable")[:size]
    reach = distances[kept[-1]]
    weights = 1.0 - (distances[kept] / reach) ** 2 if reach > 0.0 else np.ones(size)
    weights = np.maximum(weights, 1e-12) / np.maximum(weights, 1e-12).sum()
    found = _corrected(shares[kept], gaps[kept], weights) if correct else shares[kept]
    columns = [axis.at(found[:, number]) for number, axis in enumerate(axes)]
    return Posterior(
        axes=tuple(axes),
        values=np.column_stack(columns).astype(float),
        weights=weights,
        distances=distances[kept],
        simulated=simulated[kept],
        targets=tuple(wanted),
        points=kept // runs,
        seeds=design.plan().first_seeds(kept // runs) + kept % runs,
        runs=len(distances),
    )


def implausible(
    sweep: Sweep,
    wanted: Sequence[Target],
    scale: Callable[[Floats], Floats] = np.log1p,
    discrepancy: float = 0.0,
) -> Floats:
    """Return by how many standard deviations each point misses what it misses most (points,).

    Points beyond `RULED_OUT` cannot have led to what was observed; a next wave of the sweep
    need not look there.

    Parameters
    ----------
    sweep : Sweep
        A drawn design with several replications.
    wanted : list of Target
        What was observed.
    scale : function
        On which scale numbers are compared.
    discrepancy : float
        Standard deviation, on that scale, by which the model itself may be wrong.
    """
    design = _prior(sweep)
    runs = design.about["replications"]
    if runs < 2:
        raise InputError("history matching: needs at least two replications at each point")
    worst = np.zeros(len(design.points))
    for target in (target for target in wanted if target.fitted):
        values = scale(_simulated(sweep, target, design)).reshape(-1, runs)
        low, high = scale(np.array([target.low, target.high]))
        mean, variance = values.mean(axis=1), values.var(axis=1, ddof=1)
        miss = np.maximum(0.0, np.maximum(low - mean, mean - high))
        spread = np.sqrt(variance * (1.0 + 1.0 / runs) + discrepancy**2)
        with np.errstate(divide="ignore", invalid="ignore"):
            worst = np.fmax(worst, np.where(miss > 0.0, miss / spread, 0.0))
    return worst


def axes_of(sweep: Sweep, design: Design) -> list[Axis]:
    """Return the axes that a design has drawn, with their distributions."""
    from sim.overrides import values

    known = values(sweep.scenario)
    found = {about["path"]: about for about in design.about["axes"]}
    axes = []
    for path in design.about["sampled"]:
        about = found[path]
        spread = about["spread"] and Distribution.model_validate(about["spread"])
        levels = tuple(about["levels"])
        axes.append(Axis(path, levels, spread, about["role"], known.get(path)))
    return axes


def weighted_quantiles(values: Floats, weights: Floats, at: Sequence[float]) -> Floats:
    """Return quantiles of weighted values, linear between their middles."""
    order = np.argsort(values, kind="stable")
    ends = np.cumsum(weights[order])
    middles = (ends - 0.5 * weights[order]) / ends[-1]
    quantiles: Floats = np.interp(at, middles, values[order])
    return quantiles


def _prior(sweep: Sweep) -> Design:
    for design in reversed(sweep.designs):
        drawn = 0 if design.shares is None else len(design.shares)
        if design.about["kind"] in ("lhs", "sequence") and drawn == len(design.points):
            return design
    raise InputError(
        f"{sweep.folder}: calibration needs a design that draws uncertain parameters from their "
        "prior (lhs or sequence), without levers"
    )


def _simulated(sweep: Sweep, target: Target, design: Design) -> Floats:
    """Return what every run of a design gave for a target (points x replications,)."""
    return replications(sweep, target.outcome, design, target.step).ravel()


def _gaps(simulated: Floats, ends: Floats) -> Floats:
    """Return how far runs are from what was observed (runs, targets), in their own spread.

    The spread is the median absolute deviation over the prior's runs.
    """
    low, high = ends.T
    away = simulated - np.clip(simulated, low, high)
    spread = np.median(np.abs(simulated - np.median(simulated, axis=0)), axis=0)
    spread = np.where(spread > 0.0, spread, np.maximum(simulated.std(axis=0), 1e-12))
    gaps: Floats = away / spread
    return gaps


def _corrected(shares: Floats, gaps: Floats, weights: Floats) -> Floats:
    """Return shares as they would be without a gap: a weighted linear fit to their logits."""
    inside = shares.clip(1e-6, 1.0 - 1e-6)
    logits = np.log(inside / (1.0 - inside))
    design = np.column_stack((np.ones(len(gaps)), gaps))
    root = np.sqrt(weights)[:, None]
    slopes = np.linalg.lstsq(root * design, root * logits, rcond=None)[0][1:]
    corrected: Floats = 1.0 / (1.0 + np.exp(-(logits - gaps @ slopes)))
    return corrected
