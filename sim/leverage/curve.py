"""Leverage as a curve: what a model loses as a group that acts grows, nobody else reacting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.capability.outcome import months_of_data
from sim.capability.responses import FREE
from sim.capability.uncertainty import spread
from sim.errors import InputError
from sim.leverage.case import check_measure
from sim.leverage.portfolio import appraise
from sim.leverage.ranking import By, ranked
from sim.scenario import Scenario
from sim.words.glance import as_html, as_text

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sim.capability.preset import Preset
    from sim.capability.surrogate import Surrogate
    from sim.leverage.redrawn import Redrawn

    Floats = NDArray[np.float64]

SHARES = np.array([*np.arange(0.0, 0.96, 0.05), 0.99])
"""Group sizes unless others are asked for; a power law without a floor has no value at all."""
TO_SAMPLE = 100
"""Draws of the surrogate's constants behind an interval."""
GLANCED = 6
"""Group sizes that a curve shows of itself."""


@dataclass(frozen=True, eq=False)
class LeverageCurve:
    """What a lab's model loses by the size of the group that acts.

    Every array has one value for each group size (points,).

    Parameters
    ----------
    scenario : Scenario
        Whose creators.
    lab, preset, tactic, by : str
        Whose model, its surrogate, what the group does and in which order creators join.
    step : int
        Step of the training round.
    seeds : tuple of int
        Replications: creators are drawn anew for each.
    group : dict of str to float64
        What the group is: creators (real ones), works, data (in full corpora), and shares.
    none, best : dict of str to float64
        Mean over replications by measure, if the lab does nothing, and if it answers best;
        beside nobody's acting at the same round.
    response : tuple of str
        The lab's best response at each size.
    errors : dict of str to float64
        Standard error over replications by measure, response none; not a number with one.
    low, high, assumed : dict of str to float64
        90 % interval over draws of the surrogate's constants, and the share of its squared width
        that comes from assumed rather than measured or published constants; response none.
    months : float64
        Months of growth in data that the loss undoes, response none.
    """

    scenario: Scenario
    lab: str
    preset: str
    tactic: str
    by: str
    step: int
    seeds: tuple[int, ...]
    group: dict[str, Floats]
    none: dict[str, Floats]
    best: dict[str, Floats]
    response: tuple[str, ...]
    errors: dict[str, Floats]
    low: dict[str, Floats]
    high: dict[str, Floats]
    assumed: dict[str, Floats]
    months: Floats

    def table(self) -> pd.DataFrame:
        """Return one row for each group size."""
        import pandas as pd

        columns: dict[str, object] = dict(self.group)
        for measure, values in self.none.items():
            columns[f"{measure}.none"] = values
            columns[f"{measure}.best"] = self.best[measure]
            columns[f"{measure}.standard_error"] = self.errors[measure]
            if measure in self.low:
                columns[f"{measure}.low"] = self.low[measure]
                columns[f"{measure}.high"] = self.high[measure]
                columns[f"{measure}.assumed"] = self.assumed[measure]
        columns["best_response"] = self.response
        columns["months_of_delay.none"] = self.months
        return pd.DataFrame(columns)

    def __repr__(self) -> str:
        return as_text(self._head, self._glance())

    def _repr_html_(self) -> str:
        return as_html(self._head, self._glance(), self)

    @property
    def _head(self) -> str:
        return (
            f"Leverage over {self.lab} ({self.preset}) in {self.scenario.name}: tactic "
            f"{self.tactic}, order {self.by}, {len(self.seeds)} replications"
        )

    def _glance(self) -> pd.DataFrame:
        """Return a few sizes with what the model loses, by the measure that was asked for."""
        (measure,) = self.low
        names = [f"{measure}.{what}" for what in ("none", "low", "high", "best")]
        shown = self.table()[["creators", "share_of_creators", *names, "best_response"]]
        return shown.iloc[np.unique(np.linspace(0, len(shown) - 1, GLANCED).astype(int))]


