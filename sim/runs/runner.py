"""Playing a scenario from beginning to end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine import Engine
from sim.result import LabRecord, Result, Tables
from sim.scenario import Scenario
from sim.world import World, build

if TYPE_CHECKING:
    from sim.institutions.actors.lab import LabActor

Progress = Callable[[int, int], None]


def run(
    scenario: Scenario,
    seed: int = 0,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Result:
    """Play a scenario and return what happened.

    Parameters
    ----------
    scenario : Scenario
        What to play.
    seed : int
        Random seed, 0 <= seed < 2**32.
    threads : int, optional
        Threads for large crowds; no result depends on it.
    progress : function, optional
        Called after each step with the steps played and the steps in all.

    Raises
    ------
    InputError
        If the world cannot be built as described.
    """
    world = build(scenario, seed)
    if scenario.has_institutions:
        from sim.model import DataStrikeModel

        model = DataStrikeModel(scenario, seed, threads, world)
        while model.running:
            model.step()
            _tell(progress, model.engine)
        return _result(world, model.engine, model.labs, model.tables)
    engine = Engine(world, threads)
    while engine.step_number < scenario.steps and not engine.settled:
        engine.step()
        _tell(progress, engine)
    return _result(world, engine, [], engine.tables)


def _tell(progress: Progress | None, engine: Engine) -> None:
    if progress is not None:
        progress(engine.step_number, engine.scenario.steps)


def _result(world: World, engine: Engine, labs: list[LabActor], tables: Tables) -> Result:
    engine.history[engine.step_number + 1 :] = engine.counts
    names = tuple(community.name for community in world.communities)
    return Result(
        scenario=world.scenario,
        seed=world.seed,
        communities=names,
        sizes=np.array(world.network.sizes, dtype=np.int64),
        represents=np.array([community.represents for community in world.communities]),
        counts=engine.history,
        labs={lab.name: _record(lab, world.scenario, names) for lab in labs},
        institutions=tables,
        withheld_counts=engine.withheld_history if engine.withheld_history.size else None,
        notes=world.notes,
        steps_played=engine.step_number,
        _tactic=engine.tactic,
        _digest=lambda: engine.digest,
    )


def _record(lab: LabActor, scenario: Scenario, names: tuple[str, ...]) -> LabRecord:
    from sim.capability.responses import FREE

    rounds = lab.rounds
    mixes = [community.repertoire for community in lab.engine.world.communities]
    columns: dict[str, list[Any]] = {
        "step": [r.step for r in rounds],
        "date": [scenario.date_of(r.step) for r in rounds],
        "released": [r.released for r in rounds],
        "loss": [float(r.outcome.overall_loss) for r in rounds],
        "rollback": [float(r.outcome.overall_rollback) for r in rounds],
        "compute_equivalent": [float(r.outcome.compute_equivalent) for r in rounds],
        "data": [r.data for r in rounds],
        "withdrawn": [r.withdrawn for r in rounds],
        "works": [r.works for r in rounds],
        "donated": [r.donated for r in rounds],
        "compliance": [r.compliance for r in rounds],
        "passed": [float(r.passed) for r in rounds],
    }
    columns["loss_if.none"] = [r.alternatives["none"] for r in rounds]
    columns["loss_if.best"] = [r.alternatives[r.best] for r in rounds]
    columns["best_response"] = [float(FREE.index(r.best)) for r in rounds]
    for c, name in enumerate(names):
        columns[f"loss.{name}"] = [float(r.outcome.loss[c]) for r in rounds]
        columns[f"rollback.{name}"] = [float(r.outcome.rollback[c]) for r in rounds]
        columns[f"poisoned.{name}"] = [r.poisoned[c] for r in rounds]
        if lab.surrogate.targeted is not None and "poison" in mixes[c]:
            broken = lab.surrogate.targeted.success(columns[f"poisoned.{name}"])
            columns[f"targeted.{name}"] = broken.tolist()
    return LabRecord(lab.name, lab.spec.preset, lab.spec.response, columns)
