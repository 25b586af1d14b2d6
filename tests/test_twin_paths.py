"""Every rule on every path through the engine agrees with the twin, in loops as they are written.

`test_twin` draws settings at random; here each has its turn, at once.
"""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.networks import Complete, WattsStrogatz
from sim.steps import revision
from tests.strategies import KINDS
from tests.test_twin import _loops_as_they_are_written  # noqa: F401 (applies to all tests here)
from tests.test_twin_compiled import PATHS, world
from tests.twin.agreement import agree


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_rule_on_every_path(kind, path):
    agree(world(kind, path), seed=6)


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
@pytest.mark.parametrize("order", ["simultaneous", "one_by_one"])
def test_every_rule_in_every_order(kind, order):
    agree(world(kind, "neighbours").replace(revision=sim.Revision(order=order)), seed=7)


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_all_alike(kind):
    """Values that everybody shares are written into the loops as one."""
    traits = dict.fromkeys({*kind.traits, *kind.memories}, 0.4)
    community = sim.Community("a", 30, threshold=0.3, grievance=0.4, traits=traits)
    network = Complete() if kind().everyone or kind().weighs else WattsStrogatz(4, 0.2)
    scenario = sim.Scenario([community], network, kind(), seeds=sim.Seeds(share=0.2), steps=6)
    model, _ = agree(scenario, seed=8)
    assert model.engine.history.shape[0] > 1


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_room_for_few_draws_at_a_time(kind, monkeypatch):
    """Crowds are gone through in stretches; where one ends makes no difference."""
    scenario = world(kind, "neighbours")
    whole = sim.run(scenario, 9)
    monkeypatch.setattr(revision, "ROOM", 8)
    parts = sim.run(scenario, 9)
    np.testing.assert_array_equal(whole.counts, parts.counts)
    np.testing.assert_array_equal(whole.tactic, parts.tactic)
