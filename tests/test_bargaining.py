"""Users' choices, and bargaining: splits, the length of strikes, and settlements in a run."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import sim
from sim.institutions.arithmetic.bargaining import (
    Demand,
    Prospect,
    Stakes,
    accepts,
    annuity,
    demanded,
    settlement_time,
)
from sim.institutions.arithmetic.market import shares
from tests.institution_worlds import idle, of_lab

SEED = 2
money = st.floats(0.0, 100.0)
STRIKE = sim.Seeds(share=0.5, committed=True)


class TestMarket:
    @given(st.lists(st.floats(0.5, 10.0), min_size=1, max_size=4), st.floats(0.0, 50.0))
    def test_logit_shares(self, losses, sensitivity):
        found = shares(losses, sensitivity, outside=0.5)
        odds = [math.exp(sensitivity * (1 - loss)) for loss in losses] + [math.exp(0.5)]
        np.testing.assert_allclose(found, np.array(odds) / sum(odds), rtol=1e-9, atol=1e-300)

    def test_users_go_where_capability_is(self):
        labs = [
            sim.Lab("Atelier", every=4, preset="code"),
            sim.Lab("Deaf", every=4, preset="code", snapshots="from_start", compliance=0.0),
        ]
        market = sim.Market(users=1000.0, sensitivity=10.0, outside=-50.0, margin=2.0)
        result = sim.run(idle(labs=labs, market=market, seeds=STRIKE), SEED)
        rows = result.institutions["market"]
        users = np.array([rows["users.Atelier"], rows["users.Deaf"], rows["users.none"]])
        np.testing.assert_allclose(users.sum(axis=0), 1000.0)
        np.testing.assert_allclose(users[:2, 0], 500.0)  # before the first releases
        loss = of_lab(result)[-1]
        gone = math.exp(10 * (1 - loss))
        np.testing.assert_allclose(users[0, -1], 1000.0 * gone / (1 + gone))

    def test_habits_slow_them(self):
        labs = [sim.Lab("Atelier", every=4, preset="code")]
        market = sim.Market(users=1.0, switching=0.5)
        rows = sim.run(idle(labs=labs, market=market, seeds=STRIKE), SEED).institutions["market"]
        users = np.array(rows["users.Atelier"])
        loss = sim.run(idle(labs=labs, seeds=STRIKE), SEED).labs["Atelier"].columns["loss"][0]
        wanted = 1 / (1 + math.exp(-20 * (1 - loss)))
        expected = wanted + (0.5 - wanted) * 0.5 ** np.arange(1, 10)
        np.testing.assert_allclose(users[3:], expected)

    def test_boycotters_use_none(self):
        crowd = [c.replace(repertoire="boycott") for c in idle().communities]
        labs = [sim.Lab("Atelier", every=400)]
        market = sim.Market(users=100.0, creators=0.3)
        scenario = idle(communities=crowd, labs=labs, market=market, seeds=STRIKE)
        result = sim.run(scenario, SEED)
        rows = result.institutions["market"]
        participation = result.participation[-1, -1]
        assert rows["boycotting"] == pytest.approx([participation] * 12)
        np.testing.assert_allclose(rows["users.Atelier"], 50.0 * (1 - 0.3 * participation))


class TestTheory:
    @given(money, money, money, st.floats(0.05, 0.95))
    def test_nash_splits_the_surplus(self, with_data, without, apart, power):
        stakes = Stakes(with_data, without, apart)
        deal = stakes.nash(power)
        assert deal - apart == pytest.approx(power * stakes.surplus, abs=1e-9)
        left = with_data - deal - without
        assert left == pytest.approx((1 - power) * stakes.surplus, abs=1e-9)
        assume(stakes.surplus > 0.01)  # with powers alpha and 1 - alpha, no split does better
        best = (deal - apart) ** power * left ** (1 - power)
        for other in np.linspace(apart, with_data - without, 23):
            rival = (other - apart) ** power * (with_data - without - other) ** (1 - power)
            assert rival <= best * (1 + 1e-9)

    def test_concession_curve(self):
        demand = Demand(least=2.0, first=5.0, fading=0.5)
        assert demand.at(0) == 5.0
        assert demand.at(2) == pytest.approx(2.0 + 3.0 * math.exp(-1.0))
        assert demand.at(1e6) == 2.0

    def test_full_information_settles_at_once(self):
        assert settlement_time(Stakes(10.0, 4.0, 1.0), Demand(2.0, 2.0, 0.3), 0.01) == 0.0
        stakes = Stakes(10.0, 4.0, 1.0)
        ahead = Prospect(stakes, stakes, math.inf)
        assert accepts(ahead, 0.5, asking=0.0, fading=0.3, struck=0, rate=0.01, patience=100)

    def test_length_of_a_strike_by_its_formula(self):
        """pi1 - pi0 = 6, y* = 2, y0 = 8, eta = .1, r = .02: ln(6 * 6 / 4) / .1 = 21.97."""
        found = settlement_time(Stakes(10.0, 4.0, 0.0), Demand(2.0, 8.0, 0.1), 0.02)
        assert found == pytest.approx(10 * math.log(9.0))

    def test_nothing_to_gain_never_settles(self):
        assert settlement_time(Stakes(10.0, 9.0, 0.0), Demand(2.0, 3.0, 0.1), 0.02) == math.inf

    @given(st.floats(0.1, 0.9), st.floats(0.1, 3.0), st.floats(0.02, 0.5), st.floats(0.001, 0.05))
    def test_waiting_step_by_step_agrees_with_the_formula(self, power, asking, fading, rate):
        stakes = Stakes(10.0, 4.0, 1.0)
        least = stakes.nash(power)
        demand = Demand(least, least + asking * stakes.surplus, fading)
        best = settlement_time(stakes, demand, rate)
        assume(best < 150.0)
        ahead = Prospect(stakes, stakes, math.inf)
        steps = (
            t for t in range(400) if accepts(ahead, power, asking, fading, t, rate, patience=200)
        )
        assert math.floor(best) <= next(steps) <= math.ceil(best)

    def test_more_asked_too_much_lasts_longer(self):
        lengths = [
            settlement_time(Stakes(10.0, 4.0, 0.0), Demand(2.0, first, 0.1), 0.02)
            for first in (2.1, 3.0, 5.0, 8.0)
        ]
        assert lengths == sorted(lengths)
        assert lengths[0] < lengths[-1]

    def test_a_lab_waits_for_an_empty_fund_if_it_is_near(self):
        paid, broke = Stakes(10.0, 4.0, 3.0), Stakes(10.0, 4.0, 0.0)
        terms = {"power": 0.5, "asking": 0.0, "fading": 0.1, "struck": 0, "rate": 0.01}
        assert not accepts(Prospect(paid, broke, 5.0), **terms, patience=100)
        assert accepts(Prospect(paid, broke, 90.0), **terms, patience=100)

    def test_a_lab_waits_for_the_announced_end(self):
        stakes = Stakes(10.0, 4.0, 0.0)
        terms = {"power": 0.5, "asking": 0.0, "fading": 0.1, "struck": 0, "rate": 0.01}
        assert accepts(Prospect(stakes, stakes, math.inf), **terms, patience=200)
        assert not accepts(Prospect(stakes, stakes, math.inf, ends=5.0), **terms, patience=200)
        # half of the gain, 3 a step for good, is worth 300; 180 steps cost 6 each, discounted
        assert accepts(Prospect(stakes, stakes, math.inf, ends=180.0), **terms, patience=200)

    def test_a_lab_waits_for_those_who_tire_soon(self):
        stakes = Stakes(10.0, 4.0, 0.0)
        terms = {"power": 0.5, "asking": 0.0, "fading": 0.1, "struck": 0, "rate": 0.01}
        for attrition, settles in ((0.005, True), (0.05, False)):
            ahead = Prospect(stakes, stakes, math.inf, attrition=attrition)
            assert accepts(ahead, **terms, patience=500) == settles

    def test_no_discount_is_too_small(self):
        stakes = Stakes(10.0, 4.0, 0.0)
        for rate in (1e-3, 1e-9, 1e-30):
            ahead = Prospect(stakes, stakes, math.inf, ends=5.0, horizon=100.0)
            assert not accepts(ahead, 0.5, 0.0, 0.1, struck=0, rate=rate, patience=500)
            assert annuity(rate, 100.0) == pytest.approx(100.0, rel=0.06)

    @pytest.mark.parametrize(("half_life", "settles"), [(0.6, False), (0.8, True)])
    def test_a_deal_for_a_while_is_weighed_against_a_strike_for_a_while(self, half_life, settles):
        """With an even split, waiting a step costs half of what is at stake in it, and lowers the
        price, the other half, by mu for the term T: the lab settles iff mu T < 1, so if it takes
        more than ln 2 = .69 of the term until half of the strikers have given up."""
        stakes = Stakes(10.0, 4.0, 0.0)
        tiring = math.log(2) / (half_life * 100)
        ahead = Prospect(stakes, stakes, math.inf, attrition=tiring, horizon=100.0)
        assert accepts(ahead, 0.5, 0.0, 0.1, struck=0, rate=1e-6, patience=500) == settles

    @given(st.floats(0.0, 0.2), st.floats(1.0, 60.0), st.floats(0.0, 1.0), st.floats(0.0, 90.0))
    def test_what_is_earned_without_a_deal_is_an_integral(self, attrition, ends, stays, wait):
        stakes = Stakes(10.0, 4.0, 0.0)
        ahead = Prospect(stakes, stakes, math.inf, attrition, ends, stays)
        t, width = np.linspace(0.0, wait, 20_001, retstep=True)
        flow = 10.0 - 6.0 * np.exp(-attrition * t) * np.where(t < ends, 1.0, stays)
        discounted = flow * np.exp(-0.02 * t)
        area = width * (discounted.sum() - (discounted[0] + discounted[-1]) / 2)
        # the jump at the end makes the sum wrong by at most half a strip of height 6
        assert ahead.earned(wait, 0.02) == pytest.approx(area, abs=4.0 * width + 1e-6)

    def test_what_is_asked_for_moves_with_the_stakes(self):
        assert demanded(Stakes(10.0, 4.0, 2.0), 0.5, 0.5, 0.1, 0) == 2.0 + 2.0 + 2.0
        assert demanded(Stakes(10.0, 9.0, 2.0), 0.5, 0.5, 0.1, 0) == 1.5  # no surplus to ask for


class TestTable:
    def scenario(self, **terms):
        talks = sim.Bargaining("Atelier", **{"starts": 0.2, "discount": 0.5, **terms})
        market = sim.Market(users=1e5, sensitivity=5.0, margin=1.0)
        labs = [sim.Lab("Atelier", every=4, preset="code")]
        return idle(labs=labs, market=market, bargaining=[talks], seeds=STRIKE, steps=30)

    def rows(self, scenario):
        return sim.run(scenario, SEED).institutions["bargaining.Atelier"]

    def test_full_information_settles_in_the_first_step(self):
        result = sim.run(self.scenario(term=8), SEED)
        rows = result.institutions["bargaining.Atelier"]
        assert rows["settled"][0] == 1.0
        assert rows["struck"][0] == 0.0
        acting = result.counts[:, 0].sum(axis=1)
        assert acting[0] == 300
        assert acting[1:].tolist() == [0] * 30
        assert of_lab(result) == [1.0] * 7
        assert rows["settled"][8] == 0.0  # the deal has run out, and nobody acts

    def test_surplus_and_split_are_those_of_the_market(self):
        scenario = self.scenario(power=0.25)
        rows = self.rows(scenario)
        striking = scenario.replace(bargaining=[])
        loss = of_lab(sim.run(striking, SEED))[0]
        earned = [1e5 / (1 + math.exp(-5 * (1 - each))) for each in (1.0, loss)]
        assert rows["surplus"][0] == pytest.approx(earned[0] - earned[1])
        assert rows["paid"][0] == pytest.approx(0.25 * (earned[0] - earned[1]))

    def test_what_is_not_known_makes_it_last(self):
        lengths = {}
        for asking in (0.0, 0.1, 0.2):
            rows = self.rows(self.scenario(asking=asking, learning=0.2))
            lengths[asking] = rows["settled"].index(1.0)
        assert lengths[0.0] == 0 < lengths[0.1] < lengths[0.2]

    def test_a_table_opens_with_enough_strikers_and_closes_without(self):
        scenario = self.scenario(starts=0.9)
        assert set(self.rows(scenario)["struck"]) == {-1.0}

    def test_income_elsewhere_raises_what_is_paid_until_no_deal_is_left(self):
        paid = [self.rows(self.scenario(income=income))["paid"][0] for income in (0.0, 1.0)]
        assert paid[0] < paid[1]
        assert set(self.rows(self.scenario(income=1e6))["settled"]) == {0.0}

    def test_a_fund_raises_what_is_paid(self):
        union = sim.Organiser("Union", 0.0, fund=sim.Fund(1e9, pay=1.0))
        talks = self.scenario().bargaining[0].replace(organiser="Union")
        scenario = self.scenario().replace(organisers=[union], bargaining=[talks])
        with_fund = self.rows(scenario)
        alone = self.rows(self.scenario())
        assert with_fund["paid"][0] > alone["paid"][0]

    def test_an_announced_end_spares_the_lab_the_deal(self):
        talks = self.scenario().bargaining[0].replace(organiser="Union")
        settled = {}
        for until in (None, date(2023, 2, 1)):
            union = sim.Organiser("Union", 0.0, until=until, goes_on=0.2)
            scenario = self.scenario().replace(organisers=[union], bargaining=[talks])
            result = sim.run(scenario, SEED)
            settled[until] = max(result.institutions["bargaining.Atelier"]["settled"])
            acting = result.counts[:, 0].sum(axis=1)
        assert list(settled.values()) == [1.0, 0.0]
        assert acting[5] == 300  # 5 February is the first step after the last day
        assert acting[6:].tolist() == [acting[6]] * 25
        assert 30 < acting[6] < 90  # a fifth of 300 go on: 60, give or take four standard errors

    def test_disruption_is_at_stake_without_any_market(self):
        talks = self.scenario().bargaining[0].replace(disruption=80.0, power=0.25)
        rows = self.rows(self.scenario().replace(market=None, bargaining=[talks]))
        seen = sim.run(self.scenario().replace(bargaining=[]), SEED).participation[0, -1]
        assert rows["surplus"][0] == pytest.approx(80.0 * seen)
        assert rows["paid"][0] == pytest.approx(0.25 * rows["surplus"][0])
        with pytest.raises(ValueError, match="needs a market"):
            self.scenario().replace(market=None)

    def test_a_settlement_is_a_concession(self):
        scenario = self.scenario().replace(feedback=sim.Feedback(appeasement=0.5))
        table = sim.run(scenario, SEED).institutions["feedback"]
        assert table["grievance.artists"][:3] == [0.0, -0.5, -0.5]
