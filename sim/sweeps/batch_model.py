"""The model as `mesa.batch_run` takes it: flat keywords instead of a scenario."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sim.loading.files import load_scenario
from sim.loading.overrides import override
from sim.model import DataStrikeModel

if TYPE_CHECKING:
    from sim.institutions.actors.actor import Actor
    from sim.scenario import Scenario


class BatchModel(DataStrikeModel):
    """A scenario changed by flat keywords, for `mesa.batch_run`.

    ``batch_run(BatchModel, {"scenario": "my.toml", "network.mean_degree": [2, 4],
    "replication": range(20)})`` works with every Mesa from 3.3 to 3.5.  A `Scenario` itself goes
    into a list of one, since Mesa would take it for several values.  `sim.sweep` does the same
    and loses nothing when it is stopped.

    Parameters
    ----------
    scenario : str or Scenario
        A scenario, its name, or its file.
    replication : int
        Random seed, or what is added to it.
    rng : int, optional
        Random seed, as Mesa from 3.5 on gives it.
    **changes
        New values by dotted path.

    Attributes
    ----------
    datacollector : mesa.DataCollector
        The model's totals, and of institutions what they are like after each step, as in
        ``lab.NAME.trained``; no rows of agents, which would repeat these.

    Raises
    ------
    InputError
        If a path is unknown or a value cannot be.
    """

    def __init__(
        self,
        scenario: str | Scenario,
        replication: int = 0,
        rng: int | None = None,
        **changes: Any,
    ) -> None:
        base = load_scenario(scenario) if isinstance(scenario, str) else scenario
        plain = {path: v.item() if hasattr(v, "item") else v for path, v in changes.items()}
        super().__init__(override(base, plain), int(rng or 0) + int(replication))
        reporters: dict[str, Any] = {name: name for name in self.datacollector.model_reporters}
        for actor in self.institutions.everybody:
            for what in actor.series:
                reporters[f"{actor.table}.{what}"] = partial(_of, actor=actor, what=what)
        self.datacollector = type(self.datacollector)(model_reporters=reporters)
        if not self.running:
            self.datacollector.collect(self)


def _of(_: DataStrikeModel, actor: Actor, what: str) -> float:
    return float(getattr(actor, what))
