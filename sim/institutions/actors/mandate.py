"""Counting the mandate behind a training round."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.institutions.arithmetic.mandate import REGIMES, STATES, Consent
from sim.kernels.crowd import AWARE, LICENSED, WITHHELD

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.institutions.actors.lab import LabActor
    from sim.supply import Crawl

COLUMNS = (
    "step", "regime", "passed", "turnout", "yes", *STATES, *(f"works.{state}" for state in STATES),
    "mandate", "legal", "used",
)  # fmt: skip


def count(lab: LabActor, crawl: Crawl) -> dict[str, float]:
    """Return a row of the mandate behind what a lab has crawled.

    ``regime`` is the place in `REGIMES`; ``passed`` whether the model may be released;
    ``turnout`` and ``yes`` are shares of electors and of votes, 0 without a vote.
    """
    law = lab.cast.law
    votes = np.zeros(lab.engine.world.size, dtype=np.int8)
    if law.regime == "referendum":
        votes = law.vote(lab.step_number, lab.number)
    consent = _consent(lab, crawl, votes)
    turnout, yes = _result(lab, votes, consent.weight)
    held = law.regime == "referendum"
    passed = not held or (turnout >= law.terms.quorum and yes > law.terms.majority)
    states = consent.states()
    return {
        "step": float(lab.step_number),
        "regime": float(REGIMES.index(law.regime)),
        "passed": float(passed),
        "turnout": turnout,
        "yes": yes,
        **dict(zip(STATES, states.tolist(), strict=True)),
        **{f"works.{s}": v for s, v in zip(STATES, consent.works().tolist(), strict=True)},
        "mandate": float(states[0]),
        "legal": consent.legal(law.regime, passed),
        "used": consent.share_used,
    }


def _result(
    lab: LabActor, votes: NDArray[np.int8], weight: NDArray[np.float64]
) -> tuple[float, float]:
    """Return turnout among the electors and yes among the votes."""
    sizes = lab.engine.world.network.sizes
    electors = np.repeat(lab.cast.addressed(lab.cast.law.terms.electorate), sizes)
    cast = float(weight[votes != 0].sum())
    turnout = cast / float(weight[electors].sum())
    return turnout, float(weight[votes > 0].sum()) / cast if cast > 0.0 else 0.0


def _consent(lab: LabActor, crawl: Crawl, votes: NDArray[np.int8]) -> Consent:
    engine, corpus, law = lab.engine, lab.corpus, lab.cast.law
    world, flags, tactic = engine.world, engine.flags, engine.tactic
    effects = corpus.effects[tactic]
    since = np.where(tactic != 0, engine.since, engine.step_number)
    past = corpus.stock + corpus.output * since
    made = np.broadcast_to(corpus.stock + corpus.output * engine.step_number, (world.size,))
    left = effects[:, 0] * past + effects[:, 1] * (made - past)
    left = np.where(effects[:, 4] > 0.0, 0.0, left)
    asked = law.asked if law.asks else np.zeros(world.size, dtype=bool)
    receives = np.repeat(corpus.receives, world.network.sizes)
    gives = receives & (effects[:, 2] + effects[:, 3] > 0.0)
    if not lab.spec.crawls:  # what nobody gave is not there to be used
        made, left = np.where(gives, made, 0.0), np.where(gives, left, 0.0)
    left = np.where(gives, made, left)
    barred = flags & WITHHELD != 0
    able = world.uniform(ABLE) < law.terms.able
    return Consent(
        made=made,
        left=left,
        used=crawl.used,
        yes=(flags & LICENSED != 0) | (asked & law.agrees) | (votes > 0) | gives,
        no=(asked & ~law.agrees) | (votes < 0),
        knows=(flags & AWARE != 0) | (not engine.reviser.shape.unaware),
        able=able,
        requested=(effects[:, 5] > 0.0) | barred | asked,
        weight=np.repeat(corpus.represents, world.network.sizes),
    )


ABLE = 0x61626C65
"""Step that addresses the draw of who could refuse."""
