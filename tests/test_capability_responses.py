"""What answers to lost data are worth, by hand: repeating, mixing, buying, generating."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
from pydantic import ValidationError

from sim.capability.repetition import epochs, worth
from sim.capability.responses.base import Response, Situation
from sim.capability.supply import Supply
from sim.capability.surrogate import Surrogate
from sim.capability.transfer import Flat

KINDS = Response.kinds()
FULL = Supply.of([0.5, 0.5])


def situation(data, full=FULL, raw=None, **fields):
    data = np.atleast_2d(data)
    supply = Supply.of(data, raw=data if raw is None else np.atleast_2d(raw))
    return Situation(data, supply, full, full, Surrogate(**{"beta": 0.4, "phi": 0.9, **fields}))


def repeats(times, limit=15.39):
    """Return Muennighoff et al. 2023: 1 + R* (1 - exp(-(times - 1) / R*))."""
    return 1.0 + limit * (1.0 - exp(-(times - 1.0) / limit))


@pytest.mark.parametrize("times", [0.0, 0.3, 0.999, 1.0])
def test_less_than_once_is_that_share(times):
    assert worth(times) == pytest.approx(times)


@pytest.mark.parametrize(("times", "limit"), [(1.5, 15.39), (1.9, 15.39), (2.0, 4.0), (40.0, 4.0)])
def test_repeats_are_worth_less_each_time(times, limit):
    assert worth(times, limit) == pytest.approx(repeats(times, limit), rel=1e-12)
    assert worth(times) == worth(times, 15.39)


def test_how_often_works_are_seen():
    assert epochs(6.0, [2.0, 3.0, 6.0]).tolist() == [3.0, 2.0, 1.0]
    assert epochs(6.0, [12.0, 0.0, 0.5]).tolist() == [1.0, 1.0, 12.0]  # at least once; of nothing
    assert epochs(6.0, [12.0, 60.0], at_least=0.0).tolist() == [0.5, 0.1]
    assert epochs([6.0, 9.0], [[2.0, 3.0]]).tolist() == [[3.0, 3.0]]


def test_everything_is_repeated_alike_or_each_community_for_itself():
    asked = situation([0.1, 0.3])
    alike = KINDS["repeat_uniform"]().apply(asked)
    assert alike[0] == pytest.approx([0.1 * repeats(2.5), 0.3 * repeats(2.5)])
    own = KINDS["repeat_own"]().apply(asked)
    assert own[0] == pytest.approx([0.1 * repeats(5.0), 0.3 * repeats(5.0 / 3.0)])
    assert KINDS["none"]().apply(asked).tolist() == [[0.1, 0.3]]


def test_each_case_is_answered_for_itself():
    both = KINDS["repeat_uniform"]().apply(situation([[0.1, 0.3], [0.25, 0.25]]))
    assert both[0] == pytest.approx([0.1 * repeats(2.5), 0.3 * repeats(2.5)])
    assert both[1] == pytest.approx([0.25 * repeats(2.0)] * 2)


def test_repeats_never_give_more_than_what_is_missing():
    """Works gone but data nearly all there: what is repeated is cut to the whole, in proportion."""
    found = KINDS["repeat_own"]().apply(situation([0.45, 0.4], raw=[0.1, 0.25]))
    grown = np.array([0.45 * repeats(5.0), 0.4 * repeats(2.0)])
    assert found[0] == pytest.approx(grown / grown.sum())
    more = KINDS["repeat_own"]().apply(situation([0.9, 0.6], raw=[0.1, 0.25]))
    assert more.sum() == pytest.approx(1.5)  # who has more than that already keeps it


def test_repeats_count_from_the_epochs_there_are():
    found = situation([0.2, 0.3], epochs=3.0, repetition=5.0).repeated(np.array([[2.0, 1.0]]))
    assert found[0] == pytest.approx([0.2 * repeats(6.0, 5.0) / repeats(3.0, 5.0), 0.3])


def test_a_stated_mix_spends_the_same_works():
    found = KINDS["reweight"](weights=(3.0, 1.0)).apply(situation([0.1, 0.2]))
    once = 1.0 / (3.0 * 0.1 + 1.0 * 0.2)  # 3 e of .1 and e of .2 make 1
    assert found[0] == pytest.approx([0.1 * repeats(3.0 * once), 0.2 * repeats(once)])
    seldom = KINDS["reweight"](weights=(1.0, 0.0)).apply(situation([0.25, 0.5]))
    assert seldom[0] == pytest.approx([0.25 * repeats(4.0), 0.0])


@pytest.mark.parametrize("emphasis", [0.0, 0.5, 1.0, 2.0])
def test_an_emphasis_leans_to_who_lost_most(emphasis):
    found = KINDS["reweight"](emphasis=emphasis).apply(situation([0.1, 0.25]))
    lean = np.array([5.0**emphasis, 2.0**emphasis])
    often = lean / (lean @ [0.1, 0.25])
    assert found[0] == pytest.approx([0.1 * repeats(often[0]), 0.25 * repeats(often[1])])


@pytest.mark.parametrize("weights", [(1.0, 0.0), (1.0, 1.0)])
def test_the_best_emphasis_is_found_by_trying(weights):
    """In each case the one of 0, 1/4, 1/2, 3/4, 1 that loses least overall."""
    fields = {"transfer": Flat(0.0), "weights": weights, "repetition": 2.0}
    asked = situation([[0.05, 0.4], [0.4, 0.1], [0.02, 0.02]], **fields)
    tried = [KINDS["reweight"](emphasis=one) for one in (0.0, 0.25, 0.5, 0.75, 1.0)]
    mixes = np.array([one.apply(asked) for one in tried])
    losses = np.array([
        [asked.surrogate.evaluate(Supply.of(mix), FULL).overall_loss for mix in case]
        for case in mixes
    ])  # fmt: skip
    chosen = KINDS["reweight"]().apply(asked)
    for case in range(3):
        assert chosen[case].tolist() == mixes[losses[:, case].argmin(), case].tolist()


@pytest.mark.parametrize(
    ("emphasis", "fine"), [(0.0, True), (4.0, True), (4.1, False), (-0.1, False)]
)
def test_bounds_of_the_emphasis(emphasis, fine):
    if fine:
        assert KINDS["reweight"](emphasis=emphasis).emphasis == emphasis
    else:
        with pytest.raises(ValidationError, match="emphasis"):
            KINDS["reweight"](emphasis=emphasis)


@pytest.mark.parametrize(
    ("fields", "share", "paid"),
    [
        ({}, 1.0, 0.0),
        ({"price": 10.0}, 1.0, 6.0),
        ({"price": 10.0, "accept": 0.5}, 0.5, 3.0),
        ({"price": 10.0, "budget": 1.5}, 0.25, 1.5),
        ({"price": 10.0, "budget": 1.5, "accept": 0.1}, 0.1, 0.6),
        ({"price": 0.0, "budget": 1.5, "accept": 0.75}, 0.75, 0.0),
        ({"price": 10.0, "budget": 0.0}, 0.0, 0.0),
    ],
)
def test_missing_data_are_bought_as_far_as_money_and_owners_go(fields, share, paid):
    asked, response = situation([0.4, 0.0]), KINDS["license"](**fields)
    assert response.apply(asked)[0] == pytest.approx([0.4 + 0.1 * share, 0.5 * share])
    assert response.cost(asked) == pytest.approx([paid])


def test_nothing_is_sold_back_by_who_has_more_than_before():
    asked = situation([[0.7, 0.1], [0.5, 0.5]])
    response = KINDS["license"](price=10.0, budget=2.0)
    assert response.apply(asked)[0] == pytest.approx([0.7, 0.1 + 0.4 * 0.5])
    assert response.apply(asked)[1].tolist() == [0.5, 0.5]
    assert response.cost(asked) == pytest.approx([2.0, 0.0])


def test_free_answers_cost_nothing():
    assert KINDS["repeat_own"]().cost(situation([[0.1, 0.2], [0.3, 0.1]])).tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("fields", "worth_of_one", "most"),
    [
        ({}, 0.5**1.0, 1.0),
        ({"amount": 0.5}, 0.5**1.0, 0.5),
        ({"quality": 0.25}, 0.25**1.0, 1.0),
        ({"generations": 2}, 0.5 / 1.25, 1.0),
        ({"generations": 3}, 0.5 / (1.0 + 1.0 / 4.0 + 1.0 / 9.0), 1.0),
    ],
)
def test_generated_data_fill_the_gap_by_their_worth(fields, worth_of_one, most):
    """Quality^(gamma / beta), here the first power, less by the sum of 1 / n^2 over generations."""
    found = KINDS["synthetic"](**fields).apply(situation([0.1, 0.45]))
    assert found[0] == pytest.approx([0.1 + worth_of_one * most * 0.1, 0.45 + worth_of_one * 0.05])


def test_quality_counts_by_the_exponent_of_each_community():
    asked = situation([0.1, 0.1], beta=(0.2, 0.8))
    found = KINDS["synthetic"](quality=0.25).apply(asked)
    assert found[0] == pytest.approx([0.1 + 0.1 * 0.25**2, 0.1 + 0.1 * 0.25**0.5])


def test_nothing_is_generated_where_nothing_is_missing():
    assert KINDS["synthetic"]().apply(situation([0.7, 0.5])).tolist() == [[0.7, 0.5]]


@pytest.mark.parametrize(
    ("fields", "share"),
    [({}, 1 / 2), ({"generations": 3}, 1 / 4), ({"generations": 3, "kept": 0.2}, 0.2 + 0.8 / 4)],
)
def test_generated_data_in_the_place_of_real_ones(fields, share):
    found = KINDS["synthetic"](mode="replace", **fields).apply(situation([0.4, 0.2]))
    assert found[0] == pytest.approx([0.4 * share, 0.2 * share])


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"quality": 0.0}, "quality"), ({"quality": 1.01}, "quality"),
        ({"generations": 0}, "generations"), ({"generations": 101}, "generations"),
        ({"kept": 1.1}, "kept"),
    ],
)  # fmt: skip
def test_bounds_of_generated_data(fields, named):
    with pytest.raises(ValidationError, match=named):
        KINDS["synthetic"](**fields)
    KINDS["synthetic"](quality=1.0, generations=100, kept=1.0)
    assert KINDS["synthetic"](generations=1) == KINDS["synthetic"]()
