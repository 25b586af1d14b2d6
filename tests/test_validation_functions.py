"""Reproductions at other parameters than the published ones, beside theory.

Tolerances: 4 standard errors where chance has a part, and what a finite crowd resolves.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim import theory, validation
from sim.decisions import StochasticLearning
from sim.networks import RandomRegular
from sim.validation.estimates import Estimate

COUNTS = st.lists(st.integers(-1, 9), min_size=1, max_size=9)


def near(found: Estimate, value: float, slack: float = 0.0) -> bool:
    return abs(found.value - value) <= 4.0 * found.error + slack


def test_functions_are_found_by_name() -> None:
    assert validation.ring_steps.__module__ == "sim.validation.centola_macy"
    with pytest.raises(AttributeError, match="no attribute 'mean_of_nothing'"):
        _ = validation.mean_of_nothing


class TestCrowds:
    @settings(max_examples=15)
    @given(COUNTS)
    def test_counts(self, counts: list[int]) -> None:
        assert validation.granovetter_joined(counts) == theory.granovetter.joined(counts)
        assert validation.pledges_bound(counts) == theory.conditional_pledge.bound(counts)

    @pytest.mark.parametrize(("mean", "sd"), [(0.3, 0.1), (0.4, 0.25), (0.2, 0.1), (0.6, 0.3)])
    def test_levels(self, mean: float, sd: float) -> None:
        spread = sim.Normal(mean, sd)
        found = validation.granovetter_level(sd, mean, creators=20_000)
        assert found == pytest.approx(theory.granovetter.equilibrium(spread), abs=1e-3)
        pledged = validation.pledge_level(mean, sd, creators=20_000)
        assert pledged == pytest.approx(theory.conditional_pledge.equilibrium(spread), abs=1e-3)

    def test_fold_elsewhere(self) -> None:
        tip = theory.granovetter.tipping_point(lambda sd: sim.Normal(0.3, sd), 0.05, 0.3)
        found = validation.granovetter_fold(0.3, 0.05, 0.3, creators=10_000, halvings=14)
        assert found == pytest.approx(tip.parameter, abs=2e-4)

    @pytest.mark.parametrize(("mean", "sd", "c"), [(0.7, 0.2, -1.0), (0.4, 0.3, -1.0)])
    def test_motivation(self, mean: float, sd: float, c: float) -> None:
        found = validation.siegel_level(mean, sd, c, 0.8, creators=20_000)
        expected = theory.siegel.equilibrium(sim.Normal(mean, sd), c)
        assert found == pytest.approx(expected, abs=1e-3)

    @pytest.mark.parametrize(
        ("start", "j", "tau", "h"), [(0.2, 0.8, 0.3, 0.2), (0.9, 1.5, 0.4, -0.1)]
    )
    def test_conformity(self, start: float, j: float, tau: float, h: float) -> None:
        found = validation.brock_durlauf_choice(start, j, tau, h, creators=20_000, runs=5)
        expected = theory.brock_durlauf.equilibrium(h, j, tau, 2.0 * start - 1.0)
        assert near(found, expected, slack=1e-4)

    @pytest.mark.parametrize(("sanction", "active", "k"), [(2.0, 3, 1.0), (5.0, 4, 2.3)])
    def test_sanctions(self, sanction: float, active: int, k: float) -> None:
        expected = 1.0 - math.exp(-k * sanction / active)
        found = validation.sanction_probability(sanction, active, k, 0.3, creators=20_000)
        assert found == pytest.approx(expected, abs=2e-4)


class TestGoods:
    @pytest.mark.parametrize("exponent", [0.5, 1.0, 2.0, 3.0])
    @pytest.mark.parametrize("value", [0.5, 2.0, 30.0])
    @pytest.mark.parametrize("initiators", [0, 7])
    def test_payers(self, exponent: float, value: float, initiators: int) -> None:
        found = validation.critical_mass_payers(value, 1.1, 20, exponent, initiators)
        expected = theory.critical_mass.contributors(value, 1.1, 20, exponent, initiators)
        assert found == expected

    def test_first_payer(self) -> None:
        found = validation.value_of_first_payer(0.7, 30, 3.0)
        assert found == pytest.approx(theory.critical_mass.value_for_first(0.7, 30, 3.0))

    def test_nobody_starts_what_pays_nobody(self) -> None:
        assert validation.smallest_start(0.1, 1.0, 10) is None


class TestNetworks:
    @pytest.mark.parametrize(("size", "degree"), [(50, 2), (61, 6), (200, 8)])
    @pytest.mark.parametrize("threshold", [1, 2, 3, 4, 5])
    def test_rings(self, size: int, degree: int, threshold: int) -> None:
        expected = theory.centola_macy.ring_steps(size, degree, threshold)
        assert validation.ring_steps(size, degree, threshold) == expected

    @pytest.mark.parametrize(("z", "threshold"), [(1.4, 0.3), (4.0, 0.12), (6.0, 0.15)])
    def test_multiplication(self, z: float, threshold: float) -> None:
        means = [
            validation.watts_multiplication(z, threshold, 20_000, 500, seed) for seed in range(6)
        ]
        expected = theory.watts.vulnerable_neighbours(theory.degrees.poisson(z), threshold)
        error = np.std(means, ddof=1) / math.sqrt(len(means))
        assert abs(np.mean(means) - expected) < 4.0 * error + 0.03  # loops of a small network

    def test_cascades(self) -> None:
        size = theory.gleeson_cahalane.final_size(theory.degrees.poisson(3.0), 0.15, 1e-6)
        assert near(validation.watts_mean_size(3.0, 0.15, runs=40), size, slack=1e-3)
        assert validation.watts_frequency(3.0, 0.15, runs=40).value > 0.5
        assert validation.watts_frequency(3.0, 0.4, runs=40).value == 0.0

    @pytest.mark.parametrize(("share", "threshold"), [(0.2, 2), (0.1, 2), (0.3, 3)])
    def test_counts_on_regular_networks(self, share: float, threshold: int) -> None:
        found = validation.gleeson_cahalane_size(
            0.0, threshold, share, RandomRegular(5), "count", creators=20_000, runs=8
        )
        degrees = theory.degrees.regular(5)
        expected = theory.gleeson_cahalane.final_size(degrees, threshold, share, "count")
        assert near(found, expected, slack=1e-3)


class TestContagion:
    def test_final_size(self) -> None:
        found = validation.sir_final_size(3.0, 0.5, 20_000, 100, runs=6)
        assert near(found, theory.epidemics.final_size(3.0, 100 / 20_000), slack=5e-4)

    def test_lasting_level(self) -> None:
        found = validation.sis_level(4.0, 0.3, 10_000, 200, runs=6)
        beta = 4.0 * 0.3 / 10_000
        assert near(found, theory.epidemics.endemic(beta, 0.3, 10_000).value, slack=5e-4)

    def test_outbreaks(self) -> None:
        degrees = theory.degrees.power_law(3.0, 3, 20)
        for transmissibility in (0.4, 0.6):
            found = validation.outbreak_share(
                transmissibility, 0.7, 3.0, 3, 20, creators=20_000, initiators=40, runs=6
            )
            expected = theory.epidemics.outbreak_size(degrees, transmissibility, 40 / 20_000)
            assert near(found, expected, slack=1e-3)


class TestLearning:
    @pytest.mark.parametrize("aspiration", [1.5, 2.4])
    def test_other_aspirations(self, aspiration: float) -> None:
        game = theory.macy.Game(4.0, 3.0, 1.0, 0.0, aspiration)
        (point,) = theory.macy.self_correcting(game)
        rule = StochasticLearning(aspiration=aspiration)
        low, high = point.value - 0.08, point.value + 0.08
        found = validation.macy_zero(low, high, rule, pairs=50_000, runs=6)
        assert near(found, point.value, slack=1e-3)

    def test_motion(self) -> None:
        game = theory.macy.Game(4.0, 3.0, 1.0, 0.0, 2.0)
        for propensity in (0.1, 0.7):
            found = validation.macy_motion(propensity, pairs=50_000)
            expected = 0.5 * theory.macy.expected_motion(game, propensity)
            assert near(found, expected)


def test_order_of_decisions_with_few_links() -> None:
    assert validation.order_matters(mean_degree=2.0, mean=0.5, runs=6).value == 0.0
