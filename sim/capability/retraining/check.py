"""How well the surrogate foretells real training that it was never shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from sim.capability.retraining.base import Retraining
from sim.errors import InputError

LEAST_RUNS = 8
RUNS = 320
"""Strikes to fit on, unless others are asked for."""
ASKED = 0.25
"""Error of a whole community's harm to its own domain that is asked of the surrogate."""


@dataclass(frozen=True)
class RetrainCheck:
    """Surrogate against real training, on whole communities leaving.

    Effects are harm: rise in loss or fall in score against full data, in ``unit``.

    Parameters
    ----------
    rows : tuple of dict
        One for each community: ``community``, ``creators``, ``data`` (share of all effective
        data), ``own`` and ``own_predicted`` (harm to its own domain when it leaves),
        ``own_error`` (relative), ``other`` and ``other_predicted`` (mean harm to the other
        domains), ``random`` (harm to its domain when as much data leaves at random), ``ratio``
        and ``ratio_predicted`` (own / other), ``superadditivity`` and
        ``superadditivity_predicted`` (harm of the community leaving / sum of the harms of its
        members, or tenths, leaving alone); ``nan`` where a harm compared is not above 0.
    rmse, cv_score : float
        Error on whole communities leaving, in ``unit``; the fit's own cross-validated score.
    unit : str
        Measure of loss or score.
    trainings : int
        How often the model was trained.
    sentences : tuple of str
        What was found, in words.
    """

    rows: tuple[dict[str, Any], ...]
    rmse: float
    cv_score: float
    unit: str
    trainings: int
    sentences: tuple[str, ...]

    @property
    def own_errors(self) -> dict[str, float]:
        """By community, how far the harm to its own domain is off, as a share; 0 is exact."""
        errors = {row["community"]: abs(row["own_error"]) for row in self.rows}
        return {name: error for name, error in errors.items() if error == error}


def over_seeds(checks: Sequence[RetrainCheck]) -> str:
    """Return in a sentence how far checks that differ in their seed agree.

    Parameters
    ----------
    checks : sequence of RetrainCheck
        Of the same works, with other works held out and other strikers.
    """
    errors = [error for check in checks for error in check.own_errors.values()]
    if not errors:
        return f"In none of {len(checks)} seeds did a community's leaving harm its own domain."
    worst = [max(check.own_errors.values()) for check in checks if check.own_errors]
    within = sum(error <= ASKED for error in errors)
    return (
        f"Over {len(checks)} seeds, each with other works held out and other strikers, harm to the "
        f"leaving community's own domain is off by {median(errors):.0%} in the middle; the worst "
        f"of a seed's communities is off by {min(worst):.0%} to {max(worst):.0%}, and {within} of "
        f"{len(errors)} are within {ASKED:.0%}."
    )


def retrain_check(retraining: Retraining, runs: int = RUNS, seed: int = 0) -> RetrainCheck:
    """Fit the surrogate to random and mixed strikes, then foretell community strikes.

    Parameters
    ----------
    retraining : Retraining
        What is really trained.
    runs : int
        Strikes to fit on: half of them random, half with a share of its own for each community,
        of which at least one member stays.
    seed : int
        Decides who strikes, and what is held out.

    Raises
    ------
    InputError
        Too few runs, or the works cannot be used.
    """
    from sim.capability.retraining.trainers.strikes import measure

    if runs < LEAST_RUNS:
        raise InputError(f"runs is {runs}: give at least {LEAST_RUNS} to fit on")
    return measure(retraining.load(seed), runs, seed)
