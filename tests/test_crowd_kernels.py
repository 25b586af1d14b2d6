"""Loops over creators and their works, against plain Python; they run uncompiled, too."""

from __future__ import annotations

import math
from fractions import Fraction

import numba
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.kernels import audiences, columns, crowd, exposure, ingest, portfolio, revision, surrogate
from sim.kernels.listed import fill_listed
from sim.kernels.prefetch import prefetch
from sim.purposes import COMPLIANCE, REVISION
from tests.twin.philox import uniform
from tests.twin.revision import picked as twin_picked

SEEDS, STEPS = st.integers(0, 2**32 - 1), st.integers(0, 500)
SHARES = st.sampled_from([0.0, 1e-4, 0.01, 0.3, 0.9, 1.0]) | st.floats(0.0, 1.0)


class TestWhoReconsiders:
    @given(st.integers(0, 30), st.sampled_from([4, 8, 64]), SHARES, SEEDS, STEPS)
    def test_many_by_a_draw_each(self, size, room, share, seed, step):
        picked, words = np.empty(size, dtype=np.int32), np.empty(room, dtype=np.uint32)
        found = revision.pick_many(picked, words, share, seed, REVISION, step)
        draws = [uniform(seed, REVISION, step, i) for i in range(size)]
        assert picked[:found].tolist() == [i for i in range(size) if draws[i] < share]

    @given(SEEDS, st.integers(0, 20))
    def test_a_share_that_is_somebodys_draw(self, seed, who):
        """The first 32 bits do not tell on which side of it the draw lies."""
        draw = uniform(seed, REVISION, 3, who)
        for share, joins in ((draw, False), (math.nextafter(draw, 2.0), True)):
            picked, words = np.empty(21, dtype=np.int32), np.empty(8, dtype=np.uint32)
            found = revision.pick_many(picked, words, share, seed, REVISION, 3)
            assert (who in picked[:found]) == joins

    @given(st.integers(0, 2_500), SHARES.map(lambda share: share**4), SEEDS, STEPS)
    @example(2_100, 1e-9, 1, 1)
    @example(1_024, 0.01, 5, 5)
    def test_few_by_the_gaps_between_them(self, size, share, seed, step):
        picked = np.empty(size, dtype=np.int32)
        found = revision.pick_few(picked, share, seed, REVISION, step)
        expected = twin_picked(seed, step, size, share) if share < 1.0 else range(size)
        assert picked[:found].tolist() == list(expected)

    def test_either_way_as_many_as_asked(self):
        """Of 20,000 at a share of .04: 800, with a standard deviation of 28."""
        picked, words = np.empty(20_000, dtype=np.int32), np.empty(1_024, dtype=np.uint32)
        few = revision.pick_few(picked, 0.04, 7, REVISION, 1)
        many = revision.pick_many(picked, words, 0.04, 7, REVISION, 1)
        assert abs(few - 800) < 4 * 28
        assert abs(many - 800) < 4 * 28


CONTRIBUTE, ACT = 0, 1
EFFECT = st.tuples(*[st.sampled_from([0.0, 0.25, 1.0])] * 5, st.sampled_from([0.0, 1.0]))
FILED, OPEN_UNTIL, NOW = 4, 6, 10
ALL, NOBODY = 1.0, 0.0
WHOLE = (1.0, 1.0, 0.0, 0.0, 0.0, 0.0)


