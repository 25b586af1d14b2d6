"""What holds for every decision rule, found by looking into the package; and users' own rules."""

from __future__ import annotations

import math
import pickle
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import sim
from sim.decisions import ConditionalPledge, Contagion, Rule, StochasticLearning, Threshold
from sim.decisions.base import COLUMNS, SITUATION
from sim.errors import InputError
from sim.networks import Complete, ErdosRenyi
from tests.strategies import KINDS, amounts, rules
from tests.twin.agreement import agree

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


# Ten lines of a user's, with a constant and a helper of its own; AWARE is a name in the loops.

STEEP, AWARE = 3.0, 0.05


def squashed(x):
    return math.tanh(STEEP * x)


class Curious(Rule):
    """Join with a probability that grows with what others do and with one's own boldness."""

    floor: float = 0.1

    @staticmethod
    def probability(mobilised, exposure, boldness, floor):
        if mobilised:
            return 1.0 - AWARE
        return min(1.0, max(0.0, floor + boldness * squashed(exposure)))


def world(rule, **changes):
    return sim.Scenario(
        **{
            "communities": [sim.Community("a", 40, traits={"boldness": sim.Uniform(0, 1)})],
            "network": ErdosRenyi(3.0),
            "rule": rule,
            "steps": 8,
        }
        | changes
    )


class TestUsersRule:
    @pytest.mark.parametrize("network", [ErdosRenyi(3.0), Complete()])
    def test_agrees_with_the_twin(self, network):
        model, _ = agree(world(Curious(), network=network), seed=3)
        assert 1 < model.mobilised < 40

    def test_fields_are_read(self):
        few, many = (sim.run(world(Curious(floor))).adoption[-1, -1] for floor in (0.0, 0.9))
        assert few < many

    def test_is_found_by_its_name_in_files(self):
        assert Rule.model_validate({"kind": "curious", "floor": 0.2}) == Curious(0.2)

    def test_a_missing_trait_is_named(self):
        with pytest.raises(ValidationError, match=r"communities\.a\.traits\.boldness: needed"):
            world(Curious(), communities=[sim.Community("a", 4)])


TABLE = [0.1, 0.2]


def rule_of(name, function, **more):
    """A user's rule of the given name with one function."""
    form = function.__name__
    return type(name, (Rule,), {"__module__": __name__, form: staticmethod(function), **more})


def answers(value):
    def decide(exposure):
        return value

    return decide


class TestMistakes:
    """Whatever is wrong with a user's rule is said in one sentence."""

    @pytest.fixture(autouse=True)
    def _forget_the_rules_of_these_tests(self, monkeypatch):
        monkeypatch.setattr(Rule, "_kinds", dict(Rule._kinds))

    def refused(self, kind, saying):
        with pytest.raises((InputError, ValidationError)) as caught:
            sim.run(world(kind()))
        assert re.search(saying, str(caught.value)), str(caught.value)
        if isinstance(caught.value, InputError):
            assert "\n" not in str(caught.value)

    def test_raises(self):
        def decide(exposure):
            if exposure < 0.5:
                raise KeyError("mood")
            return True

        self.refused(
            rule_of("Sad", decide), r"^rule sad: decide fails \(KeyError: 'mood'\) for exposure=0"
        )

    def test_raises_once_it_is_played(self):
        def decide(step):
            if step > 3:
                raise ValueError("tired")
            return False

        self.refused(rule_of("Tired", decide), r"^rule tired: fails \(ValueError: tired\)$")

    def test_divides_by_nothing(self):
        def decide(exposure):
            return 1.0 / exposure > 3.0

        self.refused(rule_of("Divider", decide), "rule divider: decide fails .*division by zero")

    @pytest.mark.parametrize("value", [None, 0.5, 1])
    def test_no_truth_value(self, value):
        def decide(exposure, weight):
            return None if weight else exposure

        self.refused(rule_of("Vague", decide), "rule vague: decide must return True or False")

    def test_no_probability(self):
        def probability(exposure):
            return 1.5 - exposure

        self.refused(
            rule_of("Sure", probability),
            r"probability must return a probability between 0 and 1, got 1\.5 for exposure=0\.0",
        )

    def test_no_number(self):
        def log_odds(exposure):
            return math.inf - math.inf

        self.refused(rule_of("Lost", log_odds), "log_odds must return a number, got nan")

    def test_memories_not_returned(self):
        def decide(exposure, mood):
            return exposure > mood

        kind = rule_of("Forgetful", decide, memories={"mood": 0.0})
        self.refused(kind, "decide must return True or False and the new mood, got False")

    def test_memories_without_decide(self):
        def probability(exposure):
            return 0.5

        self.refused(rule_of("Torn", probability, memories={"mood": 0.0}), "must define decide")

    def test_unknown_name(self):
        def decide(exposure):
            return exposure > undefined  # noqa: F821

        self.refused(rule_of("Blind", decide), "NameError: name 'undefined' is not defined")

    def test_uses_what_cannot_be_compiled(self):
        def decide(exposure):
            return exposure > TABLE[0]

        self.refused(rule_of("Reader", decide), "uses 'TABLE', which is neither a number, a plain")

    def test_cannot_be_compiled(self):
        def decide(exposure):
            return {"seen": exposure}.get("seen", sorted([1])) > 1

        self.refused(rule_of("Fancy", decide), "rule fancy: cannot be compiled; use numbers")

    def test_unwritten(self):
        kind = rule_of("Brief", answers(True), decide=staticmethod(lambda exposure: True))
        self.refused(kind, "must be written with def")

    def test_two_forms_or_none(self):
        def decide(exposure):
            return True

        two = rule_of("Both", decide, probability=staticmethod(lambda exposure: 1.0))
        self.refused(two, "exactly one of decide, probability, log_odds, got decide, probability")
        self.refused(type("Mute", (Rule,), {"__module__": __name__}), "exactly one of .* got none")

    def test_a_method(self):
        def decide(self, exposure):
            return True

        kind = type("Selfish", (Rule,), {"__module__": __name__, "decide": decide})
        self.refused(kind, "write @staticmethod above decide")

    def test_stars_and_defaults(self):
        def decide(exposure, haste=2.0):
            return exposure > haste

        self.refused(rule_of("Hasty", decide), "without defaults or stars, got haste=2.0")

    def test_a_field_that_hides_what_the_engine_says(self):
        with pytest.raises(InputError, match="field 'exposure' has the name of what the engine"):
            type("Hider", (Rule,), {"__module__": __name__, "__annotations__": {"exposure": float}})

    def test_pledges_are_not_for_all(self):
        def decide(exposure):
            return True

        with pytest.raises(InputError, match="when must be one of always, reached, got 'pledge'"):
            rule_of("Pact", decide, when="pledge")

    def test_a_quota_that_contradicts(self):
        def decide(active, threshold):
            return active >= threshold

        def quota(degree, threshold):
            return math.ceil(threshold) + 1

        kind = rule_of("Fickle", decide, quota=staticmethod(quota), when="reached")
        self.refused(kind, "^rule fickle: quota says 2 others, decide says otherwise for active=1")

    def test_a_field_that_is_no_number(self):
        def decide(exposure, mode):
            return mode == "a"

        kind = rule_of("Moody", decide, mode="a", __annotations__={"mode": str})
        self.refused(kind, "decide reads 'mode', which is not a number")
