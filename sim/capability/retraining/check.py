"""How well the surrogate foretells real training that it was never shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.capability.retraining.base import Retraining
from sim.errors import InputError

LEAST_RUNS = 8


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


def retrain_check(retraining: Retraining, runs: int = 160, seed: int = 0) -> RetrainCheck:
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
