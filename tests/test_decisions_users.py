"""Users' own rules: played at full speed like the package's; mistakes told in a sentence."""

from __future__ import annotations

import math
import re

import numba
import pytest
from pydantic import ValidationError

import sim
from sim.decisions import Rule
from sim.decisions.trial import try_rule
from sim.errors import InputError
from sim.networks import Complete, ErdosRenyi
from tests.twin.agreement import agree

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

        self.refused(rule_of("Blind", decide), "unknown name 'undefined'")

    def test_uses_what_cannot_be_compiled(self):
        def decide(exposure):
            return exposure > TABLE[0]

        self.refused(rule_of("Reader", decide), "uses 'TABLE', which is neither a number, a plain")

    @pytest.mark.skipif(numba.config.DISABLE_JIT, reason="nothing is compiled")
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

    def test_a_quota_of_shares(self):
        """Tried where all others act too, and by shares where the rule reads those."""

        def decide(exposure, level):
            return exposure >= level

        def quota(degree, level):
            return max(1, math.ceil(level * degree))

        def short(degree, level):
            return min(2, math.ceil(level * degree))

        fields = {"when": "reached", "level": 1.0, "__annotations__": {"level": float}}
        right = rule_of("Whole", decide, quota=staticmethod(quota), **fields)
        for level in (0.3, 0.5, 1.0):
            try_rule(right(level), {}, (0, 1, 4))
        wrong = rule_of("Hasty", decide, quota=staticmethod(short), **fields)
        with pytest.raises(InputError, match="quota says 2 others, decide says otherwise for exp"):
            try_rule(wrong(), {}, (4,))

    def test_a_quota_that_nobody_else_reaches(self):
        def decide(active, degree):
            return active > 1 and active < degree

        def quota(degree):
            return degree

        kind = rule_of("Last", decide, quota=staticmethod(quota), when="reached")
        with pytest.raises(InputError, match=r"quota says 3 others, .* for active=2, degree=3"):
            try_rule(kind(), {}, (3,))

    def test_a_field_that_is_no_number(self):
        def decide(exposure, mode):
            return mode == "a"

        kind = rule_of("Moody", decide, mode="a", __annotations__={"mode": str})
        self.refused(kind, "decide reads 'mode', which is not a number")
