"""Where decisions turn in floating point, how loops are written, and refused rules."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.decisions import (
    ConditionalPledge,
    Contagion,
    CriticalMass,
    GrievanceRisk,
    LogitChoice,
    Motivation,
    Rule,
    StochasticLearning,
    Threshold,
)
from sim.decisions.base import SOURCE
from sim.decisions.loops import _written
from sim.decisions.sources import _literal, function_source
from sim.decisions.trial import _situations, _wanted


def least(degree: int, threshold: float) -> int:
    """The least number of acting others whose share reaches the threshold, tried one by one."""
    return next(m for m in range(degree + 2) if m > degree or m / degree >= threshold)


class TestQuota:
    @pytest.mark.parametrize("hundredths", range(1, 101))
    def test_of_decimals_is_as_written(self, hundredths: int) -> None:
        """.07 of 100 is 7, although .07 * 100 is more than 7 in floating point."""
        assert Threshold.quota(100, hundredths / 100, False) == hundredths
        for degree in range(1, 130):
            threshold = hundredths / 100
            assert Threshold.quota(degree, threshold, False) == least(degree, threshold)

    @given(st.integers(1, 10**6), st.integers(1, 10**6), st.sampled_from((-1, 0, 1)))
    def test_turns_at_the_next_number_in_floating_point(
        self, degree: int, active: int, to: int
    ) -> None:
        share = min(active, degree) / degree
        threshold = math.nextafter(share, math.inf * to) if to else share
        quota = Threshold.quota(degree, threshold, False)
        assert quota == degree + 1 or quota / degree >= threshold
        assert (quota - 1) / degree < threshold

    def test_just_above_what_is_reached_takes_one_more(self) -> None:
        threshold = math.nextafter(1 / 3, 1.0)
        assert threshold * 3 == 1.0, "the product rounds down to what is not enough"
        assert Threshold.quota(3, threshold, False) == 2


LEARNT = "True or False and the new discouragement"
NOTHING = dict.fromkeys(("mobilised", "ever"), False) | dict.fromkeys(
    ("active", "degree", "exposure", "shift", "grievance", "efficacy", "cost", "threshold"), 0.0
)


def said(rule: Rule, **situation: float) -> Any:
    """A rule's answer, with its own fields, where nothing else is the matter."""
    known = NOTHING | rule.traits | rule.memories | rule.parameters() | situation
    return rule.function()(**{name: known[name] for name in rule.reads()})


