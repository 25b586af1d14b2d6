"""The random numbers: published vectors, addresses, and comparisons that must be exact."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim import purposes
from sim.kernels.choice import (
    BRACKETS,
    CERTAIN,
    STEADY,
    below,
    below_logistic,
    cell_of,
    edge,
    full_draw,
    logistic,
)
from sim.kernels.philox import block, fill_uniform, fill_words, philox, to_unit, uniform, word
from tests.twin import philox as twin
from tests.twin.creator import logistic as plain_logistic

PUBLISHED = [
    # Random123 1.14, tests/kat_vectors, lines "philox4x32 10": counter, key, answer.
    ("00000000 00000000 00000000 00000000", "00000000 00000000",
     "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff",
     "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0",
     "d16cfe09 94fdcceb 5001e420 24126ea1"),
]  # fmt: skip
numbers = st.integers(0, 2**32 - 1)
items = st.integers(0, 2**34)
SURELY = 1e-6
"""Chance of a false alarm in each statistical test below: the draws are fixed, so that a test
passes for ever once it has passed; the level says how surprising a failure would have been."""


def words_of(text):
    return tuple(int(one, 16) for one in text.split())


class TestPublishedVectors:
    @pytest.mark.parametrize(("counter", "key", "answer"), PUBLISHED)
    def test_kernel(self, counter, key, answer):
        given_words = [np.uint64(one) for one in words_of(counter) + words_of(key)]
        assert tuple(int(one) for one in philox(*given_words)) == words_of(answer)

    @pytest.mark.parametrize(("counter", "key", "answer"), PUBLISHED)
    def test_twin(self, counter, key, answer):
        assert twin.philox(words_of(counter), words_of(key)) == words_of(answer)

    def test_fewer_rounds_would_be_seen(self):
        counter, key, answer = map(words_of, PUBLISHED[2])
        assert twin.philox(counter, key, rounds=9) != answer


class TestAddresses:
    @given(numbers, numbers, numbers, items, st.integers(0, 100))
    def test_scalar_draws_are_the_twins(self, seed, purpose, step, item, attempt):
        address = (seed, purpose, step, item, attempt)
        assert tuple(int(w) for w in block(*address)) == twin.block(*address)
        assert int(word(*address)) == twin.word(*address)
        assert uniform(*address) == twin.uniform(*address)

    @given(numbers, numbers, st.integers(0, 2**30), st.integers(1, 70), st.integers(1, 8))
    def test_bulk_draws_are_scalar_draws(self, seed, step, first, size, room):
        first *= 4
        out, high, low = np.empty(size), *np.empty((2, 4 * room), dtype=np.uint32)
        fill_uniform(out, high, low, seed, 1, step, first, 3)
        scalar = [uniform(seed, 1, step, first + k, 3) for k in range(size)]
        np.testing.assert_array_equal(out, scalar)
        fill_words(high, seed, 1, step, first, 3)
        assert high.tolist() == [word(seed, 1, step, first + k, 3) for k in range(high.size)]

    def test_four_neighbours_share_a_block_a_word_each(self):
        for first in (0, 4, 2**33):
            shared = [word(5, 1, 2, first + lane, 7) for lane in range(4)]
            assert shared == list(block(5, 1, 2, first // 4, 7))

    def test_every_part_of_the_address_counts(self):
        start = (1, 2, 3, 4, 5)
        others = [tuple(n + (k == part) for k, n in enumerate(start)) for part in range(5)]
        assert len({uniform(*address) for address in (start, *others)}) == 6

    def test_purposes_differ(self):
        stated = [n for name, n in vars(purposes).items() if name.isupper()]
        assert len(stated) == len(set(stated)) > 10

    @given(numbers, numbers)
    def test_numbers_lie_from_0_to_below_1(self, high, low):
        number = to_unit(np.uint64(high), np.uint64(low))
        assert 0.0 <= number < 1.0
        assert number == twin.unit(high, low)

    def test_ends_of_the_range(self):
        top = np.uint64(2**32 - 1)
        assert to_unit(np.uint64(0), np.uint64(0)) == 0.0
        assert to_unit(top, top) == 1.0 - 2.0**-53


def draws(size, seed=11, purpose=1, step=1, attempt=0, first=0):
    out, high, low = np.empty(size), *np.empty((2, 4096), dtype=np.uint32)
    fill_uniform(out, high, low, seed, purpose, step, first, attempt)
    return out


class TestRandomness:
    N = 100_000

    def test_even(self):
        counts = np.bincount((draws(self.N) * 100).astype(int), minlength=100)
        assert stats.chisquare(counts).pvalue > SURELY

    def test_uneven_would_be_seen(self):
        counts = np.bincount((draws(self.N) ** 1.05 * 100).astype(int), minlength=100)
        assert stats.chisquare(counts).pvalue < SURELY

    @pytest.mark.parametrize(
        "change", [{"seed": 12}, {"purpose": 2}, {"step": 2}, {"attempt": 1}, {"first": 4}]
    )
    def test_neighbouring_addresses_are_independent(self, change):
        """Pairs fall evenly into 10 x 10 squares; lanes, and lags of 1 to 4, among the rest."""
        pairs = [(draws(self.N), draws(self.N, **change))]
        pairs += [(a[:-lag], a[lag:]) for a in pairs[0][1:] for lag in (1, 2, 3, 4)]
        for one, other in pairs:
            square = (one * 10).astype(int) * 10 + (other * 10).astype(int)
            assert stats.chisquare(np.bincount(square, minlength=100)).pvalue > SURELY

    def test_bits_of_both_words_are_even(self):
        bits = (draws(self.N) * 2.0**53).astype(np.uint64)
        for place in range(53):
            ones = int((bits >> np.uint64(place) & np.uint64(1)).sum())
            assert stats.binomtest(ones, self.N).pvalue > SURELY


def at(first):
    """An address whose first word is used as if it were ``first``, and its full draw."""
    address = (7, 4, 3, 2)
    return address, full_draw(first, *address)


EDGES = [0, 1, 2, 3, 2**31 - 1, 2**31, 2**31 + 1, 2**32 - 3, 2**32 - 2, 2**32 - 1]
SPECIAL = [0.0, -0.0, 1.0, math.nan, math.inf, -math.inf, 5e-324, -1.0, 2.0, 1.0 - 2.0**-53]


class TestExactComparison:
    """Shortcuts must answer as comparing the full draw does."""

    @given(st.sampled_from(EDGES) | numbers, st.sampled_from((-1, 0, 1)), st.booleans())
    def test_below_at_word_edges(self, first, ulps, ceiling):
        probability = (first + ceiling) * 2.0**-32
        for _ in range(abs(ulps)):
            probability = math.nextafter(probability, ulps * math.inf)
        address, draw = at(first)
        assert below(np.uint32(first), probability, *address) == (draw < probability)

    @given(st.sampled_from(EDGES) | numbers, st.floats() | st.sampled_from(SPECIAL))
    def test_below_anything(self, first, probability):
        address, draw = at(first)
        assert below(np.uint32(first), probability, *address) == (draw < probability)

    @given(st.sampled_from(EDGES) | numbers)
    def test_below_its_own_draw(self, first):
        address, draw = at(first)
        above = math.nextafter(draw, 1.0)
        assert not below(np.uint32(first), draw, *address)
        assert below(np.uint32(first), above, *address)

    @given(
        st.sampled_from(EDGES) | numbers,
        st.integers(-41 * 16, 41 * 16),
        st.sampled_from((-1, 0, 1)),
    )
    def test_below_logistic_at_cell_edges(self, first, sixteenths, ulps):
        x = sixteenths / 16.0
        x = math.nextafter(x, ulps * math.inf) if ulps else x
        address, draw = at(first)
        assert below_logistic(np.uint32(first), x, *address) == (draw < plain_logistic(x))

    @pytest.mark.parametrize("edge", [-40.0, 40.0])
    @pytest.mark.parametrize("first", EDGES)
    def test_below_logistic_at_the_ends(self, first, edge):
        for x in (edge, math.nextafter(edge, -math.inf), math.nextafter(edge, math.inf)):
            address, draw = at(first)
            assert below_logistic(np.uint32(first), x, *address) == (draw < plain_logistic(x))

    @given(st.sampled_from(EDGES) | numbers, st.floats(-50, 50) | st.sampled_from(SPECIAL))
    def test_below_logistic_anywhere(self, first, x):
        address, draw = at(first)
        assert below_logistic(np.uint32(first), x, *address) == (draw < plain_logistic(x))

    @given(numbers, st.sampled_from((-3, -1, 0, 1, 3)))
    def test_below_logistic_where_the_draw_is_the_probability(self, first, ulps):
        """The x whose logistic is the draw, give or take rounding."""
        address, draw = at(first)
        x = math.log(draw / (1.0 - draw)) if draw > 0.0 else -800.0
        for _ in range(abs(ulps)):
            x = math.nextafter(x, ulps * math.inf)
        assert below_logistic(np.uint32(first), x, *address) == (draw < plain_logistic(x))

    @given(
        st.sampled_from(EDGES) | numbers,
        st.floats(-50, 50)
        | st.integers(-660, 660).map(lambda k: k / 16)
        | st.sampled_from(SPECIAL),
        st.booleans(),
    )
    def test_the_steady_would_not_have_changed_and_the_certain_would(self, first, x, acts):
        """What the tables settle by a draw's first word is what the full draw would have said."""
        _, draw = at(first)
        seen = first ^ 0xFFFFFFFF if acts else first
        cell = cell_of(x) + BRACKETS * acts
        if seen > STEADY[cell]:
            assert (draw < plain_logistic(x)) == acts
        if seen < CERTAIN[cell]:
            assert (draw < plain_logistic(x)) != acts

    def test_most_are_steady(self):
        """At even odds half of the creators change; the table settles nearly all of the others."""
        words = np.random.default_rng(1).integers(0, 2**32, 10_000)
        seen = [
            (int(w) ^ 0xFFFFFFFF if acts else int(w), cell_of(0.03) + BRACKETS * acts)
            for w in words
            for acts in (False, True)
        ]
        assert 0.45 < np.mean([word > STEADY[cell] for word, cell in seen]) < 0.5
        assert 0.45 < np.mean([word < CERTAIN[cell] for word, cell in seen]) < 0.5

    @given(st.sampled_from(EDGES) | numbers, st.floats() | st.sampled_from(SPECIAL))
    def test_edge_parts_yes_from_no(self, first, probability):
        _, draw = at(first)
        limit = int(edge(probability))
        assert not first < limit or draw < probability
        assert not first > limit or not draw < probability

    @given(st.floats() | st.sampled_from(SPECIAL))
    def test_logistic_is_the_twins(self, x):
        assert logistic(x) == plain_logistic(x) or math.isnan(x)

    def test_logistic_rises(self):
        values = [logistic(x) for x in np.linspace(-800.0, 800.0, 4001)]
        assert values[0] == 0.0
        assert values[-1] == 1.0
        assert all(a <= b for a, b in pairwise(values))
