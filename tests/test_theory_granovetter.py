"""Thresholds and pledges in a crowd where everybody sees everybody."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from sim.creators.distributions import Beta, Normal, Truncated, Uniform, Values
from sim.errors import InputError
from sim.theory import conditional_pledge, granovetter, maps

COUNTS = st.lists(st.integers(-1, 13), min_size=0, max_size=12)


def join_one_by_one(counts: list[int], initiators: int) -> int:
    waiting, acting = list(counts), initiators
    while any(threshold <= acting for threshold in waiting):
        waiting.remove(next(threshold for threshold in waiting if threshold <= acting))
        acting += 1
    return acting


class TestFinite:
    def test_the_chain_and_the_broken_chain(self) -> None:
        assert granovetter.joined(np.arange(100)) == 100
        assert granovetter.joined([0, 2, *range(2, 100)]) == 1

    @given(COUNTS, st.integers(0, 4))
    def test_against_joining_one_by_one(self, counts: list[int], initiators: int) -> None:
        expected = join_one_by_one(counts, initiators)
        assert granovetter.joined(counts, initiators) == expected

    def test_many_crowds_at_once(self) -> None:
        crowds = np.random.default_rng(1).normal(3, 2, (50, 9))
        each = [int(granovetter.joined(crowd)) for crowd in crowds]
        assert granovetter.joined(crowds).tolist() == each

    @pytest.mark.parametrize(
        ("sd", "share"), [(0.12, 0.16), (0.122, 0.20), (0.13, 0.38), (0.15, 0.80), (0.20, 1.00)]
    )
    def test_share_of_random_crowds_that_tip(self, sd: float, share: float) -> None:
        thresholds = 100.0 * np.random.default_rng(3).normal(0.25, sd, (4000, 100))
        tipped = (granovetter.joined(thresholds) >= 90).mean()
        # 4 standard errors of 4,000 runs, and the published share is rounded to .01
        assert abs(tipped - share) < 4 * (max(share * (1 - share), 0.002) / 4000) ** 0.5 + 0.005


class TestContinuum:
    @pytest.mark.parametrize(
        ("sd", "participation"), [(0.12, 0.0402), (0.122, 0.0548), (0.1225, 1.0)]
    )
    def test_published_equilibria(self, sd: float, participation: float) -> None:
        assert granovetter.equilibrium(Normal(0.25, sd)) == pytest.approx(participation, abs=5e-5)

    def test_published_tipping_point(self) -> None:
        tip = granovetter.tipping_point(lambda sd: Normal(0.25, sd), 0.05, 0.2)
        assert tip.parameter == pytest.approx(0.12222, abs=5e-6)
        assert tip.before == pytest.approx(0.0620, abs=5e-5)
        assert tip.after == pytest.approx(1.0, abs=1e-6)
        # there F touches the diagonal
        at = (tip.before - 0.25) / tip.parameter
        assert norm.cdf(at) == pytest.approx(tip.before, abs=1e-9)
        assert norm.pdf(at) / tip.parameter == pytest.approx(1.0, abs=1e-5)

    @pytest.mark.parametrize("mean", [0.2, 0.35, 0.45])
    def test_tipping_points_elsewhere_touch_the_diagonal(self, mean: float) -> None:
        tip = granovetter.tipping_point(lambda sd: Normal(mean, sd), 0.02, 0.6)
        at = (tip.before - mean) / tip.parameter
        assert norm.cdf(at) == pytest.approx(tip.before, abs=1e-9)
        assert norm.pdf(at) / tip.parameter == pytest.approx(1.0, abs=1e-5)

    def test_three_fixed_points_before_the_fold_one_after(self) -> None:
        three = granovetter.fixed_points(Normal(0.25, 0.12))
        assert [point.stable for point in three] == [True, False, True]
        assert len(granovetter.fixed_points(Normal(0.25, 0.13))) == 1

    @given(st.floats(0.15, 0.6), st.floats(0.02, 0.4), st.floats(0.0, 0.2))
    def test_between_crowds_slightly_more_and_less_willing(
        self, mean: float, sd: float, initiators: float
    ) -> None:
        """A finite crowd's distribution is within 1 / creators of F, which bounds the outcome."""
        creators = 20_000
        first = round(initiators * creators)
        counts = creators * norm(mean, sd).ppf(
            (np.arange(creators - first) + 0.5) / (creators - first)
        )
        found = granovetter.joined(counts, first) / creators
        bounds = [
            maps.settle(
                lambda r, shift=shift: np.clip(
                    granovetter.response(Normal(mean, sd), first / creators)(r) + shift, 0, 1
                ),
                0.0,
            )
            for shift in (-1.5 / creators, 1.5 / creators)
        ]
        assert bounds[0] - 1e-9 <= found <= bounds[1] + 1e-9

    def test_uniform_thresholds_rest_anywhere(self) -> None:
        points = granovetter.fixed_points(Uniform(0, 1))
        assert [(p.value, p.stable) for p in points] == [(0.0, False), (1.0, False)]
        assert granovetter.equilibrium(Uniform(0, 1), start=0.37) == pytest.approx(0.37)

    def test_listed_thresholds_agree_with_the_finite_crowd(self) -> None:
        thresholds = np.array([0.0, 0.02, 0.02, 0.3, 0.55, 0.6, 0.61, 0.9])
        share = granovetter.equilibrium(Values(thresholds.tolist()))
        assert share == granovetter.joined(thresholds * 8) / 8

    def test_start_decides_between_equilibria(self) -> None:
        thresholds = Beta(4, 5)
        low, middle, high = (point.value for point in granovetter.fixed_points(thresholds))
        assert granovetter.equilibrium(thresholds, start=middle - 1e-4) == pytest.approx(low)
        assert granovetter.equilibrium(thresholds, start=middle + 1e-4) == pytest.approx(high)

    def test_path_ends_in_the_equilibrium(self) -> None:
        thresholds = Truncated(Normal(0.3, 0.1), 0.0, 1.0)
        path = granovetter.path(thresholds, 300, initiators=0.05)
        assert path[0] == 0.05
        assert (np.diff(path) >= 0).all()
        assert path[-1] == pytest.approx(granovetter.equilibrium(thresholds, initiators=0.05))

    def test_critical_mass_separates_failure_from_success(self) -> None:
        tip = granovetter.critical_mass(Normal(0.3, 0.1))
        few = granovetter.equilibrium(Normal(0.3, 0.1), initiators=tip.parameter - 1e-3)
        many = granovetter.equilibrium(Normal(0.3, 0.1), initiators=tip.parameter + 1e-3)
        assert few < tip.before + 1e-9 < 0.3 < 0.9 < many

    @pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
    def test_impossible_shares_are_refused(self, share: float) -> None:
        with pytest.raises(InputError, match="share between 0 and 1"):
            granovetter.equilibrium(0.2, initiators=share)
        with pytest.raises(InputError, match="share between 0 and 1"):
            granovetter.equilibrium(0.2, start=share)


