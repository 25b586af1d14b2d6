"""Counts instead of shares: poison of one concept, imitation of one creator, planted signals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.capability import collective_action as action
from sim.capability.recommender import with_unserved
from sim.capability.style import Style
from sim.capability.targeted import (
    IMAGE_CONCEPT,
    IMAGE_STYLE,
    TRIGGER,
    Hill,
    domain_capability,
    mimicry,
)
from sim.errors import InputError
from tests.shared_data import shared

SHARES = st.floats(0.01, 0.99)


def test_250_documents_suffice_whatever_the_corpus():
    assert TRIGGER.success(250) == pytest.approx(0.95, abs=0.01)
    assert TRIGGER.success(100) == pytest.approx(0.05, abs=0.01)


def test_fewer_than_100_images_corrupt_a_concept():
    assert IMAGE_CONCEPT.success(75) == 0.5
    assert IMAGE_CONCEPT.success([0, 50, 100]).tolist() == sorted(
        IMAGE_CONCEPT.success([0, 50, 100]).tolist()
    )
    assert IMAGE_CONCEPT.success(0) == 0.0


@given(st.floats(1.0, 1e6), st.floats(0.5, 8.0), SHARES, SHARES, SHARES)
def test_noise_and_detection_take_works_away(n50, steepness, success, noise, detected):
    hill = Hill(n50, steepness)
    needed = hill.works_for(success, noise, detected)
    assert hill.success(needed, noise, detected) == pytest.approx(success, rel=1e-9)
    assert needed >= hill.works_for(success)


def test_poisoned_concepts_hurt_their_own_domain():
    assert domain_capability([1.0, 0.8], [0.25, 0.0]).tolist() == [0.75, 0.8]


def test_mimicry_has_a_floor_that_opt_outs_do_not_reach():
    assert mimicry(400, IMAGE_STYLE) == 0.5
    assert mimicry([0, 4000], leak=0.3).tolist() == pytest.approx([0.3, 100 / 101])


def test_keeping_a_quarter_of_ones_works_keeps_half_of_the_style():
    """Measured over 50 creators of code: .52, .74, .88 of the benefit at 25, 50, 75 % kept.

    A typical creator: 1 MB of its own in a community that reaches it with about 10 MB.
    """
    kept = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
    loss = Style().loss(kept, 10.0, 1.0, 10.0)
    benefit = (loss[0] - loss) / (loss[0] - loss[-1])
    assert benefit[1:4] == pytest.approx([0.52, 0.74, 0.88], abs=0.05)
    assert loss[-1] == 1.0


def test_style_of_measured_creators():
    """Withdrawing all own works costs .31 bits of 1.59 on average (50 creators)."""
    runs = pd.read_csv(shared("strike_experiments/code_style_runs.csv"))
    runs = runs[~runs["community"].str.contains("gone")]
    mean = runs.groupby("own_kept")["bpb_own"].mean()
    predicted = Style().loss(0.0, 10.0, 1.0, 10.0)
    assert predicted == pytest.approx(mean[0.0] / mean[1.0], rel=0.1)


def test_recommender_serves_a_mixture():
    assert with_unserved([1.0, 2.0], 3.0, [0.0, 0.5]).tolist() == [1.0, 2.5]


# Hardt et al. 2023 (arXiv 2302.04262): alpha* = Delta xi / (1 - S* + Delta xi).
@pytest.mark.parametrize(
    ("gap", "uniqueness", "success", "mass"),
    [(1.0, 0.001, 0.9, 0.0099), (1.0, 0.01, 0.9, 0.0909)],
)
def test_published_critical_mass(gap, uniqueness, success, mass):
    found = action.planting_critical_mass(success, gap, uniqueness)
    assert found == pytest.approx(mass, abs=5e-5)


@given(SHARES, SHARES, SHARES, st.floats(0.0, 0.2))
def test_bounds_reach_the_success_at_the_critical_mass(success, gap, uniqueness, suboptimality):
    more = (gap, uniqueness, suboptimality)
    mass = action.planting_critical_mass(success, *more)
    if mass < 1.0:
        assert action.planting_bound(mass, *more) == pytest.approx(success, abs=1e-9)
    mass = action.feature_planting_critical_mass(success, *more)
    if mass < 1.0:
        assert action.feature_planting_bound(mass, *more) == pytest.approx(success, abs=1e-9)
    mass = action.erasing_critical_mass(success, gap, suboptimality)
    if mass < 1.0:
        assert action.erasing_bound(mass, gap, suboptimality) == pytest.approx(success, abs=1e-9)


@given(SHARES, SHARES, SHARES, SHARES)
def test_larger_groups_are_promised_no_less(share, more, gap, uniqueness):
    small, large = sorted((share, more))
    for bound in (action.planting_bound, action.feature_planting_bound):
        assert bound(small, gap, uniqueness) <= bound(large, gap, uniqueness)
    assert action.erasing_bound(small, gap) <= action.erasing_bound(large, gap)


def test_optimal_firm_counts_the_planted_signal():
    """The bound against the optimal classifier itself, over random finite distributions."""
    draws = np.random.default_rng(5)
    for _ in range(200):
        features, alpha = 6, draws.uniform(0.05, 0.9)
        base = draws.dirichlet(np.ones(features * 2)).reshape(features, 2)
        signal = 0  # every member's features become this one, its label 1
        mixture = (1.0 - alpha) * base
        mixture[signal, 1] += alpha
        success = float(mixture[signal].argmax() == 1)
        conditional = base[signal] / base[signal].sum()
        gap = max(conditional[0] - conditional[1], 0.0)
        assert success >= action.planting_bound(alpha, gap, base[signal].sum()) - 1e-12


def test_wrong_shares_are_named():
    with pytest.raises(InputError, match=r"share is 1\.5"):
        action.planting_bound(1.5, 1.0, 0.1)
