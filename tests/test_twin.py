"""The engine and the twin of Mesa agents agree to the last bit, in every step, for every rule.

The rules' loops run here as the plain Python that is written for the compiler, so that any
combination of settings can be tried without waiting for it; `test_twin_compiled` compiles them.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sim.decisions import loops
from sim.kernels import compiled, prefetch
from sim.world import build
from tests.strategies import KINDS, scenarios
from tests.twin.agreement import agree

seeds = st.integers(0, 2**32 - 1)


@pytest.fixture(scope="module", autouse=True)
def _loops_as_they_are_written():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "compiled", lambda function: function)
        patch.setattr(compiled, "inlined", lambda function: function)
        patch.setattr(prefetch, "prefetch", lambda array, index: None)
        loops._load.cache_clear()
        yield
    loops._load.cache_clear()


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25)
@given(data=st.data(), seed=seeds)
def test_every_rule(kind, data, seed):
    agree(data.draw(scenarios(st.just(KINDS[kind]))), seed)


@settings(max_examples=25)
@given(scenarios(labs=True, most_steps=8), seeds)
def test_what_labs_get(scenario, seed):
    assume(np.any(build(scenario, seed).column("stock")))
    agree(scenario, seed)
