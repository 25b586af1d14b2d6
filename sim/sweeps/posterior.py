"""Parameters that agree with what was observed, and what they predict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.sweeps.axes import Axis
from sim.sweeps.targets import Target

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sim.sweeps.targets import Yardstick

    Floats = NDArray[np.float64]


class Population(NamedTuple):
    """One population of a sequential calibration.

    Parameters
    ----------
    tolerance : float
        Distance up to which runs were accepted.
    accepted, runs : int
        How many were accepted, of how many that were played for it.
    """

    tolerance: float
    accepted: int
    runs: int


@dataclass(frozen=True, eq=False)
class Kept:
    """Runs that are near what was observed, as one method or another has found them.

    Parameters
    ----------
    shares : float64 (kept, parameters)
        Where in its prior each parameter lies.
    importance : float64 (kept,)
        Weight of each run for having been drawn where it was; 1 if drawn from the prior.
    simulated : float64 (kept, targets)
        What the runs gave.
    seeds : int64 (kept,)
        Their random seeds.
    """

    shares: Floats
    importance: Floats
    simulated: Floats
    seeds: NDArray[np.int64]


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
    seeds : int64 (kept,)
        Random seed of each of these runs, which no other run of the calibration has.
    runs : int
        That were played.
    populations : tuple of Population
        Through which a sequential calibration came here; none otherwise.
    """

    axes: tuple[Axis, ...]
    values: Floats
    weights: Floats
    distances: Floats
    simulated: Floats
    targets: tuple[Target, ...]
    seeds: NDArray[np.int64]
    runs: int
    populations: tuple[Population, ...] = ()

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


def posterior(
    axes: Sequence[Axis],
    kept: Kept,
    yardstick: Yardstick,
    correct: bool,
    runs: int,
    populations: tuple[Population, ...] = (),
) -> Posterior:
    """Return what runs that were kept say of parameters: weighted by how near they are.

    Parameters
    ----------
    axes : list of Axis
        What was calibrated.
    kept : Kept
        The runs.
    yardstick : Yardstick
        How far they are from what was observed.
    correct : bool
        Whether parameters are corrected by a regression on what is left of the distance.
    runs : int
        That were played.
    populations : tuple of Population
        Of a sequential calibration.
    """
    gaps, distances = yardstick.gaps(kept.simulated), yardstick.distances(kept.simulated)
    reach = distances.max()
    nearness = 1.0 - (distances / reach) ** 2 if reach > 0.0 else np.ones(len(distances))
    weights = np.maximum(nearness, 1e-12) * kept.importance
    weights /= weights.sum()
    shares = _corrected(kept.shares, gaps, weights) if correct else kept.shares
    columns = [axis.at(shares[:, number]) for number, axis in enumerate(axes)]
    return Posterior(
        axes=tuple(axes),
        values=np.column_stack(columns).astype(float),
        weights=weights,
        distances=distances,
        simulated=kept.simulated,
        targets=yardstick.targets,
        seeds=kept.seeds,
        runs=runs,
        populations=populations,
    )


def weighted_quantiles(values: Floats, weights: Floats, at: Sequence[float]) -> Floats:
    """Return quantiles of weighted values, linear between their middles."""
    order = np.argsort(values, kind="stable")
    ends = np.cumsum(weights[order])
    middles = (ends - 0.5 * weights[order]) / ends[-1]
    quantiles: Floats = np.interp(at, middles, values[order])
    return quantiles


def _corrected(shares: Floats, gaps: Floats, weights: Floats) -> Floats:
    """Return shares as they would be without a gap: a weighted linear fit to their logits."""
    inside = shares.clip(1e-6, 1.0 - 1e-6)
    logits = np.log(inside / (1.0 - inside))
    design = np.column_stack((np.ones(len(gaps)), gaps))
    root = np.sqrt(weights)[:, None]
    slopes = np.linalg.lstsq(root * design, root * logits, rcond=None)[0][1:]
    corrected: Floats = 1.0 / (1.0 + np.exp(-(logits - gaps @ slopes)))
    return corrected
