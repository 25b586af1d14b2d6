"""What holds for every decision rule, found by looking into the package."""

from __future__ import annotations

import math
import pickle
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.decisions import (
    ConditionalPledge,
    Contagion,
    CriticalMass,
    Rule,
    StochasticLearning,
    Threshold,
)
from sim.decisions.base import COLUMNS, SITUATION
from sim.networks import Complete
from tests.strategies import KINDS, amounts, rules

UNSIGNED = {"risk", "interest", "resource"}
"""Columns for which a rule makes sense only when they are not negative."""


@st.composite
def situations(draw, rule):
    """What a creator may be in when it decides; degrees from none to many."""
    degree = draw(st.integers(0, 12))
    active = draw(st.integers(0, degree))
    columns = {
        name: draw(amounts.map(abs) if name in UNSIGNED else amounts)
        for name in (*rule.columns(), *rule.memories)
    }
    if "propensity" in columns:
        columns["propensity"] = draw(st.floats(0.0, 1.0))
    return {
        **columns,
        **rule.parameters(),
        "mobilised": draw(st.booleans()),
        "ever": draw(st.booleans()),
        "active": active,
        "degree": degree,
        "exposure": active / degree if degree else 0.0,
        "creators": degree + 1,
        "step": draw(st.integers(1, 9)),
        "duration": draw(st.integers(0, 9)),
        "weight": 1,
        "shift": draw(amounts),
        "draw": draw(st.floats(0.0, 1.0, exclude_max=True)),
    }


def ask(rule, situation):
    """The rule's answer: a truth value, or how much the creator leans to acting."""
    answer = rule.function()(**{name: situation[name] for name in rule.reads()})
    return answer[0] if rule.memories else answer


def seeing(situation, active):
    degree = situation["degree"]
    return situation | {"active": active, "exposure": active / degree if degree else 0.0}


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
class TestEveryRule:
    def test_builds_without_arguments(self, kind):
        assert kind() == kind()

    def test_cites_its_source(self, kind):
        said = kind.__doc__.partition("References\n")[2]
        assert re.search(r"\b(1[89]|20)\d\d\b", said), "a year"
        assert re.search(r"doi:10\.\d+/", said), "where to find it"

    def test_pickles(self, kind):
        assert pickle.loads(pickle.dumps(kind())) == kind()

    @settings(max_examples=30)
    @given(data=st.data())
    def test_round_trips(self, kind, data):
        rule = data.draw(rules(kind))
        stated = rule.to_data()
        assert stated["kind"] == kind.kind()
        again = Rule.model_validate(stated)
        assert again == rule
        assert type(again) is kind

    def test_reads_only_what_there_is(self, kind):
        known = {*SITUATION, *COLUMNS, *kind.traits, *kind.memories, *kind().parameters()}
        assert set(kind.reads()) <= known
        assert not SITUATION & kind.model_fields.keys()
        assert kind.weighs is None or kind.weighs in kind.traits

    @settings(max_examples=30)
    @given(data=st.data())
    def test_pure(self, kind, data):
        """The same situation gives the same answer, whatever was asked before."""
        rule = data.draw(rules(kind))
        first, other = data.draw(situations(rule)), data.draw(situations(rule))
        before = dict(first)
        answer = ask(rule, first)
        ask(rule, other)
        assert ask(rule, first) == answer
        assert first == before

    @settings(max_examples=30)
    @given(data=st.data())
    def test_bounds(self, kind, data):
        rule = data.draw(rules(kind))
        situation = data.draw(situations(rule))
        answer = rule.function()(**{name: situation[name] for name in rule.reads()})
        if kind.memories:
            answer, *kept = answer
            assert len(kept) == len(kind.memories)
            assert all(isinstance(value, float) and math.isfinite(value) for value in kept)
        if kind.form() == "decide":
            assert isinstance(answer, bool)
        elif kind.form() == "probability":
            assert 0.0 <= answer <= 1.0
        else:
            assert math.isfinite(answer)

    @settings(max_examples=30)
    @given(data=st.data())
    def test_stays_where_claimed(self, kind, data):
        rule = data.draw(rules(kind))
        acting = data.draw(situations(rule)) | {"mobilised": True}
        assert not rule.stays() or ask(rule, acting)


