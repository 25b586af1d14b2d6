"""The public mandate: who consented, under which regime, and what capability it goes with."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.institutions.actors.mandate import COLUMNS
from sim.institutions.arithmetic.mandate import STATES, Consent, frontier
from sim.kernels.crowd import AWARE
from tests.institution_worlds import idle, of_lab

SEED = 6
flags = st.lists(st.booleans(), min_size=6, max_size=6).map(np.array)
works = st.lists(st.sampled_from((0.0, 0.5, 1.0)), min_size=6, max_size=6).map(np.array)
MADE = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
WEIGHT = np.array([1.0, 1.0, 1.0, 10.0, 10.0, 10.0])


def state_of(yes, no, knows, able, left, used):
    """The state of one creator, in words."""
    if no or left < 1.0:
        allowed = 0.0 if no else left
        return "refused_overridden" if used > allowed else "refused_honoured"
    if yes:
        return "affirmative"
    return "tacit" if knows and able else "uninformed"


@given(flags, flags, flags, flags, flags, works, works)
def test_everybody_is_in_one_state(yes, no, knows, able, requested, left, used):
    consent = Consent(MADE, MADE * left, MADE * used, yes, no, knows, able, requested, WEIGHT)
    counted = dict.fromkeys(STATES, 0.0)
    for i in range(6):
        counted[state_of(yes[i], no[i], knows[i], able[i], left[i], used[i])] += WEIGHT[i]
    np.testing.assert_allclose(consent.states(), np.array(list(counted.values())) / WEIGHT.sum())
    np.testing.assert_allclose(consent.works().sum(), 1.0)
    assert (consent.works() >= 0.0).all()
    for regime in ("opt_out", "opt_in", "referendum"):
        assert -1e-12 <= consent.legal(regime, True) <= 1.0 + 1e-12


@given(flags, flags, flags, flags, flags, works)
def test_works_that_are_not_used_override_nobody(yes, no, knows, able, requested, left):
    consent = Consent(MADE, MADE * left, MADE * 0.0, yes, no, knows, able, requested, WEIGHT)
    assert consent.states()[-1] == consent.works()[-1] == consent.share_used == 0.0
    assert consent.legal("opt_out", True) == 1.0


def table(**changes):
    return sim.run(idle(**changes), SEED).institutions["mandate.Atelier"]


def filing():
    """Creators of whom each files a request when it acts."""
    request = {"repertoire": {"opt_out": 1.0}}
    return [community.replace(**request) for community in idle().communities]


class TestRegimes:
    def test_silence_is_not_consent(self):
        rows = table(mandate=sim.Mandate(able=1.0))
        assert set(rows) == set(COLUMNS)
        assert rows["tacit"] == [1.0] * 3
        assert rows["mandate"] == [0.0] * 3
        assert rows["legal"] == rows["used"] == rows["passed"] == [1.0] * 3

    def test_who_does_not_know_or_cannot_refuse_is_uninformed(self):
        half = [c.replace(aware=0.5) for c in idle().communities]
        rows = table(mandate=sim.Mandate(able=0.4), communities=half)
        weight = np.array([1.0] * 400 + [3.0] * 200)
        error = 4 * np.sqrt(0.2 * 0.8 * (weight**2).sum()) / weight.sum()
        assert abs(rows["tacit"][0] - 0.2) < error
        assert rows["uninformed"][0] == pytest.approx(1.0 - rows["tacit"][0])

    def test_opt_out_counts_those_asked(self):
        rows = table(mandate=sim.Mandate(asked=1.0))
        yes = (0.3 * 400 + 0.7 * 200 * 3) / 1000  # coders stand for three each
        error = 4 * np.sqrt(0.21 * (400 + 200 * 9)) / 1000
        assert abs(rows["affirmative"][0] - yes) < error
        assert rows["refused_honoured"][0] == pytest.approx(1.0 - rows["affirmative"][0])
        assert rows["tacit"][0] == rows["uninformed"][0] == 0.0

    def test_requests_that_are_ignored_are_overridden_and_not_legal(self):
        strike = sim.Seeds(share=0.5, committed=True)
        deaf = [sim.Lab("Atelier", every=4, compliance=0.0)]
        base = {"mandate": sim.Mandate(), "seeds": strike, "communities": filing()}
        heard, ignored = table(**base), table(**base, labs=deaf)
        assert heard["refused_honoured"] == ignored["refused_overridden"]
        assert heard["refused_honoured"][0] > 0.4
        assert heard["legal"] == [1.0] * 3
        assert ignored["legal"][0] == pytest.approx(1.0 - ignored["works.refused_overridden"][0])
        assert ignored["used"] == [1.0] * 3 > heard["used"]

    def test_works_kept_in_a_snapshot_override_those_who_took_them_down(self):
        strike = sim.Seeds(share=0.5, committed=True)
        down = [c.replace(repertoire="withhold") for c in idle().communities]
        kept = [sim.Lab("Atelier", every=4, snapshots="from_start")]
        rows = table(mandate=sim.Mandate(), seeds=strike, communities=down, labs=kept)
        assert rows["refused_overridden"][0] > 0.4
        assert rows["legal"] == [1.0] * 3  # nothing was requested of the lab

    def test_poison_refuses_all_use(self):
        strike = sim.Seeds(share=0.5, committed=True)
        crowd = [c.replace(repertoire="poison", output=1.0) for c in idle().communities]
        rows = table(mandate=sim.Mandate(), seeds=strike, communities=crowd)
        assert rows["refused_overridden"][0] > 0.4

    def test_opt_in_uses_only_what_was_agreed_to(self):
        rows = table(mandate=sim.Mandate("opt_in", asked=0.5))
        assert rows["legal"] == [1.0] * 3
        assert rows["used"][0] == pytest.approx(rows["works.affirmative"][0])
        assert rows["tacit"][0] > 0.0  # those who were not asked, whose works are out
        deaf = [sim.Lab("Atelier", every=4, compliance=0.0)]
        ignored = table(mandate=sim.Mandate("opt_in", asked=0.5), labs=deaf)
        assert ignored["legal"][0] == pytest.approx(ignored["works.affirmative"][0])

    def test_donors_agree_for_their_rival(self):
        gift = [c.replace(repertoire="donate_and_withhold") for c in idle().communities]
        labs = [sim.Lab("Atelier", every=4), sim.Lab("Rival", every=4, receives="everybody")]
        everyone = sim.Seeds(share=1.0, committed=True)
        scenario = idle(mandate=sim.Mandate(), communities=gift, labs=labs, seeds=everyone)
        tables = sim.run(scenario, SEED).institutions
        assert tables["mandate.Rival"]["mandate"] == [1.0] * 3
        assert tables["mandate.Atelier"]["refused_honoured"] == [1.0] * 3


class TestReferendum:
    def terms(self, **changes):
        return sim.Mandate("referendum", **{"turnout": 0.5, **changes})

    def test_votes_are_drawn_from_the_electorate(self):
        rows = table(mandate=self.terms(electorate=["coders"]))
        assert abs(rows["turnout"][0] - 0.5) < 4 * np.sqrt(0.25 / 200)
        assert abs(rows["yes"][0] - 0.7) < 4 * np.sqrt(0.21 / 100)
        assert len(set(rows["turnout"])) == 3  # each release has its own vote
        share = 200 * 3 / 1000
        expected = share * rows["turnout"][0] * rows["yes"][0]
        assert rows["affirmative"][0] == pytest.approx(expected)

    @pytest.mark.parametrize(
        ("changes", "passes"),
        [
            ({"electorate": ["coders"]}, True),
            ({"electorate": ["artists"]}, False),
            ({"electorate": ["coders"], "quorum": 0.9}, False),
            ({"electorate": ["coders"], "majority": 0.9}, False),
        ],
    )
    def test_a_refused_release_is_not_deployed(self, changes, passes):
        strike = sim.Seeds(share=0.5, committed=True)
        scenario = idle(mandate=self.terms(**changes), seeds=strike)
        result = sim.run(scenario, SEED)
        assert result.institutions["mandate.Atelier"]["passed"] == [float(passes)] * 3
        deployed = result.institutions["lab.Atelier"]["deployed"][-1]
        assert deployed == (of_lab(result)[-1] if passes else 1.0)
        legal = result.institutions["mandate.Atelier"]["legal"]
        assert legal == [float(passes)] * 3


def test_measuring_changes_nothing():
    measured, plain = (sim.run(idle(mandate=m), SEED) for m in (sim.Mandate(), None))
    assert measured.state_digest == plain.state_digest
    assert measured.labs["Atelier"].columns == plain.labs["Atelier"].columns


def test_a_licence_is_a_yes():
    strike = sim.Seeds(share=0.5, committed=True)
    lab = sim.Lab("Atelier", every=4, licensing=sim.Licensing(offers=1000, hope=0.0))
    rows = table(mandate=sim.Mandate(), seeds=strike, labs=[lab])
    assert rows["affirmative"][0] > 0.4
    assert rows["refused_honoured"][0] == 0.0


def test_knowledge_is_the_flag_of_awareness():
    crowd = [c.replace(aware=0.25) for c in idle().communities]
    scenario = idle(mandate=sim.Mandate(), communities=crowd)
    model = sim.DataStrikeModel(scenario, SEED)
    for _ in range(4):
        model.step()
    knows = model.engine.flags & AWARE != 0
    weight = np.repeat([1.0, 3.0], [400, 200])
    tacit = model.labs[0].mandate["tacit"][0]
    assert tacit == pytest.approx((knows * weight).sum() / weight.sum())


def test_frontier_trades_mandate_against_capability():
    regimes = {
        "opt_out": sim.Mandate("opt_out"),
        "asking": sim.Mandate("opt_out", asked=1.0),
        "opt_in": sim.Mandate("opt_in", asked=0.5),
    }
    results = [sim.run(idle(mandate=mandate, name=name), SEED) for name, mandate in regimes.items()]
    found = frontier(results)
    assert len(found) == 9
    last = found[found["round"] == 3].set_index("scenario")
    assert last.loc["opt_out", "mandate"] == 0.0 < last.loc["opt_in", "mandate"]
    assert last.loc["opt_out", "loss"] < last.loc["asking", "loss"] < last.loc["opt_in", "loss"]
    assert last["efficient"].to_dict() == {"opt_out": True, "asking": True, "opt_in": False}
    assert frontier([sim.run(idle(), SEED)]).empty


def test_what_was_voted_down_is_not_on_the_frontier():
    regimes = {"opt_out": sim.Mandate(), "vote": sim.Mandate("referendum", electorate=["artists"])}
    results = [
        sim.run(idle(mandate=mandate, name=name), seed)
        for name, mandate in regimes.items()
        for seed in (1, 2)
    ]
    found = frontier(results, "loss.artists").set_index("scenario")
    assert not found.loc["vote", "deployed"].any()
    assert (found.loc["vote", "mandate"] > 0.0).all()
    assert not found.loc["vote", "efficient"].any()
    assert found.loc["opt_out", "efficient"].all()
