"""The law that is fitted, by hand; what the search for its constants minimises, by brute force."""

from __future__ import annotations

from dataclasses import replace
from math import exp, log, sqrt

import numpy as np
import pytest
from scipy.optimize import minimize

from sim.capability.fit_forms import (
    BETA,
    FORMS,
    RHO,
    Own,
    Shared,
    Target,
    powers,
    predict,
    slope,
    to_logit,
    transfers,
    within,
)
from sim.capability.fit_solver import Solution, _errors, _robust, _Search, ordinary_errors, solve

DATA = np.array([
    [0.5, 0.25, 0.0], [0.2, 0.1, 0.7], [0.05, 0.4, 0.3], [0.3, 0.3, 0.4], [0.1, 0.05, 0.2],
    [0.6, 0.1, 0.1], [0.02, 0.5, 0.02], [0.25, 0.0, 0.1],
])  # fmt: skip


def target(own=1, loss=None, **changes):
    fields = {
        "data": DATA, "log_data": np.log(np.where(DATA > 0.0, DATA, 1.0)),
        "loss": np.zeros(len(DATA)) if loss is None else loss, "own": own,
        "served": np.ones(len(DATA)), "scale": 1.0, "floor": None, "floor_prior": (0.5, 0.2),
        "spread": -1.0,
    }  # fmt: skip
    return Target(**{**fields, **changes})


def constants(form):
    """Return some shared and own constants of a form, of three communities."""
    shared = Shared(0.3, -0.8, -4.0, {"flat": -1.5}.get(form, np.array([-1.0, 0.5, -0.3])))
    transfer = {"flat": 0.0, "rank_one": -0.6}.get(form, np.array([-1.2, -0.4, -2.0]))
    return shared, Own(0.7, -1.2, transfer, -0.2, -3.0, 1.9)


def test_bounds_are_kept_and_turned_into_logits_and_back():
    assert within(0.0, (1.0, 3.0)) == 2.0
    assert within(log(3.0), (1.0, 3.0)) == pytest.approx(2.5)
    assert to_logit(2.5, (1.0, 3.0)) == pytest.approx(log(3.0))
    assert [within(-50.0, RHO), within(50.0, RHO)] == pytest.approx([0.3, 1.0])
    assert [within(-50.0, BETA), within(50.0, BETA)] == pytest.approx([0.02, 1.5])
    assert slope(log(3.0), (1.0, 3.0)) == pytest.approx(2.0 * 0.75 * 0.25)


def test_logits_of_the_bounds_themselves_are_finite():
    assert to_logit(1.0, (1.0, 3.0)) == pytest.approx(-log(999_999.0))
    assert to_logit(3.0, (1.0, 3.0)) == pytest.approx(log(999_999.0))
    assert to_logit(0.0, (1.0, 3.0)) == to_logit(1.0, (1.0, 3.0))


def test_transfer_of_each_form():
    shared, own = constants("flat")
    assert transfers("flat", shared, own, 3).tolist() == [-1.5] * 3
    shared, own = constants("rank_one")
    assert transfers("rank_one", shared, own, 3) == pytest.approx([-1.6, -0.1, -0.9])
    for form in ("dense", "dense_own"):
        shared, own = constants(form)
        assert transfers(form, shared, own, 3).tolist() == [-1.2, -0.4, -2.0]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("own_place", [None, 1])
def test_loss_of_each_form_by_hand(form, own_place):
    """E + B (z + d0)^(-beta / rho), z = D_own^rho + sum_j T_j D_j^rho, where everybody is served;
    half of the others' loss where half are."""
    shared, own = constants(form)
    served = np.array([1.0, 0.5, *[1.0] * 6])
    asked = target(own_place, served=served)
    found = predict(asked, form, shared, own, powers(asked, shared)).value
    rho = 0.3 + 0.7 / (1.0 + exp(-0.3))
    logit, start = (-0.2, -3.0) if form == "dense_own" else (-0.8, -4.0)
    beta = 0.02 + 1.48 / (1.0 + exp(-logit))
    worth = [exp(one) for one in transfers(form, shared, own, 3)]
    if own_place is not None:
        worth[own_place] = 1.0
    for run, row in enumerate(DATA):
        reach = sum(t * d**rho for t, d in zip(worth, row, strict=True) if d > 0.0)
        loss = 0.7 + exp(-1.2) * (reach + exp(start)) ** (-beta / rho)
        share = served[run]
        assert found[run] == pytest.approx(share * loss + (1.0 - share) * 1.9, rel=1e-12)


