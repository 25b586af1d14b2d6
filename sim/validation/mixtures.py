"""Models trained on mixtures of domains, as RegMix published them (arXiv 2407.01492)."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.errors import InputError
from sim.validation.foretold import foretold
from sim.validation.tables import read_runs

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sim.capability.fit_forms import Form
    from sim.capability.fit_result import Fit

    Floats = NDArray[np.float64]


class Mixtures(NamedTuple):
    """Two tables that belong together: a row for each run, known by its ``index``."""

    mixture: Path
    """Columns ``train_..._DOMAIN``: share of each domain in the training data."""
    loss: Path
    """Columns ``metric/..._DOMAIN_val_loss``: loss on a domain."""

    @property
    def role(self) -> tuple[str, str]:
        """What the runs are for (train or test) and the size of the models."""
        found = re.fullmatch(r"(.*?)_?(?:pile_)?loss_?(.*?)\.csv(?:\.gz)?", self.loss.name)
        return (found[1], found[2].lower()) if found else (self.loss.name, "")


def mixture_score(
    runs: Mixtures, form: str = "surrogate", targets: int | None = None, folds: int | None = None
) -> float:
    """Return R2 over runs that are each predicted without their own part of the runs.

    Parameters
    ----------
    runs : Mixtures
        Tables of the runs.
    form : str
        ``surrogate`` or a rival form: pooled, own, linear, log_linear, exponential.
    targets, folds : int, optional
        Domains whose loss is looked at, and parts that the runs are split into.
    """
    scores = _scores(runs, targets, folds)
    return scores[form]


def mixture_lead(
    runs: Mixtures, form: str = "surrogate", targets: int | None = None, folds: int | None = None
) -> float:
    """Return by how much a form's R2 exceeds that of the best other one; see `mixture_score`."""
    scores = dict(_scores(runs, targets, folds))
    mine = scores.pop(form)
    return mine - max(scores.values())


def mixture_transfer(
    fitted: Mixtures, asked: Mixtures, form: str = "surrogate", targets: int | None = None
) -> float:
    """Return R2 over runs of another table, which nothing was fitted to."""
    from sim.capability.fit_result import r_squared

    predicted, losses = _foretold(fitted, asked, targets, form)
    return r_squared(losses, predicted)


def mixture_ranks(
    fitted: Mixtures, asked: Mixtures, own: bool = True, targets: int | None = None
) -> float:
    """Return how well losses of other, larger models are ranked: mean rank correlation.

    Parameters
    ----------
    fitted, asked : Mixtures
        Runs that the surrogate is fitted to, and runs that it has to rank.
    own : bool
        Whether each domain is ranked by its own predicted loss, or by another one's.
    targets : int, optional
        Domains whose loss is looked at.
    """
    from scipy.stats import spearmanr

    predicted, losses = _foretold(fitted, asked, targets)
    if not own:
        predicted = np.roll(predicted, 1, axis=1)
    pairs = zip(predicted.T, losses.T, strict=True)
    return float(np.mean([spearmanr(one, other).statistic for one, other in pairs]))


def read_mixtures(
    runs: Mixtures, targets: int | None = None
) -> tuple[pd.DataFrame, pd.DataFrame, list[str | None]]:
    """Return data (runs, domains), losses (runs, targets) and the domain of each target.

    Raises
    ------
    InputError
        If no run stands in both tables.
    """
    data, losses = (read_runs(path, index="index") for path in runs)
    both = data.index.intersection(losses.index)
    if not both.size:
        raise InputError(f"{runs.mixture} and {runs.loss} have no run in common: match `index`")
    domains = [_domain(name) for name in data.columns]
    losses = losses.loc[both].iloc[:, :targets]
    own = [max((d for d in domains if d in name), key=len, default=None) for name in losses.columns]
    return data.loc[both].set_axis(domains, axis=1), losses, own


def same_runs(one: Path, other: Path) -> bool:
    """Return whether two tables hold the same runs, by their ``index``."""
    numbers = [{*read_runs(path, index="index").index} for path in (one, other)]
    return numbers[0] == numbers[1]


def _domain(column: str) -> str:
    return column.removeprefix("train_").removeprefix("the_pile_")


@lru_cache(maxsize=8)
def _fit(runs: Mixtures, targets: int | None, folds: int | None) -> Fit:
    from sim.capability import fit

    data, losses, own = read_mixtures(runs, targets)
    forms: tuple[Form, ...] | None = None if targets is None else ("flat", "dense")
    return fit(data, losses, own, folds=folds, forms=forms)


@lru_cache(maxsize=8)
def _scores(runs: Mixtures, targets: int | None, folds: int | None) -> dict[str, float]:
    scores = _fit(runs, targets, folds).rivals()["r2"]
    return {str(form): float(score) for form, score in scores.items()}


def _foretold(
    fitted: Mixtures, asked: Mixtures, targets: int | None, form: str = "surrogate"
) -> tuple[Floats, Floats]:
    data, losses = _same(fitted, asked, targets)
    return foretold(_fit(fitted, targets, 3), data, form), losses.to_numpy()


def _same(
    fitted: Mixtures, asked: Mixtures, targets: int | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return data and losses that are asked for, in the columns of what is fitted."""
    known, measured, _ = read_mixtures(fitted, targets)
    data, losses, _ = read_mixtures(asked)
    missing = {*known} - {*data} | {*measured} - {*losses}
    if missing:
        raise InputError(f"{asked.mixture} and {asked.loss} lack {min(missing)}")
    return data[known.columns], losses[measured.columns]
