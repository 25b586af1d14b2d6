"""What a scenario is calibrated to: published numbers, and how far a run is from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.scenario import Observed, Scenario

    Floats = NDArray[np.float64]
    Scale = Callable[[Floats], Floats]

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
class Yardstick:
    """How far runs are from what was observed, in spreads of the prior's runs.

    Parameters
    ----------
    targets : tuple of Target
        What was observed; those that are not fitted are left out of the distance.
    spread : float64 (fitted,)
        Median absolute deviation of each fitted target over the prior's runs, on the scale.
    scale : function
        On which scale numbers are compared.
    """

    targets: tuple[Target, ...]
    spread: Floats
    scale: Scale

    @classmethod
    def of(cls, targets: Sequence[Target], prior: Floats, scale: Scale) -> Yardstick:
        """Return the one that the prior's runs give (runs, targets).

        Raises
        ------
        InputError
            If no target is to be fitted.
        """
        fitted = [target.fitted for target in targets]
        if not any(fitted):
            raise InputError("targets: none is to be fitted")
        values = scale(prior[:, fitted])
        spread = np.median(np.abs(values - np.median(values, axis=0)), axis=0)
        spread = np.where(spread > 0.0, spread, np.maximum(values.std(axis=0), 1e-12))
        return cls(tuple(targets), spread, scale)

    def gaps(self, simulated: Floats) -> Floats:
        """Return how far runs (runs, targets) are from each fitted target (runs, fitted)."""
        fitted = [target.fitted for target in self.targets]
        ends = [(target.low, target.high) for target in self.targets if target.fitted]
        low, high = self.scale(np.array(ends)).T
        values = self.scale(simulated[:, fitted])
        gaps: Floats = (values - np.clip(values, low, high)) / self.spread
        return gaps

    def distances(self, simulated: Floats) -> Floats:
        """Return the root mean square of the gaps of runs (runs,)."""
        distances: Floats = np.sqrt((self.gaps(simulated) ** 2).mean(axis=1))
        return distances
