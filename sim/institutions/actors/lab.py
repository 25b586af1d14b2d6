"""A lab at play: crawls, freezes, trains, releases."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import mesa
import numpy as np

from sim.capability import presets
from sim.kernels.ingest import HELD, RAW
from sim.supply import Corpus

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.capability.outcome import Outcome
    from sim.institutions.lab import Lab
    from sim.model import DataStrikeModel

    Floats = NDArray[np.float64]
ALTERNATIVES = ("none", "repeat_uniform")
"""Responses reported beside the declared one, since the same strike can cost a lot or nothing."""


USELESS = 10.0
"""Loss, relative to full participation, from which a model is as good as none to people."""


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
        names = [community.name for community in model.engine.world.communities]
        self.preset = presets.load(spec.preset).for_communities(names)
        surrogate = self.preset.surrogate
        self.surrogate = surrogate
        self.corpus = Corpus(model.engine.world, spec, number, surrogate.kappa, surrogate.detection)
        self.rounds: list[Round] = []
        self.trained = 1.0
        self.deployed = 1.0
        self._queue: deque[Round] = deque()
        self._published = self._before()
        self.gained = np.zeros_like(self._published[0])
        self.fallen = 0.0
        scenario = model.scenario_spec
        self._due = {max(1, scenario.step_of(day)) for day in spec.dates}

    def is_due(self, step: int) -> bool:
        """Return whether the lab trains in a step."""
        if self._due:
            return step in self._due
        first = self.spec.every if self.spec.first is None else self.spec.first
        return step >= max(first, 1) and (step - first) % self.spec.every == 0

    def _before(self) -> tuple[Floats, float]:
        """Return the loss by community and overall of the model in use at the start."""
        return np.ones(len(self.corpus.represents)), 1.0

    def _announce(self, released: Round) -> None:
        """Publish a release: what was gained in each domain, and what was lost overall."""
        domains, overall = self._published
        outcome = released.outcome
        now = np.minimum(outcome.loss, USELESS), min(float(outcome.overall_loss), USELESS)
        self.gained = self.gained + domains - now[0]
        self.fallen += max(0.0, now[1] - overall)
        self._published = now

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
        self.gained, self.fallen = np.zeros_like(self.gained), 0.0
        while self._queue and self._queue[0].released <= step:
            released = self._queue.popleft()
            self._announce(released)
            loss = float(released.outcome.overall_loss)
            first = not any(r.released < step for r in self.rounds)
            self.deployed = (
                min(self.deployed, loss) if self.spec.open_weights and not first else loss
            )
