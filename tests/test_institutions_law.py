"""Rulings, regulators and the calendar: what the law takes out, and when it speaks."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

import sim
from sim.institutions.calendar import hazard
from tests.institution_worlds import START, idle, of_lab, world

SEED = 4


def requests():
    """Creators who all file requests when they act, and do not act by themselves."""
    filing = {"repertoire": {"opt_out": 1.0}, "threshold": 0.5}
    return {"communities": [community.replace(**filing) for community in idle().communities]}


def test_opt_in_keeps_all_out_who_were_not_asked_or_said_no():
    mandate = sim.Mandate("opt_in", asked=0.8)
    result = sim.run(idle(mandate=mandate), SEED)
    yes = 1.0 - result.withheld[0, :2]
    for share, size, consents in zip(yes, (400, 200), (0.3, 0.7), strict=True):
        expected = 0.8 * consents
        assert abs(share - expected) < 4 * np.sqrt(expected * (1 - expected) / size)
    assert result.participation.max() == 0.0


def test_ruling_changes_the_regime_on_its_date():
    ruling = sim.Ruling(START + timedelta(35), regime="opt_in")
    result = sim.run(idle(calendar=[ruling], mandate=sim.Mandate(asked=0.0)), SEED)
    assert (result.withheld[:5] == 0.0).all()
    assert (result.withheld[5:] == 1.0).all()
    both = sim.run(idle(calendar=[ruling]).without_action(), SEED)
    np.testing.assert_array_equal(both.withheld, result.withheld)  # the law acts without action


def test_enforcement_makes_a_lab_comply():
    labs = [sim.Lab(name, every=4, compliance=0.0) for name in ("Atelier", "Other")]
    ruling = sim.Ruling(START + timedelta(35), enforcement=0.9, labs=["Other"])
    strike = sim.Seeds(share=0.5, committed=True)
    result = sim.run(world(labs=labs, calendar=[ruling], seeds=strike, **requests()), SEED)
    assert of_lab(result, "compliance") == [0.0] * 3
    assert of_lab(result, "compliance", "Other") == [0.0, 0.9, 0.9]
    assert of_lab(result, lab="Other")[0] == 1.0 < of_lab(result, lab="Other")[1]


def test_transparency_lets_creators_hear():
    unaware = [c.replace(aware=0.0) for c in idle().communities]
    ruling = sim.Ruling(START + timedelta(14), transparency=0.25)
    model = sim.DataStrikeModel(idle(communities=unaware, calendar=[ruling]), SEED)
    heard = []
    for _ in range(5):
        model.step()
        heard.append(model.creators.get("aware").mean())
    assert heard[:2] == [0.0, 0.0]
    expected = 1 - 0.75 ** np.arange(1, 4)
    np.testing.assert_allclose(heard[2:], expected, atol=4 * np.sqrt(0.25 / 600))


def test_rulings_may_go_the_other_way():
    ruled = [
        sim.run(
            idle(calendar=[sim.Ruling(START, regime="opt_in", favours=0.5)], steps=1), seed
        ).withheld[-1, -1]
        for seed in range(60)
    ]
    assert set(ruled) == {0.0, 1.0}
    assert abs(np.mean(ruled) - 0.5) < 4 * np.sqrt(0.25 / 60)


def test_events_with_a_rate_come_by_their_hazard():
    event = sim.Ruling(START, rate=6.0)
    scenario = idle(steps=400)
    steps = [event.due(scenario, seed, 0) for seed in range(300)]
    chance = hazard(6.0, 7.0)
    assert abs(np.mean(steps) - 1 / chance) < 4 / chance / np.sqrt(300)  # geometric
    assert steps == [event.due(scenario, seed, 0) for seed in range(300)]
    assert steps != [event.due(scenario, seed, 1) for seed in range(300)]
    assert sim.Ruling(START, rate=1e-9).due(scenario, 0, 0) is None
    assert event.replace(rate=None, on=START + timedelta(8)).due(scenario, 0, 0) == 2


def test_a_broadcast_may_come_at_a_rate():
    unaware = [c.replace(aware=0.0) for c in idle().communities]
    news = sim.Broadcast(START, reach=1.0, rate=10.0)
    scenario = idle(communities=unaware, calendar=[news])
    due = news.due(scenario, SEED, 0)
    assert due is not None
    model = sim.DataStrikeModel(scenario, SEED)
    for step in range(1, due + 1):
        model.step()
        assert model.creators.get("aware").all() == (step == due)


def test_regulators_rule_sooner_under_protest():
    court = sim.Regulator("Court", sim.Ruling(START, enforcement=1.0), pressure=20.0)
    quiet = idle(regulators=[court], steps=40)
    loud = quiet.replace(seeds=sim.Seeds(share=0.5, committed=True))
    when = {True: [], False: []}
    for seed in range(20):
        for protest, scenario in ((False, quiet), (True, loud)):
            ruled = sim.run(scenario, seed).institutions["regulator.Court"]["ruled"]
            when[protest].append(ruled.index(1.0) + 1 if 1.0 in ruled else np.inf)
    assert np.isinf(when[False]).all()
    chance = hazard(20.0 * 0.5, 7.0)
    assert abs(np.mean(when[True]) - 1 / chance) < 4 / chance / np.sqrt(20)


def test_a_regulator_with_a_date_rules_on_it():
    court = sim.Regulator("Court", sim.Ruling(START + timedelta(21), regime="opt_in"))
    result = sim.run(idle(regulators=[court]), SEED)
    assert result.institutions["regulator.Court"]["ruled"] == [0.0] * 2 + [1.0] * 10
    assert (result.withheld[3:] == 1.0).all()
    assert (result.withheld[:3] == 0.0).all()


def test_deadline_closes_the_list_until_it_is_opened_again():
    """All file in step 6, after the deadline in step 5; rounds are in steps 4, 8 and 12."""
    lab = sim.Lab("Atelier", every=4)
    joined = sim.Organiser("Union", 600.0, persuasion=1.0, begins=START + timedelta(42))
    deadline = sim.Deadline(START + timedelta(35), "Atelier", until=START + timedelta(70))
    open_list = idle(labs=[lab], organisers=[joined], **requests())
    closed = open_list.replace(calendar=[deadline])
    assert of_lab(sim.run(open_list, SEED), "withdrawn")[1] > 0.0
    assert of_lab(sim.run(closed, SEED), "withdrawn")[:2] == [0.0, 0.0]
    assert of_lab(sim.run(closed, SEED), "withdrawn")[2] > 0.0


def test_urgency_doubles_with_every_half_life_until_the_deadline():
    deadline = sim.Deadline(START + timedelta(28), "Atelier", urgency=0.8, half_life=7.0)
    model = sim.DataStrikeModel(idle(calendar=[deadline]), SEED)
    felt = [model.engine.pull.arrays[0].tolist()]
    for _ in range(6):
        model.step()
        felt.append(model.engine.pull.arrays[0].tolist())
    halves = [0.8 * 0.5**left for left in (3, 2, 1, 0)]  # felt in steps 1 to 4
    assert felt == [[u, u] for u in [*halves, 0.0, 0.0, 0.0]]


def test_extra_training_dates():
    training = sim.TrainingDate(START + timedelta(42), "Atelier")
    assert of_lab(sim.run(idle(calendar=[training]), SEED), "step") == [4, 6, 8, 12]


def test_a_release_elsewhere_is_felt_in_its_domains():
    release = sim.Release(START + timedelta(14), gain=0.2, communities=["coders"])
    feedback = sim.Feedback(substitution=2.0)
    table = sim.run(idle(calendar=[release], feedback=feedback), SEED).institutions["feedback"]
    assert table["grievance.coders"] == [0.0, 0.0] + [0.4] * 11
    assert set(table["grievance.artists"]) == {0.0}


@pytest.mark.parametrize("attribute", ["regime", "enforcement"])
def test_what_a_ruling_leaves_open_stays(attribute):
    ruling = sim.Ruling(START)
    assert getattr(ruling, attribute) is None
    assert sim.run(idle(calendar=[ruling]), SEED).state_digest == sim.run(idle(), SEED).state_digest


def test_a_ruling_can_have_more_creators_asked():
    """Opt-in from step 3: nobody is asked; from step 6 half are, and those who agree are in."""
    rulings = [
        sim.Ruling(START + timedelta(21), regime="opt_in"),
        sim.Ruling(START + timedelta(42), asked=0.5),
        sim.Ruling(START + timedelta(63), asked=0.0, regime="opt_out"),
    ]
    result = sim.run(idle(calendar=rulings), SEED)
    assert (result.withheld[:3] == 0.0).all()
    assert (result.withheld[3:6] == 1.0).all()
    for share, size, consents in zip(result.withheld[6, :2], (400, 200), (0.3, 0.7), strict=True):
        expected = 0.5 * consents
        assert abs(1.0 - share - expected) < 4 * np.sqrt(expected * (1 - expected) / size)
    assert (result.withheld[9:] == 0.0).all()