class TestStatements:
    """Each rule's sentence by hand, with the values that it has unless stated."""

    @pytest.mark.parametrize(
        ("of", "seen", "threshold", "acts"),
        [
            ("share", {"active": 9, "exposure": 0.25}, 0.25, True),
            ("share", {"active": 9, "exposure": 0.25}, 0.26, False),
            ("count", {"active": 2, "exposure": 0.25}, 2.0, True),
            ("count", {"active": 2, "exposure": 0.25}, 2.5, False),
        ],
    )
    def test_threshold_and_pledge(
        self, of: str, seen: dict[str, float], threshold: float, acts: bool
    ) -> None:
        for rule in (Threshold(of=of), ConditionalPledge(of=of)):
            assert said(rule, threshold=threshold, **seen) == acts
            assert said(rule, threshold=threshold + 0.1, shift=0.105, **seen) == acts
            assert said(rule, threshold=9.0, mobilised=True)
        assert not said(Threshold(reversible=True), threshold=9.0, mobilised=True)

    def test_contagion(self) -> None:
        rule = Contagion(0.1, 0.25)
        assert said(rule, mobilised=True, active=3) == 0.75
        assert said(rule, active=0) == 0.0
        assert said(rule, active=1) == pytest.approx(0.1)
        assert said(rule, active=2, ever=True) == pytest.approx(0.19)
        assert said(rule.replace(immune=True), active=2, ever=True) == 0.0
        assert said(rule.replace(immune=True), active=2) == pytest.approx(0.19)

    def test_pulled_contagion_moves_in_log_odds(self) -> None:
        odds = (0.1 / 0.9) * math.exp(0.7)
        assert said(Contagion(0.1), active=1, shift=0.7) == pytest.approx(odds / (1.0 + odds))
        for certain in (0.0, 1.0):
            assert said(Contagion(certain), active=1, shift=0.7) == certain

    def test_logit_choice(self) -> None:
        rule = LogitChoice(conformity=2.0, temperature=0.5)
        pull = 0.3 + 2.0 * (2.0 * 0.25 - 1.0) + 0.2 - 0.1 + 0.05
        seen = {"exposure": 0.25, "grievance": 0.3, "efficacy": 0.2, "cost": 0.1, "shift": 0.05}
        assert said(rule, **seen) == pytest.approx(pull / 0.5)
        assert said(rule, mobilised=True, **seen) == pytest.approx(pull / 0.5)
        kept = said(rule.replace(reversible=False), mobilised=True, **seen)
        assert 1.0 / (1.0 + math.exp(-kept)) == 1.0
        assert said(rule.replace(reversible=False), **seen) == pytest.approx(pull / 0.5)

    @pytest.mark.parametrize(("whole", "ratio"), [(False, 3.0 / 2.0), (True, 1.0)])
    def test_grievance_and_risk(self, whole: bool, ratio: float) -> None:
        rule = GrievanceRisk(tolerance=0.2, sanction=3.0, whole=whole)
        least = 0.2 + 0.5 * (1.0 - math.exp(-2.3 * ratio)) - 0.05
        for more, acts in ((1e-9, True), (-1e-9, False)):
            assert said(rule, active=1.0, grievance=least + more, shift=0.05) == acts

    def test_risk_is_nine_tenths_where_sanctioners_are_as_many(self) -> None:
        k = GrievanceRisk().k
        assert 1.0 - math.exp(-k) == pytest.approx(0.9, abs=0.001)  # 2.3 is ln 10, rounded

    def test_motivation(self) -> None:
        """c' = .5 (-1) - .5 (1 - .2) = -.9."""
        for grievance, acts in ((0.91, True), (0.89, False)):
            assert said(Motivation(), exposure=0.2, grievance=grievance) == (
                acts, pytest.approx(-0.9)
            )  # fmt: skip
        later = said(Motivation(persistence=0.75), exposure=1.0, discouragement=-0.4, shift=0.31)
        assert later == (True, pytest.approx(-0.3))

    def test_critical_mass(self) -> None:
        """Twice ((.5 + 2 / 8)^2 - .5^2) is .625."""
        seen = {"exposure": 0.5, "weight": 2.0, "degree": 8.0, "interest": 2.0, "shift": 0.125}
        for cost, acts in ((0.749, True), (0.751, False)):
            assert said(CriticalMass(), cost=cost, **seen) == acts
            assert said(CriticalMass(), cost=cost, mobilised=True, **seen)
        assert not said(CriticalMass(), weight=1.0, degree=0.0, interest=9.0)
        assert said(CriticalMass(), weight=0.5, degree=1.0, interest=1.0, cost=0.2499)
        assert CriticalMass(1.0).monotone()
        assert not CriticalMass(0.99).monotone()

    @pytest.mark.parametrize(
        ("mobilised", "exposure", "shift", "propensity"),
        [
            (True, 1.0, 0.0, 0.4 + 0.25 * 0.6),  # reward 3: half of the widest distance above
            (True, 0.0, 0.0, 0.4 - 0.5 * 0.4),  # sucker 0: the widest distance below
            (True, 0.0, 1.0, 0.4 - 0.25 * 0.4),
            (False, 1.0, 9.0, 1.0 - (0.6 + 0.5 * 0.4)),  # temptation 4; only acting is pulled
            (False, 0.0, 0.0, 1.0 - (0.6 - 0.25 * 0.6)),  # punishment 1
            (False, 0.5, 0.0, 1.0 - (0.6 + 0.125 * 0.4)),  # 2.5 between the two
        ],
    )
    def test_stochastic_learning(
        self, mobilised: bool, exposure: float, shift: float, propensity: float
    ) -> None:
        now = {"mobilised": mobilised, "exposure": exposure, "shift": shift, "propensity": 0.4}
        for draw, acts in ((propensity - 1e-9, True), (propensity + 1e-9, False)):
            found = said(StochasticLearning(), step=2, draw=draw, **now)
            assert found == (acts, pytest.approx(propensity))
        assert said(StochasticLearning(), step=1, draw=0.39, **now) == (True, 0.4)

    @pytest.mark.parametrize("far", ["temptation", "reward", "punishment", "sucker"])
    def test_the_widest_distance_is_the_measure(self, far: str) -> None:
        payoffs = dict.fromkeys(("temptation", "reward", "punishment", "sucker"), 1.0)
        rule = StochasticLearning(**(payoffs | {far: -3.0}), aspiration=1.0, rate=1.0)
        told = said(rule, step=2, draw=0.0, mobilised=True, exposure=0.5, shift=-1.0,
                    propensity=0.8)  # fmt: skip
        payoff = (-1.0 if far in ("reward", "sucker") else 1.0) - 1.0
        assert told[1] == pytest.approx(0.8 * (1.0 + (payoff - 1.0) / 4.0))

    def test_all_alike_teaches_nothing(self) -> None:
        rule = StochasticLearning(2.0, 2.0, 2.0, 2.0, 2.0)
        assert said(rule, step=5, draw=0.1, mobilised=True, propensity=0.3) == (True, 0.3)


