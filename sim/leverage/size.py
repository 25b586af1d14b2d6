"""From Z back to X: the smallest group whose acting changes capability by a target."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.leverage.case import FALLING, check_measure
from sim.leverage.curve import leverage_curve
from sim.leverage.portfolio import Portfolio, appraise
from sim.leverage.ranking import By, ranked
from sim.scenario import Scenario

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class GroupSize:
    """The smallest group that reaches a target, in three units.

    Every number is the mean over replications; ``low`` and ``high`` bound the share of
    creators over draws of the surrogate's constants (90 %), 1 where not even all suffice.
    """

    creators: float
    """Real creators."""
    works: float
    data: float
    """Effective data, in full corpora."""
    share: float
    """Share of the creators; 1 with ``reached`` False where not even all suffice."""
    low: float
    high: float
    reached: bool
    target: float
    measure: str
    tactic: str
    by: str
    response: str


def smallest_group(
    scenario: Scenario,
    lab: str | None = None,
    target: float = 0.01,
    measure: str = "loss",
    tactic: str = "withhold",
    by: By = "random",
    step: int | None = None,
    replications: int = 5,
    seed: int = 0,
) -> GroupSize:
    """Return the smallest group whose acting from the start changes a measure by a target.

    The lab does nothing about lost data; any response makes the group larger.

    Parameters
    ----------
    scenario, lab, tactic, by, step, replications, seed
        As in `leverage_curve`.
    target : float
        Change asked for: of the loss as a share (.01 is 1 % worse), of rollback or
        compute-equivalent by how much they fall from 1, of leverage power itself.
    measure : str
        loss, rollback, compute_equivalent or leverage_power.

    Raises
    ------
    InputError
        If the target is not above 0, or there is no such lab, tactic, order or measure.
    """
    if not target > 0.0:
        raise InputError(f"target: must be above 0, got {target}")
    groups: list[dict[str, float]] = []
    for drawn in range(seed, seed + replications):
        portfolio = appraise(scenario, lab, tactic, step, drawn, linked=by == "hubs")
        check_measure(measure, portfolio.preset)
        order = ranked(portfolio, by)
        everybody = portfolio.world.size
        size = _first(_Reaching(portfolio, order, measure, target), everybody)
        group = portfolio.group(order, np.array([min(size, everybody)]))
        named = {name: values.item() for name, values in group.items()}
        groups.append({**named, "reached": float(size <= everybody)})
    mean = {name: float(np.mean([group[name] for group in groups])) for name in groups[0]}
    low, high = _bounds(scenario, lab, target, measure, tactic, by, step, seed)
    return GroupSize(
        creators=mean["creators"],
        works=mean["works"],
        data=mean["data"],
        share=mean["share_of_creators"],
        low=low,
        high=high,
        reached=mean["reached"] == 1.0,
        target=target,
        measure=measure,
        tactic=tactic,
        by=by,
        response="none",
    )


@dataclass(frozen=True, eq=False)
class _Reaching:
    """Whether the first so many of an order reach a target."""

    portfolio: Portfolio
    order: NDArray[np.int64]
    measure: str
    target: float

    def __call__(self, size: int) -> bool:
        case = self.portfolio.case(self.order, np.array([size]))
        found = case.measured(self.portfolio.surrogate, only=self.measure)
        value = found[self.measure].item()
        return (1.0 - value if self.measure in FALLING else value) >= self.target


def _first(reaches: Callable[[int], bool], size: int) -> int:
    """Return the smallest group that reaches the target; one more than all if none does."""
    if not reaches(size):
        return size + 1
    low, high = 0, size
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(middle) else (middle, high)
    return high


def _bounds(
    scenario: Scenario,
    lab: str | None,
    target: float,
    measure: str,
    tactic: str,
    by: By,
    step: int | None,
    seed: int,
) -> tuple[float, float]:
    """Return between which shares the target is reached, read off the curve's own interval."""
    shares = np.concatenate((np.geomspace(1e-4, 0.1, 20), np.linspace(0.125, 0.975, 35)))
    curve = leverage_curve(
        scenario, lab, tactic, by, measure, step, replications=1, seed=seed, shares=shares
    )
    high, low = curve.high[measure], curve.low[measure]
    strong, weak = (1.0 - low, 1.0 - high) if measure in FALLING else (high, low)
    real = curve.group["share_of_creators"]
    return _crossing(real, strong, target), _crossing(real, weak, target)


def _crossing(shares: NDArray[Any], changes: NDArray[Any], target: float) -> float:
    reached = np.flatnonzero(changes >= target)
    if not reached.size:
        return 1.0
    at = int(reached[0])
    if at == 0:
        return float(shares[0])
    return float(np.interp(target, changes[at - 1 : at + 1], shares[at - 1 : at + 1]))
