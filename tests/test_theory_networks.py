"""Thresholds on networks: cascade windows, the tree approximation, fronts on a ring."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.stats import binom, norm, poisson

from sim.creators.distributions import Constant, Normal, Uniform, Values
from sim.errors import InputError
from sim.theory import centola_macy, degrees, gleeson_cahalane, watts


class TestDegrees:
    @pytest.mark.parametrize("mean", [0.0, 0.3, 4.0, 57.0])
    def test_poisson(self, mean: float) -> None:
        shares = degrees.poisson(mean)
        np.testing.assert_allclose(shares, poisson.pmf(np.arange(shares.size), mean), atol=1e-14)
        assert degrees.mean(shares) == pytest.approx(mean, abs=1e-12)

    def test_others(self) -> None:
        np.testing.assert_array_equal(degrees.regular(2), [0, 0, 1])
        np.testing.assert_allclose(degrees.power_law(2.0, 2, 3), [0, 0, 9 / 13, 4 / 13])
        np.testing.assert_allclose(degrees.empirical([3, 1, 1, 0]), [1 / 4, 1 / 2, 0, 1 / 4])
        np.testing.assert_allclose(degrees.followed(np.array([0.5, 0.3, 0.2])), [0, 3 / 7, 4 / 7])

    @pytest.mark.parametrize(
        "make",
        [
            lambda: degrees.poisson(-1.0),
            lambda: degrees.regular(-1),
            lambda: degrees.power_law(2.0, 0, 5),
            lambda: degrees.empirical([]),
            lambda: degrees.empirical([1, -1]),
            lambda: degrees.shares([0.5, -0.5]),
            lambda: degrees.followed(np.array([1.0])),
        ],
    )
    def test_impossible_ones_are_refused(self, make) -> None:
        with pytest.raises(InputError):
            make()


class TestCascadeWindow:
    def test_published_window(self) -> None:
        window = watts.cascade_window(0.18)
        assert window is not None
        assert window.low == pytest.approx(1.0207, abs=5e-5)
        assert window.high == pytest.approx(5.7647, abs=5e-5)

    @pytest.mark.parametrize("threshold", [0.25, 0.2, 1 / 7, 0.1, 0.03])
    def test_ends_solve_the_closed_form(self, threshold: float) -> None:
        window = watts.cascade_window(threshold)
        assert window is not None
        most = math.floor(1 / threshold)
        for z in (window.low, window.high):
            assert z * poisson.cdf(most - 2, z) == pytest.approx(1.0, abs=1e-9)

    @pytest.mark.parametrize("threshold", [0.2501, 0.5, 1.0, 1.5])
    def test_no_window_above_a_quarter(self, threshold: float) -> None:
        assert watts.cascade_window(threshold) is None

    def test_window_stays_open_where_a_share_needs_nobody(self) -> None:
        (window,) = watts.cascade_windows(Uniform(-0.1, 0.9))
        assert window.high == math.inf
        # far out the branching number is z F(1/z): 1/9 of creators are vulnerable anyway
        assert watts.vulnerable_neighbours(degrees.poisson(200.0), Uniform(-0.1, 0.9)) > 20.0

    def test_two_windows(self) -> None:
        """Few eager ones need many links; what most need lies far below: a gap between."""
        thresholds = Values([0.25] * 90 + [0.01] * 4 + [2.0] * 6)
        first, second = watts.cascade_windows(thresholds)
        for z, possible in [
            (first.low * 0.99, False),
            (first.low * 1.01, True),
            ((first.high + second.low) / 2, False),
            ((second.low + second.high) / 2, True),
            (second.high * 1.01, False),
        ]:
            assert (watts.vulnerable_neighbours(degrees.poisson(z), thresholds) > 1) == possible

    def test_regular_network(self) -> None:
        assert watts.vulnerable_neighbours(degrees.regular(4), 0.25) == pytest.approx(3.0)
        assert watts.vulnerable_neighbours(degrees.regular(4), 0.26) == 0.0
        assert watts.vulnerable_neighbours(degrees.regular(0), 0.1) == 0.0

    def test_sharp_peak_between_grid_points_is_not_missed(self) -> None:
        """The condition barely holds: thresholds at 1/4 for a share, the others never."""
        best = max(np.linspace(2, 3, 1001), key=lambda z: z * poisson.cdf(2, z))
        share = 1.000001 / (best * poisson.cdf(2, best))
        (window,) = watts.cascade_windows(lambda x: share * (np.asarray(x) >= 0.25))
        assert window.low < best < window.high < window.low + 0.01

    def test_impossible_range_is_refused(self) -> None:
        with pytest.raises(InputError, match="0 < low < high"):
            watts.cascade_windows(0.1, low=2.0, high=1.0)


def tree_by_the_book(p, cumulative, initiators, steps):
    """The double sum as printed, term by term."""

    def chance(m: int, n: int, q: float) -> float:
        return math.comb(n, m) * q**m * (1 - q) ** (n - m)

    z = sum(k * share for k, share in enumerate(p))
    q, sizes = initiators, [initiators]
    for _ in range(steps):
        sizes.append(
            initiators
            + (1 - initiators)
            * sum(
                share * sum(chance(m, k, q) * cumulative(m / max(k, 1)) for m in range(k + 1))
                for k, share in enumerate(p)
            )
        )
        q = initiators + (1 - initiators) * sum(
            k / z * share * sum(chance(m, k - 1, q) * cumulative(m / k) for m in range(k))
            for k, share in enumerate(p)
            if k
        )
    return sizes


def mobilised_by_step(network: csr_array, thresholds, start, steps: int):
    """Play the threshold rule on one network, everybody revising together."""
    degree = network.sum(axis=1)
    acting, shares = start.copy(), [start.mean()]
    for _ in range(steps):
        exposure = network @ acting.astype(float) / np.maximum(degree, 1)
        acting |= exposure >= thresholds
        shares.append(acting.mean())
    return np.array(shares)


def random_network(stubs: np.ndarray, rng: np.random.Generator) -> csr_array:
    ends = rng.permutation(np.repeat(np.arange(stubs.size), stubs))
    ends = ends[: ends.size // 2 * 2].reshape(2, -1)
    ends = ends[:, ends[0] != ends[1]]
    both = np.hstack([ends, ends[::-1]])
    return csr_array((np.ones(both.shape[1]), both), shape=(stubs.size, stubs.size))


class TestTreeApproximation:
    @pytest.mark.parametrize(("mean_degree", "size"), [(2.0, 0.797), (5.7, 0.9966)])
    def test_published_sizes(self, mean_degree: float, size: float) -> None:
        found = gleeson_cahalane.final_size(degrees.poisson(mean_degree), 0.18, 0.001)
        assert found == pytest.approx(size, abs=5e-4 if size < 0.9 else 5e-5)

    @given(
        st.lists(st.floats(0.0, 1.0), min_size=3, max_size=7).filter(lambda p: sum(p[1:]) > 0.1),
        st.floats(0.0, 0.7),
        st.floats(0.05, 0.5),
        st.floats(0.0, 0.5),
    )
    def test_against_the_sum_as_printed(
        self, weights: list[float], mean: float, sd: float, initiators: float
    ) -> None:
        p = np.array(weights) / sum(weights)
        expected = tree_by_the_book(p, norm(mean, sd).cdf, initiators, 3)
        found = gleeson_cahalane.path(weights, Normal(mean, sd), initiators, 3)
        np.testing.assert_allclose(found, expected, atol=1e-12)

    def test_path_ends_in_the_final_size(self) -> None:
        given_degrees = degrees.power_law(2.5, 2, 60)
        path = gleeson_cahalane.path(given_degrees, Normal(0.4, 0.2), 0.02, 400)
        size = gleeson_cahalane.final_size(given_degrees, Normal(0.4, 0.2), 0.02)
        assert path[-1] == pytest.approx(size, abs=1e-9)

    @pytest.mark.parametrize(
        ("stubs", "threshold", "initiators"),
        [
            (lambda rng, n: rng.poisson(3.0, n), Constant(0.3), 0.08),
            (lambda rng, n: rng.poisson(6.0, n), Normal(0.3, 0.1), 0.02),
            (lambda rng, n: np.full(n, 4), Values([0.2, 0.5, 0.5, 0.75, 1.2]), 0.1),
            (lambda rng, n: np.minimum(rng.zipf(2.5, n) + 1, 100), Uniform(0.05, 0.9), 0.05),
        ],
    )
    def test_against_large_networks(self, stubs, threshold, initiators: float) -> None:
        creators, steps, runs = 20_000, 12, 6
        rng = np.random.default_rng(7)
        gaps = []
        for _ in range(runs):
            links = stubs(rng, creators)
            network = random_network(links, rng)
            values = (
                rng.choice(threshold.values, creators)
                if isinstance(threshold, Values)
                else threshold.quantile(rng.random(creators))
            )
            played = mobilised_by_step(network, values, rng.random(creators) < initiators, steps)
            theory = gleeson_cahalane.path(degrees.empirical(links), threshold, initiators, steps)
            gaps.append(played - theory)
        # four standard errors of the runs' mean, plus the loops and doubled links of a finite
        # network (of the order of <k^2>^2 / (creators <k>), below .003 for all of these)
        noise = np.std(gaps, axis=0, ddof=1) / runs**0.5
        assert (np.abs(np.mean(gaps, axis=0)) < 4 * noise + 0.003).all()

    def test_large_network_tells_a_wrong_degree_from_the_right_one(self) -> None:
        rng = np.random.default_rng(7)
        network = random_network(rng.poisson(3.0, 20_000), rng)
        played = mobilised_by_step(network, 0.3, rng.random(20_000) < 0.08, 12)
        wrong = gleeson_cahalane.path(degrees.regular(3), 0.3, 0.08, 12)
        assert np.abs(played - wrong).max() > 0.05

    def test_counts(self) -> None:
        """On a 4-regular tree with threshold 2: q = s + (1 - s) P[Bin(3, q) >= 2]."""
        for initiators in (0.005, 0.1, 0.2):
            q = initiators
            for _ in range(10_000):
                q = initiators + (1 - initiators) * binom.sf(1, 3, q)
            size = initiators + (1 - initiators) * binom.sf(1, 4, q)
            found = gleeson_cahalane.final_size(degrees.regular(4), 2, initiators, of="count")
            assert found == pytest.approx(size, abs=1e-9)

    def test_nobody_starts_and_all_start(self) -> None:
        assert gleeson_cahalane.final_size(degrees.poisson(4.0), 0.18, 0.0) == 0.0
        assert gleeson_cahalane.final_size(degrees.poisson(4.0), 0.18, 1.0) == 1.0
        isolated = degrees.shares([0.5, 0.0, 0.5])
        assert gleeson_cahalane.final_size(isolated, 0.1, 0.2) == pytest.approx(
            0.2 * 0.5 + 0.5 * 1.0
        )

    @pytest.mark.parametrize("share", [-0.1, 1.5])
    def test_impossible_share_is_refused(self, share: float) -> None:
        with pytest.raises(InputError, match="share between 0 and 1"):
            gleeson_cahalane.final_size(degrees.regular(3), 0.1, share)

    def test_unknown_kind_of_threshold_is_refused(self) -> None:
        with pytest.raises(InputError, match="of='share' or of='count'"):
            gleeson_cahalane.final_size(degrees.regular(3), 0.1, 0.1, of="number")


class TestCascadeCondition:
    @pytest.mark.parametrize("mean_degree", [0.9, 1.1, 3.0, 5.6, 5.9, 7.0])
    def test_first_order_is_the_window(self, mean_degree: float) -> None:
        window = watts.cascade_window(0.18)
        assert window is not None
        found = gleeson_cahalane.cascade_condition(degrees.poisson(mean_degree), 0.18, 1e-9)
        assert found.first_order == (window.low < mean_degree < window.high)

    def test_coefficients_against_differences_of_the_response(self) -> None:
        p, thresholds, s, h = degrees.poisson(5.0), Normal(0.3, 0.15), 0.01, 1e-3
        along, _ = gleeson_cahalane._maps(p, thresholds, s, "share")
        at = along(np.array([0.0, h, 2 * h]))
        found = gleeson_cahalane.cascade_condition(p, thresholds, s)
        c2 = (at[2] - 2 * at[1] + at[0]) / (2 * h**2)
        c1 = (at[1] - at[0]) / h - c2 * h
        assert found.multiplication == pytest.approx(c1, rel=1e-3)  # third order, of size h**2
        assert found.discriminant == pytest.approx((c1 - 1) ** 2 - 4 * c2 * at[0], rel=1e-2)

    def test_second_order_sees_cascades_beyond_the_window(self) -> None:
        p = degrees.poisson(5.9)
        found = gleeson_cahalane.cascade_condition(p, 0.18, 0.01)
        assert not found.first_order
        assert found.second_order
        assert gleeson_cahalane.final_size(p, 0.18, 0.01) > 0.9
        small = gleeson_cahalane.cascade_condition(degrees.poisson(9.0), 0.18, 1e-3)
        assert not small.second_order
        assert gleeson_cahalane.final_size(degrees.poisson(9.0), 0.18, 1e-3) < 0.01


def ring_by_hand(creators: int, degree: int, threshold: int) -> int | None:
    half = degree // 2
    acting = np.zeros(creators, bool)
    acting[np.arange(-half, half + 1)] = True
    for step in range(creators + 1):
        if acting.all():
            return step
        seen = sum(np.roll(acting, shift).astype(int) for shift in range(-half, half + 1) if shift)
        after = acting | (seen >= threshold)
        if (after == acting).all():
            return None
        acting = after
    return None


class TestRing:
    def test_published_times(self) -> None:
        assert centola_macy.ring_steps(1000, 4, 1) == 249
        assert centola_macy.ring_steps(1000, 4, 2) == 497

    @pytest.mark.parametrize("degree", [2, 4, 6, 8])
    def test_against_playing_it(self, degree: int) -> None:
        for threshold in range(1, degree + 2):
            for creators in range(degree + 1, 3 * degree + 20):
                found = centola_macy.ring_steps(creators, degree, threshold)
                assert found == ring_by_hand(creators, degree, threshold), (creators, threshold)

    @pytest.mark.parametrize(
        ("creators", "degree", "threshold"), [(10, 3, 1), (4, 4, 1), (9, 2, 0)]
    )
    def test_impossible_rings_are_refused(self, creators, degree, threshold) -> None:
        with pytest.raises(InputError):
            centola_macy.ring_steps(creators, degree, threshold)
