"""How quantities differ between creators: quantiles, shares, moments, refusals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import sim
from sim.creators.distributions import Distribution, as_distribution
from sim.errors import InputError

SHARES = (np.arange(200_000) + 0.5) / 200_000
"""Midpoints of equal slices: their quantiles stand for the whole distribution."""

CONTINUOUS = [
    sim.Uniform(-1.0, 3.0),
    sim.Normal(0.25, 0.12),
    sim.LogNormal(1.0, 1.5),
    sim.Pareto(2.0, 1.3),
    sim.Beta(2.0, 5.0),
    sim.Beta(0.5, 0.5),
    sim.Truncated(sim.Normal(0.25, 0.12), 0.0, 1.0),
    sim.Truncated(sim.Pareto(1.0, 1.1), high=50.0),
    sim.Truncated(sim.Uniform(0.0, 1.0), 0.5, 2.0),
    sim.Truncated(sim.Truncated(sim.Normal(0.0, 1.0), -1.0, 2.0), 0.0, 3.0),
]


class TestShape:
    @pytest.mark.parametrize("distribution", CONTINUOUS, ids=repr)
    def test_share_of_a_quantile_is_the_share(self, distribution):
        """1e-9: special functions and their inverses are good to ten digits or better."""
        np.testing.assert_allclose(
            distribution.cdf(distribution.quantile(SHARES)), SHARES, rtol=0, atol=1e-9
        )

    @pytest.mark.parametrize("distribution", CONTINUOUS, ids=repr)
    def test_rises(self, distribution):
        values = distribution.quantile(np.linspace(0.0, 1.0 - 2.0**-53, 10_001))
        assert np.isfinite(values).all()
        assert (np.diff(values) >= 0.0).all()
        assert distribution.cdf(np.array([-1e12]))[0] == 0.0
        assert distribution.cdf(np.array([1e12]))[0] == pytest.approx(1.0, abs=1e-9)

    @pytest.mark.parametrize(
        ("distribution", "mean", "variance"),
        [
            (sim.Uniform(-1.0, 3.0), 1.0, 16.0 / 12.0),
            (sim.Normal(0.25, 0.12), 0.25, 0.0144),
            (sim.LogNormal(0.0, 0.5), math.exp(0.125), math.expm1(0.25) * math.exp(0.25)),
            (sim.Pareto(2.0, 12.0), 24.0 / 11.0, 4.0 * 12.0 / (121.0 * 10.0)),
            (sim.Beta(2.0, 5.0), 2.0 / 7.0, 10.0 / (49.0 * 8.0)),
        ],
        ids=repr,
    )
    def test_moments_are_those_of_the_textbook(self, distribution, mean, variance):
        """Midpoints lose a little of the tails: less than 0.1 % of these variances."""
        values = distribution.quantile(SHARES)
        assert values.mean() == pytest.approx(mean, rel=1e-4)
        assert values.var() == pytest.approx(variance, rel=1e-3)

    def test_truncating_takes_the_part_between(self):
        whole = sim.Normal(0.0, 1.0)
        part = sim.Truncated(whole, -0.5, 2.0).quantile(SHARES)
        values = whole.quantile(SHARES)
        inside = values[(values >= -0.5) & (values <= 2.0)]
        assert part.min() >= -0.5
        assert part.max() <= 2.0
        assert part.mean() == pytest.approx(inside.mean(), abs=1e-4)

    def test_truncating_far_out_keeps_to_the_bounds(self):
        values = sim.Truncated(sim.Normal(0.0, 1.0), low=6.0).quantile(SHARES)
        assert np.isfinite(values).all()
        assert values.min() >= 6.0

    def test_a_truncated_constant_stays(self):
        part = sim.Truncated(0.5, low=0.5)
        np.testing.assert_array_equal(part.quantile(SHARES[:3]), 0.5)

    @given(st.floats(-5, 5), st.floats(0.1, 3.0))
    def test_parameters_move_everybody_smoothly(self, mean, sd):
        shares = np.array([0.1, 0.5, 0.9])
        moved = sim.Normal(mean + 1.0, sd).quantile(shares) - sim.Normal(mean, sd).quantile(shares)
        np.testing.assert_allclose(moved, 1.0, atol=1e-12)


class TestBadValues:
    @pytest.mark.parametrize(
        "make",
        [
            lambda: sim.Uniform(2.0, 1.0),
            lambda: sim.Uniform(0.0, math.inf),
            lambda: sim.Normal(math.nan, 1.0),
            lambda: sim.Normal(0.0, -1.0),
            lambda: sim.LogNormal(0.0, math.inf),
            lambda: sim.Pareto(0.0, 1.0),
            lambda: sim.Pareto(1.0, 0.0),
            lambda: sim.Beta(0.0, 1.0),
            lambda: sim.Beta(1.0, -1.0),
            lambda: sim.Constant(math.nan),
            lambda: sim.Values([]),
            lambda: sim.Values([1.0, math.nan]),
            lambda: sim.Empirical(""),
            lambda: sim.Truncated(sim.Normal(0.0, 1.0), 1.0, 1.0),
            lambda: sim.Truncated(sim.Normal(0.0, 1.0), math.nan, 1.0),
            lambda: sim.Truncated("much", 0.0, 1.0),
            lambda: sim.Truncated(sim.Values([1.0, 2.0]), 0.0, 1.0),
        ],
    )
    def test_refused(self, make):
        with pytest.raises(ValidationError):
            make()

    @pytest.mark.parametrize("whole", [sim.Uniform(0.0, 1.0), sim.Normal(-4.0, 1.0)])
    def test_nothing_between_the_bounds(self, whole):
        with pytest.raises(InputError, match=r"nothing lies between 5\.0 and 6\.0"):
            sim.Truncated(whole, 5.0, 6.0).quantile(SHARES)


class TestValuesAndFiles:
    def test_values_keep_their_order(self):
        np.testing.assert_array_equal(
            sim.Values([3.0, 1.0, 2.0]).quantile(np.array([0.9, 0.1, 0.5])), [3.0, 1.0, 2.0]
        )

    def test_values_of_another_length_name_the_community(self):
        scenario = sim.Scenario(
            communities=[sim.Community("artists", 4, threshold=sim.Values([0.1, 0.2, 0.3]))],
            network=sim.networks.Empty(),
        )
        with pytest.raises(InputError) as caught:
            sim.run(scenario)
        assert str(caught.value) == (
            "communities.artists.threshold: values: expected one for each of the 4 creators, got 3"
        )

    def test_files_are_drawn_from_with_replacement(self, tmp_path):
        path = tmp_path / "stock.txt"
        path.write_text("5\n1\n1\n2\n", encoding="utf-8")
        observed = sim.Empirical(str(path))
        values = observed.quantile(SHARES)
        found, counts = np.unique(values, return_counts=True)
        np.testing.assert_array_equal(found, [1.0, 2.0, 5.0])
        np.testing.assert_allclose(counts / SHARES.size, [0.5, 0.25, 0.25], atol=1e-5)
        np.testing.assert_array_equal(
            observed.cdf(np.array([0.0, 1.0, 4.0, 5.0])), [0.0, 0.5, 0.75, 1.0]
        )
        assert observed.quantile(np.array([1.0 - 2.0**-53]))[0] == 5.0

    @pytest.mark.parametrize("bound", ["low", "high"])
    def test_truncating_keeps_values_on_a_bound(self, tmp_path, bound):
        path = tmp_path / "stock.txt"
        path.write_text("0\n0\n1\n3\n", encoding="utf-8")
        observed = sim.Truncated(
            sim.Empirical(str(path)), **{bound: 0.0 if bound == "low" else 1.0}
        )
        expected = {"low": [0.0, 0.0, 1.0, 3.0], "high": [0.0, 0.0, 1.0]}[bound]
        assert observed.quantile(SHARES).mean() == pytest.approx(np.mean(expected), abs=1e-4)

    @pytest.mark.parametrize("content", ["", "one\ntwo\n", "1 2\n3 4\n", "1\nnan\n", "1\ninf\n"])
    @pytest.mark.filterwarnings("ignore:loadtxt")
    def test_files_without_numbers_are_refused(self, tmp_path, content):
        path = tmp_path / "stock.txt"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(InputError, match=r"stock\.txt") as caught:
            sim.Empirical(str(path)).quantile(SHARES)
        assert "\n" not in str(caught.value)

    def test_missing_file_names_the_community(self, tmp_path):
        scenario = sim.Scenario(
            communities=[
                sim.Community("artists", 4, threshold=sim.Empirical(str(tmp_path / "no.txt")))
            ],
            network=sim.networks.Empty(),
        )
        with pytest.raises(InputError, match=r"^communities\.artists\.threshold: .*no\.txt"):
            sim.run(scenario)


class TestAsData:
    @pytest.mark.parametrize(
        "distribution",
        [*CONTINUOUS, sim.Constant(0.5), sim.Constant(math.inf), sim.Values([1.0, 2.0])],
        ids=repr,
    )
    def test_round_trip(self, distribution):
        data = distribution.to_data()
        assert Distribution.model_validate(as_distribution(data)) == distribution

    def test_numbers_are_constants(self):
        assert sim.Community("a", 3, threshold=2).threshold == sim.Constant(2.0)
        with pytest.raises(ValidationError):
            sim.Community("a", 3, threshold=True)

    def test_only_constants_are_constant(self):
        assert sim.Constant(0.5).constant == 0.5
        assert all(distribution.constant is None for distribution in CONTINUOUS)
