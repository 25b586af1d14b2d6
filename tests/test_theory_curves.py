"""Diffusion with peers and a pulse without: the curves and their fits."""

from __future__ import annotations

import csv
import datetime
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.stats import poisson

from sim.errors import InputError
from sim.theory import bass, curve_fit
from sim.theory.bass import BassCurve, PulseCurve
from tests.shared_data import shared

DAYS = np.arange(0.0, 60.0, 2.0)
RATE = st.floats(1e-3, 1.0)


class TestCurves:
    @given(RATE, RATE)
    def test_bass_solves_its_equation(self, p: float, q: float) -> None:
        curve = BassCurve(1.0, p, q)
        days = np.linspace(0.0, 10.0, 11)
        solved = solve_ivp(
            lambda _, n: (p + q * n) * (1 - n), (0, 10), [0.0], t_eval=days, rtol=1e-9, atol=1e-11
        )
        np.testing.assert_allclose(curve.cumulative(days), solved.y[0], atol=1e-7)

    @given(RATE, st.floats(0.0, 1.0))
    def test_pulse_solves_its_equation(self, intensity: float, decay: float) -> None:
        curve = PulseCurve(1.0, intensity, decay, start=2.0)
        days = np.linspace(2.0, 12.0, 11)
        solved = solve_ivp(
            lambda day, n: intensity * np.exp(-decay * (day - 2.0)) * (1 - n),
            (2, 12),
            [0.0],
            t_eval=days,
            rtol=1e-9,
            atol=1e-11,
        )
        np.testing.assert_allclose(curve.cumulative(days), solved.y[0], atol=1e-7)

    def test_nothing_but_background_before_the_start(self) -> None:
        for curve in (
            BassCurve(100.0, 0.1, 0.3, start=10.0, background=2.0),
            PulseCurve(100.0, 0.1, 0.3, start=10.0, background=2.0),
        ):
            np.testing.assert_allclose(curve.cumulative([0, 5, 10]), [0, 10, 20])
            assert curve.cumulative(1e6) == pytest.approx(2e6 + 100.0, rel=1e-3)

    def test_small_steps_become_the_continuous_curve(self) -> None:
        steps = bass.bass_steps(50.0, 0.01 / 1000, 0.4 / 1000, 20_000)
        np.testing.assert_allclose(
            steps[::1000], BassCurve(50.0, 0.01, 0.4).cumulative(np.arange(21)), atol=0.02
        )
        coarse = bass.bass_steps(50.0, 0.01, 0.4, 20)
        assert np.abs(coarse - steps[::1000]).max() > 1.0

    def test_one_step_by_hand(self) -> None:
        np.testing.assert_allclose(bass.bass_steps(10.0, 0.1, 0.5, 2), [0.0, 1.0, 1 + 0.15 * 9])

    def test_impossible_curves_are_refused(self) -> None:
        for make in (
            lambda: BassCurve(-1.0, 0.1, 0.1),
            lambda: PulseCurve(1.0, np.inf, 0.1),
            lambda: bass.bass_steps(0.0, 0.1, 0.1, 3),
            lambda: bass.bass_steps(1.0, 0.8, 0.3, 3),
        ):
            with pytest.raises(InputError):
                make()


def by_trying_all(means: list[float], low: list[int], high: list[int]) -> float:
    """Add up every sequence of counts that the intervals allow."""
    total = 0.0
    for counts in product(*[range(a, b + 1) for a, b in zip(low, high, strict=True)]):
        total += np.prod(poisson.pmf(np.diff(counts), means))
    return float(total / (high[0] - low[0] + 1))


class TestLikelihood:
    @given(
        st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=5),
        st.floats(0.1, 3.0),
    )
    def test_against_trying_all_counts(self, moves: list[tuple[int, int]], rate: float) -> None:
        low = np.cumsum([rise for rise, _ in moves])
        high = low + [width for _, width in moves]
        days = np.arange(len(moves)) ** 1.5
        curve = BassCurve(5.0, 0.1, 0.2, background=rate)
        expected = by_trying_all(np.diff(curve.cumulative(days)).tolist(), list(low), list(high))
        found = curve_fit.log_likelihood(curve, days, low, high)
        assert found == pytest.approx(np.log(expected), abs=1e-9)

    def test_what_cannot_happen(self) -> None:
        nothing = BassCurve(0.0, 0.0, 0.0)
        assert curve_fit.log_likelihood(nothing, [0, 1], [3, 4], [3, 4]) == -np.inf
        assert curve_fit.log_likelihood(nothing, [0, 1], [3, 3], [3, 3]) == 0.0

    @pytest.mark.parametrize(
        ("days", "low", "high"),
        [
            ([0], [1], [1]),
            ([0, 0], [1, 2], [1, 2]),
            ([0, 1], [1, 2], [1]),
            ([0, 1], [3, 1], [3, 2]),
            ([0, 1], [1, 3], [1, 2]),
            ([0, 1], [-1, 2], [0, 2]),
            ([0, 1], [0.5, 2], [1, 2]),
        ],
    )
    def test_impossible_counts_are_refused(self, days, low, high) -> None:
        with pytest.raises(InputError, match="counts"):
            curve_fit.fit_bass(days, low, high)


