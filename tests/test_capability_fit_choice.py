"""How a fit is made: held-out runs, forms climbed one after another and chosen among."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest

from sim.capability import fit, fitting
from sim.capability.fit_result import Fit
from sim.capability.fitting import _as_form, _choose, _ladder, climb, cross_validate, predicted
from tests.told_fits import BETA_TRUE, D0, DATA, LOSSES, RHO_TRUE, posed, told


def true_losses(transfer=((1.0, 0.2), (0.2, 1.0)), runs=24):
    data = np.random.default_rng(2).uniform(0.1, 1.0, (runs, 2))
    data[0] = 1.0
    power = (data / 2.0) ** RHO_TRUE
    reach = power @ np.array(transfer).T + D0
    return data, np.array([0.4, 0.8]) + np.array([0.5, 1.0]) * reach ** (-BETA_TRUE / RHO_TRUE)


def test_held_out_runs_are_predicted_without_their_fold():
    data, losses = true_losses()
    problem = posed(data, losses)
    split = np.arange(24) % 3
    held_out = cross_validate(problem, ("flat",), split)["flat"]
    for fold in range(3):
        seen = climb(problem, ("flat",), np.flatnonzero(split != fold))["flat"]
        rest = split == fold
        assert held_out[rest].tolist() == predicted(problem, seen, problem.data[rest]).tolist()
    assert held_out == pytest.approx(losses, rel=0.01)


def test_forms_are_climbed_from_one_to_the_next():
    data, losses = true_losses()
    everything = np.arange(24)
    problem = posed(data, losses)
    both = climb(problem, ("flat", "dense"), everything)
    alone = climb(problem, ("flat",), everything)["flat"]
    after = climb(problem, ("dense",), everything, alone)["dense"]

    def constants(solution):
        return Fit(problem, solution, {}, everything).constants

    assert constants(both["flat"]) == constants(alone)
    assert constants(both["dense"]) == constants(after) != constants(alone)


@pytest.mark.parametrize(
    "factors", [[1.4], [0.71], [1.45, 1.0], [0.69, 0.9], [0.5, 2.0, 1.0], [0.5, 0.5, 0.5, 0.5]]
)
def test_a_form_is_fitted_again_until_its_ordinary_error_settles(factors, monkeypatch):
    """Within .7 to 1 / .7 of the last, at most four times; at first a twentieth of the spread."""
    rest = iter(factors)
    monkeypatch.setattr(fitting, "solve", lambda targets, last: last)
    monkeypatch.setattr(
        fitting, "ordinary_errors", lambda targets, last, errors: last.scales * next(rest)
    )
    problem = posed()
    runs = np.array([0, 1, 3, 4])
    found = climb(problem, ("flat",), runs)["flat"]
    assert next(rest, None) is None
    assert found.scales == pytest.approx(0.05 * LOSSES[runs].std(axis=0) * np.prod(factors))


@pytest.mark.parametrize("path", [("rank_one",), ("rank_one", "dense"), ("dense", "dense_own"),
                                  ("dense",), ("dense_own",)])  # fmt: skip
def test_the_search_for_a_form_begins_at_the_losses_of_the_simpler_one(path):
    problem = posed()
    last = first = told().solution
    for form in path:
        last = _as_form(form, last, 2)
    assert last.form == path[-1]
    assert predicted(problem, last, problem.data) == pytest.approx(
        predicted(problem, first, problem.data)
    )
    if path[-1] == "dense_own":
        assert [own.beta for own in last.own] == [first.shared.beta] * 2
    else:
        assert [own.beta for own in last.own] == [own.beta for own in first.own]
    assert _as_form(path[-1], last, 2) is last


def test_the_average_worth_becomes_a_targets_receptivity():
    found = _as_form("rank_one", told("dense").solution, 2)
    assert [own.transfer for own in found.own] == pytest.approx(
        [log(sqrt(0.9 * 0.3)), log(sqrt(0.6 * 0.7))]
    )
    assert found.shared.transfer.tolist() == [0.0, 0.0]


def test_forms_to_choose_from():
    assert _ladder(posed(), None) == ("flat", "rank_one", "dense", "dense_own")
    assert _ladder(posed(), ["dense", "flat"]) == ("flat", "dense")
    assert _ladder(posed(DATA[:, 0], names=["a"]), ["dense"]) == ("flat",)


def choice(*forms):
    """Choose among forms by errors of four folds of a run each, in spreads of the losses."""
    losses = np.array([[1.0], [2.0], [3.0], [4.0]])
    problem = posed(np.arange(1.0, 5.0), losses, names=["a"])
    names = ["flat", "rank_one", "dense", "dense_own"]
    made = {
        name: losses + losses.std() * np.sqrt(np.array(errors))[:, None]
        for name, errors in zip(names, forms, strict=False)
    }
    return _choose(problem, made, np.arange(4))


def test_the_simplest_form_within_a_standard_error_of_the_best_is_chosen():
    """Squared errors by fold; their standard error is that of the difference to the best."""
    best = [1.0, 1.0, 1.0, 1.0]
    # Differences 0, 0, 0, 2: mean .5, standard deviation 1, standard error 1/2.
    assert choice([1.0, 1.0, 1.0, 2.99], best) == "flat"
    # Differences 1, 1, 1, 3: mean 1.5, the same standard error.
    assert choice([2.0, 2.0, 2.0, 4.0], best) == "rank_one"
    # 0, 0, 1, 3: mean 1, standard deviation sqrt 2, standard error .71.
    assert choice([1.0, 1.0, 2.0, 4.0], best) == "rank_one"
    assert choice([2.0, 2.0, 2.0, 2.0], [1.5, 1.5, 1.5, 1.5], best) == "dense"
    assert choice(best, [2.0, 2.0, 2.0, 2.0]) == "flat"


def test_a_form_within_a_twentieth_of_the_best_is_as_good():
    best = [1.0, 1.0, 1.0, 1.0]
    assert choice([1.04, 1.04, 1.04, 1.04], best) == "flat"
    assert choice([1.06, 1.06, 1.06, 1.06], best) == "rank_one"


def test_one_fold_has_no_standard_error():
    losses = np.array([[1.0], [2.0], [3.0], [4.0]])
    problem = posed(np.arange(1.0, 5.0), losses, names=["a"])
    made = {"flat": losses + 1.0, "rank_one": losses + 0.5}
    assert _choose(problem, made, np.zeros(4)) == "rank_one"


def test_everything_about_a_fit_may_be_left_out():
    data, losses = true_losses(runs=8)
    plain, stated = fit(data, losses, forms=["flat"]), fit(
        data, losses, [0, 1], ["community_1", "community_2"], "shared", False, floor=None,
        floor_prior=(0.5, 0.2), unserved=None, forms=("flat",), folds=8, seed=0,
    )  # fmt: skip
    assert plain.constants == stated.constants
    assert plain.split.tolist() == stated.split.tolist()
    assert (
        fit(data, losses, forms=["flat"], folds=4, seed=1).split.tolist() != stated.split.tolist()
    )
