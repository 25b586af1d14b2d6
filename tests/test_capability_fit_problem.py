"""Runs before they are fitted: turned, scaled, matched with communities, split, refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.capability.fit_problem import pose, uniforms
from sim.errors import InputError
from sim.kernels.philox import uniform
from sim.purposes import BOOTSTRAP

DATA = np.array([[4.0, 0.0], [1.0, 3.0], [2.0, 6.0], [5.0, 1.0], [0.0, 2.0]])
"""Amounts of two communities in five runs; the largest run has 8."""
LOSSES = np.array([[1.0, 3.0], [2.0, 2.0], [1.5, 1.0], [0.5, 2.5], [4.0, 5.0]])


def posed(data=DATA, losses=LOSSES, **changes):
    stated = {
        "own": None, "names": None, "mode": "shared", "higher_is_better": False, "floor": None,
        "floor_prior": (0.5, 0.2), "unserved": None,
    }  # fmt: skip
    return pose(data, losses, **{**stated, **changes})


def test_data_count_in_units_of_the_largest_run_and_losses_stay():
    problem = posed()
    assert problem.unit == 8.0
    assert problem.data.tolist() == (DATA / 8.0).tolist()
    assert problem.losses.tolist() == LOSSES.tolist()
    assert problem.shown(problem.losses).tolist() == LOSSES.tolist()
    assert (problem.ceiling, problem.unserved, problem.floor) == (None, None, (None, None))


def test_one_column_may_be_a_plain_list():
    problem = posed([1.0, 2.0, 4.0, 3.0], [4.0, 3.0, 1.0, 2.0])
    assert problem.data.tolist() == [[0.25], [0.5], [1.0], [0.75]]
    assert problem.losses.tolist() == [[4.0], [3.0], [1.0], [2.0]]


@pytest.mark.parametrize(
    ("scores", "best"),
    [
        ([0.0, 0.25, 0.5, 1.0, 0.75], 1.0),  # shares: nobody does better than all
        ([0.2, 0.25, 0.5, 0.9, 0.75], 1.0),
        ([0.0, 20.0, 50.0, 90.0, 75.0], 180.0),  # else as far above as they reach
        ([-1.0, 0.25, 0.5, 1.0, 0.75], 3.0),
    ],
)
def test_scores_are_turned_at_the_best_there_could_be(scores, best):
    problem = posed(losses=scores, higher_is_better=True, floor=0.5, unserved=0.125)
    assert problem.ceiling == best
    assert problem.losses[:, 0].tolist() == [best - score for score in scores]
    assert problem.shown(problem.losses)[:, 0] == pytest.approx(scores, abs=1e-12)
    assert problem.floor == (best - 0.5,)
    assert problem.unserved == best - 0.125


def test_floors_are_stated_once_or_for_each_target():
    assert posed(floor=0.25).floor == (0.25, 0.25)
    assert posed(floor=[0.25, 0.125]).floor == (0.25, 0.125)
    assert posed(unserved=7.0).unserved == 7.0


def test_targets_are_matched_with_communities():
    by_position = posed()
    assert by_position.own == (0, 1)
    assert by_position.names == by_position.targets == ("community_1", "community_2")
    assert posed(losses=LOSSES[:, 0]).own == (None,)
    assert posed(losses=LOSSES[:, 0]).targets == ("target_1",)
    stated = posed(own=["b", None], names=["a", "b"])
    assert stated.own == (1, None)
    assert stated.targets == ("b", "target_2")
    assert posed(own=[1, 0]).own == (1, 0)


def test_columns_of_tables_name_communities_and_targets():
    data, losses = pd.DataFrame(DATA, columns=["a", "b"]), pd.DataFrame(LOSSES, columns=["x", "y"])
    assert posed(data).names == ("a", "b")
    assert posed(data, names=["c", "d"]).names == ("c", "d")
    assert posed(data, losses).targets == ("x", "y")


def test_a_target_says_what_is_known_of_it():
    problem = posed(floor=[0.25, 0.5], floor_prior=(0.4, 0.1), unserved=9.0)
    first, second = problem.target_list(np.array([0.1, 0.2]))
    assert first.loss.tolist() == LOSSES[:, 0].tolist()
    assert (first.scale, second.scale) == (0.1, 0.2)
    assert (first.own, second.own) == (0, 1)
    assert (first.floor, second.floor) == (0.25, 0.5)
    assert first.floor_prior == pytest.approx((0.4 * 0.5, 0.1 * 0.5))  # of the lowest loss, .5
    assert second.floor_prior == pytest.approx((0.4, 0.1))  # of 1
    assert np.exp([first.spread, second.spread]) == pytest.approx(LOSSES.std(axis=0))
    assert first.unserved == 9.0
    assert np.exp(first.log_data[1]) == pytest.approx([1 / 8, 3 / 8])
    assert first.log_data[0, 1] == 0.0  # of no data
    assert first.served.tolist() == [1.0] * 5


def test_the_floors_prior_has_a_width_where_losses_reach_nothing():
    losses = LOSSES - LOSSES.min(axis=0)
    assert [target.floor_prior[1] > 0.0 for target in posed(losses=losses).target_list([1, 1])] == [
        True,
        True,
    ]


def test_targets_of_other_data_have_no_losses():
    problem = posed()
    for target in problem.target_list(np.ones(2), DATA[:3] / 16.0):
        assert target.data.tolist() == (DATA[:3] / 16.0).tolist()
        assert target.loss.tolist() == [0.0, 0.0, 0.0]


def test_who_keeps_its_data_is_served():
    own, nobodys = posed(mode="recommender", own=[1, None]).target_list(np.ones(2))
    assert own.served == pytest.approx([0.0, 0.5, 1.0, 1 / 6, 1 / 3])  # of 6 at most
    assert nobodys.served == pytest.approx([0.5, 0.5, 1.0, 0.75, 0.25])  # of 8 at most
    more = posed(mode="recommender").target_list(np.ones(2), np.array([[2.0, 0.375]]))
    assert [target.served.tolist() for target in more] == [[1.0], [0.5]]


def test_part_of_a_target_has_the_same_runs_in_everything():
    problem = posed(mode="recommender")
    target = problem.target_list(np.ones(2))[0]
    part = target.part(np.array([3, 1]))
    for name in ("data", "log_data", "loss", "served"):
        assert getattr(part, name).tolist() == getattr(target, name)[[3, 1]].tolist()


@pytest.mark.parametrize(("amounts", "folds"), [(4, 4), (30, 30), (31, 10), (100, 10), (101, 5)])
def test_how_many_folds_there_are_unless_stated(amounts, folds):
    """One for each mixture up to 30, ten up to 100, then five; as even as can be."""
    sizes = np.arange(1.0, amounts + 1.0)
    found = posed(sizes, sizes).folds(None, 0)
    counts = np.bincount(found)
    assert counts.size == folds
    assert counts.max() - counts.min() <= 1


@pytest.mark.parametrize(("asked", "folds"), [(1, 1), (3, 3), (5, 5), (9, 5)])
def test_no_more_folds_than_mixtures(asked, folds):
    sizes = np.arange(1.0, 6.0)
    assert np.unique(posed(sizes, sizes).folds(asked, 0)).tolist() == list(range(folds))


def test_folds_are_dealt_in_the_order_of_keyed_draws():
    sizes = np.arange(1.0, 12.0)
    draws = [uniform(6, BOOTSTRAP, 0, mixture, 0) for mixture in range(11)]
    order = sorted(range(11), key=draws.__getitem__)
    expected = [order.index(mixture) % 4 for mixture in range(11)]
    assert posed(sizes, sizes).folds(4, 6).tolist() == expected


@pytest.mark.parametrize("count", [1, 4, 5, 10])
def test_draws_are_addressed_by_seed_step_and_number(count):
    assert uniforms(count, 9, 3).tolist() == [uniform(9, BOOTSTRAP, 3, i, 0) for i in range(count)]


def test_runs_of_the_same_proportions_are_one_mixture():
    data = [[1.0, 3.0], [2.0, 2.0], [2.0, 6.0], [1.0, 2.0], [0.5, 0.5], [100.0, 300.0]]
    groups = posed(data, np.arange(12.0).reshape(6, 2)).groups
    alike = [[a == b for a in groups] for b in groups]
    shares = [round(a / (a + b), 3) for a, b in data]
    assert alike == [[a == b for a in shares] for b in shares]
    nearly = [[1.0, 3.0], [1.0, 3.0 + 1e-7], [1.0, 3.0 + 1e-4], [2.0, 1.0]]
    assert len(set(posed(nearly, np.arange(4.0)).groups)) == 3  # told apart from a millionth on


def test_of_one_community_equal_amounts_are_one_mixture():
    assert posed([4.0, 2.0, 4.0, 1.0, 3.0], [1.0, 2.0, 1.5, 3.0, 2.0]).groups.tolist() == [
        3, 1, 3, 0, 2,
    ]  # fmt: skip


FOUR = [[1.0, 2.0], [2.0, 1.0], [3.0, 1.0], [4.0, 0.5]]
RISING = np.arange(8.0).reshape(4, 2)


def test_four_different_amounts_are_enough():
    assert len(posed(FOUR, RISING).data) == 4


@pytest.mark.parametrize(
    ("data", "losses", "changes", "said"),
    [
        (FOUR, [["a"]] * 4, {}, "losses must be numbers, one row for each run: "),
        ([FOUR], RISING, {}, "data must be a table with one row for each run, not (1, 4, 2)"),
        ([], RISING, {}, "data must be a table with one row for each run, not (0, 1)"),
        (
            [*FOUR, [1.0, np.inf]], RISING, {},
            "data has no finite number in run 5, column 2: leave that run out or fill it in",
        ),
        (
            FOUR, [[1.0], [2.0], [np.nan], [3.0]], {},
            "losses has no finite number in run 3, column 1: leave that run out or fill it in",
        ),
        (
            FOUR, RISING[:3], {},
            "data have 4 runs and losses 3: give one row of each for every run",
        ),
        (
            [[1.0, -0.5], *FOUR[1:]], RISING, {},
            "data must not be negative: they are amounts by community",
        ),
        ([*FOUR[:3], [0.0, 0.0]], RISING, {}, "run 4 has no data at all: leave it out"),
        (
            [*FOUR[:3], FOUR[0]], RISING, {},
            "fewer than four different amounts of data: add runs",
        ),
        (
            FOUR, [[1.0, 2.0], [2.0, 2.0], [3.0, 2.0], [4.0, 2.0]], {},
            "target 2 is the same in every run: leave it out",
        ),
        (FOUR, RISING, {"mode": "best"}, "unknown mode 'best'; known: shared, recommender"),
        (FOUR, RISING, {"names": ["a"]}, "1 names for 2 communities: give one for each"),
        (FOUR, RISING, {"own": [0]}, "own has 1 entries for 2 targets: give one for each"),
        (
            FOUR, RISING, {"own": ["c", 0], "names": ["a", "b"]},
            "own names 'c', which is not among a, b",
        ),
        (FOUR, RISING, {"own": [0, 2]}, "own is 2: give a number from 0 to 1 or None"),
        (FOUR, RISING, {"own": [-1, 0]}, "own is -1: give a number from 0 to 1 or None"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(data, losses, changes, said):
    with pytest.raises(InputError) as refusal:
        posed(data, losses, **changes)
    told = str(refusal.value)
    assert told == said or (said.endswith(": ") and told.startswith(said))