def claiming(claim):
    """Parametrise a test by the rules that claim something."""
    found = {name: kind for name, kind in KINDS.items() if claim(kind)}
    return pytest.mark.parametrize("kind", found.values(), ids=list(found))


class TestClaims:
    @claiming(lambda kind: kind().monotone())
    @settings(max_examples=30)
    @given(data=st.data())
    def test_more_others_never_discourage(self, kind, data):
        rule = data.draw(rules(kind).filter(lambda rule: rule.monotone()))
        situation = data.draw(situations(rule))
        answers = [ask(rule, seeing(situation, k)) for k in range(situation["degree"] + 1)]
        assert answers == sorted(answers)

    @claiming(lambda kind: kind.counts_up_to() is not None)
    @settings(max_examples=30)
    @given(data=st.data())
    def test_quota_is_where_the_decision_turns(self, kind, data):
        rule = data.draw(rules(kind))
        idle = data.draw(situations(rule)) | {"mobilised": False, "shift": 0.0}
        quota = kind.quota(**{n: idle[n] for n in ("degree", *rule.columns(), "counted")})
        for k in range(idle["degree"] + 1):
            assert ask(rule, seeing(idle, k)) == (k >= quota)

    @claiming(lambda kind: kind.when == "reached")
    @settings(max_examples=30)
    @given(data=st.data())
    def test_answers_change_only_with_what_is_seen(self, kind, data):
        """Rules that say ``reached`` are asked again only when the view has changed."""
        rule = data.draw(rules(kind))
        idle = data.draw(situations(rule)) | {"mobilised": False}
        answer = ask(rule, idle)
        later = {"step": 99, "duration": 99, "draw": 0.99, "mobilised": answer, "ever": answer}
        assert ask(rule, idle | later) == answer


def test_claims_differ():
    """The battery above would be empty if no rule claimed anything, or all did everything."""
    assert Threshold().stays()
    assert not Threshold(reversible=True).stays()
    assert not StochasticLearning().monotone()
    assert Contagion.counts_up_to() is None
    assert {kind.form() for kind in KINDS.values()} == {"decide", "probability", "log_odds"}


class TestStatements:
    """Each rule's sentence, by hand, at a few places."""

    @pytest.mark.parametrize(
        ("degree", "threshold", "counted", "quota"),
        [
            (10, 0.3, False, 3), (10, 0.1, False, 1), (3, 1 / 3, False, 1), (7, 0.0, False, 0),
            (7, -1.0, False, 0), (7, 1.0, False, 7), (7, 1.5, False, 8), (0, 0.5, False, 1),
            (7, 2.0, True, 2), (7, 1.5, True, 2), (7, 8.0, True, 8), (7, 0.0, True, 0),
        ],
    )  # fmt: skip
    def test_threshold_quota(self, degree, threshold, counted, quota):
        assert Threshold.quota(degree, threshold, counted) == quota

    def test_contagion_is_one_minus_escaping_everybody(self):
        chance = Contagion.probability(False, False, 3, 0.0, 0.2, 0.5, False)
        assert chance == pytest.approx(1.0 - 0.8**3)
        assert Contagion.probability(True, True, 0, 0.0, 0.2, 0.3, False) == 0.7
        assert Contagion.probability(False, True, 3, 0.0, 0.2, 0.3, True) == 0.0

    def test_pledges_bind_for_the_largest_group(self):
        """Thresholds 0, 1, 1, 4, 9: three sign, the fourth would need four others."""
        scenario = sim.Scenario(
            communities=[sim.Community("a", 5, threshold=sim.Values([9.0, 1.0, 0.0, 4.0, 1.0]))],
            network=Complete(),
            rule=ConditionalPledge(),
            seeds=sim.Seeds(count=0),
            steps=1,
        )
        assert sim.run(scenario).tactic.astype(bool).tolist() == [False, True, True, False, True]


def test_weights_are_not_negative() -> None:
    traits = {CriticalMass.weighs: -1.0}
    community = sim.Community("a", 30, traits=traits)
    world = sim.Scenario([community], rule=CriticalMass(), steps=2)
    with pytest.raises(ValueError, match=f"{CriticalMass.weighs} must be finite and not negative"):
        sim.run(world, 1)
