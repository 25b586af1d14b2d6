"""Contagion in well-mixed crowds and on networks."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InputError
from sim.theory import degrees, epidemics

CHANCES = st.floats(0.01, 1.0)


class TestWellMixed:
    @given(st.floats(1.001, 8.0))
    def test_final_size_solves_its_equation(self, reproduction: float) -> None:
        size = epidemics.final_size(reproduction)
        assert size > 0.0
        assert size == pytest.approx(1 - math.exp(-reproduction * size), abs=1e-9)

    def test_nothing_spreads_below_one(self) -> None:
        assert epidemics.final_size(0.99) == 0.0
        assert epidemics.final_size(1.0) == 0.0
        assert epidemics.final_size(0.0, 0.2) == pytest.approx(0.2)

    @given(st.floats(0.1, 5.0), CHANCES, st.floats(0.001, 0.5))
    def test_final_size_is_where_the_course_ends(self, r0, gamma, initiators) -> None:
        creators = 1000.0
        beta = -math.expm1(-r0 * gamma / creators)  # however large the steps
        assert epidemics.reproduction(beta, gamma, creators) == pytest.approx(r0)
        course = epidemics.course(beta, gamma, creators, initiators, 6000, immune=True)
        size = epidemics.final_size(r0, initiators)
        assert course.adoption[-1] == pytest.approx(
            size, abs=1e-6 + course.participation[-1] / gamma
        )
        assert (course.participation <= course.adoption + 1e-12).all()

    def test_small_steps_reach_the_classic_size(self) -> None:
        course = epidemics.course(2e-4 / 1e6, 1e-4, 1e6, 1e-6, 400_000, immune=True)
        assert course.adoption[-1] == pytest.approx(0.7968, abs=5e-5)

    @pytest.mark.parametrize(("gamma", "level"), [(0.1, 0.476), (0.5, 0.395)])
    def test_published_endemic_levels(self, gamma: float, level: float) -> None:
        creators = 1e7
        found = epidemics.endemic(2 * gamma / creators, gamma, creators)
        assert found.value == pytest.approx(level, abs=5e-4)
        assert found.value != pytest.approx(1 - 1 / 2, abs=0.02)  # the level in continuous time

    @given(st.floats(0.2, 12.0), CHANCES)
    def test_endemic_level_is_where_the_course_stays(self, pressure, gamma) -> None:
        creators = 1000.0
        beta = -math.expm1(-pressure / creators)
        found = epidemics.endemic(beta, gamma, creators)
        still = epidemics.course(beta, gamma, creators, found.value, 1, immune=False)
        assert still.participation[1] == pytest.approx(found.value, abs=1e-9)
        assert (found.value > 0) == (epidemics.reproduction(beta, gamma, creators) > 1 + 1e-12)
        if found.stable and abs(found.slope) < 0.95:  # else it takes too long
            away = min(found.value + 0.01, 1.0)
            end = epidemics.course(beta, gamma, creators, away, 1000, immune=False)
            assert end.participation[-1] == pytest.approx(found.value, abs=1e-9)

    def test_endemic_level_overshoots_where_steps_are_long(self) -> None:
        beta = -math.expm1(-8.0 / 1000)
        found = epidemics.endemic(beta, 1.0, 1000)
        assert found.slope < -0.5
        course = epidemics.course(beta, 1.0, 1000, found.value + 0.01, 400, immune=False)
        away = course.participation - found.value
        assert (away[:10:2] > 0).all()
        assert (away[1:10:2] < 0).all()
        assert abs(away[-1]) < 1e-9

    def test_extremes(self) -> None:
        assert epidemics.endemic(0.1, 0.0, 100).value == 1.0
        assert epidemics.endemic(0.0, 0.1, 100).value == 0.0
        assert epidemics.reproduction(0.1, 0.0, 100) == math.inf
        assert epidemics.reproduction(0.0, 0.0, 100) == 0.0
        assert epidemics.final_size(math.inf) == 1.0

    def test_impossible_parameters_are_refused(self) -> None:
        with pytest.raises(InputError, match="beta and gamma"):
            epidemics.reproduction(1.1, 0.1, 10)
        with pytest.raises(InputError, match="creators"):
            epidemics.reproduction(0.1, 0.1, -1)
        with pytest.raises(InputError, match="R0"):
            epidemics.final_size(-1.0)
        with pytest.raises(InputError, match="transmissibility"):
            epidemics.outbreak_size(degrees.poisson(3.0), 1.2)


def spread(stubs: np.ndarray, beta: float, gamma: float, first: np.ndarray, rng) -> float:
    """Play SIR on one random network, starts and stops reading the same state."""
    ends = rng.permutation(np.repeat(np.arange(stubs.size), stubs))
    one, two = ends[: ends.size // 2 * 2].reshape(2, -1)
    source, target = np.concatenate([one, two]), np.concatenate([two, one])
    acting, ever = first.copy(), first.copy()
    while acting.any():
        reached = target[acting[source] & (rng.random(source.size) < beta)]
        stops = acting & (rng.random(acting.size) < gamma)
        starts = np.zeros_like(acting)
        starts[reached] = True
        starts &= ~ever
        acting = (acting & ~stops) | starts
        ever |= starts
    return float(ever.mean())


def takes_off(excess, first_links: int, beta: float, gamma: float, rng) -> bool:
    """Follow who sets off whom, all neighbours of one sharing its duration."""
    free = np.array([first_links])
    for _ in range(60):
        duration = rng.geometric(gamma, free.size)
        following = rng.binomial(free, 1 - (1 - beta) ** duration).sum()
        if following == 0:
            return False
        if following > 500:
            return True
        free = excess(following)
    return True


class TestNetworks:
    @given(CHANCES, CHANCES)
    def test_transmissibility_against_summing_durations(self, beta, gamma) -> None:
        steps = np.arange(1, 6000)
        lasting = gamma * (1 - gamma) ** (steps - 1)
        expected = (lasting * (1 - (1 - beta) ** steps)).sum()
        assert epidemics.transmissibility(beta, gamma) == pytest.approx(expected, abs=1e-9)

    def test_threshold_of_known_networks(self) -> None:
        assert epidemics.critical_transmissibility(degrees.poisson(4.0)) == pytest.approx(1 / 4)
        assert epidemics.critical_transmissibility(degrees.regular(3)) == pytest.approx(1 / 2)
        assert epidemics.critical_transmissibility(degrees.regular(1)) == math.inf

    @pytest.mark.parametrize("gamma", [0.1, 0.5, 1.0])
    def test_outbreaks_begin_at_the_threshold(self, gamma: float) -> None:
        given_degrees = degrees.power_law(2.5, 1, 50)
        critical = epidemics.critical_transmissibility(given_degrees)
        edge = critical * gamma / (1 - critical * (1 - gamma))  # beta at which T is critical
        for beta, possible in ((edge * 0.999, False), (edge * 1.01, True)):
            t = epidemics.transmissibility(beta, gamma)
            assert epidemics.outbreak_possible(given_degrees, beta, gamma) == possible
            assert (epidemics.outbreak_size(given_degrees, t) > 0) == possible
            assert (epidemics.outbreak_probability(given_degrees, beta, gamma) > 0) == possible

    def test_poisson_network_is_the_well_mixed_crowd(self) -> None:
        size = epidemics.outbreak_size(degrees.poisson(4.0), 0.5)
        assert size == pytest.approx(epidemics.final_size(2.0), abs=1e-9)

    @pytest.mark.parametrize(
        ("stubs", "beta", "gamma", "initiators"),
        [
            (lambda rng, n: rng.poisson(4.0, n), 0.2, 0.3, 0.01),
            (lambda rng, n: np.full(n, 3), 0.5, 0.2, 0.05),
            (lambda rng, n: np.minimum(rng.zipf(2.4, n), 60), 0.3, 0.5, 0.02),
        ],
    )
    def test_size_against_large_networks(self, stubs, beta, gamma, initiators) -> None:
        rng, creators, runs = np.random.default_rng(11), 20_000, 5
        links = [stubs(rng, creators) for _ in range(runs)]
        t = epidemics.transmissibility(beta, gamma)
        gaps = [
            spread(each, beta, gamma, rng.random(creators) < initiators, rng)
            - epidemics.outbreak_size(degrees.empirical(each), t, initiators)
            for each in links
        ]
        # four standard errors, plus the loops of a finite network as in the cascades
        assert abs(np.mean(gaps)) < 4 * np.std(gaps, ddof=1) / runs**0.5 + 0.003
        naive = epidemics.outbreak_size(degrees.empirical(links[0]), beta, initiators)
        played = naive - epidemics.outbreak_size(degrees.empirical(links[0]), t, initiators)
        assert abs(played) > 0.05  # transmissibility is not beta

    def test_probability_against_following_who_sets_off_whom(self) -> None:
        rng, tries, mean, beta, gamma = np.random.default_rng(5), 4000, 4.0, 0.2, 0.25
        excess = lambda size: rng.poisson(mean, size)  # noqa: E731
        found = np.mean(
            [takes_off(excess, rng.poisson(mean), beta, gamma, rng) for _ in range(tries)]
        )
        p = epidemics.outbreak_probability(degrees.poisson(mean), beta, gamma)
        assert abs(found - p) < 4 * (p * (1 - p) / tries) ** 0.5
        size = epidemics.outbreak_size(
            degrees.poisson(mean), epidemics.transmissibility(beta, gamma)
        )
        assert size - p > 8 * (p * (1 - p) / tries) ** 0.5  # the two must not be confused

    def test_probability_equals_size_where_all_act_for_one_step(self) -> None:
        given_degrees = degrees.poisson(3.0)
        p = epidemics.outbreak_probability(given_degrees, 0.6, 1.0)
        assert p == pytest.approx(epidemics.outbreak_size(given_degrees, 0.6), abs=1e-12)
