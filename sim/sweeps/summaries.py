"""Replications summed up: mean and spread of an outcome at each point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import InputError
from sim.messages import nearest
from sim.sweeps.plan import ARMS, OK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.sweeps.columns import Design
    from sim.sweeps.saved import Sweep

    Floats = NDArray[np.float64]

EFFECT = "effect."
"""In front of an outcome: its paired difference, with the action minus without it."""
SHOWN = 5


@dataclass(frozen=True, eq=False)
class Summary:
    """An outcome at each point of a design, over its replications.

    Parameters
    ----------
    runs : int64 (points,)
        Replications, or pairs of them.
    mean, variance : float64 (points,)
        Over replications; not a number where there are too few.
    shares : bool
        Whether every value is 0 or 1, so that the mean is a share.
    """

    runs: NDArray[np.int64]
    mean: Floats
    variance: Floats
    shares: bool

    @property
    def standard_error(self) -> Floats:
        """Of the mean (points,); of a share, with two successes and two failures added.

        Otherwise a share of 0 or 1 would pass for exact (Agresti & Coull 1998,
        doi:10.1080/00031305.1998.10480550).
        """
        if not self.shares:
            return np.sqrt(self.variance / np.maximum(self.runs, 1))
        tries = self.runs + 4.0
        share = (self.mean * self.runs + 2.0) / tries
        return np.sqrt(share * (1.0 - share) / tries)

    @property
    def noise(self) -> float:
        """Share of the variance of single runs that comes from their seeds."""
        known = np.isfinite(self.variance)
        if not known.any():
            return float("nan")
        within = float(np.average(self.variance[known], weights=self.runs[known]))
        between = float(self.mean[known].var())
        return within / (within + between) if within + between > 0.0 else 0.0


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
    design = design if design is not None else sweep.designs[-1]
    values = replications(sweep, outcome, design)
    runs = np.full(len(values), values.shape[1])
    spread = values.var(axis=1, ddof=1) if values.shape[1] > 1 else np.full(len(values), np.nan)
    shares = bool(np.isin(values, (0.0, 1.0)).all()) and not outcome.startswith(EFFECT)
    return Summary(runs, values.mean(axis=1), spread, shares)


def replications(sweep: Sweep, outcome: str, design: Design) -> Floats:
    """Return an outcome of every run of a design (points, replications).

    Raises
    ------
    InputError
        If a run that is needed failed, is missing or has no finite value.
    """
    arms = design.about["arms"]
    if outcome.startswith(EFFECT):
        if len(arms) < len(ARMS):
            raise InputError(f"{outcome}: needs both arms; sweep with the counterfactual as well")
        both = [_values(sweep, outcome.removeprefix(EFFECT), design, arm) for arm in ARMS]
        return both[0] - both[1]
    return _values(sweep, outcome, design, arms[0])


def _values(sweep: Sweep, outcome: str, design: Design, arm: str) -> Floats:
    if outcome not in sweep.outcomes or outcome.endswith(".series"):
        known = [name for name in sweep.outcomes if not name.endswith(".series")]
        raise InputError(f"outcome: no outcome {outcome!r}; {nearest(outcome, known)}")
    seeds = design.plan().seeds
    digests, places = np.unique(design.points.digests, return_inverse=True)
    values = np.full((len(digests), len(seeds)), np.nan)
    first, last = seeds[0], seeds[-1]
    where = {"arm": arm, "seed": (first, last), "status": OK}
    for batch in sweep.batches(["digest", "seed", outcome], where):
        words = batch.column(0).dictionary_encode()
        met = np.array([bytes.fromhex(text) for text in words.dictionary.to_pylist()], "V16")
        place = np.searchsorted(digests, met).clip(max=len(digests) - 1)
        place = np.where(digests[place] == met, place, -1)[words.indices.to_numpy()]
        ours = place >= 0
        column = batch.column(1).to_numpy()[ours].astype(np.int64) - first
        values[place[ours], column] = batch.column(2).to_numpy(zero_copy_only=False)[ours]
    found: Floats = values[places]
    _check_finite(sweep, outcome, found, design)
    return found


def _check_finite(sweep: Sweep, outcome: str, values: Floats, design: Design) -> None:
    """Refuse to sum up what is not complete: a mean over what is left would mislead."""
    wrong = np.argwhere(~np.isfinite(values)).tolist()
    if wrong:
        raise InputError(
            f"{sweep.folder}: {outcome} is not a finite number in {len(wrong)} of {values.size} "
            f"runs: {'; '.join(_rows(wrong, values, design))}; run the sweep again with "
            "--rerun-failed, or choose another outcome"
        )


def _rows(wrong: list[list[int]], values: Floats, design: Design) -> list[str]:
    """Return the first of some runs in words."""
    told = []
    for point, place in wrong[:SHOWN]:
        changes = [f"{path}={value}" for path, value in design.points.changes(point).items()]
        value = values[point, place]
        why = "failed or missing" if np.isnan(value) else f"{value:g}"
        told.append(f"{', '.join([*changes, f'seed {design.plan().seeds[place]}'])}: {why}")
    return told + ([f"and {len(wrong) - SHOWN} more"] if len(wrong) > SHOWN else [])
