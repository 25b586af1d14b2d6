"""The engine and the twin of Mesa agents agree to the last bit, in every step, for every rule.

The rules' loops run here as the plain Python that is written for the compiler, so that any
combination of settings can be tried without waiting for it; `test_twin_compiled` compiles them.
"""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import sim
import sim.kernels
from sim.decisions import LogitChoice, Threshold, loops
from sim.engine import Engine
from sim.kernels import compiled, prefetch
from sim.networks import NetworkSpec
from sim.world import build
from tests.strategies import KINDS, SETTINGS, Setting, scenarios
from tests.twin.agreement import agree

seeds = st.integers(0, 2**32 - 1)
every_rule = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))


@pytest.fixture(scope="module", autouse=True)
def _loops_as_they_are_written():
    for module in pkgutil.iter_modules(sim.kernels.__path__):
        importlib.import_module(f"sim.kernels.{module.name}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "compiled", lambda function: function)
        patch.setattr(compiled, "inlined", lambda function: function)
        patch.setattr(prefetch, "prefetch", lambda array, index: None)
        loops._load.cache_clear()
        yield
    loops._load.cache_clear()


def played(scenario, seed):
    """The engine after every step, all steps played."""
    engine = Engine(build(scenario, seed), threads=1)
    yield engine
    while engine.step_number < scenario.steps:
        engine.step()
        yield engine


@every_rule
@settings(max_examples=25)
@given(data=st.data(), seed=seeds)
def test_every_rule(kind, data, seed):
    agree(data.draw(scenarios(st.just(kind))), seed)


@settings(max_examples=25)
@given(scenarios(labs=True, most_steps=8), seeds)
def test_what_labs_get(scenario, seed):
    assume(np.any(build(scenario, seed).column("stock")))
    agree(scenario, seed)


@pytest.mark.slow
@every_rule
@settings(max_examples=1000)
@given(data=st.data(), seed=seeds)
def test_every_rule_at_length(kind, data, seed):
    scenario = data.draw(scenarios(st.just(kind), labs=data.draw(st.booleans()), most_steps=20))
    assume(not scenario.labs or np.any(build(scenario, seed).column("stock")))
    agree(scenario, seed)


def test_a_difference_would_be_seen(monkeypatch):
    scenario = sim.Scenario(
        communities=[sim.Community("a", 30, threshold=sim.Uniform(0.0, 0.6))], steps=5
    )
    agree(scenario, 1)
    monkeypatch.setattr("tests.twin.model.Creator.seen", property(lambda creator: False))
    with pytest.raises(AssertionError, match="seen after step 0"):
        agree(scenario, 1)


class _Beside(NetworkSpec):
    """A network and one more creator, whom nobody sees and who sees nobody."""

    inner: NetworkSpec

    def build(self, sizes, seed, names=None):
        network = self.inner.build(sizes[:-1], seed, names[:-1])
        indptr = np.append(network.indptr, network.indptr[-1])
        return dataclasses.replace(network, indptr=indptr, sizes=sizes, names=names)


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS.values() if not kind().everyone], ids=lambda kind: kind.kind()
)
@settings(max_examples=15)
@given(data=st.data(), seed=seeds)
def test_a_bystander_changes_nobody_else(kind, data, seed):
    near = SETTINGS.filter(lambda setting: setting.sees == "links")
    scenario = data.draw(scenarios(st.just(kind), near)).replace(feed=0.0)
    starters = tuple(build(scenario, seed).initiators().tolist())
    scenario = scenario.replace(seeds=sim.Seeds(ids=starters, committed=scenario.seeds.committed))
    traits = dict.fromkeys({*kind().columns(), *kind.memories}, 0.5)
    other = sim.Community("bystander", 1, traits=traits)
    beside = scenario.replace(
        communities=(*scenario.communities, other), network=_Beside(scenario.network)
    )
    for alone, accompanied in zip(played(scenario, seed), played(beside, seed), strict=True):
        np.testing.assert_array_equal(alone.tactic, accompanied.tactic[:-1])
        np.testing.assert_array_equal(alone.counts, accompanied.counts[:, :-1])


@settings(max_examples=30)
@given(scenarios(st.just(Threshold), st.builds(Setting, constant=st.booleans())), seeds)
def test_the_order_of_joining_does_not_matter_to_those_who_stay(scenario, seed):
    """Creators who join at a threshold and stay end up the same in any order."""
    plain = scenario.replace(
        rule=scenario.rule.replace(reversible=False), tactics={}, seen_for=None, steps=60
    )
    ends = [
        sim.run(plain.replace(revision=sim.Revision(order=order)), seed).tactic
        for order in ("simultaneous", "one_by_one")
    ]
    np.testing.assert_array_equal(*ends)


@settings(max_examples=30)
@given(
    scenarios(st.just(Threshold), st.just(Setting(constant=True))),
    st.lists(st.tuples(st.sampled_from((0.1, 0.25, 1 / 3, 0.5, 1.0)), seeds), min_size=2),
)
def test_runs_played_together_are_those_played_alone(scenario, cases):
    plain = scenario.replace(
        rule=scenario.rule.replace(reversible=False), tactics={}, seen_for=None, feed=0.0,
        revision=sim.Revision(), network_seed=1,
    )  # fmt: skip
    runs = [
        (plain.replace(communities=[c.replace(threshold=t) for c in plain.communities]), seed)
        for t, seed in cases
    ]
    for (world, seed), together in zip(runs, sim.run_many(runs), strict=True):
        model, _ = agree(world, seed)
        np.testing.assert_array_equal(together.counts, model.engine.history)
        assert together.state_digest == model.engine.digest


@settings(max_examples=60)
@given(scenarios(), seeds)
def test_a_settled_run_is_the_run_played_to_its_end(scenario, seed):
    result = sim.run(scenario, seed)
    *_, engine = played(scenario, seed)
    np.testing.assert_array_equal(result.counts, engine.history)
    np.testing.assert_array_equal(result.tactic, engine.tactic)
    assert result.state_digest == engine.digest


@settings(max_examples=20)
@given(scenarios(), seeds)
def test_without_action_everybody_contributes(scenario, seed):
    result = sim.run(scenario.without_action(), seed)
    assert not result.tactic.any()
    assert not result.counts.any()


def test_seeds_differ():
    scenario = sim.Scenario(
        communities=[sim.Community("a", 40, grievance=sim.Normal(0.0, 1.0))],
        rule=LogitChoice(),
        steps=3,
    )
    assert len({sim.run(scenario, seed).state_digest for seed in range(20)}) == 20
