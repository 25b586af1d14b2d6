"""A world that cannot fit is refused before it is built."""

from __future__ import annotations

import pytest

import sim
from sim import memory
from sim.networks import BarabasiAlbert


def scenario(size):
    return sim.Scenario([sim.Community("coders", size)], BarabasiAlbert(5))


def test_two_billion_creators_are_refused_in_one_sentence():
    with pytest.raises(sim.InputError, match=r"2,000,000,000 creators .* GB .* use fewer"):
        sim.run(scenario(2_000_000_000))


def test_the_estimate_grows_with_creators_and_with_what_differs_between_them():
    one, two = memory.needed(scenario(10**6)), memory.needed(scenario(2 * 10**6))
    assert one > 10**6 * 5 * 2 * 4
    assert two == pytest.approx(2 * one, rel=0.01)
    drawn = scenario(10**6).replace(
        communities=[sim.Community("coders", 10**6, threshold=sim.Uniform())]
    )
    assert memory.needed(drawn) - one == 8 * 10**6


def test_what_is_free_is_asked_of_the_system(monkeypatch):
    monkeypatch.setattr(memory, "free", lambda: 10**6)
    with pytest.raises(sim.InputError, match="1 MB are free"):
        memory.check(scenario(10**6))
    monkeypatch.setattr(memory, "free", lambda: None)
    memory.check(scenario(2 * 10**9))
