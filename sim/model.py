"""The model as Mesa knows it: the crowd's engine with the institutions around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa

from sim.creators.columns import Creators
from sim.decisions.base import COLUMNS
from sim.engine import Engine
from sim.institutions.actors.cast import Cast
from sim.kernels.crowd import AWARE, EVER, WITHHELD
from sim.scenario import Scenario
from sim.world import World, build

if TYPE_CHECKING:
    from sim.institutions.actors.lab import LabActor
    from sim.networks.network import Network
    from sim.result import Tables

REPORTED = ("mobilised", "participation", "adoption", "withheld")
"""Totals that the data collector keeps of each step."""


class DataStrikeModel(mesa.Model):  # type: ignore[misc]
    """A scenario played step by step, with institutions as Mesa agents and creators as columns.

    Parameters
    ----------
    scenario : Scenario
        What is played.
    seed : int
        Random seed, 0 <= seed < 2**32.  Nothing scientific draws from ``model.random``.
    threads : int, optional
        Threads for large crowds; no result depends on it.

    Attributes
    ----------
    creators : Creators
        The crowd, with the verbs of an ``AgentSet``; creators are not in ``agents``.
    network : Network
        Who sees whom: ``indptr`` and ``indices``.
    institutions : Cast
        Labs, platforms, organisers and the others; all are in ``agents``.
    datacollector : mesa.DataCollector
        Totals of each step, and of each lab.
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: int = 0,
        threads: int | None = None,
        world: World | None = None,
    ) -> None:
        world = world or build(scenario, seed)
        super().__init__(rng=world.seed)
        self.scenario_spec = scenario
        self.engine = Engine(world, threads, self)
        self.institutions = Cast(self, self.engine)
        self.engine.institutions = self.institutions
        kinds = {type(actor): actor.series for actor in self.institutions.everybody}
        self.datacollector = mesa.DataCollector(
            model_reporters={name: name for name in REPORTED},
            agenttype_reporters={
                kind: {name: name for name in series} for kind, series in kinds.items()
            },
        )
        self.running = scenario.steps > 0
        self.datacollector.collect(self)

    def step(self) -> None:
        """Play one step and record it; stop after the scenario's last."""
        if self.engine.step_number >= self.scenario_spec.steps:
            return
        self.engine.step()
        self.institutions.record()
        self.datacollector.collect(self)
        self.running = self.engine.step_number < self.scenario_spec.steps

    @property
    def labs(self) -> list[LabActor]:
        """The labs, in the scenario's order."""
        return self.institutions.labs

    @property
    def tables(self) -> Tables:
        """Series of feedback and institutions, for the result."""
        return {**self.engine.tables, **self.institutions.tables}

    @property
    def network(self) -> Network:
        """Who sees whom."""
        return self.engine.world.network

    @property
    def mobilised(self) -> int:
        """Simulated creators who act now."""
        return int(self.engine.counts[0].sum())

    @property
    def participation(self) -> float:
        """Share of creators who act now, each counted for the real ones it stands for."""
        return self._share(0)

    @property
    def adoption(self) -> float:
        """Share of creators who have ever acted, counted as in `participation`."""
        return self._share(1)

    @property
    def withheld(self) -> float:
        """Share of creators whose works are out through a default or the law."""
        return self._real(self.engine.withheld.tolist())

    @property
    def creators(self) -> Creators:
        """The crowd."""
        engine = self.engine
        world = engine.world
        columns: dict[str, Any] = {
            "tactic": lambda: engine.tactic,
            "mobilised": lambda: engine.tactic != 0,
            "ever": lambda: engine.flags & EVER != 0,
            "aware": lambda: (engine.flags & AWARE != 0) | (not engine.reviser.shape.unaware),
            "withheld": lambda: engine.flags & WITHHELD != 0,
            "community": lambda: world.community if world.community.size else 0,
            "degree": lambda: world.network.degree,
            "active": engine.seen,
        }
        if engine.since.size:
            columns["since"] = lambda: engine.since
        traits = set.intersection(*(set(community.traits) for community in world.communities))
        own = (*COLUMNS, "stock", "output", *sorted(traits | world.scenario.rule.traits.keys()))
        for name in own:
            columns[name] = lambda name=name: world.column(name)
        return Creators(columns, frozenset(own), world.size, written=engine.rewritten)

    def _share(self, row: int) -> float:
        return self._real(self.engine.counts[row].tolist())

    def _real(self, counts: list[int]) -> float:
        """Return creators counted by community as a share of all, counted for the real ones."""
        communities = self.engine.world.communities
        real = sum(count * c.represents for count, c in zip(counts, communities, strict=True))
        return float(real / sum(c.size * c.represents for c in communities))
