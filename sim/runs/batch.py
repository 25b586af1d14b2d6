"""Many runs in one call: cascades that share a network are played by one compiled loop."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from sim.creators.community import Community
from sim.creators.distributions import Distribution
from sim.engine import Engine
from sim.result import Result
from sim.runs.runner import run
from sim.scenario import Revision, Scenario
from sim.steps.cascade import Cascade
from sim.world import World, build

if TYPE_CHECKING:
    from numpy.typing import NDArray

Run = tuple[Scenario, int]
AT_ONCE_BY_ALL = Revision()
"""Everybody reconsiders in every step, at once."""
AT_ONCE = 4096
"""Runs played in one call at the most, which bounds the memory of their histories."""
PARTS = 4
"""Shares of the runs for each thread, since runs differ in length."""


def run_many(runs: Iterable[Run], threads: int | None = None) -> list[Result]:
    """Play many scenarios with their seeds; the same as `run` for each, but faster.

    Neighbouring runs on one network (see ``Scenario.network_seed``) that differ only in numbers
    which all creators share are played together, where creators join for good.  What single
    creators do at the end of such a run is worked out when it is asked for.

    Parameters
    ----------
    runs : iterable of (Scenario, int)
        What to play, with which seed.
    threads : int, optional
        Threads, which share the runs or a large crowd; all processors unless given.

    Returns
    -------
    list of Result
        In the order of ``runs``.
    """
    results: list[Result] = []
    for shared, group in groupby(runs, _shared):
        together = list(group)
        if shared is None or len(together) == 1:
            results += [run(scenario, seed, threads) for scenario, seed in together]
        for first in range(0, len(together) if shared and len(together) > 1 else 0, AT_ONCE):
            results += _cascades(together[first : first + AT_ONCE], threads or os.cpu_count() or 1)
    return results


def _shared(played: Run) -> object:
    """Return what runs that are played together have in common; None if it is played alone."""
    scenario, _ = played
    rule, communities = scenario.rule, scenario.communities
    more = (scenario.calendar, scenario.tactics, scenario.awareness, scenario.feed)
    around = scenario.has_institutions or scenario.moves_creators
    if around or any(more) or not scenario.action or scenario.network_seed is None:
        return None
    if scenario.revision != AT_ONCE_BY_ALL or scenario.seen_for or scenario.seeds.committed:
        return None
    if not rule.stays() or not rule.counts_up_to() or rule.everyone:
        return None
    if any(community.aware < 1.0 for community in communities) or "threshold" in rule.traits:
        return None
    for name in rule.columns():
        values = {_constant(community, name) for community in communities}
        if len(values) > 1 or not all(value is not None and value > 0.0 for value in values):
            return None
    sizes = tuple((c.name, c.size, c.represents) for c in communities)
    return type(rule), scenario.network, scenario.network_seed, sizes, scenario.steps


def _constant(community: Community, name: str) -> float | None:
    quantity = community.traits.get(name, getattr(community, name, None))
    return quantity.constant if isinstance(quantity, Distribution) else None


def _cascades(runs: list[Run], threads: int) -> list[Result]:
    worlds = [build(scenario, seed) for scenario, seed in runs]
    engine = Engine(worlds[0])
    if not isinstance(engine.reviser, Cascade):
        return [run(scenario, seed, threads) for scenario, seed in runs]
    history, played = _play(engine.reviser, worlds, threads)
    counts = np.broadcast_to(history[:, :, None], (*history.shape[:2], 2, history.shape[2]))
    first = worlds[0]
    sizes = np.array(first.network.sizes, dtype=np.int64)
    represents = np.array([community.represents for community in first.communities])
    return [
        _result(world, counts[number], int(played[number]), (sizes, represents))
        for number, world in enumerate(worlds)
    ]


def _play(
    cascade: Cascade, worlds: list[World], threads: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return who has joined (runs, steps + 1, communities), and steps played (runs,)."""
    first = worlds[0]
    starters = [world.initiators() for world in worlds]
    bounds = np.cumsum([0, *(who.size for who in starters)])
    steps = first.scenario.steps
    history = np.zeros((len(worlds), steps + 1, len(first.communities)), dtype=np.int64)
    played = np.empty(len(worlds), dtype=np.int64)
    rules = [world.scenario.rule for world in worlds]
    names = rules[0].columns()
    values = np.array([[world.column(name) for name in names] for world in worlds], dtype=float)
    parameters = np.array([list(rule.parameters().values()) for rule in rules], dtype=float)
    everybody = np.concatenate(starters)

    def part(begin: int) -> None:
        end = min(begin + share, len(worlds))
        cascade.loops.play_cascades(
            everybody,
            bounds[begin : end + 1],
            values[begin:end],
            parameters[begin:end],
            first.community,
            (first.network.indptr, first.network.indices),
            np.zeros_like(cascade.need),
            np.empty(first.size + 1, dtype=np.int32),
            np.ones(first.size, dtype=np.int8),
            history[begin:end],
            played[begin:end],
        )

    share = -(-len(worlds) // (PARTS * threads if threads > 1 else 1))
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(part, range(0, len(worlds), share)))
    return history, played


def _result(
    world: World,
    counts: NDArray[np.int64],
    steps: int,
    about: tuple[NDArray[np.int64], NDArray[np.float64]],
) -> Result:
    def replayed() -> Result:
        return run(world.scenario, world.seed)

    return Result(
        scenario=world.scenario,
        seed=world.seed,
        communities=tuple(community.name for community in world.communities),
        sizes=about[0],
        represents=about[1],
        counts=counts,
        notes=world.notes,
        steps_played=steps,
        _tactic=lambda: replayed().tactic,
        _digest=lambda: replayed().state_digest,
    )