RATE, NEVER, MOST = 0.25, math.inf, -math.inf


def helped(x: float) -> float:
    """Helps; calls itself never."""
    return x * RATE


def twice(x: float, y: float = 2.0, *, z: float = 1.0) -> float:
    return helped(x) + helped(y) + z


def itself(n: int) -> int:
    return 0 if n < 1 else itself(n - 1)


class TestSource:
    def played(self, function, *arguments):
        room = {"inlined": lambda made: made, "math": math}
        exec(function_source(function, "rule"), room)  # noqa: S102 (source of this file)
        return room["rule"](*arguments)

    def test_is_complete(self) -> None:
        assert self.played(twice, 4.0) == twice(4.0) == 2.5

    def test_writes_a_helper_once(self) -> None:
        assert function_source(twice, "rule").count("RATE") == function_source(
            helped, "rule"
        ).count("RATE")

    def test_says_nothing_of_types_and_documentation(self) -> None:
        source = function_source(helped, "rule")
        assert "Helps" not in source
        assert "float" not in source

    @pytest.mark.parametrize(
        ("value", "said"),
        [(0.1, "0.1"), (True, "True"), (7, "7"), (NEVER, "math.inf"), (MOST, "-math.inf")],
    )
    def test_literals(self, value: float, said: str) -> None:
        assert _literal(value) == said

    def test_no_number_is_a_literal_too(self) -> None:
        assert math.isnan(eval(_literal(math.nan)))  # noqa: S307 (written above)


class Steady(Rule):
    """Act where enough others do."""

    level: float = 0.5

    @staticmethod
    def decide(exposure: float, level: float) -> bool:
        return exposure >= level


