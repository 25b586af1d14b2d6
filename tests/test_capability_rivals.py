"""Rival forms recover runs that follow them, and see no run of the fold they predict."""

from __future__ import annotations

import numpy as np
import pytest

from sim.capability import rivals
from sim.capability.rivals import FORMS, held_out, predicted
from tests.told_fits import posed

DRAWS = np.random.default_rng(4)
DATA = DRAWS.uniform(0.05, 1.0, (40, 2))
ASKED = DRAWS.uniform(0.05, 1.0, (9, 2))
UNIT = DATA.sum(axis=1).max()


def laws(data):
    """Return losses of two targets by each law; data in units of the largest run."""
    data = data / UNIT
    total, one = data.sum(axis=1), np.ones((2, 1))
    shares = data / total[:, None]
    return {
        "pooled": (0.5 + 0.8 * total**-0.4 * one).T,
        "own": 0.5 + 0.8 * (data + 0.02) ** -0.4,
        "linear": 3.0 - data @ np.array([[1.0, 0.2], [0.4, 2.0]]),
        "log_linear": 2.0 - 0.3 * np.log(0.02 + data @ np.array([[1.0, 0.3], [0.5, 1.0]])),
        "exponential": 0.7
        + np.exp(shares @ np.array([[-1.0, 0.2], [0.4, -0.6]])) * total[:, None] ** -0.3,
    }


# Those with curved laws are held near their start by a weak prior: within .2 % of the range.
@pytest.mark.parametrize("form", FORMS)
def test_each_form_recovers_runs_that_follow_it(form):
    losses, expected = laws(DATA)[form], laws(ASKED)[form]
    problem = posed(DATA, losses)
    found = predicted(problem, form, ASKED / UNIT)
    room = 1e-9 if form == "linear" else 0.002
    assert np.abs(found - expected).max() < room * np.ptp(losses)


def test_of_a_target_of_nobody_only_the_total_counts():
    losses = laws(DATA)["own"][:, :1]
    problem = posed(DATA, losses, own=[None])
    own, pooled = (predicted(problem, form, ASKED / UNIT) for form in ("own", "pooled"))
    assert own.tolist() == pooled.tolist()


def test_without_another_amount_the_mean_is_predicted():
    """Runs of the same total, within a hundredth, say nothing about totals."""
    data = np.array([[0.3, 0.7], [0.5, 0.5], [0.6, 0.4], [0.8, 0.2]])
    losses = np.array([1.0, 2.0, 3.0, 6.0])
    for stretch, level in ((0.005, True), (0.05, False)):
        stretched = data * (1.0 + stretch * np.array([[0.0], [0.3], [0.6], [1.0]]))
        found = predicted(posed(stretched, losses, own=[0]), "pooled", data[:2])
        assert (found[:, 0].tolist() == [3.0, 3.0]) == level


def test_rivals_are_fitted_without_the_fold_they_predict():
    problem, split = posed(DATA, laws(DATA)["own"]), np.arange(40) % 4
    found = held_out(problem, split)
    assert list(found) == ["pooled", "own", "linear", "log_linear", "exponential"]
    for form, losses in found.items():
        for fold in range(4):
            rest = split == fold
            alone = posed(DATA[~rest], problem.losses[~rest])
            # The same runs in the unit of the same largest one.
            asked = problem.data[rest] * problem.unit / alone.unit
            if alone.unit == problem.unit:
                assert losses[rest] == pytest.approx(predicted(alone, form, asked), rel=1e-9)


def test_a_form_may_be_shown_some_runs():
    problem, known = posed(DATA, laws(DATA)["linear"]), np.arange(40) < 20
    noisy = problem.losses + np.where(known, 0.0, 9.0)[:, None]
    found = predicted(posed(DATA, noisy), "linear", ASKED / UNIT, known)
    assert found == pytest.approx(laws(ASKED)["linear"], rel=1e-9)
    everything = predicted(posed(DATA, noisy), "linear", ASKED / UNIT)
    assert np.abs(everything - found).max() > 1.0


def test_one_community_has_fewer_rivals():
    """The total and the own data are what the surrogate itself sees there."""
    problem = posed(DATA[:, 0], laws(DATA)["own"][:, 0], names=["a"])
    assert list(held_out(problem, np.arange(40) % 2)) == ["linear", "log_linear", "exponential"]


def slopes_of(monkeypatch, form):
    """Return what a form's search is given: the value of its law and where it starts."""
    seen = {}

    def fitted(value, start, data, loss):
        seen.update(value=value, start=start, data=data)
        return start

    monkeypatch.setattr(rivals, "_fitted", fitted)
    predicted(posed(DATA, laws(DATA)["own"]), form, ASKED / UNIT)
    return seen


@pytest.mark.parametrize("form", ["log_linear", "exponential"])
def test_slopes_of_the_rivals_are_the_derivatives(form, monkeypatch):
    seen = slopes_of(monkeypatch, form)
    value, place = seen["value"], seen["start"] + np.linspace(-0.2, 0.3, seen["start"].size)
    step = 1e-6
    for number, move in enumerate(step * np.eye(place.size)):
        change = value(place + move, ASKED)[0] - value(place - move, ASKED)[0]
        assert value(place, ASKED)[1][:, number] == pytest.approx(change / (2.0 * step), rel=1e-5)


def test_a_target_counts_its_own_data_first(monkeypatch):
    """Where runs leave it open: own data fully, a tenth of the others', a hundredth of none."""
    assert np.exp(slopes_of(monkeypatch, "log_linear")["start"][2:]) == pytest.approx(
        [0.01, 0.1, 1.0]
    )


def test_a_weak_prior_decides_only_what_the_runs_leave_open():
    """A straight line through runs that do not tell two slopes apart shares them evenly."""
    x = np.linspace(0.0, 1.0, 30)
    data = np.column_stack([x, x])

    def value(v, asked):
        inputs = np.column_stack([np.ones(len(asked)), np.zeros(len(asked)), asked])
        return inputs @ v, inputs

    found = rivals._fitted(value, np.zeros(4), data, 1.0 + 3.0 * x)
    assert found[2:] == pytest.approx([1.5, 1.5], rel=1e-3)
    assert found[0] == pytest.approx(1.0, abs=2e-3)
    apart = rivals._fitted(value, np.array([0.0, 0.0, 1.0, 0.0]), data, 1.0 + 3.0 * x)
    assert apart[2] - apart[3] == pytest.approx(1.0, rel=1e-3)
    # The prior weighs a fiftieth of the losses' standard deviation: by ridge regression.
    weak = 0.02 * (3.0 * x).std()
    inputs = np.column_stack([np.ones(30), x, x])
    ridge = np.linalg.solve(
        inputs.T @ inputs + weak**2 * np.diag([0.0, 1.0, 1.0]), inputs.T @ (1.0 + 3.0 * x)
    )
    assert found[[0, 2, 3]] == pytest.approx(ridge, rel=1e-9)
