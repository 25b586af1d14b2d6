"""The compiled surrogate equals its plain-Python twin bit for bit, compiled or not."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.kernels import surrogate as kernels
from tests.twins import surrogate as twin

AMOUNTS = st.one_of(st.just(0.0), st.floats(1e-9, 10.0))
WEIGHTS = st.one_of(st.just(0.0), st.floats(0.0, 3.0, allow_subnormal=False))
STARTS = st.one_of(st.just(0.0), st.floats(1e-6, 3.0))
RHO = st.floats(0.3, 1.0)


@st.composite
def corpora(draw):
    cases, communities = draw(st.integers(1, 3)), draw(st.integers(1, 9))
    return draw(arrays(np.float64, (cases, communities), elements=AMOUNTS))


@given(corpora(), RHO, st.data())
def test_dense_reach_is_the_sum(data, rho, more):
    communities = data.shape[1]
    by_source = more.draw(arrays(np.float64, (communities, communities), elements=WEIGHTS))
    reach, power = np.empty_like(data), np.empty(communities)
    kernels.reach_dense(reach, power, data, rho, by_source)
    expected = [twin.reach(row.tolist(), by_source.T.tolist(), rho) for row in data]
    assert reach.tolist() == expected


@given(corpora(), RHO, st.data())
def test_rank_one_reach_is_the_product(data, rho, more):
    communities = data.shape[1]
    receptivity = more.draw(arrays(np.float64, communities, elements=WEIGHTS))
    generality = more.draw(arrays(np.float64, communities, elements=WEIGHTS))
    reach, power = np.empty_like(data), np.empty(communities)
    kernels.reach_rank_one(reach, power, data, rho, receptivity, generality)
    for row, got in zip(data.tolist(), reach.tolist(), strict=True):
        assert got == twin.reach_rank_one(row, receptivity.tolist(), generality.tolist(), rho)


@given(corpora(), RHO, st.data())
def test_losses_and_rollback(reach, rho, more):
    communities = reach.shape[1]

    def column(elements):
        return more.draw(arrays(np.float64, communities, elements=elements))

    full, gain = column(AMOUNTS), column(st.floats(1e-3, 1.0))
    beta, start = column(st.floats(0.05, 1.2)), column(STARTS)
    loss, rollback = np.empty_like(reach), np.empty_like(reach)
    kernels.losses(loss, rollback, reach, full, gain, beta, start, rho)
    rest = [array.tolist() for array in (full, gain, beta, start)]
    for row, got_loss, got_rollback in zip(reach.tolist(), loss, rollback, strict=True):
        assert (got_loss.tolist(), got_rollback.tolist()) == twin.losses(row, *rest, rho)


@given(st.integers(1, 6), st.data())
def test_overall_loss_and_its_rollback(communities, more):
    def column(elements):
        return more.draw(arrays(np.float64, communities, elements=elements))

    x, gain = column(st.floats(0.01, 2.0)), column(st.floats(1e-2, 1.0))
    beta, weights = column(st.floats(0.05, 1.2)), column(st.floats(0.01, 1.0))
    loss = 1.0 + gain * (x**-beta - 1.0)
    excess, rollback = np.empty(1), np.empty(1)
    kernels.mean_excess(excess, loss[None], weights)
    assert excess[0] == twin.mean_excess(loss.tolist(), weights.tolist())
    kernels.common_rollback(rollback, excess, gain, beta, weights)
    expected = twin.common_rollback(
        float(excess[0]), gain.tolist(), beta.tolist(), weights.tolist()
    )
    # The search stops where rounding of the sum does: about 1e-16 / (gain beta) of log x.
    assert rollback[0] == pytest.approx(expected, rel=1e-11)
    assert x.min() * (1.0 - 1e-9) <= rollback[0] <= x.max() * (1.0 + 1e-9)


def test_overrides_add_to_the_reach():
    data = np.array([[0.2, 0.3, 0.0]])
    reach = np.zeros((1, 3))
    kernels.add_overrides(
        reach, data, 0.5, np.array([0, 2, 1]), np.array([1, 0, 2]), np.array([0.5, 2.0, 9.0])
    )
    assert reach[0] == pytest.approx([0.5 * 0.3**0.5, 0.0, 2.0 * 0.2**0.5])


PROGRAM = """
import numpy as np
from sim.kernels import surrogate as kernels
data = np.linspace(0.0, 1.3, 40).reshape(4, 10)
by_source = np.cos(np.arange(100.0)).reshape(10, 10) ** 2
reach, power = np.empty_like(data), np.empty(10)
kernels.reach_dense(reach, power, data, 0.65, by_source)
loss, rollback = np.empty_like(data), np.empty_like(data)
gain, beta, start = np.full(10, 0.04), np.linspace(0.1, 0.9, 10), np.linspace(0.0, 0.1, 10)
kernels.losses(loss, rollback, reach, reach[3].copy(), gain, beta, start, 0.65)
excess, common = np.empty(4), np.empty(4)
kernels.mean_excess(excess, loss, beta)
kernels.common_rollback(common, excess, gain, beta, beta)
print([x.hex() for x in np.concatenate([loss.ravel(), rollback.ravel(), excess, common])])
"""


def test_without_compilation_the_numbers_are_the_same():
    def printed(**more):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM], env={**os.environ, **more}, check=True,
            capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout

    assert printed(NUMBA_DISABLE_JIT="1") == printed(NUMBA_DISABLE_JIT="0")