class TestWrittenLoops:
    def test_stand_where_they_were_asked_for(self, tmp_path: Path) -> None:
        folder = tmp_path / "cache" / "rules"
        path = _written(folder, "rule.py", "X = 1\n")
        assert (path, path.read_text("utf-8")) == (folder / "rule.py", "X = 1\n")
        assert list(folder.iterdir()) == [path], "no draft is left"

    def test_are_written_anew_only_if_they_differ(self, tmp_path: Path) -> None:
        path = _written(tmp_path, "rule.py", "X = 1\n")
        first = path.stat().st_ino
        assert _written(tmp_path, "rule.py", "X = 1\n").stat().st_ino == first
        path.write_text("damaged")
        assert _written(tmp_path, "rule.py", "X = 1\n").read_text("utf-8") == "X = 1\n"

    def test_go_elsewhere_where_nothing_can_be_kept(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        path = _written(tmp_path / "file" / "rules", "rule.py", "X = 1\n")
        assert path.read_text("utf-8") == "X = 1\n"
        assert tmp_path not in path.parents


class TestFiles:
    """A user's rule is saved with the digest of its source, and refused with another."""

    def test_saves_its_digest(self) -> None:
        data = Steady(0.3).to_data()
        assert data == {"kind": "steady", SOURCE: Steady.source_digest(), "level": 0.3}
        assert len(Steady.source_digest()) == 64
        assert Rule.model_validate(data) == Steady(0.3)

    def test_another_source_is_refused(self) -> None:
        data = Steady().to_data() | {SOURCE: "0" * 64}
        with pytest.raises(ValueError, match=r"'steady' is not as it was: .* not 000000000000"):
            Rule.model_validate(data)

    def test_one_that_is_not_there_asks_for_its_file(self) -> None:
        with pytest.raises(ValueError, match=r"rule 'gone' does not come with .* --rule FILE\.py"):
            Rule.model_validate({"kind": "gone", SOURCE: "0" * 64})

    def test_built_in_rules_have_none(self) -> None:
        assert Threshold.is_built_in()
        assert not Steady.is_built_in()
        assert SOURCE not in Threshold().to_data()


class TestTrial:
    """What a user's rule is asked before it is played."""

    def test_situations(self) -> None:
        found = list(_situations(Steady(0.3), {"mood": (0.5, 2.0)}, (0, 5)))
        views = [(0, 0), (0, 5), (2, 5), (5, 5)]
        asked = [(s["mood"], s["mobilised"], (s["active"], s["degree"])) for s in found]
        assert asked == [(m, acts, v) for m in (0.5, 2.0) for acts in (False, True) for v in views]
        assert [s["exposure"] for s in found[:4]] == [0.0, 0.0, 0.4, 1.0]
        same = {"creators": 6, "step": 1, "duration": 1, "weight": 1, "shift": 0.0, "draw": 0.5}
        for situation in found:
            assert situation["ever"] == situation["mobilised"]
            assert situation["level"] == 0.3
            assert {name: situation[name] for name in same} == same

    def test_rules_without_columns_are_asked_as_well(self) -> None:
        assert len(list(_situations(Steady(), {}, (1,)))) == 4  # nobody or all, acting or not

    @pytest.mark.parametrize(
        ("answer", "wanted"),
        [
            (-2e-9, "a probability between 0 and 1"), (-1e-10, None), (0, None), (1.0, None),
            (1.0 + 1e-10, None), (1.0 + 2e-9, "a probability between 0 and 1"),
            (True, "a probability between 0 and 1"), (math.nan, "a probability between 0 and 1"),
        ],
    )  # fmt: skip
    def test_probabilities_may_be_off_by_rounding(self, answer: Any, wanted: str | None) -> None:
        assert _wanted(Contagion(), answer) == wanted

    @pytest.mark.parametrize(
        ("rule", "answer", "wanted"),
        [
            (LogitChoice(), math.inf, None), (LogitChoice(), 3, None),
            (LogitChoice(), "3", "a number"), (LogitChoice(), math.nan, "a number"),
            (LogitChoice(), False, "a number"),
            (Threshold(), False, None), (Threshold(), 1, "True or False"),
            (Motivation(), (True, -0.5), None), (Motivation(), (True, -0.5, 1.0), LEARNT),
            (Motivation(), (1, -0.5), LEARNT), (Motivation(), (True, None), LEARNT),
            (Motivation(), [True, -0.5], LEARNT), (Motivation(), True, LEARNT),
        ],
    )  # fmt: skip
    def test_answers(self, rule: Rule, answer: Any, wanted: str | None) -> None:
        assert _wanted(rule, answer) == wanted
