"""Other forms of the loss in the data, fitted to the same runs on the same splits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import leastsq

from sim.capability.fit_forms import Floats
from sim.capability.fit_problem import Problem

Rival = Callable[[Floats, Floats, int | None, Floats], Floats]


def held_out(problem: Problem, split: NDArray[np.intp]) -> dict[str, Floats]:
    """Return for each rival form the losses of every run predicted without its fold."""
    # Of one community the pooled and the own form are the surrogate itself.
    forms = [form for form in FORMS if problem.data.shape[1] > 1 or form not in ("pooled", "own")]
    found = {form: np.empty_like(problem.losses) for form in forms}
    for fold in np.unique(split):
        known, rest = split != fold, split == fold
        for form in forms:
            found[form][rest] = predicted(problem, form, problem.data[rest], known)
    return found


def predicted(
    problem: Problem, form: str, asked: Floats, known: NDArray[np.bool_] | None = None
) -> Floats:
    """Return losses (runs, targets) of a rival form for data in the problem's unit.

    Parameters
    ----------
    problem
        Runs that the form is fitted to.
    form
        One of ``FORMS``.
    asked
        Data (runs, communities).
    known
        Which of the problem's runs the form may see; all unless stated.
    """
    rows = np.ones(len(problem.data), np.bool_) if known is None else known
    data, losses = problem.data[rows], problem.losses[rows]
    return np.column_stack(
        [FORMS[form](data, losses[:, i], own, asked) for i, own in enumerate(problem.own)]
    )


def _pooled(data: Floats, loss: Floats, own: int | None, asked: Floats) -> Floats:
    """Predict E + B D^-beta of the total."""
    return _power(data.sum(axis=1), loss, asked.sum(axis=1))


def _own(data: Floats, loss: Floats, own: int | None, asked: Floats) -> Floats:
    """Predict E + B (D_own + d0)^-beta."""
    if own is None:
        return _pooled(data, loss, own, asked)
    return _power(data[:, own], loss, asked[:, own])


def _power(amount: Floats, loss: Floats, asked: Floats) -> Floats:
    if np.ptp(amount) < 1e-2 * amount.max():
        return np.full(len(asked), loss.mean())

    def value(v: Floats, x: Floats) -> Floats:
        return np.asarray(v[0] + np.exp(v[1] - np.exp(v[2]) * np.log(x + np.exp(v[3]))))

    lowest, spread = loss.min(), np.ptp(loss) + 1e-12
    start = np.array([lowest - 0.1 * spread, np.log(0.3 * spread), np.log(0.3), np.log(0.01)])
    return value(_least(lambda v: value(v, amount) - loss, start), asked)


def _linear(data: Floats, loss: Floats, own: int | None, asked: Floats) -> Floats:
    """Predict a + sum b_j D_j."""
    slopes = np.linalg.lstsq(_with_one(data), loss)[0]
    return np.asarray(_with_one(asked) @ slopes)


def _log_linear(data: Floats, loss: Floats, own: int | None, asked: Floats) -> Floats:
    """Predict a - b log(d0 + sum T_j D_j)."""

    def value(v: Floats, x: Floats) -> tuple[Floats, Floats]:
        terms = np.column_stack([np.ones(len(x)), x]) * np.exp(v[2:])
        reach = terms.sum(axis=1)
        slopes = np.column_stack([np.ones(len(x)), -np.log(reach), -v[1] * terms / reach[:, None]])
        return v[0] - v[1] * np.log(reach), slopes

    logs = np.full(data.shape[1] + 1, np.log(0.1))
    logs[0] = np.log(0.01)
    if own is not None:
        logs[own + 1] = 0.0
    start = np.concatenate([[loss.mean(), loss.std() + 1e-12], logs])
    return value(_fitted(value, start, data, loss), asked)[0]


def _exponential(data: Floats, loss: Floats, own: int | None, asked: Floats) -> Floats:
    """Predict c + exp(sum t_j r_j - beta log total) of proportions r: the data-mixing law."""

    def value(v: Floats, x: Floats) -> tuple[Floats, Floats]:
        total = x.sum(axis=1, keepdims=True)
        inputs = np.concatenate([x / total, -np.log(total)], axis=1)
        grown = np.exp(np.minimum(inputs @ v[1:], 50.0))
        return v[0] + grown, np.column_stack([np.ones(len(x)), grown[:, None] * inputs])

    lowest, spread = loss.min(), np.ptp(loss) + 1e-12
    start = np.full(data.shape[1] + 2, np.log(spread))
    start[0], start[-1] = lowest - 0.1 * spread, 0.1
    return value(_fitted(value, start, data, loss), asked)[0]


def _fitted(
    value: Callable[[Floats, Floats], tuple[Floats, Floats]],
    start: Floats,
    data: Floats,
    loss: Floats,
) -> Floats:
    """Return the least squares constants, held near their start by a weak prior."""
    weak = 0.02 * loss.std() + 1e-12

    def errors(v: Floats) -> Floats:
        return np.concatenate([value(v, data)[0] - loss, weak * (v - start)[2:]])

    def slopes(v: Floats) -> Floats:
        prior = weak * np.eye(v.size)[2:]
        return np.concatenate([value(v, data)[1], prior])

    return np.asarray(leastsq(errors, start, Dfun=slopes, maxfev=400, full_output=True)[0])


def _least(errors: Callable[[Floats], Floats], start: Floats) -> Floats:
    def padded(v: Floats) -> Floats:
        return np.concatenate([errors(v), 1e-3 * (v - start)])

    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(leastsq(padded, start, maxfev=2000, full_output=True)[0])


def _with_one(data: Floats) -> Floats:
    return np.column_stack([np.ones(len(data)), data])


FORMS: dict[str, Rival] = {
    "pooled": _pooled,
    "own": _own,
    "linear": _linear,
    "log_linear": _log_linear,
    "exponential": _exponential,
}
"""Rival forms by name."""