def supplied(
    effect=WHOLE, *, tactic=ACT, stock=40.0, output=2.0, since=FILED, compliance=ALL, reach=1.0,
    crawls=True, receives=False, barred=None, snapshot=None, kappa=1.0, now=NOW, until=OPEN_UNTIL,
):  # fmt: skip
    """What a lab gets of one creator: totals by name, works used, and the lab's snapshot."""
    used, totals = np.zeros(1), np.zeros(ingest.TOTALS)
    held = np.array([] if barred is None else [barred], dtype=np.int32)
    known = np.array([] if snapshot is None else [float(snapshot)])
    flags = np.zeros(1, dtype=np.uint8) if barred is None else np.array([crowd.WITHHELD])
    people = (
        np.array([tactic], dtype=np.uint8), flags, np.array([since], dtype=np.int32),
        np.zeros(1, dtype=np.uint16),
    )  # fmt: skip
    ingest.ingest(
        0, 1, (now, until), (compliance, reach, 0, crawls, receives), kappa, 5, COMPLIANCE,
        people, (held, known), np.array([stock]), np.array([output]), np.array([WHOLE, effect]),
        used, totals,
    )  # fmt: skip
    names = "live raw poison given asked held donated poisoned".split()
    return dict(zip(names, totals.tolist(), strict=True)), used[0], known.tolist()