def leverage_curve(
    scenario: Scenario,
    lab: str | None = None,
    tactic: str = "withhold",
    by: By = "random",
    measure: str = "loss",
    step: int | None = None,
    replications: int = 5,
    seed: int = 0,
    shares: Floats | None = None,
) -> LeverageCurve:
    """Return what a lab's model loses by the size of a group that acts from the start.

    Static: the group acts, everybody else contributes, no decision rule runs.

    Parameters
    ----------
    scenario : Scenario
        Whose creators, network and labs.
    lab : str, optional
        Whose model; the first lab unless given.
    tactic : str
        What the group does.
    by : str
        In which order creators join: random, community, largest, hubs or greedy.
    measure : str
        What the interval is wanted of: loss, rollback, compute_equivalent or leverage_power.
    step : int, optional
        Step of the training round; the lab's first unless given.
    replications : int
        How often creators are drawn.
    seed : int
        First random seed.
    shares : float64 (points,), optional
        Shares of the creators in the group; 0 to .95 in steps of .05, and .99, unless given.

    Raises
    ------
    InputError
        If there is no such lab, tactic, order or measure.
    """
    if replications < 1:
        raise InputError(f"replications: must be at least 1, got {replications}")
    points = SHARES if shares is None else np.sort(np.asarray(shares, dtype=float))
    seeds = tuple(range(seed, seed + replications))
    groups, cases = [], []
    for drawn in seeds:
        portfolio = appraise(scenario, lab, tactic, step, drawn, linked=by == "hubs")
        check_measure(measure, portfolio.preset)
        order = ranked(portfolio, by)
        sizes = np.round(points * portfolio.world.size).astype(np.int64)
        groups.append(portfolio.group(order, sizes))
        cases.append(portfolio.redrawn(order, sizes))
    one = portfolio
    rounds = [{r: each.case.measured(one.surrogate, r) for r in FREE} for each in cases]
    means = {r: _mean([found[r] for found in rounds]) for r in FREE}
    losses = np.array([means[r]["loss"] for r in FREE])
    choice = losses.argmin(axis=0)
    return LeverageCurve(
        scenario=scenario,
        lab=one.corpus.lab.name,
        preset=one.preset.name,
        tactic=tactic,
        by=by,
        step=one.step,
        seeds=seeds,
        group=_mean(groups),
        none=means["none"],
        best=_chosen(means, choice),
        response=tuple(FREE[k] for k in choice),
        errors=_errors([found["none"] for found in rounds]),
        months=np.mean([months_of_data(found["none"]["rollback"]) for found in rounds], axis=0),
        **_interval(one.preset, cases, measure, seed),
    )


def leverage(
    scenario: Scenario,
    share: float,
    lab: str | None = None,
    tactic: str = "withhold",
    by: By = "random",
    **options: object,
) -> LeverageCurve:
    """Return the leverage of one group size: a curve of the single share asked for."""
    if not 0.0 <= share <= 1.0:
        raise InputError(f"share: must be from 0 to 1, got {share}")
    return leverage_curve(scenario, lab, tactic, by, shares=np.array([share]), **options)  # type: ignore[arg-type]


def _interval(
    preset: Preset, cases: list[Redrawn], measure: str, seed: int
) -> dict[str, dict[str, Floats]]:
    """Return the interval of a measure's mean at each size over draws of the constants."""

    def quantities(surrogate: Surrogate) -> dict[str, float]:
        found = _mean([case.under(surrogate).measured(surrogate, only=measure) for case in cases])
        return {str(point): float(value) for point, value in enumerate(found[measure])}

    with np.errstate(invalid="ignore"):  # between infinite losses
        found = spread(preset, quantities, seed=seed, draws=TO_SAMPLE).values()
    intervals = [
        i if np.isfinite(i.value) else i._replace(low=i.value, high=i.value) for i in found
    ]
    return {
        "low": {measure: np.array([interval.low for interval in intervals])},
        "high": {measure: np.array([interval.high for interval in intervals])},
        "assumed": {measure: np.array([interval.assumed for interval in intervals])},
    }


def _mean(found: list[dict[str, Floats]]) -> dict[str, Floats]:
    return {name: np.mean([each[name] for each in found], axis=0) for name in found[0]}


def _errors(found: list[dict[str, Floats]]) -> dict[str, Floats]:
    """Return standard errors over replications; nan where there is one, or nothing is left."""
    many = len(found)
    if many == 1:
        return {name: np.full_like(values, np.nan) for name, values in found[0].items()}
    with np.errstate(invalid="ignore"):  # infinite losses have no spread
        return {
            name: np.std([each[name] for each in found], axis=0, ddof=1) / np.sqrt(many)
            for name in found[0]
        }


def _chosen(means: dict[str, dict[str, Floats]], choice: NDArray[np.int64]) -> dict[str, Floats]:
    return {
        name: np.array([means[FREE[k]][name][point] for point, k in enumerate(choice)])
        for name in means["none"]
    }
