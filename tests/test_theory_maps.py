"""Fixed points of rising maps: none missed, none invented, stability right."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim.theory
from sim.creators.distributions import Constant, Uniform
from sim.errors import InputError
from sim.theory import maps
from sim.theory.thresholds import cdf, mixed


def staircase(steps: list[int], size: int):
    """Return the share of ``size`` creators whose threshold k / size is at or below x."""
    thresholds = np.sort(np.array(steps) / size)
    return lambda x: np.searchsorted(thresholds, x, side="right") / size


@given(st.integers(1, 9).flatmap(lambda n: st.lists(st.integers(0, n + 2), min_size=n, max_size=n)))
def test_staircases_against_trying_every_share(steps: list[int]) -> None:
    size = len(steps)
    rising = staircase(steps, size)
    shares = np.arange(size + 1) / size
    expected = shares[rising(shares) == shares]
    found = maps.fixed_points(rising)
    # only ends of stretches are approximate, and a staircase has none
    np.testing.assert_allclose([point.value for point in found], expected, atol=1e-12)
    for point in found:
        below, above = rising(np.array([point.value - 1e-4, point.value + 1e-4]))
        drawn = (point.value == 0.0 or below == point.value) and above in (point.value, 1.0)
        assert point.stable == drawn


@given(st.lists(st.integers(1, 13), min_size=1, max_size=5, unique=True))
def test_polynomials_with_known_crossings(sevenths: list[int]) -> None:
    roots = np.sort(sevenths) * 0.07

    def rising(x: np.ndarray) -> np.ndarray:  # the product's slope stays within 5
        return x + np.prod([x - root for root in roots], axis=0) / 10.0

    found = maps.fixed_points(rising)
    assert len(found) == roots.size
    # rounding (1e-14) over the least slope of the product (0.07**2 * 0.14**2 / 10)
    np.testing.assert_allclose([point.value for point in found], roots, atol=2e-9)
    middles = (np.concatenate([[0.0], roots]) + np.concatenate([roots, [1.0]])) / 2
    rises = rising(middles) > middles
    assert [point.stable for point in found] == list(rises[:-1] & ~rises[1:])


def test_a_pair_about_to_vanish_is_found_and_one_that_has_vanished_is_not() -> None:
    for gap, expected in ((1e-6, 2), (-1e-6, 0)):

        def rising(x: np.ndarray, gap: float = gap) -> np.ndarray:
            return np.clip(x + 3.0 * (x - 0.4) ** 2 - gap, 0.0, 1.0)

        inner = [point for point in maps.fixed_points(rising) if 0.0 < point.value < 0.99]
        assert len(inner) == expected
        if inner:
            half = (gap / 3.0) ** 0.5
            np.testing.assert_allclose(
                [p.value for p in inner], [0.4 - half, 0.4 + half], atol=1e-9
            )
            assert [point.stable for point in inner] == [True, False]


def test_a_touching_point_counts_once_and_attracts_from_one_side_only() -> None:
    points = maps.fixed_points(lambda x: np.clip(x + 2.0 * (x - 0.3) ** 2, 0.0, 1.0))
    touching = [p for p in points if p.value < 0.9]
    assert len(touching) == 1
    assert touching[0].value == pytest.approx(0.3, abs=1e-7)  # sqrt(rounding): a double root
    assert touching[0].slope == pytest.approx(1.0, abs=1e-5)
    assert not touching[0].stable


def test_a_stretch_is_given_by_its_ends() -> None:
    points = maps.fixed_points(lambda x: np.clip(x, 0.2, 0.7))
    assert [point.value for point in points] == pytest.approx([0.2, 0.7], abs=1e-8)
    assert not any(point.stable for point in points)


@given(st.floats(0.0, 1.0), st.lists(st.integers(0, 9), min_size=8, max_size=8))
def test_settling_is_applying_the_map_over_and_over(start: float, steps: list[int]) -> None:
    rising = staircase(steps, 8)
    x = start
    for _ in range(20):
        x = float(rising(x))
    assert maps.settle(rising, start) == x


def test_settling_slowly_ends_where_patience_does() -> None:
    def rising(x: np.ndarray) -> np.ndarray:
        return x + 0.01 * (0.5 - x) * (x + 0.2)

    x = 0.1
    for _ in range(20_000):
        x = float(rising(x))
    assert maps.settle(rising, 0.1) == pytest.approx(x, abs=1e-9)
    assert maps.settle(rising, 0.9) == pytest.approx(0.5, abs=1e-9)


def test_a_fold_is_where_the_pair_vanishes() -> None:
    def equilibrium(lift: float) -> float:
        return maps.settle(lambda x: np.clip(x + (x - 0.3) ** 2 - 0.01 + lift, 0, 1), 0.0)

    tip = maps.fold(equilibrium, 0.0, 0.02)
    assert tip.parameter == pytest.approx(0.01, abs=1e-12)
    assert tip.before == pytest.approx(0.3, abs=1e-6)  # sqrt(rounding): a double root
    assert tip.after == 1.0


def test_no_fold_where_all_moves_smoothly() -> None:
    with pytest.raises(InputError, match="moves smoothly"):
        maps.fold(lambda value: value**2, 0.0, 1.0)
    with pytest.raises(InputError, match="expected low below high"):
        maps.fold(lambda value: value, 1.0, 0.0)


def test_thresholds_in_every_form_mean_the_same() -> None:
    x = np.array([0.1, 0.2, 0.3])

    def one_by_one(value: float) -> float:
        return 1.0 if value >= 0.2 else 0.0

    for thresholds in (0.2, Constant(0.2), lambda values: values >= 0.2, one_by_one):
        np.testing.assert_array_equal(cdf(thresholds)(x), [0.0, 1.0, 1.0])


def test_communities_mix_by_size() -> None:
    below = mixed([0.2, Uniform(0.0, 1.0)], [30, 10])
    np.testing.assert_allclose(below(np.array([0.1, 0.2, 1.0])), [0.025, 0.8, 1.0])
    with pytest.raises(InputError, match="each of 2 communities"):
        mixed([0.2, 0.3], [1.0])


@pytest.mark.parametrize("wrong", ["0.2", None, object()])
def test_what_is_no_threshold_is_refused(wrong: object) -> None:
    with pytest.raises(InputError, match="expected a number, a distribution or a function"):
        cdf(wrong)


def test_what_is_no_share_is_refused() -> None:
    with pytest.raises(InputError, match="between 0 and 1"):
        cdf(lambda x: 2.0 * x)(np.array([0.9]))


def test_theories_are_found_by_looking_and_imported_when_named() -> None:
    assert {"granovetter", "watts", "macy", "bass"} <= set(dir(sim.theory))
    code = "import sys, sim.theory; print('scipy' in sys.modules); sim.theory.watts.Window"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "False"
    with pytest.raises(AttributeError, match="no attribute 'marx'"):
        _ = sim.theory.marx