class TestWhatALabGets:
    """Of a creator with 40 works who makes 2 each step: 48 by step 4, 60 by step 10."""

    @pytest.mark.parametrize(
        ("effect", "how", "expected"),
        [
            (WHOLE, {"tactic": CONTRIBUTE}, {"live": 60, "raw": 60}),
            (WHOLE, {}, {"live": 60, "raw": 60}),
            (WHOLE, {"tactic": CONTRIBUTE, "crawls": False}, {"held": 60}),
            # withheld: past and new works are gone, whatever the lab wants
            ((0, 0, 0, 0, 0, 0), {"compliance": NOBODY}, {"held": 60, "asked": 60}),
            # stopped: the 12 works since step 4 are not made public
            ((1, 0, 0, 0, 0, 0), {}, {"live": 48, "raw": 48, "held": 12, "asked": 12}),
            # filed in time with a lab that obliges, one that does not, and too late
            ((0, 0, 0, 0, 0, 1), {}, {"held": 60, "asked": 60}),
            ((0, 0, 0, 0, 0, 1), {"compliance": NOBODY}, {"live": 60, "raw": 60, "asked": 60}),
            ((0, 0, 0, 0, 0, 1), {"until": 3}, {"live": 60, "raw": 60, "asked": 60}),
            (
                (0, 0, 0, 0, 0, 1), {"reach": 0.25},
                {"live": 45, "raw": 45, "held": 15, "asked": 60},
            ),
            # half of the 12 new works poisoned
            (
                (1, 1, 0, 0, 0.5, 0), {},
                {"live": 54, "raw": 60, "poison": 6, "poisoned": 6},
            ),
            # a rival gets a quarter of all works; this lab is that rival, or is not
            ((0, 0, 0.25, 0.25, 0, 0), {}, {"held": 60, "asked": 60, "given": 15}),
            (
                (0, 0, 0.25, 0.25, 0, 0), {"receives": True},
                {"raw": 15, "held": 45, "asked": 60, "given": 15, "donated": 15},
            ),
            (
                (1, 1, 0.25, 0.25, 0, 0), {"receives": True},
                {"live": 45, "raw": 60, "given": 15, "donated": 15},
            ),
            # out by a default or the law, in time and too late, for one who acts and who does not
            (WHOLE, {"tactic": CONTRIBUTE, "barred": 5}, {"held": 60}),
            (WHOLE, {"tactic": CONTRIBUTE, "barred": 5, "reach": 0.5},
             {"live": 30, "raw": 30, "held": 30}),
            (WHOLE, {"tactic": CONTRIBUTE, "barred": 7}, {"live": 60, "raw": 60}),
            ((1, 0, 0, 0, 0, 0), {"barred": 5}, {"held": 60, "asked": 12}),
            # what was crawled before is kept, if nobody asked
            ((0, 0, 0, 0, 0, 0), {"snapshot": 50},
             {"live": 50, "raw": 50, "held": 10, "asked": 60}),
            ((0, 0, 0, 0, 0, 1), {"snapshot": 50}, {"held": 60, "asked": 60}),
            (WHOLE, {"tactic": CONTRIBUTE, "snapshot": 50}, {"live": 60, "raw": 60}),
            (WHOLE, {"tactic": CONTRIBUTE, "snapshot": 50, "barred": 5, "reach": 0.5},
             {"live": 30, "raw": 30, "held": 30}),
        ],
    )  # fmt: skip
    def test_sums(self, effect, how, expected):
        found, used, _ = supplied(effect, **how)
        whole = dict.fromkeys(found, 0.0) | expected
        assert found == whole
        assert used == whole["raw"]

    @pytest.mark.parametrize(
        ("effect", "before", "after"),
        [
            (WHOLE, 0, 60),
            (WHOLE, 70, 70),
            ((1, 0, 0, 0, 0, 0), 0, 48),
            ((1, 1, 0, 0, 0.5, 0), 0, 54),
            ((0, 0, 0, 0, 0, 1), 0, 60),  # public all the same: it is the lab that leaves them out
        ],
    )
    def test_a_snapshot_keeps_what_was_public(self, effect, before, after):
        assert supplied(effect, snapshot=before)[2] == [after]

    @given(EFFECT, st.floats(0.1, 1.0), st.booleans(), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
    def test_appraised_alone_and_acting_from_the_start(
        self, effect, kappa, receives, reach, compliance
    ):
        how = {"kappa": kappa, "receives": receives, "reach": reach, "compliance": compliance}
        whole = supplied(tactic=CONTRIBUTE, **how)[0]
        left, used, _ = supplied(effect, since=0, **how)
        worth = np.empty((portfolio.ROWS, 1))
        portfolio.appraise(
            0, 1, (NOW, OPEN_UNTIL), (compliance, reach, 0, True, receives), kappa, 5, COMPLIANCE,
            np.zeros(1, dtype=np.int32), (np.array([], dtype=np.int32), np.array([])),
            np.array([40.0]), np.array([2.0]), np.array(effect), worth,
        )  # fmt: skip
        expected = dict.fromkeys(range(portfolio.ROWS), 0.0) | {
            portfolio.FULL: whole["live"], portfolio.LEFT: left["live"], portfolio.WORKS: 60.0,
            portfolio.LEFT_WORKS: used, portfolio.POISON: left["poison"],
            portfolio.GIVEN: left["donated"],
        }  # fmt: skip
        # Works are added up in another order: the last bits of 60.
        assert dict(enumerate(worth[:, 0].tolist())) == pytest.approx(expected, abs=1e-13)


class TestNews:
    @given(SEEDS, st.integers(0, 11))
    def test_interest_lost_by_a_draw_just_below(self, seed, who):
        draw = uniform(seed, REVISION, 2, who)
        for fading, lost in ((draw, False), (math.nextafter(draw, 2.0), True)):
            flags = np.full(12, crowd.AWARE)
            room = np.empty(8, dtype=np.uint32), np.empty(8, dtype=np.int32)
            heard = crowd.hear(
                0, 12, (0.0, 0.0), fading, seed, REVISION, 2, np.zeros(12, dtype=np.uint8), flags,
                np.empty(0, dtype=np.int32), 1.0, room, np.empty(12, dtype=np.int32),
            )  # fmt: skip
            assert heard == 0
            assert (flags[who] == 0) == lost


class TestLinks:
    ROWS = st.lists(st.lists(st.integers(0, 7), max_size=6), min_size=8, max_size=8)

    @given(ROWS, st.data(), st.booleans())
    def test_signs_of_links(self, rows, data, one_weight):
        indptr = np.cumsum([0, *map(len, rows)])
        indices = np.array([j for row in rows for j in row], dtype=np.int32)
        size = 1 if one_weight else indices.size
        weights = np.array(
            data.draw(st.lists(st.integers(1, 9), min_size=size, max_size=size)), dtype=np.int32
        )
        home = np.array([0, 0, 0, 1, 1, 2, 2, 2], dtype=np.uint16)
        sign = np.array([[1, -1, 1], [1, 1, -1], [-1, 1, 1]], dtype=np.int8)
        signed = np.empty(indices.size, dtype=np.int32)
        exposure.oppose(indptr, indices, weights, home, sign, signed)
        ends = [(i, j) for i, row in enumerate(rows) for j in row]
        assert signed.tolist() == [
            int(weights[0 if one_weight else link]) * int(sign[home[j], home[i]])
            for link, (i, j) in enumerate(ends)
        ]
        sums = np.zeros(8, dtype=np.int64)
        exposure.weighed(indices, signed, sums)
        assert sums.tolist() == [
            sum(abs(int(signed[k])) for k, end in enumerate(ends) if end[1] == j) for j in range(8)
        ]


@given(st.lists(st.integers(0, 2**31 - 1), max_size=9), SEEDS, st.integers(0, 3))
def test_draws_of_listed_creators(ids, seed, attempt):
    out = np.empty(len(ids))
    fill_listed(out, np.array(ids, dtype=np.int32), seed, REVISION, 9, attempt)
    assert out.tolist() == [uniform(seed, REVISION, 9, i, attempt) for i in ids]


@given(st.lists(st.floats(0.01, 50.0), max_size=9), st.floats(-3.0, 3.0))
def test_columns_to_the_last_bit(values, exponent):
    grown, raised = np.array(values), np.array(values)
    columns.exponentials(grown)
    columns.powers(raised, exponent)
    assert grown.tolist() == [math.exp(value) for value in values]
    assert raised.tolist() == [math.pow(value, exponent) for value in values]


class TestCommonRollback:
    GAIN, WEIGHTS = np.array([0.5, 0.25]), np.array([0.5, 0.5])

    def test_of_losses_without_bound_and_of_none(self):
        rollback = np.empty(3)
        excess = np.array([math.inf, math.nan, 0.0])
        surrogate.common_rollback(rollback, excess, self.GAIN, np.array([0.2, 0.4]), self.WEIGHTS)
        assert rollback[:2].tolist() == [0.0, 0.0]
        assert rollback[2] == pytest.approx(1.0, abs=1e-15)  # where rounding ends the search

    def test_what_does_not_count_may_be_lost_altogether(self):
        excess = np.empty(1)
        surrogate.mean_excess(excess, np.array([[math.inf, 1.5]]), np.array([0.0, 2.0]))
        assert excess[0] == Fraction(1, 2)


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="nothing is compiled")
class TestWhatTheProcessorIsAsked:
    def test_prefetching_is_part_of_the_machine_code(self):
        def ahead(array, index):
            prefetch(array, index)

        def idle(array, index):
            pass

        row = np.zeros(4)
        codes = []
        for function in (ahead, idle):
            asked = numba.njit(function)
            asked(row, 10**6)  # out of bounds, which harms nobody
            codes.append("\n".join(asked.inspect_llvm().values()))
        assert "call void @llvm.prefetch" in codes[0]
        assert "call void @llvm.prefetch" not in codes[1]

    def test_sixteen_links_are_copied_at_a_time(self):
        @numba.njit
        def copied(into, at, source, begin):
            audiences.copy_wide(into, at, source, begin)

        source, into = np.arange(40, dtype=np.int32), np.full(40, -1, dtype=np.int32)
        copied(into, 3, source, 20)
        assert into.tolist() == [-1] * 3 + list(range(20, 36)) + [-1] * 21

    @pytest.mark.parametrize(
        ("into", "source"),
        [(np.zeros(40), np.zeros(40, dtype=np.int32)), (np.zeros((2, 40)), np.zeros((2, 40)))],
    )
    def test_other_arrays_are_refused(self, into, source):
        @numba.njit
        def copied(into, at, source, begin):
            audiences.copy_wide(into, at, source, begin)
            prefetch(source, begin)

        with pytest.raises(numba.TypingError):
            copied(into, 0, source, 0)