def counts_of(curve: BassCurve | PulseCurve, seed: int) -> np.ndarray:
    grown = np.diff(curve.cumulative(DAYS), prepend=0.0)
    return np.cumsum(np.random.default_rng(seed).poisson(grown))


PEERS = BassCurve(2000.0, 0.002, 0.35)
PULSE = PulseCurve(2000.0, 0.3, 0.15)


class TestFit:
    def test_recovers_peers(self) -> None:
        counts = counts_of(PEERS, 1)
        fit = curve_fit.fit_bass(DAYS, counts, counts, {"start": 0.0, "background": 0.0})
        assert fit.free == ("market", "innovation", "imitation")
        assert fit.at_bound == ()
        # four standard errors, as measured over 20 other draws: .021, .018 and .069
        assert fit.curve.market == pytest.approx(2000, rel=0.084)
        assert fit.curve.imitation == pytest.approx(0.35, rel=0.072)
        assert fit.curve.innovation == pytest.approx(0.002, rel=0.28)

    def test_recovers_a_pulse(self) -> None:
        counts = counts_of(PULSE, 2)
        fit = curve_fit.fit_pulse(DAYS, counts, counts, {"start": 0.0, "background": 0.0})
        expected = PULSE.cumulative(DAYS)
        # market and intensity trade off; the curve itself is known to 4 / sqrt(its height)
        np.testing.assert_allclose(fit.predict(DAYS), expected, atol=4 * expected[-1] ** 0.5)

    @pytest.mark.parametrize(("truth", "peers_win"), [(PEERS, True), (PULSE, False)])
    def test_tells_peers_from_a_pulse(self, truth, peers_win: bool) -> None:
        counts = counts_of(truth, 3)
        known = {"start": 0.0, "background": 0.0}
        with_peers = curve_fit.fit_bass(DAYS, counts, counts, known)
        without = curve_fit.fit_pulse(DAYS, counts, counts, known)
        assert (with_peers.aic < without.aic) == peers_win
        assert abs(with_peers.aic - without.aic) > 10

    def test_no_worse_than_the_truth(self) -> None:
        counts = counts_of(PEERS, 4)
        wide = np.stack([np.maximum.accumulate(counts - 5), counts + 5]).clip(0)
        fit = curve_fit.fit_bass(DAYS, *wide, {"start": 0.0, "background": 0.0})
        truth = curve_fit.log_likelihood(PEERS, DAYS, *wide)
        assert truth <= fit.log_likelihood < truth + 12  # half a chi-square of 3, p below 1e-4
        again = curve_fit.log_likelihood(fit.curve, DAYS, *wide)
        assert again == pytest.approx(fit.log_likelihood, abs=1e-9)

    def test_everything_known(self) -> None:
        known = {"market": 9.0, "innovation": 0.1, "imitation": 0.2, "start": 0, "background": 1}
        fit = curve_fit.fit_bass([0, 1, 3], [0, 2, 5], [0, 2, 6], known)
        assert fit.curve == BassCurve(9.0, 0.1, 0.2, 0, 1)
        assert fit.free == ()
        np.testing.assert_allclose(fit.predict([0, 1]), [0.0, fit.curve.cumulative(1)])

    def test_what_the_counts_do_not_tell_is_flagged(self) -> None:
        """Only the rise of a pulse: how it dies away is anybody's guess."""
        counts = np.array([0, 10, 20, 30])
        fit = curve_fit.fit_pulse([0, 1, 2, 3], counts, counts, {"start": 0.0, "background": 0.0})
        assert "decay" in fit.at_bound

    def test_unknown_parameters_are_refused(self) -> None:
        with pytest.raises(InputError, match="fixed"):
            curve_fit.fit_bass([0, 1], [0, 1], [0, 1], {"decay": 1.0})

    def test_real_requests_do_not_tell_peers_from_a_pulse_at_first(self) -> None:
        with shared("time_series/bigcode_opt_out_requests.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        dates = [datetime.date.fromisoformat(row["date"]) for row in rows]
        days = [(date - dates[0]).days for date in dates if date <= datetime.date(2024, 3, 20)]
        low, high = (
            [int(row[f"cumulative_requests_{end}"]) for row in rows[: len(days)]]
            for end in ("low", "high")
        )
        peers, pulse = curve_fit.fit_bass(days, low, high), curve_fit.fit_pulse(days, low, high)
        assert abs(peers.aic - pulse.aic) < 2.0
