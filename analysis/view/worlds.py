"""Two worlds with the same draws, played together: the model that Mesa's page holds."""

from __future__ import annotations

import gc
import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
from pydantic import ValidationError

import sim
from analysis.replay import tactics_of
from sim.errors import InputError
from sim.loading.overrides import override, parse, parse_value, values
from sim.scenario import Scenario
from sim.words.messages import explain

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model import DataStrikeModel

    Floats = NDArray[np.float64]

WITHOUT, GIVEN, OTHER = "the same without action", "the scenario as it was", "other settings"
BESIDE = (WITHOUT, GIVEN, OTHER)
"""What the second world can be."""
SAME = ("network", "network_seed", "steps", "step_days", "start")
"""What two worlds must share for their draws to be the same, beside their creators."""


class Worlds(mesa.Model):  # type: ignore[misc]
    """A scenario with changes, and the same creators in a second world, step by step.

    Bad values never raise: `problem` says in one sentence what is wrong, and nothing is played.

    Parameters
    ----------
    start : Scenario
        What is changed.
    changes : dict of str to tuple of str, optional
        Paths that a name among ``kwargs`` stands for.
    draws : str
        Random seed as it is typed, 0 <= seed < 2**32; Mesa keeps ``seed`` for its own.
    beside : str
        What the second world is, one of `BESIDE`.
    other : str
        Settings of the second world, ``path=value`` with semicolons between them, for `OTHER`.
    more : str
        More settings of the first world, written alike.
    again : str
        Command that plays ``start``, without its seed.
    **kwargs
        New values of the first world by name, as the page's widgets give them.

    Attributes
    ----------
    pair : tuple of DataStrikeModel
        The first and the second world; empty where there is a problem.
    tactics : list of two lists of float64 (tactics,)
        Real creators who use each tactic after each step, in both worlds.
    problem : str
        What is wrong, or nothing.
    """

    def __init__(
        self,
        start: Scenario,
        paths: Mapping[str, tuple[str, ...]] | None = None,
        draws: str = "0",
        beside: str = WITHOUT,
        other: str = "",
        more: str = "",
        again: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(rng=0)
        self.pair: tuple[()] | tuple[DataStrikeModel, DataStrikeModel] = ()
        self.tactics: tuple[list[Floats], list[Floats]] = ([], [])
        self.problem, self.command = "", ""
        kwargs.pop("scenario", None)  # Mesa from 3.5 on hands one of its own to every model
        gc.collect()  # a model that was replaced is a cycle that holds its columns
        try:
            settings = _settings(start, dict(paths or {}), kwargs, more)
            self._begin(start, settings, draws, beside, other)
            self.command = _command(again or f"datastrike run {start.name}", draws, settings)
        except (InputError, ValidationError) as error:
            self._stop(error)
        self.running = bool(self.pair) and self.first.running

    def _begin(
        self, start: Scenario, settings: dict[str, Any], draws: str, beside: str, other: str
    ) -> None:
        scenario, seed = override(start, settings), _seed(draws)
        second = _second(start, scenario, beside, other)
        self.pair = (sim.DataStrikeModel(scenario, seed), sim.DataStrikeModel(second, seed))
        self._count()

    def step(self) -> None:
        """Play one step of both worlds."""
        if not self.running:
            return
        try:
            for model in self.pair:
                model.step()
        except InputError as error:
            self._stop(error)
            return
        self._count()
        self.running = self.first.running

    @property
    def first(self) -> DataStrikeModel:
        """The first world, where there is no problem."""
        if not self.pair:
            raise InputError(self.problem)
        return self.pair[0]

    @property
    def shown(self) -> Scenario:
        """What is played in the first world."""
        return self.first.scenario_spec

    @property
    def creators(self) -> float:
        """Real creators in each world."""
        world = self.first.engine.world
        return float(sum(c.size * c.represents for c in world.communities))

    @property
    def played(self) -> int:
        """Steps so far."""
        return len(self.tactics[0]) - 1

    def series(self, name: str) -> tuple[Floats, Floats]:
        """Return a total that models report after each step, of both worlds: (played + 1,)."""
        first, second = (
            np.array(model.datacollector.model_vars[name], dtype=float) for model in self.pair
        )
        return first, second

    def _count(self) -> None:
        for kept, model in zip(self.tactics, self.pair, strict=True):
            kept.append(tactics_of(model).sum(axis=0))

    def _stop(self, error: InputError | ValidationError) -> None:
        lines = explain(error) if isinstance(error, ValidationError) else str(error).split("\n")
        self.problem, self.running = "; ".join(lines), False


def _settings(
    start: Scenario, paths: dict[str, tuple[str, ...]], given: Mapping[str, Any], more: str
) -> dict[str, Any]:
    """Return new values by path, without those that are as they were."""
    now = values(start)
    typed = {
        path: parse_value(value) if isinstance(value, str) else value
        for name, value in given.items()
        for path in paths.get(name, (name,))
    }
    changed = {path: value for path, value in typed.items() if now.get(path) != value}
    return {**changed, **_read(more)}


def _read(text: str) -> dict[str, Any]:
    return dict(parse(each) for each in text.split(";") if each.strip())


def _seed(text: str) -> int:
    try:
        seed = int(text)
    except ValueError:
        seed = -1
    if not 0 <= seed < 2**32:
        raise InputError(f"seed: must be a whole number from 0 to {2**32 - 1}, got {text!r}")
    return seed


def _second(start: Scenario, first: Scenario, beside: str, other: str) -> Scenario:
    if beside == WITHOUT:
        return first.without_action()
    second = start if beside == GIVEN else override(start, _read(other))
    crowds = [[(c.name, c.size) for c in world.communities] for world in (first, second)]
    differing = ["communities"] * (crowds[0] != crowds[1])
    differing += [name for name in SAME if getattr(first, name) != getattr(second, name)]
    if differing:
        raise InputError(
            f"the second world: must have the same creators, network and steps; {differing[0]} "
            "differs"
        )
    return second


def _command(again: str, draws: str, settings: dict[str, Any]) -> str:
    """Return what plays the first world without the page."""
    written = {
        path: str(value).lower() if isinstance(value, bool) else value
        for path, value in settings.items()
    }
    changes = [f"--set {shlex.quote(f'{path}={value}')}" for path, value in written.items()]
    return " ".join((again, f"--seed {int(draws)} --replications 1", *changes))
