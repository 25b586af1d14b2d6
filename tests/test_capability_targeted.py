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


# 1 - (1 - .2) / .2 * .5 * .1 = .8; 1 - (1 - .4) / .4 / .5 * .1 = .7; 1 - 2 * 4 * .1 = .2.
def test_bounds_by_hand():
    assert action.planting_bound(0.2, 0.5, 0.1) == pytest.approx(0.8)
    assert action.feature_planting_bound(0.5, 0.4, 0.1) == pytest.approx(0.7)
    assert action.erasing_bound(0.2, 0.1) == pytest.approx(0.2)
    # A classifier .2 from the optimal one takes .2 / .8 away.
    assert action.planting_bound(0.2, 0.5, 0.1, 0.2) == pytest.approx(0.8 - 0.25)
    assert action.feature_planting_bound(0.5, 0.4, 0.1, 0.2) == pytest.approx(0.7 - 0.25)
    assert action.erasing_bound(0.2, 0.1, 0.2) == pytest.approx(0.2 - 0.25)


def test_critical_masses_by_hand():
    # .05 / (1 - .8 + .05), .15 / (1 - .7), 2 * .1 / (1 - .2 + .2).
    assert action.planting_critical_mass(0.8, 0.5, 0.1) == pytest.approx(0.2)
    assert action.feature_planting_critical_mass(0.7, 0.4, 0.1) == pytest.approx(0.5)
    assert action.erasing_critical_mass(0.2, 0.1) == pytest.approx(0.2)
    assert action.feature_planting_critical_mass(0.9, 0.4, 0.1) == 1.0  # .15 / .1 is more than all


MASSES = [action.planting_critical_mass, action.feature_planting_critical_mass]


@pytest.mark.parametrize("mass", MASSES)
def test_success_that_no_share_reaches_takes_everybody(mass):
    assert mass(1.0, 0.5, 0.1) == 1.0
    assert mass(0.9, 0.5, 0.1, 0.2) == 1.0  # 1 / 4 is lost to the classifier
    assert mass(0.75, 0.5, 0.1, 0.2) == 1.0
    assert mass(0.1, 0.5, 0.1, 1.0) == 1.0
    assert mass(1.0, 0.5, 0.0) == 1.0


def test_at_the_ends_of_the_shares():
    assert action.planting_bound(1.0, 1.0, 1.0) == 1.0
    assert action.planting_bound(0.0, 0.5, 0.1) == -np.inf
    assert action.planting_bound(0.0, 0.0, 0.1) == 1.0  # nothing to overcome
    assert action.planting_bound(0.5, 0.5, 0.1, 1.0) == -np.inf
    assert action.feature_planting_bound(0.5, 0.0, 0.1) == -np.inf
    assert action.feature_planting_bound(0.5, 1.0, 0.1) == 1.0
    assert action.feature_planting_critical_mass(0.5, 0.0, 0.1) == 1.0
    assert action.feature_planting_critical_mass(0.5, 1.0, 0.1) == 0.0
    assert action.erasing_critical_mass(1.0, 0.1) == 1.0


RIGHT = {"share": 0.5, "success": 0.5, "gap": 0.5, "uniqueness": 0.5, "label_share": 0.5,
         "sensitivity": 0.5, "suboptimality": 0.5}  # fmt: skip


@pytest.mark.parametrize(
    ("what", "names"),
    [
        ("planting_bound", "share gap uniqueness"),
        ("planting_critical_mass", "success gap uniqueness"),
        ("feature_planting_bound", "share label_share uniqueness"),
        ("feature_planting_critical_mass", "success label_share uniqueness"),
        ("erasing_bound", "share sensitivity"),
        ("erasing_critical_mass", "success sensitivity"),
    ],
)
@pytest.mark.parametrize("wrong", [1.5, -0.25])
def test_wrong_shares_are_named(what, names, wrong):
    right = {name: RIGHT[name] for name in [*names.split(), "suboptimality"]}
    getattr(action, what)(**right)
    for name in right:
        with pytest.raises(InputError) as refusal:
            getattr(action, what)(**{**right, name: wrong})
        assert str(refusal.value) == f"{name} is {wrong}: give a share between 0 and 1"


def test_success_by_hand():
    hill = Hill(10.0, 2.0)
    assert hill == Hill(10.0)
    assert hill.success([5.0, 10.0, 20.0]) == pytest.approx([1 / 5, 1 / 2, 4 / 5])
    assert hill.success(80.0, noise=0.5, detected=0.75) == pytest.approx(1 / 2)
    assert hill.works_for(0.8) == pytest.approx(20.0)
    assert hill.works_for(0.8, noise=0.5, detected=0.75) == pytest.approx(160.0)
    assert hill.success(0.0) == 0.0


def test_a_style_is_imitated_from_200_to_700_images():
    """Verma et al. 2024: hardly below, mostly above; outsiders' copies only where they are more."""
    assert IMAGE_STYLE.success([200, 400, 700]) == pytest.approx([1 / 5, 1 / 2, 49 / 65])
    assert mimicry([200, 400], leak=0.3).tolist() == pytest.approx([0.3, 0.5])
    assert mimicry(200).tolist() == pytest.approx(0.2)
    assert mimicry(75, IMAGE_CONCEPT) == 0.5
    assert mimicry(0) == 0.0


def test_published_counts_and_the_steepness_assumed_with_them():
    assert IMAGE_CONCEPT.success([37.5, 150.0]) == pytest.approx([1 / 5, 4 / 5])
    # 100 documents give .05 and 250 give .95: both by odds of 19 and the log of 2.5.
    assert TRIGGER.steepness == pytest.approx(2.0 * np.log(19.0) / np.log(2.5), abs=0.05)
    assert TRIGGER.n50 == pytest.approx(np.sqrt(100.0 * 250.0), abs=0.5)
