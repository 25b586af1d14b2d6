"""Users at play: they choose between labs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.institutions.actors.actor import Actor
from sim.institutions.arithmetic.market import shares
from sim.tactics import EFFECTS, Tactic, named

if TYPE_CHECKING:
    from sim.institutions.actors.actor import Floats
    from sim.institutions.actors.cast import Cast
    from sim.institutions.actors.lab import LabActor
    from sim.institutions.market import Market


class MarketActor(Actor):
    """Plays a `Market`.

    Attributes
    ----------
    shares : float64 (labs + 1,)
        Share of users of each lab, and of none, before boycotts.
    boycotting : float
        Share of creators who have stopped consuming.
    """

    kind = "market"
    series = ("boycotting",)

    def __init__(self, cast: Cast, spec: Market) -> None:
        super().__init__(cast, spec)
        self.boycotting = 0.0
        self.shares = self._wanted(None)
        for name in (*(f"users.{lab.name}" for lab in cast.labs), "users.none"):
            self.rows[name] = []
        stated = {named(name): effect for name, effect in cast.scenario.tactics.items()}
        effects = [stated.get(tactic, EFFECTS[tactic]) for tactic in Tactic]
        self._refuses = np.array([not effect.consumes for effect in effects])

    def choose(self) -> None:
        """Let users who reconsider choose by the models now in use."""
        spec = self.spec
        self.shares = self.shares + spec.switching * (self._wanted(None) - self.shares)
        if spec.creators > 0.0 and self._refuses.any():
            self.boycotting = self._share_boycotting()

    @property
    def users(self) -> Floats:
        """Users of each lab, boycotts taken off (labs,)."""
        served = 1.0 - self.spec.creators * self.boycotting
        users: Floats = self.spec.users * served * self.shares[:-1]
        return users

    def profit(self, lab: LabActor, loss: float | None = None) -> float:
        """Return what a lab earns in a step; with ``loss``, once all users knew such a model."""
        if loss is None:
            return float(self.spec.margin * self.users[lab.number])
        served = 1.0 - self.spec.creators * self.boycotting
        share = self._wanted((lab.number, loss))[lab.number]
        return float(self.spec.margin * self.spec.users * served * share)

    def record(self) -> None:
        super().record()
        for lab, users in zip(self.cast.labs, self.users, strict=True):
            self.rows[f"users.{lab.name}"].append(float(users))
        self.rows["users.none"].append(float(self.spec.users - self.users.sum()))

    def _wanted(self, changed: tuple[int, float] | None) -> Floats:
        losses = [lab.in_use for lab in self.cast.labs]
        if changed is not None:
            losses[changed[0]] = changed[1]
        return shares(losses, self.spec.sensitivity, self.spec.outside)

    def _share_boycotting(self) -> float:
        refuses = self._refuses[self.engine.tactic]
        bounds = self.engine.world.bounds
        counts = np.histogram(np.flatnonzero(refuses), bounds)[0]
        weight = self.cast.represents
        return float((counts * weight).sum() / (self.cast.sizes * weight).sum())
