"""Intervals of what a surrogate says, and how much of them nobody has measured.

Every constant with a range in the preset is drawn, independently of the others.  A draw is
addressed by (seed, number of the draw, constant, entry), so the same draw of one constant is
made whatever else is drawn.

The share of an interval that comes from assumed constants compares widths when some are held
at their values: with w the width when all are drawn, a when only the assumed ones are and k
when only the measured and published ones are, it is (a^2 + w^2 - k^2) / (2 w^2), the Shapley
value of two groups in the squared width (Owen 2014, doi:10.1137/130936233, for variances;
widths of intervals instead, which outliers do not move).
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Mapping
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from sim.errors import InputError
from sim.purposes import PARAMETERS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.capability.outcome import Outcome
    from sim.capability.preset import Constant, Preset
    from sim.capability.responses.base import Response
    from sim.capability.supply import Supply
    from sim.capability.surrogate import Surrogate
    from sim.spec import Spec

    Floats = NDArray[np.float64]

NORMAL = NormalDist()
EDGE = NORMAL.inv_cdf(0.975)
GROUPS = ("all", "assumed", "known")
SpecKind = TypeVar("SpecKind", bound="Spec")
MEASURES: Mapping[str, Callable[[Outcome], Any]] = {
    "loss_change": lambda outcome: outcome.loss_change,
    "rollback": lambda outcome: outcome.overall_rollback,
    "compute_equivalent": lambda outcome: outcome.compute_equivalent,
}


class Interval(NamedTuple):
    """A number at the preset's values, its interval over draws, and what is assumed in it."""

    value: float
    low: float
    high: float
    assumed: float
    """Share of the (squared) width that comes from assumed constants; 0 without width."""


def intervals(
    preset: Preset,
    supply: Supply,
    full: Supply,
    response: Response | str = "none",
    *,
    seed: int = 0,
    draws: int = 200,
    level: float = 0.9,
) -> dict[str, Interval]:
    """Return loss change, rollback and compute-equivalent of a supply with intervals.

    What enters before the surrogate (portfolios' kappa, detection of poison) is in the supply
    already: give `spread` a function that counts it anew to have that drawn as well.
    """

    def quantities(surrogate: Surrogate) -> dict[str, float]:
        outcome = surrogate.evaluate(supply, full, response)
        return {name: float(measure(outcome)) for name, measure in MEASURES.items()}

    return spread(preset, quantities, seed=seed, draws=draws, level=level)


def spread(
    preset: Preset,
    quantities: Callable[[Surrogate], Mapping[str, float]],
    *,
    seed: int = 0,
    draws: int = 200,
    level: float = 0.9,
) -> dict[str, Interval]:
    """Return what follows from the preset's surrogate with intervals over draws.

    Parameters
    ----------
    preset
        Whose constants are drawn.
    quantities
        Numbers by name that follow from a surrogate.
    seed
        Of the draws.
    draws
        How many.
    level
        Share of draws inside an interval.

    Raises
    ------
    InputError
        If there are fewer than two draws or the level is not between 0 and 1.
    """
    import numpy as np

    if draws < 2 or not 0.0 < level < 1.0:
        raise InputError(
            f"{draws} draws at level {level}: give at least 2 draws and a level between 0 and 1"
        )
    values = dict(quantities(preset.surrogate))
    edges = [(1.0 - level) / 2.0, (1.0 + level) / 2.0]
    bounds = {}
    for group in GROUPS:
        drawn = [quantities(draw(preset, seed, number, group)) for number in range(draws)]
        table = np.array([[found[name] for name in values] for found in drawn])
        bounds[group] = np.quantile(table, edges, axis=0)
    lows, highs = bounds["all"]
    shares = _assumed(*(np.ptp(bounds[group], axis=0) for group in GROUPS))
    return {
        name: Interval(value, float(lows[k]), float(highs[k]), float(shares[k]))
        for k, (name, value) in enumerate(values.items())
    }


def _assumed(whole: Floats, assumed: Floats, known: Floats) -> Floats:
    import numpy as np

    total = 2.0 * whole**2
    excess = assumed**2 + whole**2 - known**2
    shares = np.divide(excess, total, out=np.zeros_like(total), where=total > 0.0)
    return np.clip(shares, 0.0, 1.0)


def draw(preset: Preset, seed: int, number: int, group: str = "all") -> Surrogate:
    """Return the surrogate with ``all`` constants drawn, or the ``assumed`` or ``known`` ones."""
    changes: dict[str, Any] = {}
    for path, constant in preset.constants.items():
        if group == "all" or (group == "assumed") == (constant.evidence == "assumed"):
            value = _drawn(preset.value(path), constant, (seed, number, path))
            *parents, name = path.split(".")
            place = changes
            for parent in parents:
                place = place.setdefault(parent, {})
            place[name] = value
    return _replaced(preset.surrogate, changes)


def _drawn(value: Any, constant: Constant, address: tuple[int, int, str]) -> Any:
    if not isinstance(value, tuple):
        return _quantile(float(value), constant, _uniform(*address, 0))
    factors = constant.replace(shape="log") if constant.shape == "logit" else constant
    entries = _flat(value)
    rows = len(value) if isinstance(value[0], tuple) else 0
    drawn = [
        one
        if rows and number // rows == number % rows  # T_ii = 1 by definition
        else _scaled(one, _quantile(1.0, factors, _uniform(*address, number)), constant.shape)
        for number, one in enumerate(entries)
    ]
    return _shaped(value, iter(drawn))


def _scaled(value: float, factor: float, shape: str) -> float:
    if shape != "logit":
        return value * factor
    odds = factor * value / (1.0 - value)
    return odds / (1.0 + odds)


def _quantile(value: float, constant: Constant, share: float) -> float:
    """Return the quantile of a normal cut to its middle 95 %, each half stretched to its bound."""
    low, high = constant.low, constant.high
    if constant.shape == "uniform":
        return low + (high - low) * share
    size = NORMAL.inv_cdf(0.025 + 0.95 * share) / EDGE
    bound = high if size > 0.0 else low
    if constant.shape == "normal":
        return value + abs(size) * (bound - value)
    if constant.shape == "log":
        return float(value * (bound / value) ** abs(size)) if value > 0.0 else value
    logit = math.log(value / (1.0 - value))
    moved = logit + abs(size) * (math.log(bound / (1.0 - bound)) - logit)
    return 1.0 / (1.0 + math.exp(-moved))


def _uniform(seed: int, number: int, path: str, entry: int) -> float:
    from sim.kernels.philox import uniform

    attempt = zlib.crc32(path.encode()) >> 1
    return float(uniform(seed, PARAMETERS, number, entry, attempt))


def _flat(value: tuple[Any, ...]) -> list[float]:
    return [one for part in value for one in (_flat(part) if isinstance(part, tuple) else [part])]


def _shaped(value: tuple[Any, ...], entries: Any) -> tuple[Any, ...]:
    return tuple(
        _shaped(part, entries) if isinstance(part, tuple) else next(entries) for part in value
    )


def _replaced(spec: SpecKind, changes: Mapping[str, Any]) -> SpecKind:
    fields = {
        name: _replaced(getattr(spec, name), value) if isinstance(value, dict) else value
        for name, value in changes.items()
    }
    return spec.replace(**fields) if fields else spec
