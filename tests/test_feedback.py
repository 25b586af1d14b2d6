"""Feedback: the equations, that nothing happens while it is off, and what each channel does."""

from __future__ import annotations

import itertools
import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.decisions import Contagion, LogitChoice, Threshold
from sim.feedback import Feedback, Published
from sim.networks import ErdosRenyi
from sim.steps.pull import Pull
from sim.world import build

SEEDS = range(4)
terms = st.floats(0.0, 5.0)
shares = st.floats(0.0, 1.0)


def crowd(rule=None, **changes):
    """Two communities of creators who hesitate, and a lab that trains often."""
    scenario = sim.Scenario(
        communities=[
            sim.Community("artists", 600, threshold=sim.Normal(0.3, 0.15), grievance=-0.2,
                          cost=0.3, stock=sim.Pareto(1.0, 1.5)),
            sim.Community("coders", 400, threshold=sim.Normal(0.4, 0.1), grievance=-0.5,
                          cost=0.3),
        ],
        network=ErdosRenyi(8.0),
        rule=rule or LogitChoice(conformity=0.5, temperature=0.4),
        seeds=sim.Seeds(share=0.05),
        steps=16,
        labs=[sim.Lab("Atelier", every=4)],
    )  # fmt: skip
    return scenario.replace(**changes)


def state(feedback, rule=None):
    return Pull(build(crowd(rule, feedback=feedback), 0))


@given(terms, terms, terms, terms, shares, terms)
def test_equations(g, kappa, e, c, delta, weight):
    feedback = Feedback(
        forgetting=delta,
        substitution=g,
        appeasement=kappa,
        proof=e,
        encouragement=c,
        weight=weight,
    )
    pull = state(feedback, Threshold())
    first = Published(np.array([0.2, -0.1]), 0.3, np.array([0.0, 1.0]))
    second = Published(np.array([0.0, 0.05]), 0.0, np.array([0.5, 0.0]))
    for published in (first, second):
        pull.update(published, np.zeros(2))
    grievance = [
        (1 - delta) * g * 0.2 - kappa * 0.5,
        (1 - delta) * (-0.1 * g - kappa) + g * 0.05,
    ]
    efficacy = [(1 - delta) * e * 0.3 + c * 0.5, (1 - delta) * (e * 0.3 + c)]
    np.testing.assert_allclose(pull.grievance, grievance, atol=1e-12)
    np.testing.assert_allclose(pull.efficacy, efficacy, atol=1e-12)
    moved = weight * (np.array(grievance) + efficacy)
    np.testing.assert_allclose(pull.arrays[0], moved, atol=1e-11)


@pytest.mark.parametrize("rule", [Threshold(), Contagion(), LogitChoice()])
def test_weight_is_for_rules_without_utilities(rule):
    pull = state(Feedback(encouragement=1.0, weight=0.25), rule)
    pull.update(Published(np.zeros(2), 0.0, np.ones(2)), np.zeros(2))
    assert pull.arrays[0].tolist() == [0.25 if rule.scales_pull else 1.0] * 2


def test_participation_takes_off_its_share_of_the_cost():
    pull = state(Feedback(safety=0.5))
    pull.update(None, np.array([300, 0]))
    np.testing.assert_allclose(pull.arrays[1], [0.5 * 300 / 600, 0.0])


def test_off_is_bit_identical():
    off = sim.run(crowd(), 3)
    for feedback in (Feedback(), Feedback(forgetting=1.0, weight=7.0)):
        assert sim.run(crowd(feedback=feedback), 3).state_digest == off.state_digest


@pytest.mark.parametrize("rule", [Threshold(reversible=True), LogitChoice(), Contagion(0.05, 0.1)])
def test_on_without_anything_to_see_is_bit_identical(rule):
    """The other loops, the same numbers: nobody publishes anything, so nothing moves."""
    quiet = crowd(rule, labs=[])
    moved = quiet.replace(feedback=Feedback(proof=9.0, substitution=9.0, forgetting=0.5))
    assert moved.moves_creators
    assert sim.run(moved, 5).state_digest == sim.run(quiet, 5).state_digest


@pytest.mark.parametrize(
    ("channel", "sign"),
    [
        ({"proof": 50.0}, 1),
        ({"substitution": 50.0}, -1),
        ({"safety": 1.0}, 1),
        ({"fatigue": 0.2}, -1),
        ({"encouragement": 0.3}, 1),
        ({"appeasement": 0.3}, -1),
    ],
)
@pytest.mark.parametrize("rule", [LogitChoice(0.5, 0.4), Threshold(reversible=True)])
def test_each_channel_in_paired_worlds(channel, sign, rule):
    """A strike that lowers capability proves itself, and lowers the grievance it came from.

    More pull on everybody makes both rules' creators act wherever they acted before, with the
    same draws, so that no pair of worlds may differ the other way.
    """
    base = crowd(rule, calendar=[sim.Ruling(date(2023, 2, 1))])  # a concession in step 5
    moved = base.replace(feedback=Feedback(**channel))
    differences = [
        sim.run(moved, seed).participation - sim.run(base, seed).participation for seed in SEEDS
    ]
    assert all((sign * difference >= 0.0).all() for difference in differences)
    assert sign * np.mean(differences) > 0.001


def test_own_domain_is_what_counts():
    """Artists strike; the model's fall in their domain does not soothe coders as much."""
    base = crowd(seeds=sim.Seeds(share=0.5, community="artists", committed=True))
    result = sim.run(base.replace(feedback=Feedback(substitution=1.0)), 1)
    table = result.institutions["feedback"]
    assert table["grievance.artists"][-1] < table["grievance.coders"][-1] < 0.0


def test_forgetting_brings_them_back():
    pull = state(Feedback(encouragement=1.0, forgetting=0.25))
    pull.update(Published(np.zeros(2), 0.0, np.ones(2)), np.zeros(2))
    for _ in range(8):
        pull.update(None, np.zeros(2))
    np.testing.assert_allclose(pull.efficacy, 0.75**8, rtol=1e-12)


def test_releases_are_seen_when_published_and_only_once():
    late = crowd(labs=[sim.Lab("Atelier", every=4, delay=3)], feedback=Feedback(proof=1.0))
    efficacy = sim.run(late, 1).institutions["feedback"]["efficacy.artists"]
    assert efficacy[:7] == [0.0] * 7  # trained in step 4, published in step 7
    assert efficacy[7] > 0.0
    assert len(set(efficacy[7:11])) == 1


def test_an_announced_loss_is_what_the_record_says():
    scenario = crowd(feedback=Feedback(proof=1.0))
    result = sim.run(scenario, 2)
    losses = [1.0, *result.labs["Atelier"].columns["loss"]]
    falls = sum(max(0.0, new - old) for old, new in itertools.pairwise(losses))
    assert math.isclose(result.institutions["feedback"]["efficacy.coders"][-1], falls)


def test_a_release_worse_than_useless_is_finite_news():
    """Everybody withholds everything: the loss has no bound, what people make of it has."""
    strike = crowd(
        seeds=sim.Seeds(share=1.0, committed=True), feedback=Feedback(proof=1.0, substitution=1.0)
    )
    table = sim.run(strike, 1).institutions["feedback"]
    assert all(math.isfinite(value) for column in table.values() for value in column)
