"""Figures of who consented: what is drawn is what was counted."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

import sim
from analysis.campaign import campaign
from analysis.mandate import SAID, consent, frontier, measured
from sim.answers import sentences
from sim.institutions.arithmetic.mandate import STATES
from tests.institution_worlds import START, idle

REGIMES = {
    "opt_in": sim.Mandate("opt_in", asked=0.5),
    "refused": sim.Mandate("referendum", electorate=["artists"]),
}


@pytest.fixture(scope="module")
def comparison() -> sim.Comparison:
    return sim.compare(idle(mandate=REGIMES["refused"]), replications=2)


def test_bars_are_shares_of_creators_that_add_up(comparison: sim.Comparison) -> None:
    axes = campaign(comparison).axes[-1]
    tables = [run.institutions["mandate.Atelier"] for run in comparison.action]
    bars = dict(zip(STATES, axes.containers, strict=True))
    for state, drawn in bars.items():
        assert drawn.get_label() == SAID[state][0]
        shares = np.mean([table[state] for table in tables], axis=0)
        assert [bar.get_height() for bar in drawn] == pytest.approx(100.0 * shares)
    tops = np.sum([[bar.get_height() for bar in drawn] for drawn in bars.values()], axis=0)
    assert tops == pytest.approx(100.0)
    told = [label.get_text() for label in axes.get_xticklabels()]
    assert len(told) == 3
    assert all(label.endswith("referendum\nvoted down") for label in told)


def test_there_is_no_panel_where_nothing_was_measured() -> None:
    plain = sim.compare(idle(), replications=1)
    assert measured(plain) == []
    assert len(campaign(plain).axes) == 2


def test_frontier_leaves_open_what_was_voted_down() -> None:
    results = [sim.run(idle(mandate=each, name=name), 3) for name, each in REGIMES.items()]
    axes = frontier(results).axes[0]
    filled = {line.get_label(): line for line in axes.lines if line.get_markerfacecolor() != "none"}
    table = results[0].institutions["mandate.Atelier"]
    assert filled["opt in"].get_xdata() == pytest.approx(100.0 * np.array(table["mandate"]))
    assert len(filled["refused"].get_xdata()) == 0
    hollow = [len(line.get_xdata()) for line in axes.lines if line.get_markerfacecolor() == "none"]
    assert hollow == [0, 3]


def test_replications_may_differ_in_how_often_a_lab_trains() -> None:
    """Trainings at a rate: what all replications have is told and drawn."""
    often = sim.TrainingDate(START, "Atelier", rate=20.0)
    lab = sim.Lab("Atelier", every=30, first=1)
    scenario = idle(mandate=REGIMES["opt_in"], labs=[lab], calendar=[often])
    pair = sim.compare(scenario, replications=6)
    rounds = {len(run.institutions["mandate.Atelier"]["step"]) for run in pair.action}
    assert rounds == {1, 2}
    assert "behind Atelier's 1st model (opt-in)" in sentences(pair)[-1]
    assert "2nd" not in sentences(pair)[-1]
    axes = Figure().add_subplot()
    consent(axes, "a", pair, "Atelier")
    assert len(axes.get_xticks()) == 1
