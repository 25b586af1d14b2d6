"""Every rule on every path through the engine agrees with the twin, in loops as they are written.

`test_twin` draws settings at random; here each has its turn, at once.
"""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.decisions import Contagion, Threshold
from sim.networks import BarabasiAlbert, Complete, WattsStrogatz
from sim.steps import revision
from tests.strategies import KINDS
from tests.test_twin import _loops_as_they_are_written  # noqa: F401 (applies to all tests here)
from tests.test_twin_compiled import PATHS, world
from tests.twin.agreement import agree

SIZES = (("a", 40), ("b", 30))


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


@pytest.mark.parametrize("sizes", [SIZES, SIZES[:1]], ids=["communities", "one"])
@pytest.mark.parametrize("network", [BarabasiAlbert(3), WattsStrogatz(6, 0.1)], ids=repr)
def test_runs_played_together_are_the_twins(network, sizes, monkeypatch):
    """Few and many initiators; nobody, some and nearly all join; one step and many."""
    runs = [
        (
            sim.Scenario(
                [sim.Community(name, size, threshold=threshold) for name, size in sizes],
                network,
                Threshold(of=of),
                seeds=sim.Seeds(share=share),
                steps=steps,
                network_seed=5,
            ),
            seed,
        )
        for steps, shares in ((4, (0.0, 0.7)), (12, (0.03, 0.2)), (1, (0.2, 0.5)))
        for of, threshold in (("share", 0.1), ("share", 0.34), ("share", 1.2), ("count", 2.0))
        for seed, share in enumerate(shares)
    ]
    monkeypatch.setattr("sim.runs.batch.run", lambda *_: pytest.fail("played alone"))
    results = sim.run_many(runs)
    monkeypatch.undo()
    joined = set()
    for (scenario, seed), together in zip(runs, results, strict=True):
        model, _ = agree(scenario, seed)
        np.testing.assert_array_equal(together.counts, model.engine.history)
        assert together.state_digest == model.engine.digest
        alone = sim.run(scenario, seed)
        assert together.steps_played == alone.steps_played
        joined.add(int(together.counts[-1, 1:].sum()))
    assert len(joined) > 3


@pytest.mark.parametrize("shown", [0.5, 1.0])
def test_more_others_than_the_table_of_chances_holds(shown):
    """At the end of the table and beyond it, chances are worked out one by one."""
    scenario = sim.Scenario(
        [sim.Community("a", 150)],
        WattsStrogatz(140, 0.0),
        Contagion(0.005, 0.3),
        seeds=sim.Seeds(share=shown),
        steps=3,
    )
    agree(scenario, seed=2)


def test_the_last_in_the_table_of_chances_is_worked_out():
    """All but one act, from the first step on: the table has no cell of its own for so many."""
    for size in (127, 128, 129, 130):
        scenario = sim.Scenario(
            [sim.Community("a", size)],
            WattsStrogatz(size - 2 + size % 2, 0.0),
            Contagion(0.0),
            seeds=sim.Seeds(ids=tuple(range(1, size)), committed=True),
            steps=3,
        )
        model, _ = agree(scenario, seed=3)
        assert not model.engine.tactic[0], "nobody starts with probability 0"


@pytest.mark.parametrize("immune", [False, True], ids=["sis", "sir"])
def test_those_who_stopped_have_chances_of_their_own(immune):
    """Creators who act, have acted and never acted stand in three parts of the table."""
    scenario = sim.Scenario(
        [sim.Community("a", 60)],
        WattsStrogatz(6, 0.1),
        Contagion(0.25, 0.4, immune),
        seeds=sim.Seeds(share=0.3),
        steps=12,
    )
    model, _ = agree(scenario, seed=5)
    ever, acting = model.engine.history[-1, 1].sum(), model.engine.history[-1, 0].sum()
    assert ever > acting, "some have stopped"


def test_one_run_forgets_what_those_before_it_touched():
    """Creator 11 sees both initiators on its ring, but never two in one world."""
    scenario = sim.Scenario(
        [sim.Community("a", 200, threshold=2.0)],
        WattsStrogatz(4, 0.0),
        Threshold(of="count"),
        steps=4,
        network_seed=1,
    )
    runs = [
        (scenario.replace(seeds=sim.Seeds(ids=(10,))), 1),
        (scenario.replace(seeds=sim.Seeds(ids=(12,))), 1),
    ]
    for result, (alone, seed) in zip(sim.run_many(runs, threads=1), runs, strict=True):
        agree(alone, seed)
        assert result.counts[-1, 1:].sum() == 1
