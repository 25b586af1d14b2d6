"""From creators' tactics to training data: what a lab can use at a training round."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.capability.supply import Supply
from sim.errors import InputError
from sim.kernels import ingest as kernels
from sim.purposes import COMPLIANCE
from sim.tactics import EFFECTS, Tactic, named

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.engine import Engine
    from sim.institutions.lab import Lab
    from sim.world import World

    Floats = NDArray[np.float64]


class Corpus:
    """The creators' works as one lab counts them: its unit is the full corpus at the start.

    Parameters
    ----------
    world : World
        Whose works.
    lab : Lab
        Who counts.
    number : int
        Which of the scenario's labs it is.
    kappa : float
        Elasticity of a creator's contribution in its number of works.
    detection : float
        Share of poisoned works that the lab finds.
    """

    def __init__(self, world: World, lab: Lab, number: int, kappa: float, detection: float) -> None:
        self.world, self.lab, self.number, self.kappa = world, lab, number, kappa
        self.detection = detection
        self.represents = np.array([c.represents for c in world.communities])
        self.stock, self.output = _whole(world, "stock"), _whole(world, "output")
        self.effects = _effects(world)
        made, effective = self._made(0)
        self.unit_works = made.sum() * (1.0 + lab.legacy)
        self.unit_data = effective.sum() * (1.0 + lab.legacy)
        if not self.unit_data > 0.0:
            raise InputError(
                f"communities: nobody has works at the start for lab {lab.name} to train on; "
                "give some of them a stock"
            )
        self.legacy = lab.legacy * effective / self.unit_data
        self.legacy_works = lab.legacy * made / self.unit_works

    @cached_property
    def full(self) -> Supply:
        """Everybody's works at the start: what full participation means."""
        return self._everything(0)

    def at(self, engine: Engine) -> tuple[Supply, Floats]:
        """Return what the lab can use now, and works (by row of the totals, communities)."""
        totals = np.zeros((len(self.world.communities), 6))
        if not engine.scenario.action:
            supply = self._everything(engine.step_number)
            totals[:, kernels.RAW] = (supply.raw - self.legacy_works) * self.unit_works
            return supply, totals.T
        clock = (engine.step_number, engine.step_number - self.lab.lag)
        terms = (self.lab.compliance, self.lab.reach, self.number)
        for c, (begin, end) in enumerate(
            zip(self.world.bounds, self.world.bounds[1:], strict=False)
        ):
            kernels.ingest(
                begin, end, clock, terms, self.kappa, engine.seed, COMPLIANCE, engine.crowd,
                self.stock, self.output, self.effects, totals[c],
            )  # fmt: skip
        totals *= self.represents[:, None]
        return self._supply(
            totals[:, kernels.LIVE],
            totals[:, kernels.RAW],
            totals[:, kernels.POISON] * (1.0 - self.detection),
        ), totals.T

    def _everything(self, step: int) -> Supply:
        made, effective = self._made(step)
        return self._supply(effective, made, np.zeros_like(made))

    def _supply(self, live: Floats, works: Floats, poison: Floats) -> Supply:
        return Supply(
            live=live / self.unit_data,
            raw=works / self.unit_works + self.legacy_works,
            poison=poison / self.unit_data,
            donated=np.zeros_like(live),
            legacy=self.legacy,
        )

    def _made(self, step: int) -> tuple[Floats, Floats]:
        pairs = [
            kernels.works(begin, end, step, self.kappa, self.stock, self.output)
            for begin, end in zip(self.world.bounds, self.world.bounds[1:], strict=False)
        ]
        made, effective = np.array(pairs).T
        return made * self.represents, effective * self.represents


def _whole(world: World, name: str) -> Floats:
    column = world.column(name)
    return np.array([column]) if isinstance(column, float) else column


def _effects(world: World) -> Floats:
    stated = {named(name): effect for name, effect in world.scenario.tactics.items()}
    effects = [stated.get(tactic, EFFECTS[tactic]) for tactic in Tactic]
    return np.array(
        [
            [
                e.past_kept, e.new_kept, e.past_given, e.new_given, e.poisoned, e.needs_compliance
            ]
            for e in effects
        ],
        dtype=float,
    )  # fmt: skip
