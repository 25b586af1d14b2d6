"""The surrogate fitted to a user's own training runs, and why this form and not another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.capability.fit_forms import (
    BETA,
    FORMS,
    RHO,
    Floats,
    Form,
    Own,
    Shared,
    powers,
    predict,
    to_logit,
    transfers,
)
from sim.capability.fit_problem import Mode, Problem, pose
from sim.capability.fit_problem import Own as OwnOf
from sim.capability.fit_solver import Solution, ordinary_errors, solve

if TYPE_CHECKING:
    from sim.capability.fit_result import Fit

FIRST_SCALE = 0.05
"""Ordinary error before anything is fitted, in standard deviations of the losses."""

PASSES, SETTLED = 4, 0.7
"""A form is fitted again until its ordinary error stays within this factor, at most so often."""


def fit(
    data: ArrayLike,
    losses: ArrayLike,
    own: OwnOf | None = None,
    names: Sequence[str] | None = None,
    mode: Mode = "shared",
    higher_is_better: bool = False,
    *,
    floor: float | Sequence[float] | None = None,
    floor_prior: tuple[float, float] = (0.5, 0.2),
    unserved: float | None = None,
    forms: Sequence[Form] | None = None,
    folds: int | None = None,
    seed: int = 0,
) -> Fit:
    """Fit the surrogate to training runs and choose its transfer by held-out error.

    Parameters
    ----------
    data
        Amount of each community's data in each run, (runs, communities), in any one unit.
    losses
        What was measured of each model, (runs, targets).
    own
        Community whose domain each target is, by number or name, or None for a target that
        is nobody's; by position when there are as many targets as communities.
    names
        Communities; the columns of a table unless stated.
    mode
        ``shared``: everybody is served by the model.  ``recommender``: who takes its data out
        is no longer served, so the measure is x f(x) + (1 - x) f0.
    higher_is_better
        The measure is a score.
    floor
        Irreducible loss (or best possible score), one or one for each target; fitted with
        ``floor_prior`` unless stated.  Strike curves alone hardly identify it.
    floor_prior
        Middle and width of the prior of the floor, as shares of the lowest loss.
    unserved
        Recommender mode: the measure of who is not served; fitted unless stated.
    forms
        Transfer forms to choose from: flat, rank_one, dense, dense_own (dense, with beta and
        d0 of each target's own).
    folds
        Parts for cross-validation; runs of one mixture are never split.
    seed
        Of the split.

    Returns
    -------
    Fit
        With ``predict``, ``cv_score``, ``intervals``, ``rivals`` and ``surrogate``.

    Raises
    ------
    InputError
        If the tables do not fit together.
    """
    from sim.capability.fit_result import Fit

    problem = pose(data, losses, own, names, mode, higher_is_better, floor, floor_prior, unserved)
    ladder = _ladder(problem, forms)
    split = problem.folds(folds, seed)
    held_out = cross_validate(problem, ladder, split)
    chosen = _choose(problem, held_out, split)
    everything = np.arange(len(problem.data))
    solutions = climb(problem, ladder[: ladder.index(chosen) + 1], everything)
    return Fit(problem, solutions[chosen], held_out, split)


def _ladder(problem: Problem, forms: Sequence[Form] | None) -> tuple[Form, ...]:
    if problem.data.shape[1] == 1:
        return ("flat",)
    return tuple(form for form in FORMS if forms is None or form in forms)


def cross_validate(
    problem: Problem, ladder: tuple[Form, ...], split: NDArray[np.intp]
) -> dict[Form, Floats]:
    """Return for each form the losses of every run predicted without its fold."""
    held_out = {form: np.empty_like(problem.losses) for form in ladder}
    for fold in np.unique(split):
        solutions = climb(problem, ladder, np.flatnonzero(split != fold))
        rest = split == fold
        for form, solution in solutions.items():
            held_out[form][rest] = predicted(problem, solution, problem.data[rest])
    return held_out


def climb(
    problem: Problem,
    ladder: Sequence[Form],
    runs: NDArray[np.intp],
    start: Solution | None = None,
) -> dict[Form, Solution]:
    """Fit each form on some runs, every one from where the simpler one before it ended.

    What an ordinary error is, is learnt on the way: 1/20 of the standard deviation of the
    losses first, then what the median absolute error of the last fit implies.
    """
    spread = np.maximum(problem.losses[runs].std(axis=0), 1e-12)
    found: dict[Form, Solution] = {}
    last = start or _first(problem, runs, FIRST_SCALE * spread)
    for form in ladder:
        last = _as_form(form, last, len(problem.names))
        for _ in range(PASSES):
            targets = [target.part(runs) for target in problem.target_list(last.scales)]
            last = solve(targets, last)
            errors = predicted(problem, last, problem.data[runs]) - problem.losses[runs]
            ordinary = ordinary_errors(targets, last, errors)
            changed = float(np.median(ordinary / last.scales))
            last = replace(last, scales=ordinary)
            if SETTLED < changed < 1.0 / SETTLED:
                break
        found[form] = last
    return found


def predicted(problem: Problem, solution: Solution, data: Floats) -> Floats:
    """Return losses (runs, targets) of a solution for ``data`` in the problem's unit."""
    targets = problem.target_list(np.ones(len(problem.own)), data)
    power = powers(targets[0], solution.shared)
    return np.column_stack(
        [
            predict(target, solution.form, solution.shared, own, power).value
            for target, own in zip(targets, solution.own, strict=True)
        ]
    )


def _first(problem: Problem, runs: NDArray[np.intp], scales: Floats) -> Solution:
    shared = Shared(rho=to_logit(0.65, RHO), beta=to_logit(0.3, BETA))
    own = []
    for target in problem.target_list(scales):
        loss = target.loss[runs]
        floor = target.floor_prior[0] if target.floor is None else target.floor
        above = max(float(np.median(loss)) - floor, 1e-9)
        worst = float(loss.max()) if target.unserved is None else target.unserved
        own.append(Own(floor=floor, size=float(np.log(above)) - 1.0, unserved=worst))
    return Solution("flat", shared, tuple(own), scales)


def _as_form(form: Form, last: Solution, communities: int) -> Solution:
    """Return the same losses, or nearly, in another form: where the search for it begins."""
    if last.form == form:
        return last
    logs = [transfers(last.form, last.shared, own, communities) for own in last.own]
    if form == "rank_one":
        means = [float(log.mean()) for log in logs]
        shared = replace(last.shared, transfer=np.zeros(communities))
        own = [replace(one, transfer=mean) for one, mean in zip(last.own, means, strict=True)]
    else:
        shared = last.shared
        own = [replace(one, transfer=log) for one, log in zip(last.own, logs, strict=True)]
    if form == "dense_own":
        own = [replace(one, beta=shared.beta, start=shared.start) for one in own]
    return replace(last, form=form, shared=shared, own=tuple(own))


def _choose(problem: Problem, held_out: dict[Form, Floats], split: NDArray[np.intp]) -> Form:
    """Return the simplest form that predicts held-out runs about as well as the best.

    About: within a standard error over the folds, or 5 % of the squared error.
    """
    spread = problem.losses.std(axis=0)
    parts = np.unique(split)
    errors = {
        form: np.array(
            [(((losses - problem.losses) / spread)[split == part] ** 2).mean() for part in parts]
        )
        for form, losses in held_out.items()
    }
    best = min(errors, key=lambda form: float(errors[form].mean()))
    for form, error in errors.items():
        more = error - errors[best]
        margin = more.std(ddof=1) / np.sqrt(len(parts)) if len(parts) > 1 else 0.0
        if more.mean() <= max(margin, 0.05 * errors[best].mean()):
            return form
    return best
