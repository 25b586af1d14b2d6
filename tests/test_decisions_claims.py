"""What rules say of themselves: defaults, claims, forms, and fields that make no sense."""

from __future__ import annotations

import pytest

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
from sim.decisions.loops import Shape, tabled
from tests.strategies import KINDS

DEFAULTS = [
    (Contagion(), {"beta": 0.1, "gamma": 0.0, "immune": False}),
    (LogitChoice(), {"conformity": 1.0, "temperature": 1.0, "reversible": True}),
    (GrievanceRisk(), {"tolerance": 0.1, "sanction": 1.0, "k": 2.3, "whole": False}),
    (Motivation(), {"persistence": 0.5}),
    (CriticalMass(), {"exponent": 2.0}),
    (Threshold(), {"reversible": False, "counted": False}),
    (ConditionalPledge(), {"counted": True}),
    (StochasticLearning(), {"temptation": 4.0, "reward": 3.0, "punishment": 1.0, "sucker": 0.0,
                            "aspiration": 2.0, "rate": 0.5}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "stated"), DEFAULTS, ids=lambda value: getattr(value, "kind", str)()
)
def test_unless_stated(rule: Rule, stated: dict[str, float]) -> None:
    assert rule.parameters() == stated


def test_what_creators_bring_along_unless_stated() -> None:
    brought = {kind: {**KINDS[kind].traits, **KINDS[kind].memories} for kind in KINDS}
    assert {kind: values for kind, values in brought.items() if values} == {
        "critical_mass": {"interest": 1.0, "resource": 1.0},
        "grievance_risk": {"risk": 0.5},
        "motivation": {"discouragement": -1.0},
        "stochastic_learning": {"propensity": 0.5},
    }


def test_feedback_is_weighed_where_it_moves_shares() -> None:
    """Elsewhere it adds to log odds or utility as it is."""
    weighed = {kind for kind in KINDS if KINDS[kind].scales_pull}
    assert weighed == {"threshold", "conditional_pledge", "contagion"}


def test_everyone_is_seen_where_stated() -> None:
    for kind in (Threshold, Contagion, LogitChoice, GrievanceRisk):
        assert kind().everyone is False
        assert kind(scope="everyone").everyone is True
    assert ConditionalPledge().everyone is True
    assert CriticalMass().everyone is True


LINKS = Shape(frozenset(), "links", unaware=False, shifted=False, committed=False, weighted=False)


@pytest.mark.parametrize(
    ("rule", "looks_up"), [(Contagion, True), (Threshold, False), (LogitChoice, False)]
)
def test_chances_that_follow_from_counts_stand_in_a_table(rule: type[Rule], looks_up: bool) -> None:
    assert tabled(rule, LINKS) == looks_up


@pytest.mark.parametrize(
    ("rule", "monotone"),
    [
        (Threshold(), True), (Contagion(), True), (LogitChoice(conformity=0.0), True),
        (LogitChoice(conformity=-0.1), False), (GrievanceRisk(), True), (Motivation(), True),
        (ConditionalPledge(), True), (StochasticLearning(), False),
    ],
)  # fmt: skip
def test_monotone(rule: Rule, monotone: bool) -> None:
    assert rule.monotone() == monotone


@pytest.mark.parametrize(
    "wrong",
    [
        {"persistence": 1.0}, {"persistence": -0.1}, {"rate": 0.0}, {"rate": 1.1},
        {"exponent": 0.0}, {"temperature": 0.0}, {"beta": 1.1}, {"gamma": -0.1}, {"sanction": -1.0},
    ],
    ids=str,
)  # fmt: skip
def test_senseless_fields_are_refused(wrong: dict[str, float]) -> None:
    (field,) = wrong
    kinds = [kind for kind in KINDS.values() if field in kind.model_fields]
    assert kinds
    for kind in kinds:
        with pytest.raises(ValueError, match=field):
            kind(**wrong)


@pytest.mark.parametrize("rule", [Contagion(0.1), LogitChoice(), Motivation(), CriticalMass()])
def test_shares_are_seen_by_those_who_read_exposure(rule: Rule) -> None:
    assert rule.sees_shares() == ("exposure" in rule.reads())


def test_those_who_count_do_not_see_shares() -> None:
    assert Threshold(of="share").sees_shares()
    assert not Threshold(of="count").sees_shares()


def test_forms() -> None:
    assert Threshold.form() == StochasticLearning.form() == "decide"
    assert Contagion.form() == "probability"
    assert LogitChoice.form() == "log_odds"
