"""News that reach creators directly: with which chance, in which step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.institutions.calendar import Broadcast

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.world import World

    Floats = NDArray[np.float64]


class News:
    """The broadcasts of the calendar, and what institutions let creators know.

    Parameters
    ----------
    world : World
        Whose communities hear.

    Attributes
    ----------
    coverage : float64 (communities,)
        Probability of hearing from institutions; what they set counts in the next step.
    hazards : float64 (communities,)
        Probability of hearing any news in this step.
    """

    def __init__(self, world: World) -> None:
        scenario = world.scenario
        names = [community.name for community in world.communities]
        self.attention = np.array([community.attention for community in world.communities])
        self.background = scenario.awareness.background if scenario.awareness else 0.0
        self.step_days = scenario.step_days
        self.events: list[tuple[int, Broadcast, NDArray[np.bool_]]] = []
        for number, event in enumerate(scenario.calendar):
            if isinstance(event, Broadcast):
                due = event.due(scenario, world.seed, number)
                addressed = [not event.communities or name in event.communities for name in names]
                if due is not None:
                    self.events.append((due, event, np.array(addressed)))
        self.last = max((due for due, _, _ in self.events), default=0)
        self.lasting = any(event.half_life > 0.0 for _, event, _ in self.events)
        self.step = 0
        self.coverage = np.zeros(len(names))
        self.hazards = np.zeros(len(names))

    def fall_due(self, step: int) -> None:
        """Work out with which chance creators hear in a step."""
        self.step = step
        missed = (1.0 - self.background * self.attention) * (1.0 - self.coverage * self.attention)
        for due, event, addressed in self.events:
            chance = _fading(event, (step - due) * self.step_days)
            missed *= 1.0 - chance * self.attention * addressed
        self.hazards = 1.0 - missed

    @property
    def pending(self) -> bool:
        """Whether somebody may still hear from the calendar."""
        return self.background > 0.0 or self.lasting or self.step < self.last


def _fading(event: Broadcast, days: float) -> float:
    if days < 0.0 or (days > 0.0 and event.half_life == 0.0):
        return 0.0
    return event.reach * 0.5 ** (days / event.half_life) if days else event.reach
