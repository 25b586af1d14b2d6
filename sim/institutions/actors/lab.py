"""A lab at play: crawls, freezes, trains, releases."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import mesa

from sim.capability import presets
from sim.kernels.ingest import HELD, RAW
from sim.supply import Corpus

if TYPE_CHECKING:
    from sim.capability.outcome import Outcome
    from sim.institutions.lab import Lab
    from sim.model import DataStrikeModel

ALTERNATIVES = ("none", "repeat_uniform")
"""Responses reported beside the declared one, since the same strike can cost a lot or nothing."""


@dataclass(frozen=True, eq=False)
class Round:
    """One training round of a lab."""

    step: int
    released: int
    """Step from which the model is published."""
    outcome: Outcome
    """Under the lab's declared response."""
    alternatives: dict[str, float]
    """Overall loss under other responses to the same supply, by the response's name."""
    data: float
    """Effective data trained on; 1 is full participation at the start."""
    withdrawn: float
    """Works that are out of the training set, in real works."""
    works: float
    """Works that full participation would give, in real works."""


class LabActor(mesa.Agent):  # type: ignore[misc]
    """Plays a `Lab`: phase 6 of every step.

    Attributes
    ----------
    rounds : list of Round
        Training rounds so far.
    trained : float
        Overall loss of the newest trained model, relative to full participation at the start.
    deployed : float
        The same of the model in use; of an open-weights lab, the best of its releases.
    """

    def __init__(self, model: DataStrikeModel, spec: Lab, number: int) -> None:
        super().__init__(model)
        self.spec, self.name = spec, spec.name
        self.preset = presets.load(spec.preset)
        surrogate = self.preset.surrogate
        self.surrogate = surrogate
        self.corpus = Corpus(
            model.engine.world, spec, number, surrogate.kappa, surrogate.detection
        )
        self.rounds: list[Round] = []
        self.trained = 1.0
        self.deployed = 1.0
        self._queue: deque[Round] = deque()
        scenario = model.scenario_spec
        self._due = {max(1, scenario.step_of(day)) for day in spec.dates}

    def is_due(self, step: int) -> bool:
        """Return whether the lab trains in a step."""
        if self._due:
            return step in self._due
        first = self.spec.every if self.spec.first is None else self.spec.first
        return step >= max(first, 1) and (step - first) % self.spec.every == 0

    def train(self) -> None:
        """Crawl, freeze and train if this step is due; publish what is due for release."""
        engine = self.model.engine
        step = engine.step_number
        if self.is_due(step):
            supply, works = self.corpus.at(engine)
            full = self.corpus.full
            outcome = self.surrogate.evaluate(supply, full, self.spec.response)
            others = {
                name: float(self.surrogate.evaluate(supply, full, name).overall_loss)
                for name in ALTERNATIVES
            }
            newest = Round(
                step=step,
                released=step + self.spec.delay,
                outcome=outcome,
                alternatives=others,
                data=float(supply.total.sum()),
                withdrawn=float(works[HELD].sum()),
                works=float(works[RAW].sum() + works[HELD].sum()),
            )
            self.rounds.append(newest)
            self._queue.append(newest)
            self.trained = float(outcome.overall_loss)
        while self._queue and self._queue[0].released <= step:
            loss = float(self._queue.popleft().outcome.overall_loss)
            first = not any(r.released < step for r in self.rounds)
            self.deployed = min(self.deployed, loss) if self.spec.open_weights and not first else loss
