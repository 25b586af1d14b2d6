"""Labs: what they keep, what rivals are given, how they answer creators who act."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

import sim
from sim.capability.supply import Supply
from sim.institutions.actors.answers import gain
from sim.institutions.actors.lab import USELESS, Outlook
from sim.kernels.crowd import BOUND, LICENSED
from tests.institution_worlds import START, idle, of_lab, world

SEED = 8
STRIKE = sim.Seeds(share=0.5, committed=True)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("preset", "image-txt", "unknown preset 'image-txt'; did you mean 'image_text'?"),
        ("response", "repet_uniform", "unknown response 'repet_uniform'; did you mean 'repeat_"),
    ],
)
def test_unknown_names_are_told_at_once(field, value, sentence):
    with pytest.raises(ValueError, match=field) as told:
        idle(labs=[sim.Lab("Atelier", **{field: value})])
    assert sentence in str(told.value)


def acting(tactic, **changes):
    """Half of the creators use one tactic throughout; nobody else does anything."""
    crowd = [c.replace(repertoire=tactic) for c in idle().communities]
    return idle(communities=crowd, **{"seeds": STRIKE, **changes})


def late(tactic, **changes):
    """All creators start in step 6, after the first round in step 4."""
    crowd = [c.replace(repertoire=tactic) for c in idle().communities]
    call = sim.Organiser("Union", 600.0, persuasion=1.0, begins=START + timedelta(42))
    return idle(communities=crowd, organisers=[call], **changes)


@pytest.mark.parametrize(
    ("tactic", "snapshots", "out"),
    [
        ("withhold", "fresh", True),
        ("withhold", "kept", False),
        ("withhold", "from_start", False),
        ("opt_out", "kept", True),
        ("opt_out", "from_start", True),
    ],
)
def test_snapshots_keep_what_is_taken_down_not_what_is_requested(tactic, snapshots, out):
    lab = sim.Lab("Atelier", every=4, snapshots=snapshots)
    data = of_lab(sim.run(late(tactic, labs=[lab]), SEED), "data")
    assert data[0] == pytest.approx(1.0, abs=1e-12)
    assert data[1:] == pytest.approx([0.0 if out else 1.0] * 2, abs=1e-12)


def test_a_snapshot_keeps_no_more_than_was_crawled():
    """Taken down in step 6: works made after the crawl in step 4 were never had."""
    crowd = [c.replace(repertoire="withhold", stock=4.0, output=1.0) for c in idle().communities]
    call = sim.Organiser("Union", 600.0, persuasion=1.0, begins=START + timedelta(42))
    lab = sim.Lab("Atelier", every=4, snapshots="kept")
    scenario = idle(communities=crowd, organisers=[call], labs=[lab])
    data = of_lab(sim.run(scenario, SEED), "data")
    np.testing.assert_allclose(data, (8.0 / 4.0) ** 0.7, rtol=1e-12)


def test_without_a_snapshot_from_the_start_only_crawled_works_are_kept():
    lab = sim.Lab("Atelier", every=4, snapshots="kept")
    assert of_lab(sim.run(acting("withhold", labs=[lab]), SEED), "data")[0] < 0.9
    known = lab.replace(snapshots="from_start")
    np.testing.assert_allclose(of_lab(sim.run(acting("withhold", labs=[known]), SEED), "data"), 1.0)


def test_compliance_of_labs_differs():
    labs = [
        sim.Lab("Atelier", every=4),
        sim.Lab("Deaf", every=4, compliance=0.0),
        sim.Lab("Half", every=6, compliance=0.5),
    ]
    result = sim.run(acting("opt_out", labs=labs), SEED)
    losses = {lab: of_lab(result, lab=lab)[0] for lab in result.labs}
    assert losses["Deaf"] == 1.0 < losses["Half"] < losses["Atelier"]
    assert of_lab(result, "step", "Half") == [6, 12]


def test_donations_go_to_the_named_rival_only():
    labs = [
        sim.Lab("Atelier", every=4, preset="code"),
        sim.Lab("Rival", every=4, preset="code", crawls=False, receives=["artists"]),
        sim.Lab("Other", every=4, preset="code", crawls=False),
    ]
    result = sim.run(acting("donate_and_withhold", labs=labs), SEED)
    share = of_lab(result, "data", "Rival")[-1]
    model = sim.DataStrikeModel(acting("donate_and_withhold", labs=labs), SEED)
    stock = np.broadcast_to(model.labs[0].corpus.stock, (600,))
    given = (stock[:400][model.engine.tactic[:400] != 0] ** 0.7).sum()
    assert share == pytest.approx(given / model.labs[0].corpus.unit_data, rel=1e-12)
    assert of_lab(result, "donated", "Rival")[-1] == share
    assert of_lab(result, "data", "Other")[-1] == 0.0
    assert of_lab(result, lab="Rival")[-1] < of_lab(result, lab="Other")[-1]
    assert of_lab(result)[-1] > 1.0  # and withheld from all others


def test_a_rival_that_crawls_counts_given_works_once():
    labs = [sim.Lab("Rival", every=4, receives="everybody")]
    given = sim.run(acting("donate", labs=labs), SEED)
    np.testing.assert_allclose(of_lab(given, "data", "Rival"), 1.0)
    curated = sim.run(acting("donate", labs=[labs[0].replace(curation=2.0)]), SEED)
    expected = 1.0 + of_lab(given, "donated", "Rival")[0]
    np.testing.assert_allclose(of_lab(curated, "data", "Rival"), expected)


def test_detection_is_the_labs_own():
    poisoned = {}
    for detection in (None, 0.0, 0.5, 1.0):
        lab = sim.Lab("Atelier", every=4, detection=detection)
        crowd = [c.replace(repertoire="poison", output=1.0) for c in idle().communities]
        result = sim.run(idle(communities=crowd, labs=[lab], seeds=STRIKE), SEED)
        poisoned[detection] = of_lab(result, "poisoned.artists")[-1]
    assert poisoned[None] == poisoned[0.5] == poisoned[0.0] / 2
    assert poisoned[0.0] > 0.0 == poisoned[1.0]


def test_progress_is_seen_in_releases_and_left_out_of_losses():
    lab = sim.Lab("Atelier", every=4, progress=1.0)
    feedback = sim.Feedback(substitution=1.0)
    result = sim.run(idle(labs=[lab], feedback=feedback), SEED)
    assert of_lab(result) == [1.0] * 3
    in_use = result.institutions["lab.Atelier"]["in_use"]
    expected = np.exp(-np.array([4, 8, 12]) * 7 / 365.25)
    np.testing.assert_allclose([in_use[3], in_use[7], in_use[11]], expected)
    grievance = result.institutions["feedback"]["grievance.artists"]
    np.testing.assert_allclose(grievance[-1], 1.0 - expected[-1])


def test_open_weights_stay_closed_ones_follow():
    """The second generation is worse: what is out cannot be taken back."""
    deployed = {}
    for open_weights in (False, True):
        lab = sim.Lab("Atelier", every=4, open_weights=open_weights)
        rows = sim.run(late("withhold", labs=[lab]), SEED).institutions["lab.Atelier"]
        deployed[open_weights] = rows["deployed"]
    assert deployed[True][-1] == 1.0 < deployed[False][-1]


OUTLOOK = Outlook(now=1.10, back=1.00, out=1.25)


@pytest.mark.parametrize(
    ("terms", "pressed", "expected"),
    [
        (sim.Concession(reputation=0.5), 0.2, 0.10),
        (sim.Concession(reputation=0.5, price=0.3), 0.2, -0.20),
        (sim.Concession(returns=0.5), 0.0, 0.05),
        (sim.Concession(compliance=0.7), 0.0, -0.5 * 0.15),
        (sim.Concession(compliance=0.1), 0.0, 0.0),
    ],
)
def test_a_lab_weighs_capability_and_reputation(terms, pressed, expected):
    assert gain(terms, OUTLOOK, pressed, compliance=0.2) == pytest.approx(expected)


def test_concession_comes_when_the_protest_is_large_enough_and_only_once():
    terms = sim.Concession(reputation=1.0, price=0.2, compliance=1.0, returns=1.0, truce=2)
    lab = sim.Lab("Atelier", every=4, compliance=0.0, concession=terms)
    organiser = sim.Organiser("Union", contacts=60.0, persuasion=1.0)
    scenario = idle(labs=[lab], organisers=[organiser], feedback=sim.Feedback(encouragement=0.0))
    model = sim.DataStrikeModel(scenario, SEED)
    seen, acting_after, bound = [], [], []
    for _ in range(scenario.steps):
        seen.append(model.participation)
        model.step()
        acting_after.append(model.participation)
        bound.append(np.count_nonzero(model.engine.flags & BOUND))
    when = model.institutions.labs[0].rows["conceded"].index(1.0)
    assert seen[when] >= 0.2 > seen[when - 1]
    assert acting_after[when] < seen[when]  # only those stay who were asked in this step
    assert bound[when] > 0
    assert bound[when + 2] == 0  # the truce is over
    assert model.labs[0].compliance == 1.0


def test_concession_soothes_through_feedback():
    terms = sim.Concession(reputation=1.0, size=0.5, communities=["artists"])
    lab = sim.Lab("Atelier", every=4, concession=terms)
    feedback = sim.Feedback(appeasement=1.0, encouragement=0.25)
    table = sim.run(acting("opt_out", labs=[lab], feedback=feedback), SEED).institutions
    assert table["feedback"]["grievance.artists"] == [0.0] + [-0.5] * 12
    assert table["feedback"]["efficacy.artists"] == [0.0] + [0.125] * 12
    assert set(table["feedback"]["grievance.coders"]) == {0.0}


def test_retaliation_by_ignoring_stops_at_what_is_enforced():
    lab = sim.Lab("Atelier", every=4, retaliation=sim.Retaliation("ignoring", at=0.2))
    result = sim.run(acting("opt_out", labs=[lab]), SEED)
    assert of_lab(result, "compliance") == [0.0] * 3
    assert of_lab(result) == [1.0] * 3
    law = [sim.Ruling(START, enforcement=0.6)]
    held = sim.run(acting("opt_out", labs=[lab], calendar=law), SEED)
    assert of_lab(held, "compliance") == [0.6] * 3


def test_retaliation_by_banning_deters():
    from sim.decisions import LogitChoice

    lab = sim.Lab("Atelier", every=4, retaliation=sim.Retaliation("banning", 0.05, sanction=2.0))
    tempted = idle(rule=LogitChoice(0.0, 1.0))
    free = sim.run(tempted, SEED).participation[3:, -1].mean()
    deterred = sim.run(tempted.replace(labs=[lab]), SEED).participation[4:, -1].mean()
    assert abs(free - 0.5) < 0.03  # 5,400 draws: 4 standard errors
    assert abs(deterred - 1 / (1 + np.exp(2.0))) < 0.03


def test_offers_split_those_who_expect_little_from_holding_out():
    lab = sim.Lab("Atelier", every=4, preset="code", licensing=sim.Licensing(offers=50))
    model = sim.DataStrikeModel(acting("withhold", labs=[lab]), SEED)
    actor = model.labs[0]
    share = actor.answers.shares_alone()
    assert ((share > 0.0) & (share < 1.0)).all()  # superadditive: together they are worth more
    before = int(model.engine.counts[0].sum())
    for _ in range(12):
        model.step()
    sold = np.flatnonzero(model.engine.flags & LICENSED)
    assert sold.size == actor.licensed > 0
    assert model.engine.counts[0].sum() == before - sold.size
    assert (model.engine.tactic[sold] == 0).all()
    stubborn = lab.replace(licensing=sim.Licensing(hope=1.0))
    held = sim.run(acting("withhold", labs=[stubborn]), SEED)
    assert held.institutions["lab.Atelier"]["licensed"][-1] == 0.0


def test_shares_of_single_works_against_a_naive_count():
    lab = sim.Lab("Atelier", every=4, preset="code")
    model = sim.DataStrikeModel(acting("withhold", labs=[lab]), SEED)
    actor = model.labs[0]
    full, supply = actor.corpus.full, actor.corpus.look(model.engine).supply
    missing = full.live - supply.live

    def loss(taken):
        return float(actor.surrogate.evaluate(Supply.of(full.live - taken), full).overall_loss)

    together = loss(missing) - loss(0 * missing)
    for c, share in enumerate(actor.answers.shares_alone()):
        little = np.zeros(2)
        little[c] = missing[c] * 1e-3
        alone = (loss(little) - loss(0 * little)) * 1e3
        assert share == pytest.approx(alone / (together * missing[c] / missing.sum()), rel=1e-9)


def test_outlook_looks_without_crawling():
    lab = sim.Lab("Atelier", every=4, snapshots="kept")
    model = sim.DataStrikeModel(acting("withhold", labs=[lab]), SEED)
    outlook = model.labs[0].outlook()
    assert outlook.back == 1.0 < outlook.now <= outlook.out < USELESS
    assert not model.labs[0].corpus.snapshot.any()


class TestPress:
    def test_attention_follows_its_equation(self):
        press = sim.Press(reach=0.0, half_life=14.0, participation=5.0, release=0.3, attention=0.4)
        result = sim.run(world(press=press), SEED)
        seen = [0.0, *result.participation[:, -1].tolist()]
        attention, expected = 0.4, []
        for step in range(1, 13):
            # the press sees what was so after the step before, and the release of that step
            rise = max(0.0, result.participation[step - 1, -1] - seen[max(step - 1, 1)])
            worth = 5.0 * rise + 0.3 * (step - 1 in (4, 8))
            attention = 1.0 - (1.0 - 0.5**0.5 * attention) * np.exp(-worth)
            expected.append(attention)
        np.testing.assert_allclose(result.institutions["press"]["attention"], expected, rtol=1e-12)

    def test_readers_hear_with_its_reach_a_step_later(self):
        unaware = [c.replace(aware=0.0) for c in idle().communities]
        press = sim.Press(
            reach=0.5, half_life=1e9, participation=0.0, attention=1.0, communities=["artists"]
        )
        model = sim.DataStrikeModel(idle(communities=unaware, press=press), SEED)
        model.step()
        assert not model.creators.get("aware").any()
        model.step()
        aware = model.creators.get("aware")
        assert abs(aware[:400].mean() - 0.5) < 4 * np.sqrt(0.25 / 400)
        assert not aware[400:].any()


class TestDividedPublics:
    def scenario(self, against):
        crowd = world().communities
        return world(
            communities=[crowd[0], crowd[1].replace(opposes=against)],
            seeds=sim.Seeds(share=0.1, committed=True),
            steps=25,
        )

    def test_opponents_hold_a_protest_down(self):
        free, opposed = (sim.run(self.scenario(a), SEED) for a in ((), ("artists",)))
        assert opposed.participation[-1, 0] < free.participation[-1, 0] - 0.05

    def test_nobody_who_acts_is_nobody_who_counts(self):
        """Opponents who stay idle change nothing for anybody."""
        crowd = world().communities
        idle_coders = crowd[1].replace(threshold=9.0)
        worlds = [
            world(
                communities=[crowd[0], idle_coders.replace(opposes=against)],
                seeds=sim.Seeds(share=0.1, community="artists"),
            )
            for against in ((), ("artists",))
        ]
        first, second = (sim.run(scenario, SEED) for scenario in worlds)
        np.testing.assert_array_equal(first.counts, second.counts)

    def test_what_they_see_is_net(self):
        scenario = self.scenario(("artists",))
        model = sim.DataStrikeModel(scenario, SEED)
        for _ in range(3):
            acting_before = (model.engine.tactic != 0).astype(int)
            model.step()
        network = model.network
        for i in range(0, 600, 37):
            seen = network.indices[network.indptr[i] : network.indptr[i + 1]]
            sign = np.where((i < 400) & (seen >= 400), -1, 1)
            net = int((acting_before[seen] * sign).sum())
            assert model.engine.active[i] == net * 2**16

    def test_a_crowd_that_sees_all_cannot_be_divided(self):
        from sim.networks import Complete

        with pytest.raises(sim.InputError, match=r"coders\.opposes: needs"):
            sim.run(self.scenario(("artists",)).replace(network=Complete()), SEED)


class TestSharing:
    LAB = sim.Lab(
        "Commons", every=4, crawls=False, receives=("coders",), legacy=0.5, sharing=sim.Sharing(0.5)
    )

    def scenario(self, **terms):
        crowd = [c.replace(repertoire="donate") for c in idle().communities]
        stated = {"labs": [self.LAB], "market": sim.Market(users=1e4, margin=0.5), **terms}
        return idle(communities=crowd, seeds=sim.Seeds(share=0.5, committed=True), **stated)

    def test_who_gives_gets_an_equal_part(self):
        result = sim.run(self.scenario(), 3)
        givers = 3.0 * result.counts[1:-1, 0, 1]  # coders alone, each of whom stands for three
        users = result.institutions["market"]["users.Commons"]
        paid = result.institutions["lab.Commons"]["pays"]
        np.testing.assert_allclose(paid[1:], 0.5 * 0.5 * np.array(users[:-1]) / givers)

    def test_pay_draws_those_who_could_give_and_nobody_else(self):
        crowd = [c.replace(threshold=sim.Normal(0.9, 0.3), repertoire="donate")
                 for c in idle().communities]  # fmt: skip
        seeds = sim.Seeds(count=20, community="coders", committed=True)
        paid = self.scenario().replace(communities=crowd, seeds=seeds)
        unpaid = paid.replace(labs=[self.LAB.replace(sharing=None)])
        counts = [sim.run(each, 3).counts[-1, 0].tolist() for each in (paid, unpaid)]
        assert counts[0][1] > counts[1][1] + 50
        assert counts[0][0] == counts[1][0]

    @pytest.mark.parametrize(
        "changes", [{"market": None}, {"labs": [LAB.replace(receives="nobody")]}]
    )
    def test_needs_users_and_givers(self, changes):
        with pytest.raises(ValueError, match=r"labs\.Commons\.sharing: needs a market"):
            self.scenario(**changes)
