"""What a fit says: constants, predictions, warnings, scores, intervals, its surrogate, its form."""

from __future__ import annotations

import warnings
from dataclasses import replace
from math import log, sqrt

import numpy as np
import pandas as pd
import pytest

from sim.capability import ExtrapolationWarning, Supply
from sim.capability.fit_result import Fit, r_squared
from sim.capability.fitting import climb
from sim.capability.transfer import Dense, Flat, RankOne
from sim.errors import InputError
from sim.kernels.philox import uniform
from sim.purposes import BOOTSTRAP
from tests.told_fits import DATA, LOSSES, posed, told


@pytest.mark.parametrize(
    ("form", "transfer"),
    [
        ("flat", [[1.0, 0.2], [0.2, 1.0]]),
        ("rank_one", [[1.0, 0.8 * 0.25], [0.4 * 0.5, 1.0]]),
        ("dense", [[1.0, 0.3], [0.6, 1.0]]),
        ("dense_own", [[1.0, 0.3], [0.6, 1.0]]),
    ],
)
def test_constants_by_name(form, transfer):
    found = told(form)
    assert found.form == form
    assert found.transfer == pytest.approx(np.array(transfer))
    own = form == "dense_own"
    betas, starts = ([0.2, 0.5], [0.02, 0.03]) if own else ([0.3, 0.3], [0.01, 0.01])
    assert found.beta == pytest.approx(betas)
    assert found.d0 == pytest.approx(starts)
    each = {"beta.a": 0.2, "d0.a": 0.02, "beta.b": 0.5, "d0.b": 0.03}
    assert found.constants == pytest.approx({
        "rho": 0.65, **(each if own else {"beta": 0.3, "d0": 0.01}),
        "floor.a": 0.4, "size.a": 0.5, "floor.b": 0.8, "size.b": 1.0,
        "transfer.a.b": transfer[0][1], "transfer.b.a": transfer[1][0],
    })  # fmt: skip


def test_a_target_of_nobody_has_a_transfer_from_everybody():
    found = told(problem=posed(own=[1, None]))
    assert found.transfer.tolist() == [pytest.approx([0.2, 1.0]), pytest.approx([0.2, 0.2])]
    assert {name for name in found.constants if name.startswith("transfer.")} == {
        "transfer.b.a", "transfer.target_2.a", "transfer.target_2.b",
    }  # fmt: skip


def by_hand(amounts):
    """Return both losses of the flat fit: E + B (z + d0)^(-beta / rho), 8 the largest corpus."""
    a, b = (amount / 8.0 for amount in amounts)
    here, there = a**0.65 + 0.2 * b**0.65, 0.2 * a**0.65 + b**0.65
    power = -0.3 / 0.65
    return [0.4 + 0.5 * (here + 0.01) ** power, 0.8 + 1.0 * (there + 0.01) ** power]


def test_predictions_by_hand():
    found = told()
    assert found.predict(DATA) == pytest.approx(np.array([by_hand(row) for row in DATA]))
    assert found.predict([2.0, 6.0]).tolist() == [pytest.approx(by_hand((2.0, 6.0)))]


def test_predictions_of_scores_are_scores():
    scores = posed(losses=10.0 - LOSSES, higher_is_better=True)
    found = told(problem=scores)
    assert found.floor == pytest.approx(scores.ceiling - np.array([0.4, 0.8]))
    expected = [[scores.ceiling - loss for loss in by_hand(row)] for row in DATA]
    assert found.predict(DATA) == pytest.approx(np.array(expected))


def test_a_list_of_amounts_of_one_community_is_one_run_each():
    problem = posed(DATA[:, 0], LOSSES[:, 0], names=["a"])
    found = told(problem=problem)
    one = replace(found, solution=replace(found.solution, own=found.solution.own[:1]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExtrapolationWarning)
        assert one.predict([1.0, 2.0, 5.0]).shape == (3, 1)
        assert one.predict([1.0]).shape == (1, 1)


@pytest.mark.parametrize(
    ("asked", "columns"), [([1.0, 2.0, 3.0], 3), (np.ones((2, 3)), 3), (np.ones((2, 1)), 1)]
)
def test_predictions_need_a_column_for_each_community(asked, columns):
    with pytest.raises(InputError) as refusal:
        told().predict(asked)
    assert str(refusal.value) == f"data have {columns} columns and the fit 2 communities"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ([[0.9, 2.0], [5.0, 1.0]], "1 of 2 predictions are for amounts of a outside"),
        ([[3.0, 0.9], [3.0, 6.1]], "2 of 2 predictions are for amounts of b outside"),
        ([[5.1, 6.1]], "1 of 1 predictions are for amounts of a, b outside"),
        ([[1.0, 1.9]], "1 of 1 predictions are for total amounts of data outside"),  # from 3
        ([[3.0, 6.0]], "1 of 1 predictions are for total amounts of data outside"),  # to 8
    ],
)
def test_predictions_outside_the_runs_are_said_to_be(asked, said):
    with pytest.warns(ExtrapolationWarning) as warned:
        told().predict(asked)
    assert str(warned[0].message) == (
        f"{said} the fitted runs: the form is extrapolated there and intervals do not cover that"
    )
    assert warned[0].filename == __file__


