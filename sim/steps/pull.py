"""What moves creators' utility of acting: feedback, and what institutions make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.feedback import Feedback

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.feedback import Published
    from sim.world import World

    Floats = NDArray[np.float64]

NOTHING: tuple[object, ...] = (
    np.zeros(1),
    np.zeros(1),
    0.0,
    np.empty(0, dtype=np.uint16),
    np.zeros(1),
)
"""The arrays of a pull that is always 0."""


class Pull:
    """State of `Feedback`, and the contributions of institutions, by group of creators.

    A group is a community, or the members of one platform in a community; see `World.group`.

    Parameters
    ----------
    world : World
        Who is moved, and by which rule.

    Attributes
    ----------
    grievance, efficacy : float64 (communities,)
        What has been added to them since the start (utility).
    pushed : dict of str to float64 (groups,)
        Utility that institutions add, by their name.
    spared : dict of str to float64 (groups,)
        Share of creators' cost that institutions take off, by their name.
    """

    def __init__(self, world: World) -> None:
        scenario = world.scenario
        self.feedback = scenario.feedback or Feedback()
        self.weight = self.feedback.weight if scenario.rule.scales_pull else 1.0
        self.fatigue = self.weight * self.feedback.fatigue
        count = len(world.communities)
        self.grievance, self.efficacy = np.zeros(count), np.zeros(count)
        self.pushed: dict[str, Floats] = {}
        self.spared: dict[str, Floats] = {}
        self.group = world.group
        self._shift, self._relief = np.zeros(world.groups), np.zeros(world.groups)
        self._cost = np.atleast_1d(np.asarray(world.column("cost"), dtype=float))
        self._sizes = np.maximum(np.array(world.network.sizes, dtype=float), 1.0)
        self._names = [community.name for community in world.communities]
        self._history: list[tuple[Floats, Floats]] = []

    @property
    def arrays(self) -> tuple[object, ...]:
        """What `sim.kernels.pull.pulled` takes."""
        return self._shift, self._relief, self.fatigue, self.group, self._cost

    def on_idle(self) -> float | Floats:
        """Return the pull on creators who do not act: (n,), or one value for all."""
        group = self.group if self.group.size else 0
        cost = self._cost if self._cost.size > 1 else self._cost[0]
        pull: float | Floats = self._shift[group] + self._relief[group] * cost
        return pull

    def update(self, published: Published | None, seen: NDArray[np.int64]) -> bool:
        """Take in what became public and how many are seen acting; say if the pull changed.

        Parameters
        ----------
        published : Published or None
            What labs and others made known in this step.
        seen : int64 (communities,)
            Creators seen acting.
        """
        terms = self.feedback
        self.grievance *= 1.0 - terms.forgetting
        self.efficacy *= 1.0 - terms.forgetting
        if published is not None:
            self.grievance += terms.substitution * published.gained
            self.grievance -= terms.appeasement * published.conceded
            self.efficacy += terms.proof * published.fallen
            self.efficacy += terms.encouragement * published.conceded
        self._history.append((self.grievance.copy(), self.efficacy.copy()))
        return self.refresh(seen)

    def refresh(self, seen: NDArray[np.int64]) -> bool:
        """Add up what moves creators; say if it changed.  See `update`."""
        return self._compose(1.0 - self.feedback.safety * (seen / self._sizes))

    @property
    def table(self) -> dict[str, list[float]]:
        """What was added to grievance and efficacy after each step, by community."""
        grievance, efficacy = (np.array(series).T for series in zip(*self._history, strict=True))
        columns: dict[str, list[float]] = {"step": [float(k) for k in range(len(self._history))]}
        for c, name in enumerate(self._names):
            columns[f"grievance.{name}"] = grievance[c].tolist()
            columns[f"efficacy.{name}"] = efficacy[c].tolist()
        return columns

    def _compose(self, left: Floats) -> bool:
        """Add up what moves each group, given the share of cost that is left (communities,)."""
        platforms = self._shift.size // left.size
        shift = np.tile(self.grievance + self.efficacy, platforms)
        paid = np.tile(left, platforms)
        for moved in self.pushed.values():
            shift += moved
        for share in self.spared.values():
            paid *= 1.0 - share
        shift *= self.weight
        relief = self.weight * (1.0 - paid)
        same = np.array_equal(shift, self._shift) and np.array_equal(relief, self._relief)
        self._shift[:], self._relief[:] = shift, relief
        return not same or self.fatigue > 0.0
