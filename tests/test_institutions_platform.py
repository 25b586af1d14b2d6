"""Platforms: defaults, lists, tools and bans, and what labs get of withheld works."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

import sim
from sim.decisions import LogitChoice
from sim.kernels.crowd import BOUND, WITHHELD
from sim.purposes import COMPLIANCE
from sim.world import build
from tests.institution_worlds import START, idle, of_lab, world
from tests.twin.philox import uniform

SEED = 5


def hub(**terms):
    return sim.Platform("ArtHub", {"artists": 0.5}, **terms)


def play(scenario, steps=None):
    model = sim.DataStrikeModel(scenario, SEED)
    for _ in range(steps or scenario.steps):
        model.step()
    return model


def usable(model, lab):
    """Effective data by community, creator by creator, in plain Python."""
    corpus, engine = lab.corpus, model.engine
    stock = np.broadcast_to(corpus.stock, (engine.world.size,))
    total = [0.0, 0.0]
    for i in range(engine.world.size):
        c = 0 if i < 400 else 1
        kept = 1.0
        out = bool(engine.flags[i] & WITHHELD)
        filed = engine.withheld_since[i] <= engine.step_number - lab.spec.lag
        if out and filed and uniform(SEED, COMPLIANCE, lab.number, i) < lab.spec.compliance:
            kept = 1.0 - lab.spec.reach
        total[c] += (kept * stock[i]) ** corpus.kappa * corpus.represents[c]
    return np.array(total) / corpus.unit_data


@pytest.mark.parametrize(
    "terms",
    [{}, {"compliance": 0.4}, {"reach": 0.7}, {"lag": 3}, {"snapshots": "from_start"}],
)
def test_labs_that_honour_it_drop_withheld_works(terms):
    lab = sim.Lab("Atelier", every=4, **terms)
    out_in_step_2 = hub(reversed_on=START + timedelta(14))
    model = play(idle(labs=[lab], platforms=[out_in_step_2]), 4)
    supply, _ = model.labs[0].corpus.at(model.engine)
    np.testing.assert_allclose(supply.live, usable(model, model.labs[0]), rtol=1e-12)
    dropped = supply.live[0] < model.labs[0].corpus.full.live[0]
    assert dropped == (terms.get("lag", 0) < 3)  # filed in step 2, cut off in step 4 - 3
    assert supply.live[1] == model.labs[0].corpus.full.live[1]


def test_default_changes_on_its_date_and_sticks_with_most():
    platform = hub(reversed_on=START + timedelta(21), sticks=0.8)
    result = sim.run(idle(platforms=[platform]), SEED)
    members = np.count_nonzero(build(idle(platforms=[platform]), SEED).platform == 1)
    assert abs(members - 200) < 4 * 10  # 4 standard deviations of Binomial(400, .5)
    assert result.institutions["platform.ArtHub"]["out"] == [0.0] * 2 + [1.0] * 10
    assert (result.withheld[:3] == 0.0).all()
    withheld = result.withheld_counts[3:, 0]
    assert len(set(withheld.tolist())) == 1
    assert abs(withheld[0] - 0.8 * members) < 4 * np.sqrt(members * 0.8 * 0.2)


def test_a_default_that_was_out_can_be_turned_in():
    result = sim.run(idle(platforms=[hub(default="out", reversed_on=START + timedelta(21))]), SEED)
    assert (result.withheld[:3, 0] > 0.4).all()
    assert (result.withheld[3:] == 0.0).all()


def test_protest_turns_the_default_and_is_taken_as_a_concession():
    terms = {"reversed_at": 0.1, "concession": 0.5}
    moved = world(platforms=[hub(**terms)], feedback=sim.Feedback(encouragement=1.0, weight=0.0))
    tables = sim.run(moved, SEED).institutions
    turned = tables["platform.ArtHub"]["out"].index(1.0)
    acting = tables["platform.ArtHub"]["acting"]
    assert acting[turned] >= 0.1 > max(acting[:turned])
    efficacy = tables["feedback"]["efficacy.artists"]
    assert efficacy[turned] == 0.0  # rows of feedback begin with step 0, those of others with 1
    assert efficacy[turned + 1 :] == [0.5] * (12 - turned)
    assert set(tables["feedback"]["efficacy.coders"]) == {0.0}


def test_bulk_opt_out_is_part_of_the_action():
    listed = idle(platforms=[hub(bulk_opt_out=START + timedelta(28))])
    result, without = sim.run(listed, SEED), sim.run(listed.without_action(), SEED)
    assert (result.withheld[:4] == 0.0).all()
    assert (result.withheld[4:, 0] > 0.4).all()
    assert (without.withheld == 0.0).all()
    assert of_lab(result)[0] > of_lab(without)[0] == 1.0


def test_counterfactual_keeps_what_was_not_the_action():
    """A default that is there anyway is there without action too."""
    out = idle(platforms=[hub(default="out")]).without_action()
    result = sim.run(out, SEED)
    assert (result.withheld[:, 0] > 0.4).all()
    assert of_lab(result)[0] > 1.0


def test_tool_lowers_the_cost_of_members_alone():
    """Without links, creators who are not members do exactly what they do without the tool."""
    lonely = idle(
        communities=[community.replace(cost=2.0) for community in idle().communities],
        rule=LogitChoice(0.0, 0.5),
    )
    eased = lonely.replace(platforms=[hub(tool_on=START, tool=0.75)])
    members = build(eased, SEED).platform == 1
    plain, tooled = sim.run(lonely, SEED), sim.run(eased, SEED)
    np.testing.assert_array_equal(plain.tactic[~members], tooled.tactic[~members])
    acting = [np.mean(run.tactic[members] != 0) for run in (plain, tooled)]
    expected = [1 / (1 + np.exp(cost / 0.5)) for cost in (2.0, 0.5)]
    error = 4 * np.sqrt(0.25 / members.sum())
    np.testing.assert_allclose(acting, expected, atol=error)


def test_bans_put_works_back_and_keep_creators_from_acting():
    terms = {"bans_at": 0.05, "bans": 0.5}
    model = play(world(platforms=[hub(**terms)]))
    engine, platform = model.engine, model.institutions.platforms[0]
    bound = np.flatnonzero(engine.flags & BOUND)
    assert bound.size == platform.banned > 0
    assert set(bound) <= set(platform.members.tolist())
    assert (engine.tactic[bound] == 0).all()
    alone = sim.run(world(), SEED)
    assert engine.counts[0, 0] < alone.counts[-1, 0, 0]


def test_deterrence_is_felt_once_the_platform_bans():
    terms = {"bans_at": 0.0, "bans": 1e-9, "deterrence": 3.0}
    rule = LogitChoice(0.0, 1.0)
    tempted = idle(rule=rule, platforms=[hub(**terms)])
    members = build(tempted, SEED).platform == 1
    plain, deterred = sim.run(tempted.replace(platforms=[]), SEED), sim.run(tempted, SEED)
    np.testing.assert_array_equal(plain.tactic[~members], deterred.tactic[~members])
    share = np.mean(deterred.tactic[members] != 0)
    assert abs(share - 1 / (1 + np.exp(3.0))) < 4 * np.sqrt(0.05 / members.sum())


def test_notice_lets_members_communities_hear():
    unaware = [sim.Community("artists", 400, aware=0.0), sim.Community("coders", 200, aware=0.0)]
    platform = hub(reversed_on=START + timedelta(14), notice=0.6)
    model = play(idle(communities=unaware, platforms=[platform]), 2)
    aware = model.creators.get("aware")
    assert not aware.any()  # seen at the next step
    model.step()
    aware = model.creators.get("aware")
    assert abs(aware[:400].mean() - 0.6) < 4 * np.sqrt(0.24 / 400)
    assert not aware[400:].any()


def test_members_seen_acting_count_for_the_real_ones():
    """Every coder acts and stands for three, no artist does: 600 of 1,000 on the platform."""
    everywhere = sim.Platform("Forge", default="in", reversed_at=1.0)
    strike = sim.Seeds(count=200, community="coders", committed=True)
    result = sim.run(idle(platforms=[everywhere], seeds=strike), SEED)
    assert result.institutions["platform.Forge"]["acting"][0] == pytest.approx(0.6)


class TestRefusal:
    RULE = LogitChoice(0.0, 1.0)

    def refusing(self, **terms):
        refused = hub(refused_on=START + timedelta(21), **terms)
        return idle(rule=self.RULE, platforms=[refused])

    def test_angers_members_alone_until_it_is_taken_back(self):
        """Of 200 members half act; with an outrage of 1 it is 1 / (1 + exp(-1)) of them."""
        given_in = self.refusing(outrage=1.0, tool_on=START + timedelta(56))
        members = build(given_in, SEED).platform == 1
        plain, angered = (sim.DataStrikeModel(world, SEED) for world in (self.refusing(), given_in))
        shares = []
        for _ in range(12):
            plain.step(), angered.step()
            acts = angered.creators.get("tactic") != 0
            np.testing.assert_array_equal(acts[~members], plain.engine.tactic[~members] != 0)
            shares.append(acts[members].mean() - (plain.engine.tactic[members] != 0).mean())
        refused = angered.institutions.platforms[0].rows["refused"]
        assert refused == [0.0] * 2 + [1.0] * 5 + [0.0] * 5
        assert shares[:3] == [0.0] * 3
        assert shares[8:] == [0.0] * 4  # what happens in a step is felt at the next
        rise = 1.0 / (1.0 + np.exp(-1.0)) - 0.5
        assert abs(np.mean(shares[3:8]) - rise) < 4.0 * np.sqrt(0.25 / (5 * members.sum()))

    def test_is_heard_of(self):
        unaware = [c.replace(aware=0.0) for c in idle().communities]
        told = self.refusing(notice=0.6).replace(communities=unaware)
        model = play(told, 4)
        aware = model.creators.get("aware")
        assert abs(aware[:400].mean() - 0.6) < 4 * np.sqrt(0.24 / 400)
        assert not aware[400:].any()


class TestChoice:
    def test_those_who_do_not_stick_take_their_works_out(self):
        offered = idle(platforms=[hub(choice_on=START + timedelta(21), sticks=0.8)])
        members = np.count_nonzero(build(offered, SEED).platform == 1)
        result = sim.run(offered, SEED)
        assert result.institutions["platform.ArtHub"]["choice"] == [0.0] * 2 + [1.0] * 10
        assert (result.withheld[:3] == 0.0).all()
        out = result.withheld_counts[3:, 0]
        assert len(set(out.tolist())) == 1
        assert abs(out[0] - 0.2 * members) < 4 * np.sqrt(members * 0.2 * 0.8)

    def test_is_there_from_the_start_if_it_was_before(self):
        result = sim.run(idle(platforms=[hub(choice_on=START, sticks=0.0)]), SEED)
        assert (result.withheld[:, 0] > 0.4).all()

    def test_is_offered_to_protest_alone(self):
        asked = world(platforms=[hub(choice_at=0.1, sticks=0.5)])
        table = sim.run(asked, SEED).institutions["platform.ArtHub"]
        offered = table["choice"].index(1.0)
        assert table["acting"][offered] >= 0.1 > max(table["acting"][:offered])
        assert (sim.run(asked.without_action(), SEED).withheld == 0.0).all()
