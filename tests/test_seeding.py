"""Who starts: cores against networkx, and a greedy choice against choosing by hand."""

from __future__ import annotations

import networkx
import numpy as np
import pytest

import sim
from sim.networks import BarabasiAlbert, Complete, ErdosRenyi
from sim.world import build


def world(network, who, seed=1, size=400, count=15):
    community = sim.Community("artists", size=size)
    return build(sim.Scenario([community], network, seeds=sim.Seeds(count=count, who=who)), seed)


@pytest.mark.parametrize("network", [ErdosRenyi(5.0), BarabasiAlbert(3)])
@pytest.mark.parametrize("seed", range(3))
def test_cores_are_those_of_networkx(network, seed):
    built = world(network, "core", seed)
    expected = networkx.core_number(built.network.to_networkx())
    chosen = built.initiators()
    left_out = np.setdiff1d(np.arange(400), chosen)
    assert min(expected[i] for i in chosen) >= max(expected[i] for i in left_out)
    assert built._cores().tolist() == [expected[i] for i in range(400)]


@pytest.mark.parametrize("network", [ErdosRenyi(5.0), BarabasiAlbert(3)])
def test_each_greedy_choice_adds_as_much_as_any_other_would(network):
    built = world(network, "greedy")
    graph = built.network.to_networkx()
    audiences = {i: {i, *graph[i]} for i in graph}
    covered: set[int] = set()
    for i in built._greedily(0, 400, 15).tolist():
        best = max(len(audience - covered) for audience in audiences.values())
        assert len(audiences[i] - covered) == best
        covered |= audiences[i]
    at_random = world(network, "random").initiators().tolist()
    assert len(set().union(*(audiences[i] for i in at_random))) < len(covered)


def test_choosing_more_than_can_add_anything_still_gives_as_many():
    assert world(ErdosRenyi(30.0), "greedy", size=40, count=35).initiators().size == 35


def test_a_network_without_links_of_its_own_is_refused_in_one_sentence():
    with pytest.raises(sim.InputError, match=r"seeds\.who: 'core' needs a network with links"):
        world(Complete(), "core").initiators()
