"""Audiences in line are the rows, one behind another, whatever fits at a time."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.kernels.audiences import WIDE, line_up

ROWS = st.lists(st.lists(st.integers(0, 10**6), max_size=70), min_size=1, max_size=12)


def lined(rows, who, places):
    """Return the links that `line_up` puts in line, ``places`` at a time."""
    indptr = np.cumsum([0, *(len(row) for row in rows)])
    indices = np.array([link for row in rows for link in row], dtype=np.int32)
    room = np.empty(places, dtype=np.int32)
    links, at, link = [], 0, 0
    while at < len(who):
        before = (at, link)
        size, at, link = line_up(room, np.array(who, dtype=np.int32), at, link, indptr, indices)
        assert size <= places
        assert (at, link) > before
        links += room[:size].tolist()
    return links


@given(ROWS, st.data(), st.sampled_from([2 * WIDE, 3 * WIDE + 5, 4096]))
def test_rows_follow_one_another(rows, data, places):
    who = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=30))
    assert lined(rows, who, places) == [link for i in who for link in rows[i]]


def test_a_row_longer_than_the_room_comes_in_parts():
    rows = [list(range(10)), list(range(1000)), list(range(20))]
    assert lined(rows, [1, 0, 2, 1], 64) == rows[1] + rows[0] + rows[2] + rows[1]


def test_the_last_rows_are_read_no_further_than_they_go():
    assert lined([[1], [2, 3], []], [2, 1, 0, 1], 64) == [2, 3, 1, 2, 3]