def test_the_loss_of_the_unserved_is_sought_only_where_somebody_is_not_served():
    partly = np.array([0.5, *[1.0] * 7])
    assert not target().fits_unserved
    assert target(served=partly).fits_unserved
    assert not target(served=partly, unserved=2.0).fits_unserved


@pytest.mark.parametrize("error", [0.0, 0.1, -0.4, 3.0, -3.0, 50.0])
def test_errors_count_by_soft_l1_from_three_ordinary_ones_on(error):
    found, steepness = _robust(np.array([error]))
    assert found[0] ** 2 == pytest.approx(18.0 * (sqrt(1.0 + error**2 / 9.0) - 1.0), abs=1e-12)
    assert np.sign(found[0]) == np.sign(error)
    step = 1e-6
    beside = _robust(np.array([error - step, error + step]))[0]
    assert steepness[0] == pytest.approx(np.diff(beside)[0] / (2.0 * step), rel=1e-6)


@pytest.mark.parametrize("form", FORMS)
def test_what_is_held_against_a_targets_constants(form):
    """Beside the errors: how far B, E, beta, d0 and T are from where they are looked for."""
    shared, own = constants(form)
    asked = target(loss=np.linspace(1.0, 2.0, 8), scale=0.5, served=np.linspace(0.3, 1.0, 8))
    slopes = predict(asked, form, shared, own, powers(asked, shared))
    found, by_own = _errors(asked, form, shared, own, slopes)
    expected = [(-1.2 + 1.0) / 3.0, (0.7 - 0.5) / 0.2, 0.0]
    widths = [3.0, 0.2, np.inf]
    if form == "dense_own":
        expected += [(-0.2 + 0.8) / 0.7, (-3.0 + 4.0) / 0.7]
        widths += [0.7, 0.7]
    worth = {"flat": [], "rank_one": [-0.6]}.get(form, [-1.2, -0.4, -2.0])
    expected += [(one - log(0.1)) / 1.5 for one in worth]
    widths += [1.5] * len(worth)
    assert found[8:] == pytest.approx(expected)
    assert by_own[8:] == pytest.approx(np.diag([1.0 / width for width in widths]))
    assert found[:8] == pytest.approx(_robust((slopes.value - asked.loss) / 0.5)[0])


@pytest.mark.parametrize("form", FORMS)
def test_a_stated_floor_is_not_looked_for(form):
    shared, own = constants(form)
    sizes = []
    for floor in (None, 0.7):
        asked = target(floor=floor)
        slopes = predict(asked, form, shared, own, powers(asked, shared))
        sizes.append(_errors(asked, form, shared, own, slopes)[0].size)
    assert sizes[0] - sizes[1] == 1


def posed(form):
    """Return two targets with noisy losses of a form, the second partly served."""
    draws = np.random.default_rng(8)
    shared, own = constants(form)
    targets = []
    for place, served in ((1, np.ones(8)), (None, np.linspace(0.4, 1.0, 8))):
        one = target(place, served=served, scale=0.1)
        value = predict(one, form, shared, own, powers(one, shared)).value
        targets.append(replace(one, loss=value + 0.05 * draws.standard_normal(8)))
    return targets, Solution(form, shared, (own, own), np.full(2, 0.1))


