"""A cascade as a Mesa model with one agent for each creator, for `mesa.batch_run`."""

from __future__ import annotations

import mesa

from sim.loading.overrides import override
from sim.scenario import Scenario
from sim.world import build


class Follower(mesa.Agent):
    """Joins when a share of its neighbours has."""

    def __init__(self, model: mesa.Model, threshold: float) -> None:
        super().__init__(model)
        self.threshold, self.joined, self.joins = threshold, False, False
        self.neighbours: list[Follower] = []

    def decide(self) -> None:
        if not self.joined and self.neighbours:
            active = sum(other.joined for other in self.neighbours)
            self.joins = active / len(self.neighbours) >= self.threshold

    def change(self) -> None:
        self.joined = self.joined or self.joins


class Cascade(mesa.Model):
    """A cascade as Mesa's own examples would write it."""

    def __init__(self, scenario: Scenario, path: str, threshold: float, replication: int) -> None:
        super().__init__()
        world = build(override(scenario, {path: threshold}), replication)
        self.crowd = [Follower(self, threshold) for _ in range(world.size)]
        for number, one in enumerate(self.crowd):
            one.neighbours = [self.crowd[k] for k in world.network.neighbours(number)]
        for number in world.initiators():
            self.crowd[number].joined = True
        self.datacollector = mesa.DataCollector(model_reporters={"joined": "joined"})
        self.datacollector.collect(self)

    @property
    def joined(self) -> int:
        return sum(one.joined for one in self.crowd)

    def step(self) -> None:
        before = self.joined
        self.agents.do("decide")
        self.agents.do("change")
        self.running = self.joined > before
        self.datacollector.collect(self)


def by_mesa(
    scenario: Scenario, path: str, thresholds: list[float], replications: int, processes: int
) -> list[dict]:
    """Play thresholds and replications with `mesa.batch_run`."""
    parameters = {
        "scenario": [scenario],
        "path": path,
        "threshold": thresholds,
        "replication": range(replications),
    }
    rows: list[dict] = mesa.batch_run(
        Cascade, parameters, number_processes=processes, display_progress=False, max_steps=1000
    )
    return rows
