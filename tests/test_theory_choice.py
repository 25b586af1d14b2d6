"""Logit choice, motivation, sanctions, shared goods and learning among all."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from sim.creators.distributions import LogNormal, Normal
from sim.errors import InputError
from sim.theory import brock_durlauf, critical_mass, epstein, granovetter, macy, siegel


class TestBrockDurlauf:
    @pytest.mark.parametrize(
        ("pull", "conformity", "temperature", "number"),
        [(0, 1, 0.3, 3), (0.1, 1, 0.3, 3), (0.3, 1, 0.3, 1), (0, 1, 0.6, 1), (0, 0.6, 0.3, 1)],
    )
    def test_number_of_equilibria(self, pull, conformity, temperature, number) -> None:
        points = brock_durlauf.fixed_points(pull, conformity, temperature)
        assert len(points) == number
        for point in points:
            right = math.tanh((pull + conformity * point.value) / (2 * temperature))
            assert point.value == pytest.approx(right, abs=1e-9)
        assert [point.stable for point in points] == [i % 2 == 0 for i in range(number)]

    @pytest.mark.parametrize(("conformity", "temperature"), [(1.0, 0.3), (2.0, 0.2), (5.0, 2.4)])
    def test_tipping_pull_separates_three_from_one(self, conformity, temperature) -> None:
        tip = brock_durlauf.tipping_pull(conformity, temperature)
        assert tip is not None
        for sign in (1, -1):
            few = brock_durlauf.fixed_points(sign * tip * 1.0001, conformity, temperature)
            many = brock_durlauf.fixed_points(sign * tip * 0.9999, conformity, temperature)
            assert (len(few), len(many)) == (1, 3)

    def test_no_tipping_pull_without_conformity(self) -> None:
        assert brock_durlauf.tipping_pull(0.6, 0.3) is None
        assert brock_durlauf.tipping_pull(-1.0, 0.3) is None

    def test_each_basin_leads_to_its_root(self) -> None:
        low, middle, high = (p.value for p in brock_durlauf.fixed_points(0.05, 1.0, 0.3))
        for start, end in ((-1, low), (middle - 1e-3, low), (middle + 1e-3, high), (1, high)):
            assert brock_durlauf.equilibrium(0.05, 1.0, 0.3, start) == pytest.approx(end)
            path = brock_durlauf.path(0.05, 1.0, 0.3, 200, (1 + start) / 2)
            assert 2 * path[-1] - 1 == pytest.approx(end, abs=1e-9)

    def test_against_a_crowd_that_draws(self) -> None:
        rng, creators, steps = np.random.default_rng(2), 1_000_000, 15
        pull, shares = np.array([-0.4, 0.3]), np.array([0.25, 0.75])
        participation = [0.3]
        for _ in range(steps):
            r = participation[-1]
            chance = 1 / (1 + np.exp(-(pull + 0.8 * (2 * r - 1)) / 0.35))
            acting = rng.binomial((creators * shares * 0.5).astype(int), chance)
            participation.append(r / 2 + acting.sum() / creators)
        theory = brock_durlauf.path(pull, 0.8, 0.35, steps, 0.3, 0.5, shares)
        # binomial noise of one step is .0004; the map multiplies it by less than 5 on the way
        np.testing.assert_allclose(participation, theory, atol=4 * 0.0004 * 5)
        alike = brock_durlauf.path(float(pull @ shares), 0.8, 0.35, steps, 0.3, 0.5)
        assert np.abs(alike - participation).max() > 0.01

    def test_those_who_like_to_differ(self) -> None:
        (calm,) = brock_durlauf.fixed_points(0.1, -0.5, 0.3)
        assert calm.stable
        assert brock_durlauf.equilibrium(0.1, -0.5, 0.3) == calm.value
        (swinging,) = brock_durlauf.fixed_points(0.1, -2.0, 0.3)
        assert not swinging.stable
        with pytest.raises(InputError, match="never settles"):
            brock_durlauf.equilibrium(0.1, -2.0, 0.3)
        end = brock_durlauf.path(0.1, -2.0, 0.3, 400, 0.9)[-2:]
        assert abs(end[0] - end[1]) > 0.5

    def test_impossible_parameters_are_refused(self) -> None:
        with pytest.raises(InputError, match="temperature"):
            brock_durlauf.fixed_points(0, 1, 0)
        with pytest.raises(InputError, match="temperature"):
            brock_durlauf.tipping_pull(1, -1)
        with pytest.raises(InputError, match="shares"):
            brock_durlauf.fixed_points([0, 1], 1, 1, [1.0])


class TestSiegel:
    def test_published_equilibria(self) -> None:
        low = Normal(0.55, 0.25)
        assert siegel.equilibrium(low) == pytest.approx(0.0588, abs=5e-5)
        assert siegel.equilibrium(low, 0.0) == pytest.approx(0.9836, abs=5e-5)
        assert siegel.equilibrium(Normal(0.60, 0.25)) == pytest.approx(0.991, abs=5e-4)

    @given(st.floats(-0.5, 1.5), st.floats(0.05, 1.0))
    def test_is_a_threshold_model_in_disguise(self, mean: float, sd: float) -> None:
        points = siegel.fixed_points(Normal(mean, sd))
        for point in points:
            right = norm.cdf((mean - 1 + point.value) / sd)
            assert point.value == pytest.approx(right, abs=1e-8)
        twins = granovetter.fixed_points(Normal(1 - mean, sd))
        assert len(points) == len(twins)

    @pytest.mark.parametrize("persistence", [0.0, 0.5, 0.95])
    def test_path_against_a_crowd(self, persistence: float) -> None:
        creators, steps = 200_001, 60
        motivation = norm(0.62, 0.25).ppf((np.arange(creators) + 0.5) / creators)
        c, r, played = -1.0, 0.1, [0.1]
        for _ in range(steps):
            c = persistence * c - (1 - persistence) * (1 - r)
            r = (motivation + c > 0).mean()
            played.append(r)
        theory = siegel.path(Normal(0.62, 0.25), persistence, steps, 0.1, -1.0)
        # 1 / creators a step, multiplied by a slope of at most 1.6 for a few steps
        np.testing.assert_allclose(theory, played, atol=1e-3)

    def test_path_ends_in_the_equilibrium(self) -> None:
        path = siegel.path(Normal(0.55, 0.25), 0.5, 300)
        assert path[-1] == pytest.approx(siegel.equilibrium(Normal(0.55, 0.25)), abs=1e-9)

    def test_impossible_parameters_are_refused(self) -> None:
        with pytest.raises(InputError, match="external motivation"):
            siegel.equilibrium(Normal(0.5, 0.1), 0.5)
        with pytest.raises(InputError, match="persistence"):
            siegel.path(LogNormal(0, 1), 1.5, 3)


class TestEpstein:
    def test_published_probabilities(self) -> None:
        np.testing.assert_allclose(
            epstein.sanction_probability([1, 1, 0], [1, 2, 1]), [0.8997, 0.6834, 0], atol=5e-5
        )

    def test_rounding_down_forgives_majorities(self) -> None:
        found = epstein.sanction_probability(3, [1, 2, 3, 4], whole=True)
        np.testing.assert_allclose(found, 1 - np.exp(-2.3 * np.array([3, 1, 1, 0])))

    @given(
        st.floats(0, 1), st.floats(0, 1), st.floats(-0.2, 0.5), st.integers(0, 5), st.floats(0, 4)
    )
    def test_threshold_against_the_rule(self, grievance, risk, tolerance, sanction, k) -> None:
        needed = epstein.active_needed(grievance, risk, tolerance, sanction, k)
        for active in range(1, 30):
            utility = grievance - risk * epstein.sanction_probability(sanction, active, k)
            if abs(utility - tolerance) > 1e-9:  # not a tie
                assert (utility > tolerance) == (active > needed)

    def test_impossible_numbers_are_refused(self) -> None:
        for sanction, active, k in ((-1, 1, 1), (1, 0, 1), (1, 1, -1)):
            with pytest.raises(InputError):
                epstein.sanction_probability(sanction, active, k)
        with pytest.raises(InputError):
            epstein.active_needed(0.5, -0.5, 0.1, 1)


def pay_one_at_a_time(value, unit_cost, creators, exponent, initiators) -> int:
    paid = initiators
    while paid < creators:
        gain = ((paid + 1) / creators) ** exponent - (paid / creators) ** exponent
        if value * gain <= unit_cost / creators:
            break
        paid += 1
    return paid


class TestCriticalMass:
    @pytest.mark.parametrize(("unit_cost", "creators"), [(1.0, 100), (0.3, 7)])
    def test_first_mover_of_an_accelerating_good(self, unit_cost, creators) -> None:
        limit = critical_mass.value_for_first(unit_cost, creators)
        assert limit == pytest.approx(unit_cost * creators)
        assert critical_mass.contributors(limit * 1.001, unit_cost, creators) == creators
        assert critical_mass.contributors(limit * 0.999, unit_cost, creators) == 0

    @pytest.mark.parametrize(("value", "unit_cost", "creators"), [(3, 1, 100), (7, 2.5, 31)])
    def test_later_payers_of_an_accelerating_good(self, value, unit_cost, creators) -> None:
        level = critical_mass.paying_level(value, unit_cost, creators)
        assert level == pytest.approx(unit_cost / (2 * value) - 1 / (2 * creators), abs=1e-12)
        enough = math.floor(level * creators) + 1
        assert critical_mass.contributors(value, unit_cost, creators, initiators=enough) == creators
        few = enough - 1
        assert critical_mass.contributors(value, unit_cost, creators, initiators=few) == few

    def test_free_riding_in_a_decelerating_good_needs_one_at_a_time(self) -> None:
        value, creators = 1.2, 100
        level = critical_mass.paying_level(value, 1.0, creators, critical_mass.DECELERATING)
        s, r = value, 1 / creators
        assert level == pytest.approx(((s**2 - r) / (2 * s)) ** 2, abs=1e-12)
        paid = critical_mass.contributors(value, 1.0, creators, critical_mass.DECELERATING)
        assert paid == math.ceil(level * creators)
        assert 0 < paid < creators
        together = critical_mass.contributors(
            value, 1.0, creators, critical_mass.DECELERATING, at_once=True
        )
        assert together == creators

    @given(
        st.floats(0.05, 50),
        st.floats(0.05, 5),
        st.integers(1, 60),
        st.sampled_from([0.3, 0.5, 0.9, 1.5, 2.0, 3.0]),
        st.integers(0, 5),
    )
    def test_against_paying_one_at_a_time(
        self, value, unit_cost, creators, exponent, first
    ) -> None:
        first = min(first, creators)
        expected = pay_one_at_a_time(value, unit_cost, creators, exponent, first)
        found = critical_mass.contributors(value, unit_cost, creators, exponent, first)
        level = critical_mass.paying_level(value, unit_cost, creators, exponent) * creators
        if abs(level - round(level)) > 1e-9:  # not a tie
            assert found == expected
            pays_now = (first > level) if exponent > 1 else (first < level)
            assert pays_now == (found > first) or first == creators

    @given(st.floats(0.05, 50), st.floats(0.05, 5), st.integers(1, 60), st.floats(0.3, 3))
    def test_smallest_pledge_against_trying_all(self, value, cost, creators, exponent) -> None:
        gains = [value * (n / creators) ** exponent - cost / creators for n in range(creators + 1)]
        worth = [n for n in range(1, creators + 1) if gains[n] > 0]
        if min(abs(gain) for gain in gains) > 1e-9:
            found = critical_mass.smallest_pledge(value, cost, creators, exponent)
            assert found == min(worth, default=None)

    def test_a_pledge_starts_what_nobody_would(self) -> None:
        assert critical_mass.contributors(10, 1, 100) == 0
        assert critical_mass.smallest_pledge(10, 1, 100) == 4

    def test_impossible_numbers_are_refused(self) -> None:
        with pytest.raises(InputError, match="above 0"):
            critical_mass.contributors(0, 1, 10)
        with pytest.raises(InputError, match="initiators"):
            critical_mass.contributors(1, 1, 10, initiators=11)
        with pytest.raises(InputError, match="never matters"):
            critical_mass.paying_level(1, 1, 10, critical_mass.LINEAR)


def expected_motion_by_hand(game: macy.Game, p: float, q: float) -> float:
    """Average the rule over all four rounds, as the rule is stated."""
    payoff = {
        (True, True): game.reward,
        (True, False): game.sucker,
        (False, True): game.temptation,
        (False, False): game.punishment,
    }
    widest = max(abs(value - game.aspiration) for value in payoff.values())
    total = 0.0
    for own, other in product((True, False), repeat=2):
        stimulus = (payoff[own, other] - game.aspiration) / widest
        done = p if own else 1 - p
        after = done + stimulus * ((1 - done) if stimulus >= 0 else done)
        chance = (p if own else 1 - p) * (q if other else 1 - q)
        total += chance * ((after if own else 1 - after) - p)
    return total


GAMES = st.builds(macy.Game, *[st.integers(-4, 4).map(float)] * 4, st.just(0.5))


class TestMacy:
    def test_published_equilibrium(self) -> None:
        game = macy.Game(4, 3, 1, 0, aspiration=2)
        (point,) = macy.self_correcting(game)
        assert point.value == pytest.approx((math.sqrt(3) - 1) / 2, abs=1e-12)
        assert point.stable
        assert macy.self_reinforcing(game) == ((True, True),)

    @given(GAMES, st.floats(0, 1), st.floats(0, 1))
    def test_motion_against_the_rule(self, game: macy.Game, p: float, q: float) -> None:
        found = macy.expected_motion(game, p, q)
        assert found == pytest.approx(expected_motion_by_hand(game, p, q), abs=1e-12)

    @given(GAMES)
    def test_zeros_against_changes_of_sign(self, game: macy.Game) -> None:
        points = macy.self_correcting(game)
        for point in points:
            assert expected_motion_by_hand(game, point.value, point.value) == pytest.approx(
                0.0, abs=1e-9
            )
        grid = np.linspace(0.0005, 0.9995, 1000)
        motion = np.array([expected_motion_by_hand(game, p, p) for p in grid])
        clear = np.abs(motion) > 1e-12
        changes = np.count_nonzero(np.diff(np.sign(motion[clear])))
        assert len(points) >= changes
        assert (len(points) - changes) % 2 == 0 or not clear.all()

    @given(GAMES)
    def test_stability_against_small_moves_of_either(self, game: macy.Game) -> None:
        h = 1e-6
        for point in macy.self_correcting(game):
            if not h < point.value < 1 - h:
                continue

            def motion(dp: float, dq: float, at: float = point.value) -> float:
                return expected_motion_by_hand(game, at + dp, at + dq)

            own = (motion(h, 0) - motion(-h, 0)) / (2 * h)
            other = (motion(0, h) - motion(0, -h)) / (2 * h)
            if min(abs(own + other), abs(own - other)) > 1e-6:
                assert point.stable == (own + other < 0 and own - other < 0)

    def test_satisfaction_with_anything_freezes_every_pair(self) -> None:
        game = macy.Game(4, 3, 1, 0, aspiration=-1)
        assert len(macy.self_reinforcing(game)) == 4
        assert macy.self_reinforcing(macy.Game(4, 3, 1, 0, aspiration=5)) == ()

    def test_nothing_to_learn_is_refused(self) -> None:
        with pytest.raises(InputError, match="aspiration"):
            macy.Game(1, 1, 1, 1, aspiration=1)
        with pytest.raises(InputError, match="propensity"):
            macy.expected_motion(macy.Game(4, 3, 1, 0, 2), 1.5)