@pytest.mark.parametrize("form", FORMS)
def test_what_is_shared_is_held_near_where_it_is_looked_for(form):
    targets, start = posed(form)
    search = _Search(targets, start)
    packed = search.pack(start.shared)
    rest = {"flat": [-1.5], "rank_one": [-1.0, 0.5, -0.3]}.get(form, [])
    common = [] if form == "dense_own" else [-0.8, -4.0]
    assert packed.tolist() == [0.3, *common, *rest]
    expected = [0.3 / 2.0]
    if form != "dense_own":
        expected += [-0.8 / 2.0, (-4.0 - log(0.005)) / 2.0]
    expected += [(-1.5 - log(0.1)) / 1.5] if form == "flat" else rest
    assert search.errors(packed)[-packed.size :] == pytest.approx(expected)
    again = search.pack(search.unpack(packed + 0.25))
    assert again == pytest.approx(packed + 0.25)


def squares(targets, form, shared, own):
    """Return the sum of all squared errors and priors, with nothing refitted."""
    search = _Search(targets, Solution(form, shared, own, np.ones(2)))
    total = float((search._priors(search.pack(shared))[0] ** 2).sum())
    for one, mine in zip(targets, own, strict=True):
        slopes = predict(one, form, shared, mine, powers(one, shared))
        total += float((_errors(one, form, shared, mine, slopes)[0] ** 2).sum())
    return total


@pytest.mark.parametrize("form", FORMS)
def test_slopes_of_the_search_lead_where_squares_fall(form):
    """With every target refitted, J^T r is half of the slope of the sum of squares."""
    targets, start = posed(form)
    search = _Search(targets, start)
    place = search.pack(start.shared)
    found = 2.0 * search.slopes(place).T @ search.errors(place)
    step = 1e-3
    expected = [
        ((search.errors(place + move) ** 2).sum() - (search.errors(place - move) ** 2).sum())
        / (2.0 * step)
        for move in step * np.eye(place.size)
    ]
    # Targets are refitted to a relative 1e-7 of their squares.
    assert found == pytest.approx(np.array(expected), rel=0.01, abs=0.01)


def test_nothing_near_the_solution_is_better():
    """The search by target against one over all constants at once."""
    targets, start = posed("flat")
    found = solve(targets, start)
    best = squares(targets, "flat", found.shared, found.own)

    def at(values):
        shared = Shared(*values[:4])
        one, two = values[4:6], values[6:]
        own = (replace(found.own[0], floor=one[0], size=one[1]),
               replace(found.own[1], floor=two[0], size=two[1], unserved=two[2]))  # fmt: skip
        return squares(targets, "flat", shared, own)

    mine = [found.shared.rho, found.shared.beta, found.shared.start, found.shared.transfer]
    mine += [found.own[0].floor, found.own[0].size]
    mine += [found.own[1].floor, found.own[1].size, found.own[1].unserved]
    assert at(mine) == pytest.approx(best)
    other = minimize(at, np.array(mine) + 0.3, method="BFGS").fun
    # Both searches stop where the squares change by less than a hundred thousandth.
    assert best == pytest.approx(other, rel=1e-4)
    assert best < squares(targets, "flat", start.shared, start.own)


@pytest.mark.parametrize(
    ("form", "sought"), [("flat", 4 + 5), ("rank_one", 6 + 7), ("dense", 3 + 11),
                         ("dense_own", 1 + 15)]
)  # fmt: skip
def test_an_ordinary_error_is_a_normal_ones_standard_deviation(form, sought):
    """Median error times 1.4826, more by how many constants 16 numbers were fitted with."""
    targets, start = posed(form)
    errors = np.column_stack([np.tile([0.2, -0.2], 4), np.tile([1.0, -3.0], 4)])
    expected = 1.4826 * sqrt(16 / max(16 - sought, 1)) * np.array([0.2, 2.0])
    assert ordinary_errors(targets, start, errors) == pytest.approx(expected)


def test_an_ordinary_error_is_never_below_a_two_hundredth_of_the_spread():
    targets, start = posed("flat")
    spread = [one.loss.std() for one in targets]
    found = ordinary_errors(targets, start, np.zeros((8, 2)))
    assert found == pytest.approx(np.array(spread) / 200.0)
    level = [replace(one, loss=np.ones(8)) for one in targets]
    assert (ordinary_errors(level, start, np.zeros((8, 2))) > 0.0).all()
