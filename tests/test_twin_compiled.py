"""The compiled loops agree with the twin: every rule, every path through the engine."""

from __future__ import annotations

import pytest

import sim
from sim.decisions import Contagion, LogitChoice
from sim.networks import BarabasiAlbert, Complete, WattsStrogatz
from tests.strategies import KINDS, Stated
from tests.twin.agreement import agree

SIZE = 36
LINKS = tuple((k, (k * k + 3) % SIZE, 0.5 + k % 3) for k in range(SIZE) if (k * k + 3 - k) % SIZE)
UNAWARE = {
    "awareness": sim.Awareness(peer=0.2, background=0.01, fading=0.05),
    "calendar": [sim.Broadcast(on="2023-01-20", reach=0.5, half_life=10.0)],
}
PATHS = {
    "neighbours": {},
    "hubs": {"network": BarabasiAlbert(3), "seeds": sim.Seeds(share=0.1, committed=True)},
    "a share at a time": {"revision": sim.Revision(share=0.4)},
    "one by one": {"revision": sim.Revision(order="one_by_one")},
    "unaware": UNAWARE,
    "crowd": {"network": Complete(), "seen_for": 3},
    "weighted": {"network": Stated(LINKS, directed=False, weighted=True)},
    "followed": {"network": Stated(LINKS, directed=True, weighted=False), "feed": 0.3},
    "moved": {"feedback": sim.Feedback(safety=0.5, fatigue=0.05)},
    "with labs": {"labs": [sim.Lab("Alpha", every=3, compliance=0.6, lag=1, legacy=0.2)]},
}
"""Settings for which loops are compiled in other shapes, or the engine goes another way."""


def world(kind, path):
    changes = PATHS[path]
    traits = {
        name: sim.Uniform(0.1, 0.9) if name != "interest" else sim.Uniform(0.0, 60.0)
        for name in {*kind().columns(), *kind.memories, *filter(None, [kind.weighs])}
        - {"threshold", "grievance", "cost", "efficacy"}
    }
    community = sim.Community(
        "a",
        SIZE,
        threshold=sim.Uniform(0.0, 0.7),
        grievance=sim.Normal(0.1, 0.6),
        cost=sim.Uniform(0.0, 0.3),
        efficacy=sim.Normal(0.0, 0.2),
        stock=sim.Pareto(1.0, 1.5),
        output=sim.Uniform(0.0, 0.1),
        repertoire={"opt_out": 0.5, "poison": 0.5},
        aware=0.3 if path == "unaware" else 1.0,
        traits=traits,
    )
    base = {"network": WattsStrogatz(4, 0.2), "seeds": sim.Seeds(share=0.1), "steps": 8}
    if not kind().sees_shares():
        changes = {name: value for name, value in changes.items() if name != "feed"}
    scenario = sim.Scenario(communities=[community], rule=kind(), **base | changes)
    if kind().weighs or kind().everyone:
        return scenario.replace(network=Complete())
    return scenario


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_rule(kind):
    model, _ = agree(world(kind, "neighbours"), seed=4)
    assert len(set(model.engine.history[:, 0].sum(axis=1).tolist())) > 1, "something happens"


@pytest.mark.parametrize("path", PATHS)
def test_every_path(path):
    agree(world(LogitChoice, path), seed=4)


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
@pytest.mark.parametrize("seed", range(5))
def test_every_rule_on_every_path(kind, path, seed):
    agree(world(kind, path), seed)


def test_a_large_hub_is_counted_in_full():
    """More links than narrow counters hold: the hub joins at half of them, not before."""
    leaves = 33_000
    star = Stated(tuple((0, leaf, 1.0) for leaf in range(1, leaves + 1)), False, False)
    for early, joins in ((leaves // 2 - 1, False), (leaves // 2, True)):
        scenario = sim.Scenario(
            communities=[
                sim.Community("a", leaves + 1, threshold=sim.Values([0.5] + [2.0] * leaves))
            ],
            network=star,
            seeds=sim.Seeds(ids=tuple(range(1, early + 1))),
            steps=2,
        )
        assert bool(sim.run(scenario).tactic[0]) == joins


def test_many_others_are_compared_exactly():
    """More acting others than the table of chances holds."""
    scenario = sim.Scenario(
        communities=[sim.Community("a", 150)],
        network=WattsStrogatz(140, 0.0),
        rule=Contagion(0.02, 0.3),
        seeds=sim.Seeds(share=0.5),
        steps=4,
    )
    agree(scenario, seed=2)
