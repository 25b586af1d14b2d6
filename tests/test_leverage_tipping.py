"""Who tips the rest: sizes tried, who they are, how long they stay, and by hand how many."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.decisions import Threshold
from sim.leverage import critical_mass, induced_leverage
from sim.leverage.induced import _Trial, _wilson
from sim.networks import Complete, Empty


def crowd(threshold: float = 0.25, steps: int = 4, **rule: object) -> sim.Scenario:
    return sim.Scenario(
        [sim.Community("a", 20, threshold=threshold)], Complete(), Threshold(**rule), steps=steps
    )


@pytest.mark.parametrize("runs", [1, 2, 24, 28, 31, 40, 97])
def test_bounds_of_a_chance_are_chances(runs: int) -> None:
    """Rounding alone would put the upper bound of 24 in 24 above 1."""
    assert _wilson(0.0, runs)[0] >= 0.0
    assert _wilson(1.0, runs)[1] <= 1.0
    low, high = _wilson(0.5, runs)
    assert low + high == pytest.approx(1.0)
    assert 0.0 < low < 0.5 < high < 1.0


def test_where_more_never_mean_less_halves_are_tried() -> None:
    """Half of 20, then 5 tips, 2, 3 and 4 do not."""
    found = critical_mass(crowd(), replications=2)
    assert found.tried == ((2, 0.0), (3, 0.0), (4, 0.0), (5, 1.0), (10, 1.0))
    assert (found.creators, found.share, found.chance) == (5, 0.25, 1.0)
    assert (found.level, found.horizon, found.replications) == (0.5, 4, 2)


def test_where_they_may_stop_sizes_are_tried_one_by_one() -> None:
    found = critical_mass(crowd(reversible=True), replications=1)
    assert found.tried == ((1, 0.0), (2, 0.0), (3, 0.0), (4, 0.0), (5, 1.0))


def test_one_may_be_enough_and_none_is_no_group() -> None:
    """One of 19 others is .0526."""
    assert critical_mass(crowd(threshold=0.05), replications=1).creators == 1
    assert critical_mass(crowd(threshold=0.0), replications=1).creators == 1


@pytest.mark.parametrize(("largest", "most"), [(0.04, 1), (0.1, 2), (0.14, 2), (0.2, 4)])
def test_the_largest_share_is_tried_first(largest: float, most: int) -> None:
    """One creator at least, whatever the share; where that does not tip nothing smaller does."""
    found = critical_mass(crowd(), replications=1, largest=largest)
    assert found.tried == ((most, 0.0),)
    assert found.creators is None


def test_sizes_on_a_grid_grow_by_the_same_factor() -> None:
    trial = _Trial(crowd(), "random", 0.5, 4, range(1))
    asked: list[int] = []
    trial.tips = lambda size: bool(asked.append(size))  # type: ignore[method-assign,func-returns-value]
    assert trial.scan(10_000) is None
    inner = {int(10_000.0 ** (k / 23.0)) for k in range(1, 23)}
    assert asked == sorted({1, 10_000} | inner)


def test_seeds_are_those_after_the_first() -> None:
    """Half of the crowd would act anyway; whether the few who start are among them is chance."""
    scenario = sim.Scenario(
        [sim.Community("a", 8, threshold=0.0), sim.Community("b", 8, threshold=2.0)],
        Empty(), Threshold(of="count"), steps=2,
    )  # fmt: skip
    level = 0.55

    def tipped(size: int, seed: int) -> bool:
        played = sim.run(scenario.replace(seeds=sim.Seeds(count=size, committed=True)), seed)
        acting = played.counts[-1, 0].sum()
        return bool((acting - size) / (16 - size) >= level)

    found = critical_mass(scenario, replications=5, seed=11, level=level)
    for size, chance in found.tried:
        assert chance == sum(tipped(size, seed) for seed in range(11, 16)) / 5
    assert any(0.0 < chance < 1.0 for _, chance in found.tried)


def test_they_are_committed() -> None:
    """Five of 20 would see four others of 19 and stop, if they could; the rest would not see it
    before the second step."""
    found = critical_mass(crowd(reversible=True), replications=1, level=0.9, horizon=1)
    assert found.creators == 5


def test_they_are_chosen_as_asked() -> None:
    """Who owns most joins at nothing, so that choosing those who own most leaves fewer to join."""
    owners = sim.Community("owners", 5, threshold=0.0, stock=9.0)
    rest = sim.Community("rest", 15, threshold=2.0, stock=1.0)
    scenario = sim.Scenario([owners, rest], Empty(), Threshold(), steps=1)
    asked = {"level": 0.3, "replications": 4}
    assert critical_mass(scenario, **asked, by="largest").creators is None
    assert critical_mass(scenario, **asked, by="random").creators is not None


def test_induced_leverage_plays_a_committed_share_against_nobody() -> None:
    """All thresholds are beyond reach: only those who are committed act, and they never stop."""
    scenario = sim.Scenario(
        [sim.Community("a", 10, threshold=2.0, stock=sim.Values([float(k) for k in range(1, 11)]))],
        Complete(), Threshold(reversible=True), steps=4,
        labs=[sim.Lab("Big", preset="llm", every=4)],
    )  # fmt: skip
    found = induced_leverage(scenario, 0.3, by="largest", replications=2, seed=6)
    assert found.seeds == (6, 7)
    assert found.scenario.seeds == sim.Seeds(share=0.3, who="largest", committed=True)
    for action, nobody in zip(found.action, found.counterfactual, strict=True):
        assert action.counts[:, 0].sum(axis=1).tolist() == [3] * 5
        assert not nobody.counts[:, 0].sum(axis=1).any()
    played, none = found.measured("Big", "rollback")
    kept = sum(k**0.7 for k in range(1, 8)) / sum(k**0.7 for k in range(1, 11))
    np.testing.assert_allclose(played / none, kept)  # those with 8, 9 and 10 works left