class TestPledge:
    def test_binds_where_thresholds_do_not_start(self) -> None:
        sizes = [0, 2, *range(2, 100)]
        assert conditional_pledge.bound(sizes) == 100
        assert granovetter.joined(sizes) == 1

    @given(COUNTS)
    def test_against_trying_every_size(self, sizes: list[int]) -> None:
        fits = [n for n in range(1, len(sizes) + 1) if sum(m <= n - 1 for m in sizes) >= n]
        assert conditional_pledge.bound(sizes) == max(fits, default=0)

    def test_continuum(self) -> None:
        assert conditional_pledge.equilibrium(Normal(0.25, 0.12)) == pytest.approx(1.0, abs=1e-3)
        assert granovetter.equilibrium(Normal(0.25, 0.12)) == pytest.approx(0.0402, abs=5e-5)

    @pytest.mark.parametrize(("mean", "sd"), [(0.6, 0.1), (0.7, 0.3), (0.4, 0.05)])
    def test_continuum_is_the_limit_of_large_crowds(self, mean: float, sd: float) -> None:
        creators = 100_000
        sizes = creators * norm(mean, sd).ppf((np.arange(creators) + 0.5) / creators)
        share = conditional_pledge.bound(sizes) / creators
        # 1 / creators, times what a slope below 1 makes of it
        assert share == pytest.approx(conditional_pledge.equilibrium(Normal(mean, sd)), abs=1e-3)
