"""Playing the package's model and the twin side by side, and comparing them to the last bit."""

from __future__ import annotations

import numpy as np

from sim.kernels.crowd import AWARE, COMMITTED, EVER, SEEN
from sim.model import DataStrikeModel
from sim.world import build
from tests.twin.model import TwinModel


def agree(scenario, seed, threads=1):
    """Play a scenario to its end in both; return both models."""
    world = build(scenario, seed)
    model = DataStrikeModel(scenario, seed, threads, world)
    twin = TwinModel(world)
    compare(model, twin)
    while model.running:
        model.step()
        twin.step()
        compare(model, twin)
    np.testing.assert_array_equal(model.engine.history, twin.history)
    return model, twin


def compare(model, twin):
    engine, step = model.engine, f"after step {twin.now}"
    crowd_aware = not engine.reviser.shape.unaware
    columns = {
        "tactic": engine.tactic,
        "ever": engine.flags & EVER != 0,
        "aware": (engine.flags & AWARE != 0) | crowd_aware,
        "seen": engine.flags & SEEN != 0,
        "committed": engine.flags & COMMITTED != 0,
    }
    if engine.since.size:
        columns["since"] = engine.since
    for name, column in columns.items():
        stated = [getattr(creator, name) for creator in twin.creators]
        np.testing.assert_array_equal(column, stated, f"{name} {step}")
    for number, name in enumerate(twin.rule.memories):
        stated = [creator.memories[name] for creator in twin.creators]
        np.testing.assert_array_equal(engine.reviser.memories[number], stated, f"{name} {step}")
    np.testing.assert_array_equal(engine.counts, twin.counts(), f"counts {step}")
    for lab, other in zip(model.labs, twin.labs, strict=True):
        compare_rounds(engine, lab, other)


def compare_rounds(engine, lab, twin):
    """Same rounds; in the newest, the same supply, creator by creator in the same order."""
    assert [(r.step, r.released) for r in lab.rounds] == [(r.step, r.released) for r in twin.rounds]
    if not twin.rounds or twin.rounds[-1].step != engine.step_number:
        return
    supply, totals = lab.corpus.at(engine)
    crawl = twin.rounds[-1]
    for name in ("live", "raw", "poison", "donated", "legacy"):
        np.testing.assert_array_equal(getattr(supply, name), getattr(crawl, name), name)
    for name, row in zip(crawl.totals, totals, strict=True):
        np.testing.assert_array_equal(row, crawl.totals[name], name)
