"""Laws that every surrogate obeys, whatever its constants."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pydantic import ValidationError

from sim.capability.repetition import worth
from sim.capability.responses.base import Response
from sim.capability.supply import Supply
from sim.capability.surrogate import Floor, Surrogate
from sim.capability.transfer import Dense, Flat, FromSimilarity, Override, RankOne
from sim.errors import InputError

RESPONSES = ("none", "repeat_uniform", "repeat_own", "reweight", "license", "synthetic")
SHARES = st.floats(0.0, 1.0)
# Sums over communities are rounded in another order after relabelling.
ROUNDING = 1e-9


@st.composite
def transfers(draw, communities):
    values = st.lists(st.floats(0.0, 1.5), min_size=communities, max_size=communities)
    kind = draw(st.sampled_from(["flat", "rank_one", "dense"]))
    if kind == "flat":
        return Flat(draw(st.floats(0.0, 1.0)))
    if kind == "rank_one":
        return RankOne(
            draw(st.lists(st.floats(0.0, 1.0), min_size=communities, max_size=communities)),
            draw(st.lists(st.floats(0.0, 1.0), min_size=communities, max_size=communities)),
        )
    rows = [draw(values) for _ in range(communities)]
    for i, row in enumerate(rows):
        row[i] = 1.0
    return Dense(rows)


@st.composite
def worlds(draw):
    communities = draw(st.integers(1, 5))
    live = draw(arrays(np.float64, communities, elements=st.floats(0.05, 1.0)))
    surrogate = Surrogate(
        beta=draw(st.floats(0.05, 1.0)),
        phi=draw(st.floats(0.0, 0.98)),
        rho=draw(st.floats(0.3, 1.0)),
        transfer=draw(transfers(communities)),
        d0=draw(st.sampled_from([0.0, 0.01])),
    )
    return surrogate, Supply.of(live / live.sum())


@st.composite
def strikes(draw):
    surrogate, full = draw(worlds())
    kept = draw(arrays(np.float64, full.live.size, elements=st.floats(0.05, 1.0)))
    return surrogate, full, kept


@given(worlds(), st.sampled_from(RESPONSES))
def test_no_action_is_exactly_the_full_loss(world, response):
    surrogate, full = world
    outcome = surrogate.evaluate(full, full, response)
    assert (outcome.loss == 1.0).all()
    assert (outcome.rollback == 1.0).all()
    assert outcome.overall_loss == 1.0
    assert outcome.overall_rollback == 1.0
    assert outcome.cost == 0.0


@given(strikes(), st.randoms(use_true_random=False), st.sampled_from(RESPONSES))
def test_relabelling_communities_changes_nothing(strike, random, response):
    surrogate, full, kept = strike
    order = list(range(kept.size))
    random.shuffle(order)
    rows = surrogate.transfer.matrix(kept.size)[np.ix_(order, order)]
    relabelled = surrogate.replace(transfer=Dense(rows.tolist()))
    before = surrogate.evaluate(Supply.of(full.live * kept), full, response)
    after = relabelled.evaluate(
        Supply.of((full.live * kept)[order]), Supply.of(full.live[order]), response
    )
    assert after.loss == pytest.approx(before.loss[order], rel=ROUNDING)
    assert after.overall_loss == pytest.approx(before.overall_loss, rel=ROUNDING)


@given(strikes(), st.integers(0, 4), st.floats(0.0, 0.9))
def test_less_data_never_helps(strike, place, less):
    surrogate, full, kept = strike
    further = kept.copy()
    further[place % kept.size] *= less
    outcome = surrogate.evaluate(Supply.of(np.array([full.live * kept, full.live * further])), full)
    assert (outcome.loss[1] >= outcome.loss[0] - 1e-12).all()


@given(strikes())
def test_a_group_does_at_least_the_sum_of_its_members_alone(strike):
    """Power laws of sums are convex: with response none, T >= 0, and any usage weights."""
    surrogate, full, kept = strike
    together = surrogate.evaluate(Supply.of(full.live * kept), full)
    alone = full.live * np.where(np.eye(kept.size, dtype=bool), kept, 1.0)
    apart = surrogate.evaluate(Supply.of(alone), full)
    assert together.loss_change >= apart.loss_change.sum() - 1e-9 * together.overall_loss
    assert (together.loss - 1.0 >= (apart.loss - 1.0).sum(axis=0) - 1e-9 * together.loss).all()


@given(strikes(), SHARES)
def test_without_transfer_only_own_data_count(strike, share):
    surrogate, full, kept = strike
    alone = surrogate.replace(transfer=Flat(0.0))
    changed = kept.copy()
    changed[1:] *= share
    losses = [alone.evaluate(Supply.of(full.live * left), full).loss[0] for left in (kept, changed)]
    assert losses[0] == losses[1]


@given(strikes())
def test_full_linear_transfer_pools_everything(strike):
    surrogate, full, kept = strike
    pooled = surrogate.replace(transfer=Flat(1.0), rho=1.0, d0=0.0)
    outcome = pooled.evaluate(Supply.of(full.live * kept), full)
    share = (full.live * kept).sum() / full.live.sum()
    assert outcome.rollback == pytest.approx(share, rel=1e-12)


@given(worlds(), st.floats(0.05, 1.0), st.floats(1e-3, 1e3))
def test_units_do_not_matter(world, kept, unit):
    surrogate, full = world
    here = surrogate.evaluate(Supply.of(full.live * kept), full)
    there = surrogate.evaluate(Supply.of(full.live * kept * unit), Supply.of(full.live * unit))
    assert there.loss == pytest.approx(here.loss, rel=1e-9)


@given(st.integers(1, 8), st.floats(0.05, 1.0), st.sampled_from([0.0, 0.03]))
def test_telling_communities_apart_does_not_change_a_random_strike(communities, kept, d0):
    surrogate = Surrogate(beta=0.3, phi=0.9, d0=d0)
    full = Supply.of(np.full(communities, 1.0 / communities))
    outcome = surrogate.evaluate(Supply.of(full.live * kept), full)
    one = surrogate.evaluate(Supply.of([kept]), Supply.of([1.0]))
    assert outcome.overall_loss == pytest.approx(float(one.overall_loss), rel=1e-12)


@given(strikes())
def test_overall_rollback_has_the_overall_loss(strike):
    surrogate, full, kept = strike
    outcome = surrogate.evaluate(Supply.of(full.live * kept), full)
    x = float(outcome.overall_rollback)
    expected = surrogate.phi + (1.0 - surrogate.phi) * x**-surrogate.beta
    assert outcome.overall_loss == pytest.approx(expected, rel=1e-9)


@given(strikes())
def test_many_cases_at_once_equal_one_at_a_time(strike):
    surrogate, full, kept = strike
    cases = np.array([full.live, full.live * kept, full.live * kept**2])
    together = surrogate.evaluate(Supply.of(cases), full, "reweight")
    for number, live in enumerate(cases):
        single = surrogate.evaluate(Supply.of(live), full, "reweight")
        assert (together.loss[number] == single.loss).all()
        assert together.overall_loss[number] == single.overall_loss


@given(strikes())
def test_repeating_never_hurts_and_reweighting_is_at_least_as_good(strike):
    surrogate, full, kept = strike
    supply = Supply.of(full.live * kept)
    losses = {
        response: float(surrogate.evaluate(supply, full, response).overall_loss)
        for response in ("none", "repeat_uniform", "repeat_own", "reweight")
    }
    best = float(surrogate.best_response(supply, full).overall_loss)
    assert losses["repeat_uniform"] <= losses["none"] + ROUNDING
    assert losses["repeat_own"] <= losses["none"] + ROUNDING
    assert best == losses["reweight"] <= min(losses.values()) + ROUNDING


@given(st.floats(0.05, 1.0), st.floats(0.05, 1.0), st.sampled_from(RESPONSES[1:4]))
def test_repeats_never_beat_having_everything(data, works, response):
    """Where large portfolios leave, more works are gone than data: nothing is won by that."""
    outcome = Surrogate(0.4, 0.9).evaluate(
        Supply.of([data], raw=[works]), Supply.of([1.0]), response
    )
    assert outcome.overall_loss >= 1.0 - ROUNDING


def test_what_can_be_repeated_is_what_is_missing_at_the_round():
    surrogate, full, now = Surrogate(0.4, 0.9), Supply.of([1.0]), Supply.of([2.0])

    def data(response, **options):
        outcome = surrogate.evaluate(Supply.of([1.8]), full, response, **options)
        return float(outcome.overall_rollback)

    assert data("repeat_uniform") == data("none") == pytest.approx(1.8)
    assert data("repeat_uniform", available=now) == pytest.approx(
        1.8 * float(worth(2.0 / 1.8)), rel=1e-12
    )
    assert data("none", available=now) == data("none")


def test_licensing_everything_undoes_the_strike_at_its_price():
    surrogate, full = Surrogate(0.4, 0.9), Supply.of([0.5, 0.5])
    kinds = Response.kinds()
    half = Supply.of([0.5, 0.0])
    bought = surrogate.evaluate(half, full, kinds["license"](price=10.0))
    assert bought.overall_loss == 1.0
    assert bought.cost == pytest.approx(5.0)
    poor = surrogate.evaluate(half, full, kinds["license"](price=10.0, budget=2.0))
    assert poor.cost == pytest.approx(2.0)
    assert 1.0 < poor.overall_loss < surrogate.evaluate(half, full).overall_loss


def test_synthetic_data_are_bounded_by_real_ones_and_collapse_when_they_replace_them():
    surrogate, full = Surrogate(0.4, 0.9), Supply.of([0.5, 0.5])
    synthetic = Response.kinds()["synthetic"]
    strike = Supply.of([0.1, 0.1])
    none = float(surrogate.evaluate(strike, full).overall_loss)

    def loss(**fields):
        return float(surrogate.evaluate(strike, full, synthetic(**fields)).overall_loss)

    assert 1.0 < loss(amount=1.0) < none
    assert loss(amount=1.0, quality=1.0) == pytest.approx(
        float(surrogate.evaluate(Supply.of([0.2, 0.2]), full).overall_loss)
    )
    accumulated = [loss(generations=n) for n in (1, 2, 5, 50)]
    replaced = [loss(mode="replace", generations=n) for n in (1, 2, 5, 50)]
    assert accumulated == sorted(accumulated)
    assert accumulated[-1] < none < replaced[0] < replaced[1] < replaced[2] < replaced[3]
    # After n generations the excess error is that of 1 / (n + 1) of the data.
    third = Supply.of([0.1 / 3.0, 0.1 / 3.0])
    assert replaced[1] == pytest.approx(float(surrogate.evaluate(third, full).overall_loss))
    assert loss(mode="replace", kept=1.0) == pytest.approx(none)


def test_reweighting_by_hand_keeps_the_budget():
    surrogate, full = Surrogate(0.4, 0.9, epochs=3.0), Supply.of([0.5, 0.5])
    reweight = Response.kinds()["reweight"]
    even = surrogate.evaluate(Supply.of([0.3, 0.3]), full, reweight(weights=(1.0, 1.0)))
    uniform = surrogate.evaluate(Supply.of([0.3, 0.3]), full, "repeat_uniform")
    assert even.overall_loss == pytest.approx(float(uniform.overall_loss), rel=1e-12)
    lean = surrogate.evaluate(Supply.of([0.3, 0.3]), full, reweight(weights=(3.0, 1.0)))
    assert lean.loss[0] < uniform.loss[0] < lean.loss[1]
    with pytest.raises(InputError, match="3 weights and there are 2"):
        surrogate.evaluate(full, full, reweight(weights=(1.0, 1.0, 1.0)))


def test_overrides_by_name_and_number():
    names = ("artists", "coders", "writers")
    flat = Flat(0.1, [Override("artists", "writers", 0.9), Override(1, 0, 0.0)])
    rows = flat.matrix(3, names)
    assert rows.tolist() == [[1.0, 0.1, 0.9], [0.0, 1.0, 0.1], [0.1, 0.1, 1.0]]
    full = Supply.of([0.2, 0.3, 0.5])
    strike = Supply.of([0.2, 0.3, 0.0])
    sparse = Surrogate(0.4, 0.9, transfer=flat, communities=names).evaluate(strike, full)
    dense = Surrogate(0.4, 0.9, transfer=Dense(rows.tolist())).evaluate(strike, full)
    assert sparse.loss == pytest.approx(dense.loss, rel=1e-12)
    with pytest.raises(InputError, match="'artists', which is not among"):
        Surrogate(0.4, 0.9, transfer=flat).evaluate(strike, full)


def test_transfer_from_similarity():
    rows = FromSimilarity([[1.0, 0.25], [0.5, 1.0]], scale=0.8, power=2.0).matrix(2)
    assert rows.tolist() == [[1.0, 0.05], [0.2, 1.0]]


def test_diffuse_poison_dilutes():
    surrogate, full = Surrogate(0.4, 0.0, transfer=Flat(0.0)), Supply.of([0.5, 0.5])
    outcome = surrogate.evaluate(Supply.of([0.5, 0.0], poison=[0.25, 0.1]), full)
    assert outcome.rollback[0] == pytest.approx(1.0 / (1.0 + 0.2 * 0.5))
    assert outcome.rollback[1] == 0.0


def test_everything_gone_is_infinite_without_a_start_and_finite_with_one():
    full, gone = Supply.of([0.5, 0.5]), Supply.of([0.0, 0.0])
    assert Surrogate(0.4, 0.9).evaluate(gone, full).overall_loss == math.inf
    outcome = Surrogate(0.4, 0.9, d0=0.01).evaluate(gone, full)
    assert outcome.loss == pytest.approx(0.9 + 0.1 * (0.01 / 1.01) ** (-0.4 / 0.65))


def test_legacy_cannot_be_withdrawn():
    full = Supply.of([0.4, 0.4], legacy=[0.1, 0.1])
    outcome = Surrogate(0.4, 0.9).evaluate(Supply.of([0.0, 0.0], legacy=[0.1, 0.1]), full)
    assert outcome.overall_rollback == pytest.approx(0.2)


def test_who_is_not_served_falls_back_to_the_floor():
    floor = Floor(2.0, "unpersonalised", "made up")
    surrogate = Surrogate(0.4, 0.9, mode="recommender", floor=floor)
    full = Supply.of([0.5, 0.5])
    outcome = surrogate.evaluate(full, full, unserved=[0.5, 0.0])
    assert outcome.loss.tolist() == [1.5, 1.0]
    assert outcome.overall_rollback == 1.0
    assert outcome.capability.tolist() == [0.5, 1.0]
    assert outcome.leverage_power == pytest.approx(0.25)


def test_leverage_power_without_a_floor_is_refused_with_a_reason():
    full = Supply.of([1.0])
    outcome = Surrogate(0.4, 0.9).evaluate(full, full)
    with pytest.raises(InputError, match="states no floor"):
        _ = outcome.leverage_power
    assert math.isnan(float(outcome.overall_capability))


def test_months_of_delay():
    surrogate, full = Surrogate(0.4, 0.9), Supply.of([1.0])
    outcome = surrogate.evaluate(Supply.of([0.25]), full)
    assert outcome.months_of_delay(data_growth=2.0).data == pytest.approx(24.0)
    assert math.isnan(float(outcome.months_of_delay().compute))
    with pytest.raises(InputError, match="growth factors"):
        outcome.months_of_delay(compute_growth=1.0)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"beta": (0.3, 0.4), "phi": (0.1, 0.2, 0.3)}, "same number of communities"),
        ({"phi": 1.0}, "below 1"),
        ({"rho": 0.0}, "above 0"),
        ({"weights": (0.0, 0.0)}, "must not all be 0"),
        ({"mode": "recommender"}, "needs a floor"),
        ({"transfer": {"kind": "flatt"}}, "did you mean 'flat'"),
        ({"transfer": {"kind": "dense", "rows": [[1.0, 0.2]]}}, "as many columns as rows"),
        ({"transfer": {"kind": "dense", "rows": [[0.5]]}}, "1 on the diagonal"),
    ],
)
def test_bad_constants_are_named(fields, said):
    with pytest.raises(ValidationError, match=said):
        Surrogate(**{"beta": 0.3, "phi": 0.9, **fields})


def test_wrong_sizes_are_named():
    full = Supply.of([0.5, 0.5])
    with pytest.raises(InputError, match="one value for each community"):
        Surrogate(0.3, 0.9).evaluate(Supply.of([1.0]), full)
    with pytest.raises(InputError, match="phi has 3 values and there are 2"):
        Surrogate(0.3, (0.9, 0.8, 0.7)).evaluate(full, full)
    with pytest.raises(InputError, match="dense transfer is for 1 communities"):
        Surrogate(0.3, 0.9, transfer=Dense([[1.0]])).evaluate(full, full)


def test_saved_and_loaded_without_loss():
    surrogate = Surrogate((0.3, 0.4), 0.9, transfer=Flat(0.1, [Override("a", "b", 0.5)]))
    assert Surrogate.model_validate(surrogate.to_data()) == surrogate
