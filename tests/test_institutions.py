"""Every institution: without effect it leaves the world as it is, to the last bit."""

from __future__ import annotations

from dataclasses import replace as changed
from datetime import date, timedelta

import mesa
import numpy as np
import pytest
from pydantic import ValidationError

import sim
from sim.errors import InputError
from sim.kernels.crowd import SEEN
from tests.institution_worlds import START, of_lab, world

FAR = date(2100, 1, 1)
IDLE = {
    "platform": {"platforms": [sim.Platform("ArtHub", {"artists": 0.6}, tool_at=1.0, tool=0.5)]},
    "organiser": {"organisers": [sim.Organiser("Union", contacts=0.0, fund=sim.Fund(100.0))]},
    "unconvincing organiser": {"organisers": [sim.Organiser("Union", persuasion=0.0)]},
    "regulator": {"regulators": [sim.Regulator("Court", sim.Ruling(FAR, regime="opt_in"))]},
    "ruling": {"calendar": [sim.Ruling(START, regime="opt_in", enforcement=1.0, favours=0.0)]},
    "press": {"press": sim.Press(participation=100.0)},
    "market": {"market": sim.Market(creators=0.5)},
    "mandate": {"mandate": sim.Mandate()},
    "bargaining": {"market": sim.Market(), "bargaining": [sim.Bargaining("Atelier", starts=1.0)]},
    "concession": {
        "labs": [sim.Lab("Atelier", every=4, concession=sim.Concession(price=1.0))],
    },
    "licensing": {"labs": [sim.Lab("Atelier", every=4, licensing=sim.Licensing(starts=1.0))]},
    "retaliation": {
        "labs": [sim.Lab("Atelier", every=4, retaliation=sim.Retaliation("banning", 1.0, 9.0))],
    },
    "release": {"calendar": [sim.Release(START, gain=1.0)]},
    "deadline": {"calendar": [sim.Deadline(FAR, "Atelier")]},
}


@pytest.fixture(scope="module")
def alone():
    return sim.run(world(), 7)


@pytest.mark.parametrize("name", IDLE)
def test_idle_is_bit_identical(name, alone):
    result = sim.run(world(**IDLE[name]), 7)
    assert result.state_digest == alone.state_digest
    assert of_lab(result) == of_lab(alone)


def test_something_happens_in_that_world(alone):
    assert 0.1 < alone.participation[-1, -1] < 0.9
    assert of_lab(alone)[-1] > 1.0


def everything():
    """One of each, all of which act."""
    return world(
        labs=[
            sim.Lab("Atelier", every=4, concession=sim.Concession(reputation=0.5, returns=0.5),
                    retaliation=sim.Retaliation("ignoring", 0.9)),
            sim.Lab("Rival", every=3, crawls=False, receives="everybody", preset="code"),
        ],
        platforms=[sim.Platform("ArtHub", {"artists": 0.5}, reversed_at=0.1, tool_on=START,
                                tool=0.5, notice=0.2)],
        organisers=[sim.Organiser("Union", 15.0, "hubs", fund=sim.Fund(200.0),
                                  demand=sim.Demand("Atelier", 0.2))],
        regulators=[sim.Regulator("Court", sim.Ruling(START, enforcement=1.0, rate=1.0), 5.0)],
        press=sim.Press(),
        market=sim.Market(),
        mandate=sim.Mandate(asked=0.2),
        bargaining=[sim.Bargaining("Atelier", "Union", starts=0.3)],
        calendar=[sim.TrainingDate(START + timedelta(50), "Rival", rate=4.0)],
        feedback=sim.Feedback(proof=1.0, encouragement=0.1),
    )  # fmt: skip


def test_institutions_are_mesa_agents_and_collected():
    model = sim.DataStrikeModel(everything(), seed=3)
    model.step()
    kinds = {type(agent).__name__ for agent in model.agents}
    assert len(kinds) == 7
    assert all(isinstance(agent, mesa.Agent) for agent in model.agents)
    for kind in model.agent_types:
        frame = model.datacollector.get_agenttype_vars_dataframe(kind)
        assert set(frame.columns) == set(kind.series)
        assert len(frame) == 2 * len(model.agents_by_type[kind])


