"""Organisers: whom they ask, who joins, pledges, strike funds and demands."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

import sim
from sim.decisions import LogitChoice
from tests.institution_worlds import START, idle, of_lab

SEED = 9


def played(scenario, steps=None):
    model = sim.DataStrikeModel(scenario, SEED)
    for _ in range(steps or scenario.steps):
        model.step()
    return model


def test_asks_so_many_in_a_step_and_some_join():
    organiser = sim.Organiser("Union", contacts=20.0, persuasion=0.4)
    result = sim.run(idle(organisers=[organiser]), SEED)
    table = result.institutions["organiser.Union"]
    assert table["asked"] == [20.0 * step for step in range(1, 13)]
    recruited = np.array(table["recruited"])
    np.testing.assert_array_equal(recruited, result.counts[1:, 0].sum(axis=1))
    assert abs(recruited[-1] - 0.4 * 240) < 4 * np.sqrt(240 * 0.24)


def test_part_of_a_contact_is_saved_up():
    table = sim.run(idle(organisers=[sim.Organiser("Union", 0.25)]), SEED).institutions
    assert table["organiser.Union"]["asked"] == [0.0] * 3 + [1.0] * 4 + [2.0] * 4 + [3.0]


def test_burn_out_is_geometric():
    organiser = sim.Organiser("Union", contacts=40.0, burn_out=0.5)
    table = sim.run(idle(organisers=[organiser]), SEED).institutions["organiser.Union"]
    assert table["strength"] == [0.5**step for step in range(1, 13)]
    assert table["asked"][-1] == int(40 * sum(0.5**k for k in range(12)))


@pytest.mark.parametrize("targets", ["hubs", "largest", "random", "greedy"])
def test_targets_come_in_their_order(targets):
    from sim.networks import ErdosRenyi

    organiser = sim.Organiser("Union", 30.0, targets, community="artists", persuasion=1.0)
    # creators with links who wait for all of their neighbours: nobody joins unless asked
    waiting = [c.replace(threshold=1.5) for c in idle().communities]
    scenario = idle(communities=waiting, organisers=[organiser]).replace(network=ErdosRenyi(6.0))
    model = played(scenario, 2)
    acting = np.flatnonzero(model.engine.tactic)
    assert acting.size == 60
    assert acting.max() < 400
    rank = {
        "hubs": model.engine.world.network.degree,
        "largest": model.engine.world.column("stock"),
    }.get(targets)
    if rank is not None:
        left = np.setdiff1d(np.arange(400), acting)
        assert rank[acting].min() >= rank[left].max()


def test_nobody_is_asked_who_acts_and_the_list_starts_again():
    organiser = sim.Organiser("Union", contacts=500.0, persuasion=0.5)
    table = sim.run(idle(organisers=[organiser]), SEED).institutions["organiser.Union"]
    assert table["asked"][0] == 500.0
    assert table["recruited"][-1] == 600.0  # everybody, in the end
    assert table["asked"][-1] == table["asked"][-2]  # nobody left to ask


def test_season():
    organiser = sim.Organiser(
        "Union", 10.0, begins=START + timedelta(21), ends=START + timedelta(41)
    )
    table = sim.run(idle(organisers=[organiser]), SEED).institutions["organiser.Union"]
    assert table["asked"] == [0.0, 0.0, 10.0, 20.0, 30.0] + [30.0] * 7


def test_those_asked_come_to_know():
    unaware = [c.replace(aware=0.0) for c in idle().communities]
    organiser = sim.Organiser("Union", contacts=25.0, persuasion=0.0)
    model = played(idle(communities=unaware, organisers=[organiser]), 4)
    assert model.creators.get("aware").sum() == 100


def test_pledges_bind_together_or_not_at_all():
    few = sim.Organiser("Union", contacts=10.0, persuasion=1.0, pledges=55)
    result = sim.run(idle(organisers=[few]), SEED)
    after = [60 + 10 * k for k in range(7)]  # those asked later join at once
    assert result.counts[:, 0].sum(axis=1).tolist() == [0] * 6 + after
    many = few.replace(pledges=1000)
    assert sim.run(idle(organisers=[many]), SEED).participation.max() == 0.0


def test_committed_recruits_never_stop():
    rule = LogitChoice(0.0, 0.05)
    reluctant = [c.replace(cost=1.0) for c in idle().communities]
    counts = {}
    for committed in (False, True):
        organiser = sim.Organiser("Union", 10.0, persuasion=1.0, committed=committed)
        scenario = idle(communities=reluctant, rule=rule, organisers=[organiser])
        counts[committed] = sim.run(scenario, SEED).counts[-1, 0].sum()
    assert counts == {False: 10, True: 120}  # without commitment only those asked last act


def test_fund_lasts_as_long_as_its_money():
    organiser = sim.Organiser(
        "Union", 0.0, community="coders", fund=sim.Fund(amount=1000.0, pay=2.0, covers=0.5)
    )
    strikers = sim.Seeds(count=50, community="coders", committed=True)
    scenario = idle(organisers=[organiser], seeds=strikers)
    table = sim.run(scenario, SEED).institutions["organiser.Union"]
    each = 2.0 * 50 * 3  # every simulated coder stands for three
    assert table["fund"][:5] == [max(0.0, 1000.0 - each * k) for k in range(1, 6)]


def test_pay_takes_off_cost_while_it_lasts():
    rule = LogitChoice(0.0, 0.5)
    dear = [c.replace(cost=2.0, represents=1.0) for c in idle().communities]
    fund = sim.Fund(amount=1e9, covers=0.75)
    organiser = sim.Organiser("Union", 0.0, community="artists", fund=fund)
    base = idle(communities=dear, rule=rule)
    plain = sim.run(base, SEED)
    paid = sim.run(base.replace(organisers=[organiser]), SEED)
    np.testing.assert_array_equal(plain.counts[:, 0, 1], paid.counts[:, 0, 1])
    share = paid.participation[1:, 0].mean()
    assert abs(share - 1 / (1 + np.exp(0.5 / 0.5))) < 4 * np.sqrt(0.25 / 4800)
    empty = organiser.replace(fund=fund.replace(amount=0.0))
    broke = sim.run(base.replace(organisers=[empty]), SEED)
    assert broke.state_digest == plain.state_digest


def test_dues_fill_the_fund():
    fund = sim.Fund(amount=0.0, pay=0.0, dues=0.5)
    organiser = sim.Organiser("Union", 0.0, community="artists", fund=fund)
    table = sim.run(idle(organisers=[organiser]), SEED).institutions["organiser.Union"]
    assert table["fund"][-1] == 0.5 * 400 * 12


def test_demand_is_met_or_refused_and_then_escalates():
    demand = sim.Demand("Atelier", at=0.05, deadline=3, escalation=2.0)
    organiser = sim.Organiser("Union", contacts=20.0, persuasion=1.0, demand=demand)
    table = sim.run(idle(organisers=[organiser]), SEED).institutions["organiser.Union"]
    made, refused = table["demanding"].index(1.0), table["refused"].index(1.0)
    assert refused == made + 3
    steps = np.diff(table["asked"])
    assert (steps[:refused] == 20.0).all()
    assert (steps[refused:] == 40.0).all()
    generous = sim.Lab(
        "Atelier", every=4, concession=sim.Concession(reputation=1.0, only_when_asked=True)
    )
    met = sim.run(idle(organisers=[organiser], labs=[generous]), SEED).institutions
    asked_in = met["organiser.Union"]["demanding"].index(1.0)
    assert met["lab.Atelier"]["conceded"].index(1.0) == asked_in
    assert set(met["organiser.Union"]["refused"]) == {0.0}


def test_a_campaign_costs_the_model_what_its_recruits_withhold():
    organiser = sim.Organiser("Union", contacts=50.0, persuasion=1.0)
    with_it, without = sim.run(idle(organisers=[organiser]), SEED), sim.run(idle(), SEED)
    assert of_lab(without) == [1.0] * 3
    assert all(loss > 1.0 for loss in of_lab(with_it))
