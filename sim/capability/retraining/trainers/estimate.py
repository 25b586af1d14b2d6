"""Trains a scikit-learn estimator on the rows that owners leave."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.capability.retraining.trainers.draws import places
from sim.capability.retraining.trainers.table import digits_table, need_scikit_learn, read_table
from sim.capability.retraining.trainers.trainer import Floats, Trainer
from sim.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.capability.retraining.estimator import Estimator

HEDGE = 0.01
"""Share of an answer spread over all classes: one never seen costs at most ln(classes / hedge)."""
PATIENCE = 1_000


class EstimatorTrainer(Trainer):
    """scikit-learn estimator trained on what owners leave in the table.

    Parameters
    ----------
    spec : Estimator
    seed : int
    """

    unit = "rows"

    def __init__(self, spec: Estimator, seed: int) -> None:
        need_scikit_learn()
        table = read_table(spec, seed) if spec.table else digits_table(spec, seed)
        super().__init__(
            table.communities, table.creators, table.community, np.bincount(table.creator)
        )
        self._model = make_estimator(spec.estimator, spec.settings, seed)
        self.metric = _metric(spec, self._model)
        self._table = table
        self._answers = np.union1d(table.learnt.target, table.held_out.target)
        self._place = places(seed, "withdrawn", table.creator)
        try:
            self.full()
        except (TypeError, ValueError) as error:
            reason = str(error).splitlines()[0]
            raise InputError(
                f"{spec.estimator} cannot learn {spec.table or 'the digits'}: {reason}"
            ) from error

    def shares(self, kept: ArrayLike) -> Floats:
        left = self._table.creator[self._left(self._valid(kept))]
        return np.asarray(np.bincount(left, minlength=len(self.creators)) / self.amounts)

    def _left(self, kept: Floats) -> NDArray[np.bool_]:
        return np.asarray(self._place <= kept[self._table.creator])

    def _train(self, kept: Floats) -> Floats:
        left = self._left(kept)
        learnt, held_out = self._table.learnt, self._table.held_out
        losses = self._losses(
            learnt.features[left], learnt.target[left], held_out.features, held_out.target
        )
        count = len(self.communities)
        rows = np.bincount(held_out.community, minlength=count)
        mean = np.bincount(held_out.community, losses, count) / rows
        return np.sqrt(mean) if self.metric == "rmse" else np.asarray(mean)

    def _losses(
        self, features: Floats, target: NDArray[Any], asked: Floats, right: NDArray[Any]
    ) -> Floats:
        """Return the loss of each row asked (squared error for ``rmse``)."""
        from sklearn.base import clone

        if self.metric == "rmse":
            if target.size == 0:
                return np.asarray((right - self._table.learnt.target.mean()) ** 2)
            return np.asarray(
                (clone(self._model).fit(features, target).predict(asked) - right) ** 2
            )
        chances = np.full((right.size, self._answers.size), 1.0 / self._answers.size)
        known = np.unique(target)
        if known.size:
            column = np.searchsorted(self._answers, known)
            chances[:] = 0.0
            chances[:, column] = self._chances(features, target, asked, known)
        of_right = chances[np.arange(right.size), np.searchsorted(self._answers, right)]
        if self.metric == "error":
            return np.asarray(1.0 - of_right)
        return np.asarray(-np.log((1.0 - HEDGE) * of_right + HEDGE / self._answers.size))

    def _chances(
        self, features: Floats, target: NDArray[Any], asked: Floats, known: NDArray[Any]
    ) -> Floats:
        """Return the chance of each known class; for ``error`` all of it on the answer given."""
        from sklearn.base import clone

        if known.size == 1:
            return np.ones((len(asked), 1))
        model = clone(self._model).fit(features, target)
        if self.metric == "log_loss":
            return np.asarray(model.predict_proba(asked))
        return np.asarray(model.predict(asked)[:, None] == known, dtype=np.float64)


def make_estimator(name: str, settings: Mapping[str, Any], seed: int) -> Any:
    """Return an untrained scikit-learn estimator behind a scaler of features.

    Raises
    ------
    InputError
        scikit-learn has no such estimator or it takes no such setting.
    """
    need_scikit_learn()
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.utils import all_estimators

    known = dict(all_estimators(type_filter=["classifier", "regressor"]))
    if name not in known:
        near = get_close_matches(name, known)
        hint = f"did you mean {near[0]!r}?" if near else "give the name of its class"
        raise InputError(f"scikit-learn has no classifier or regressor {name!r}; {hint}")
    usual = {"random_state": seed, "max_iter": PATIENCE}
    try:
        estimator = known[name]()
        takes = estimator.get_params()
        estimator.set_params(**{key: value for key, value in usual.items() if key in takes})
        estimator.set_params(**settings)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name} cannot be set up: {str(error).splitlines()[0]}") from error
    return make_pipeline(StandardScaler(), estimator)


def _metric(spec: Estimator, model: Any) -> str:
    from sklearn.base import is_classifier

    possible = ["rmse"]
    if is_classifier(model):
        possible = ["log_loss", "error"] if hasattr(model, "predict_proba") else ["error"]
    if spec.metric is not None and spec.metric not in possible:
        raise InputError(
            f"{spec.estimator} cannot be measured by {spec.metric}: choose {' or '.join(possible)}"
        )
    return spec.metric or possible[0]