@pytest.mark.parametrize("asked", [[5.0, 1.0], [1.0, 1.98], [5.0, 3.0], [2.05, 6.0]])
def test_predictions_at_the_edge_of_the_runs_are_not(asked):
    """A hundredth more or less in total than in any run is no other amount."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isfinite(told().predict(asked)).all()


def test_no_more_than_five_communities_are_told():
    data = np.arange(1.0, 8.0)[:, None] * (1.0 + np.arange(7.0))
    data[0] *= np.arange(1.0, 8.0)
    problem = posed(data, np.arange(7.0), own=[None], names=list("abcdefg"))
    shared = replace(told().solution.shared, transfer=0.0)
    solution = replace(told().solution, shared=shared, own=told().solution.own[:1])
    with pytest.warns(ExtrapolationWarning, match="amounts of a, b, c, d, e outside"):
        Fit(problem, solution, {}, np.zeros(7)).predict(data * 99.0)


def test_scores_of_held_out_runs_by_hand():
    losses, guesses = np.array([[1.0, 0.0], [3.0, 4.0]]), np.array([[1.0, 2.0], [2.0, 2.0]])
    # Squared errors 1 and 8 beside squared deviations from the mean 2 and 8.
    assert r_squared(losses, guesses) == pytest.approx(((1.0 - 0.5) + (1.0 - 1.0)) / 2.0)
    found = told()
    table = found.table
    deviations = ((LOSSES - LOSSES.mean(axis=0)) ** 2).sum(axis=0)
    expected = np.mean(1.0 - 6.0 * 0.25 / deviations)
    assert found.cv_score == pytest.approx(expected)
    assert table.loc["flat", "r2"] == pytest.approx(expected)
    assert table.loc["flat", "rmse"] == pytest.approx(0.5)
    assert table.index.name == "form"


def test_rivals_stand_beside_the_fit_on_its_own_splits():
    table = told().rivals()
    assert list(table.index) == [
        "surrogate",
        "pooled",
        "own",
        "linear",
        "log_linear",
        "exponential",
    ]
    assert table.loc["surrogate", "rmse"] == pytest.approx(0.5)


class Redrawn(Fit):
    """A fit that says beforehand what its refits find."""

    def resampled(self, draws, seed=0):
        moved = []
        for draw in range(draws):
            share = uniform(seed, 1, draw, 0, 0)
            shared = replace(self.solution.shared, start=log(share + 1e-3))
            moved.append(replace(self, solution=replace(self.solution, shared=shared)))
        return moved


def test_intervals_hold_the_middle_of_the_refits():
    plain = told()
    found = Redrawn(plain.problem, plain.solution, plain.held_out, plain.split)

    def expected(draws, level, seed):
        shares = [uniform(seed, 1, draw, 0, 0) + 1e-3 for draw in range(draws)]
        return np.quantile(shares, [0.5 - level / 2.0, 0.5 + level / 2.0])

    table = found.intervals(draws=30, level=0.5, seed=3)
    assert table.loc["d0", ["low", "high"]].to_numpy() == pytest.approx(expected(30, 0.5, 3))
    assert table.loc["d0", "value"] == pytest.approx(0.01)
    assert table.loc["rho", ["low", "value", "high"]].to_numpy() == pytest.approx([0.65] * 3)
    assert found.intervals().loc["d0", ["low", "high"]].to_numpy() == pytest.approx(
        expected(100, 0.9, 0)
    )


def test_refits_see_mixtures_drawn_with_replacement():
    """Five mixtures, as two runs have the same one, and the draws that pick them."""
    problem = posed()
    plain = told(problem=problem)
    found = plain.resampled(2, seed=5)
    assert len(found) == 2
    for draw, one in enumerate(found):
        picked = [int(5 * uniform(5, BOOTSTRAP, draw + 1, i, 0)) for i in range(5)]
        runs = np.concatenate([np.flatnonzero(problem.groups == mixture) for mixture in picked])
        expected = climb(problem, ["flat"], runs, plain.solution)["flat"]
        assert one.constants == Fit(problem, expected, {}, plain.split).constants
    assert plain.resampled(1)[0].constants == plain.resampled(1, seed=0)[0].constants


FULL = np.array([2.0, 6.0])
"""The largest run."""


@pytest.mark.parametrize(
    ("form", "transfer"),
    [
        ("flat", Flat(0.2)),
        ("rank_one", RankOne([0.8, 0.4], [0.5, 0.25])),
        ("dense", Dense([[1.0, 0.3], [0.6, 1.0]])),
        ("dense_own", Dense([[1.0, 0.3], [0.6, 1.0]])),
    ],
)
def test_surrogate_of_told_constants(form, transfer):
    found = told(form)
    surrogate = found.surrogate()
    assert type(surrogate.transfer) is type(transfer)
    assert surrogate.transfer.matrix(2) == pytest.approx(transfer.matrix(2))
    assert surrogate.rho == pytest.approx(0.65)
    assert surrogate.beta == pytest.approx((0.2, 0.5) if form == "dense_own" else 0.3)
    reach = found.transfer @ (FULL / 8.0) ** 0.65
    assert surrogate.d0 == pytest.approx(tuple(found.d0 / reach))
    full = found.predict(FULL)[0]
    assert surrogate.full_loss == pytest.approx(tuple(full))
    assert surrogate.phi == pytest.approx(tuple(np.array([0.4, 0.8]) / full))
    assert (surrogate.unit, surrogate.weights) == ("of the runs", None)
    here = surrogate.evaluate(Supply.of(DATA), Supply.of(FULL)).loss_in_units
    assert here == pytest.approx(found.predict(DATA))


def test_surrogate_of_another_full_corpus():
    found = told()
    surrogate = found.surrogate([5.0, 1.0], unit="nats")
    assert surrogate.full_loss == pytest.approx(tuple(by_hand((5.0, 1.0))))
    assert surrogate.unit == "nats"
    with pytest.raises(InputError) as refusal:
        found.surrogate([1.0, 2.0, 3.0])
    assert str(refusal.value) == (
        "the full corpus has 3 values and the fit 2 communities: give one for each"
    )


def of_three(form="flat"):
    """Return a fit of targets of communities c and a, of three; the largest run is 1, 2, 5."""
    data = np.array([[1.0, 2.0, 5.0], [1.0, 1.0, 1.0], [2.0, 1.0, 0.5], [3.0, 0.0, 1.0]])
    problem = posed(data, LOSSES[:4], own=["c", "a"], names=["a", "b", "c"])
    plain = told(form)
    solution = plain.solution
    if form == "dense_own":
        worth = np.log([[0.9, 0.3, 0.5], [0.6, 0.7, 0.2]])
        own = [replace(one, transfer=row) for one, row in zip(solution.own, worth, strict=True)]
        solution = replace(solution, own=tuple(own))
    elif form == "rank_one":
        shared = replace(solution.shared, transfer=np.log([0.5, 0.25, 0.75]))
        solution = replace(solution, shared=shared)
    return Fit(problem, solution, {}, np.arange(4))


def test_who_has_no_target_weighs_nothing_and_gets_what_is_usual():
    surrogate = of_three("dense_own").surrogate()
    assert surrogate.weights == pytest.approx((1 / 8, 0.0, 5 / 8))
    assert surrogate.beta == pytest.approx((0.5, 0.35, 0.2))  # the middle between
    matrix = surrogate.transfer.matrix(3)
    assert matrix[2] == pytest.approx([0.9, 0.3, 1.0])
    assert matrix[0] == pytest.approx([1.0, 0.7, 0.2])
    usual = np.median([0.9, 0.3, 1.0, 1.0, 0.7, 0.2])
    assert matrix[1] == pytest.approx([usual, 1.0, usual])
    between = of_three("rank_one").surrogate().transfer
    assert between.receptivity == pytest.approx((0.4, sqrt(0.8 * 0.4), 0.8))
    assert between.generality == pytest.approx((0.5, 0.25, 0.75))


@pytest.mark.parametrize("own", [[0, 0], [0, None]])
def test_a_surrogate_needs_a_community_for_each_target(own):
    with pytest.raises(InputError) as refusal:
        told(problem=posed(own=own)).surrogate()
    assert str(refusal.value) == (
        "a surrogate needs for every target a community of its own: give `own`, each community "
        "at most once"
    )


def test_constants_have_the_names_of_the_columns():
    table = pd.DataFrame(LOSSES, columns=["x", "y"])
    assert set(told(problem=posed(losses=table)).constants) > {"floor.x", "size.y"}