def test_tables_of_all_are_kept_and_saved(tmp_path):
    result = sim.run(everything(), 3)
    assert {
        "feedback", "organiser.Union", "platform.ArtHub", "lab.Atelier", "lab.Rival",
        "bargaining.Atelier", "regulator.Court", "press", "market", "mandate.Atelier",
        "mandate.Rival",
    } == set(result.institutions)  # fmt: skip
    for table in result.institutions.values():
        assert len({len(column) for column in table.values()}) == 1
    result.save(tmp_path / "run")
    back = sim.load(tmp_path / "run")
    assert back.institutions == result.institutions
    np.testing.assert_array_equal(back.withheld, result.withheld)
    assert back.table()["withheld"].equals(result.table()["withheld"])


def test_same_seed_same_world_whatever_the_threads():
    first, second = (sim.run(everything(), 11, threads) for threads in (1, 3))
    assert first.state_digest == second.state_digest
    assert first.institutions == second.institutions


def test_without_action_nobody_campaigns_and_no_protest_is_seen():
    result = sim.run(everything().without_action(), 3)
    assert result.participation.max() == 0.0
    tables = result.institutions
    assert tables["organiser.Union"]["asked"][-1] == 0.0
    assert tables["platform.ArtHub"]["out"][-1] == 0.0
    assert tables["bargaining.Atelier"]["struck"][-1] == -1.0


def test_scenarios_with_institutions_survive_files():
    scenario = everything()
    assert sim.Scenario.from_data(scenario.to_data()) == scenario


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"calendar": [sim.Deadline(FAR, "Ateliers")]}, r"calendar.0.lab: no lab 'Ateliers'"),
        ({"press": sim.Press(communities=["poets"])}, "press.communities: no community 'poets'"),
        ({"bargaining": [sim.Bargaining("Atelier")]}, "bargaining.0: needs a market"),
        (
            {"platforms": [sim.Platform("A", 0.6), sim.Platform("B", {"artists": 0.6})]},
            "shares of artists who are members add up to 1.2",
        ),
        (
            {"organisers": [sim.Organiser("U"), sim.Organiser("U")]},
            "organisers: names must be unique",
        ),
        ({"market": sim.Market(), "bargaining": [sim.Bargaining("Atelier", "Union")]},
         "bargaining.0.organiser: no organiser 'Union'; the scenario declares none"),
    ],
)  # fmt: skip
def test_mistakes_are_named(changes, told):
    with pytest.raises((ValidationError, InputError, ValueError), match=told):
        world(**changes)


@pytest.mark.parametrize("seen_for", [None, 2])
@pytest.mark.parametrize("order", ["simultaneous", "one_by_one"])
def test_what_is_seen_is_what_is_done_also_on_order(order, seen_for):
    """Creators told to start and banned ones are seen, and no longer seen, from the next step."""
    scenario = world(
        organisers=[sim.Organiser("Union", 30.0, persuasion=0.5)],
        platforms=[sim.Platform("ArtHub", {"artists": 1.0}, bans_at=0.0, bans=0.3)],
        tactics={"withhold": sim.Effect(visibility=0.6)},
        revision=sim.Revision(order),
        seen_for=seen_for,
    )
    model = sim.DataStrikeModel(scenario, 7)
    network, engine = model.network, model.engine
    for _ in range(scenario.steps):
        model.step()
    model.engine.reviser.reach(engine._changed, engine._delta)  # what the next step would show
    seen = (engine.flags & SEEN != 0).astype(int)
    expected = [
        seen[network.indices[network.indptr[i] : network.indptr[i + 1]]].sum() for i in range(600)
    ]
    np.testing.assert_array_equal(engine.active, expected)
    assert model.institutions.platforms[0].banned > 0
    assert engine.counts[0].tolist() == [
        np.count_nonzero(engine.tactic[:400]),
        np.count_nonzero(engine.tactic[400:]),
    ]


def test_withheld_is_not_mobilised():
    """A default that keeps all artists out: nobody acts because of it, nobody is counted."""
    out = sim.run(world(platforms=[sim.Platform("ArtHub", {"artists": 1.0}, default="out")]), 7)
    alone = sim.run(world(), 7)
    np.testing.assert_array_equal(out.counts, alone.counts)
    np.testing.assert_array_equal(out.tactic, alone.tactic)
    assert (out.withheld[:, 0] == 1.0).all()
    assert (out.withheld[:, 1] == 0.0).all()
    assert (alone.withheld == 0.0).all()
    weighted = 400 / (400 + 200 * 3)
    np.testing.assert_allclose(out.withheld[:, 2], weighted)
    assert changed(out, withheld_counts=None).withheld.shape == out.withheld.shape
