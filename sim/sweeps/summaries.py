"""Replications summed up: mean and spread of an outcome at each point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.sweeps.plan import ARMS, OK
from sim.words.messages import nearest

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from pyarrow import RecordBatch

    from sim.sweeps.columns import Design
    from sim.sweeps.saved import Sweep

    Floats = NDArray[np.float64]
    Places = NDArray[np.int64]

EFFECT = "effect."
"""In front of an outcome: its paired difference, with the action minus without it."""
SHOWN = 5


@dataclass(frozen=True, eq=False)
class Summary:
    """An outcome at each point of a design, over its replications.

    Parameters
    ----------
    values : float64 (points, replications)
        Of every run, or of every pair.
    shares : bool
        Whether every value is 0 or 1, so that the mean is a share.
    """

    values: Floats
    shares: bool

    @property
    def replications(self) -> int:
        """Runs of each point, or pairs of them."""
        return int(self.values.shape[1])

    @property
    def mean(self) -> Floats:
        """Over replications (points,)."""
        mean: Floats = self.values.mean(axis=1)
        return mean

    @property
    def variance(self) -> Floats:
        """Over replications (points,); not a number where there is one only."""
        if self.replications == 1:
            return np.full(len(self.values), np.nan)
        variance: Floats = self.values.var(axis=1, ddof=1)
        return variance

    @property
    def standard_error(self) -> Floats:
        """Of the mean (points,); of a share, with two successes and two failures added.

        Otherwise a share of 0 or 1 would pass for exact (Agresti & Coull 1998,
        doi:10.1080/00031305.1998.10480550).
        """
        if not self.shares:
            error: Floats = np.sqrt(self.variance / self.replications)
            return error
        tries = self.replications + 4.0
        share = (self.values.sum(axis=1) + 2.0) / tries
        adjusted: Floats = np.sqrt(share * (1.0 - share) / tries)
        return adjusted

    @property
    def noise(self) -> float:
        """Share of the variance of single runs that comes from their seeds.

        An analysis of variance by point and seed, since all points have the same seeds.
        """
        points, runs = self.values.shape
        if min(points, runs) < 2:
            return float("nan")
        by_point, by_seed = self.values.mean(axis=1), self.values.mean(axis=0)
        rest = self.values - by_point[:, None] - by_seed + self.values.mean()
        by_chance = float((rest**2).sum()) / ((points - 1) * (runs - 1)) / runs
        between = max(0.0, float(by_point.var(ddof=1)) - by_chance)
        within = float(self.variance.mean())
        return within / (within + between) if within > 0.0 else 0.0

    def part(self, points: slice) -> Summary:
        """Return the same of some points."""
        return Summary(self.values[points], self.shares)


def summary(sweep: Sweep, outcome: str, design: Design | None = None) -> Summary:
    """Return an outcome at each point of a design (the last one unless given).

    Parameters
    ----------
    sweep : Sweep
        What was played.
    outcome : str
        Name of an outcome, or ``effect.NAME`` for its paired difference between the arms.
    design : Design, optional
        Whose points.

    Raises
    ------
    InputError
        If a run that is needed failed, is missing or has no finite value.
    """
    values = replications(sweep, outcome, design if design is not None else sweep.designs[-1])
    shares = bool(np.isin(values, (0.0, 1.0)).all()) and not outcome.startswith(EFFECT)
    return Summary(values, shares)


def values_of(sweep: Sweep, outcome: str, where: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """Return an outcome of every run: parameters, ``seed`` and ``value``.

    Parameters
    ----------
    sweep : Sweep
        What was played.
    outcome : str
        Name of an outcome, or ``effect.NAME``.
    where : dict, optional
        Which runs, as for `Sweep.table`.

    Raises
    ------
    InputError
        If there are none, or one of them failed or has no finite value.
    """
    name = outcome.removeprefix(EFFECT)
    _check_name(sweep, name)
    keys = [*sweep.parameters, "seed"]
    table = sweep.table([*keys, "digest", "arm", name], where).rename(columns={name: "value"})
    acted = table[table["arm"] == ARMS[0]].set_index(["digest", "seed"], drop=False)
    if name != outcome:
        without = table[table["arm"] == ARMS[1]].set_index(["digest", "seed"])["value"]
        if without.empty:
            raise InputError(f"{outcome}: needs both arms; sweep with the counterfactual as well")
        acted["value"] -= without.reindex(acted.index)
    if acted.empty:
        raise InputError(f"{sweep.folder}: has no such runs")
    wrong = acted[~np.isfinite(acted["value"].astype(float))]
    if len(wrong):
        first = wrong.head(SHOWN)[keys].to_dict("records")
        told = [", ".join(f"{key}={value}" for key, value in row.items()) for row in first]
        raise _not_finite(sweep, outcome, len(wrong), len(acted), told)
    return acted[[*keys, "value"]].reset_index(drop=True)


def replications(sweep: Sweep, outcome: str, design: Design, step: int | None = None) -> Floats:
    """Return an outcome of every run of a design (points, replications).

    Parameters
    ----------
    sweep : Sweep
        What was played.
    outcome : str
        Name of an outcome, or ``effect.NAME``.
    design : Design
        Whose points.
    step : int, optional
        Which entry of a series; the outcome is a single number unless given.

    Raises
    ------
    InputError
        If a run that is needed failed, is missing or has no finite value.
    """
    arms = design.about["arms"]
    if outcome.startswith(EFFECT):
        if len(arms) < len(ARMS):
            raise InputError(f"{outcome}: needs both arms; sweep with the counterfactual as well")
        name = outcome.removeprefix(EFFECT)
        both = [_values(sweep, name, design, arm, step) for arm in ARMS]
        return both[0] - both[1]
    return _values(sweep, outcome, design, arms[0], step)


def _values(sweep: Sweep, outcome: str, design: Design, arm: str, step: int | None) -> Floats:
    _check_name(sweep, outcome, step is not None)
    from pyarrow import compute

    seeds = len(design.plan().seeds)
    every = np.full((len(design.points), seeds), np.nan)
    for batch in sweep.batches(["digest", "seed", outcome], {"arm": arm, "status": OK}):
        rows, points, places = _found(design, batch)
        read = batch.column(2) if step is None else compute.list_element(batch.column(2), step)
        every[points, places] = read.to_numpy(zero_copy_only=False)[rows]
    if not design.about["independent"]:  # points that repeat one another share its runs
        digests = design.points.digests
        _, first, same = np.unique(digests, return_index=True, return_inverse=True)
        every = every[first[same]]
    wrong = np.argwhere(~np.isfinite(every)).tolist()
    if wrong:
        told = [_row(every, design, *place) for place in wrong[:SHOWN]]
        raise _not_finite(sweep, outcome, len(wrong), every.size, told)
    return every


def _found(design: Design, batch: RecordBatch) -> tuple[Places, Places, Places]:
    """Return which rows are runs of a design, of which point, and which of its seeds."""
    words = batch.column(0).dictionary_encode()
    met = np.array([bytes.fromhex(text) for text in words.dictionary.to_pylist()], "V16")
    met = met[words.indices.to_numpy()]
    offset = batch.column(1).to_numpy().astype(np.int64) - design.about["first_seed"]
    size, seeds = len(design.points), design.about["replications"]
    if design.about["independent"]:
        points = (offset // seeds).clip(0, size - 1)
        offset -= points * seeds
    else:
        known, first = np.unique(design.points.digests, return_index=True)
        points = first[np.searchsorted(known, met).clip(max=len(known) - 1)]
    ours = (design.points.digests[points] == met) & (offset >= 0) & (offset < seeds)
    rows = np.flatnonzero(ours)
    return rows, points[rows], offset[rows]


def _check_name(sweep: Sweep, outcome: str, series: bool = False) -> None:
    known = [name for name in sweep.outcomes if name.endswith(".series") == series]
    if outcome not in known:
        raise InputError(f"outcome: no outcome {outcome!r}; {nearest(outcome, known)}")


def _row(values: Floats, design: Design, point: int, place: int) -> str:
    changes = [f"{path}={value}" for path, value in design.points.changes(point).items()]
    value = values[point, place]
    why = "failed or missing" if np.isnan(value) else f"{value:g}"
    seed = design.plan().first_seeds(np.array([point]))[0] + place
    return f"{', '.join([*changes, f'seed={seed}'])}: {why}"


def _not_finite(sweep: Sweep, outcome: str, wrong: int, runs: int, told: list[str]) -> InputError:
    """Refuse to sum up what is not complete: what is made of the rest would mislead."""
    more = [f"and {wrong - SHOWN} more"] if wrong > SHOWN else []
    return InputError(
        f"{sweep.folder}: {outcome} is not a finite number in {wrong} of {runs} runs: "
        f"{'; '.join([*told, *more])}; run the sweep again with --rerun-failed, or choose "
        "another outcome"
    )
