"""The page itself: Mesa's SolaraViz over two worlds, with a knob for what the scenario states."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import solara
from matplotlib.figure import Figure
from mesa.visualization import SolaraViz
from mesa.visualization.utils import update_counter

from analysis.sample import Sample
from analysis.view import panels
from analysis.view.knobs import knobs
from analysis.view.worlds import BESIDE, WITHOUT, Worlds
from sim.scenario import Scenario
from sim.words.numbers import percent

DPI = 100
FAST = {"compress_level": 1}
PAUSE = 50
"""Milliseconds between two steps."""

opened: dict[str, Any] = {}
"""What the server shows: ``scenario``, ``seed``, and the command that plays it ``again``."""


@solara.component
def Page() -> None:  # noqa: N802 (Solara looks for this name)
    """Show the scenario that was opened; every visitor has worlds of their own."""
    scenario: Scenario = opened["scenario"]
    settings = parameters(scenario, opened["seed"])
    worlds = solara.use_memo(lambda: Worlds(**begun(settings)), [])
    title = scenario.about.title or scenario.name
    solara.Title(f"{title} · datastrike")
    SolaraViz(
        worlds,
        components=[(each, 0) for each in (_Telling, *_drawn(scenario))],
        model_params=settings,
        name=title,
        play_interval=PAUSE,
    )


def parameters(scenario: Scenario, seed: int) -> dict[str, Any]:
    """Return what the panel sets, as Mesa's page takes it."""
    found = knobs(scenario)
    return {
        "start": scenario,
        "again": opened.get("again", ""),
        "paths": {knob.label: knob.paths for knob in found},
        "draws": _text("Seed", str(seed)),
        "beside": {
            "type": "Select", "label": "Second world", "value": WITHOUT, "values": list(BESIDE),
        },
        "other": _text("Second world: path=value; …", ""),
        "more": _text("First world: path=value; …", ""),
        **{knob.label: knob.widget for knob in found},
    }  # fmt: skip


def begun(settings: dict[str, Any]) -> dict[str, Any]:
    """Return what the panel sets before anybody has touched it."""
    return {
        name: each["value"] if isinstance(each, dict) and "type" in each else each
        for name, each in settings.items()
    }


def _text(label: str, value: str) -> dict[str, str]:
    return {"type": "InputText", "label": label, "value": value}


def _drawn(scenario: Scenario) -> list[Callable[[Worlds], None]]:
    found = [_panel(panels.participation), _panel(panels.tactics)]
    if scenario.labs:
        found.append(_panel(panels.capability, panels.rounds))
    return [*found, _Network]


def _panel(
    draw: Callable[[Worlds], Figure],
    state: Callable[[Worlds], object] = lambda worlds: worlds.played,
) -> Callable[[Worlds], None]:
    """Return a component that draws worlds whenever some state of theirs is another."""

    @solara.component
    def Panel(worlds: Worlds) -> None:  # noqa: N802
        update_counter.get()
        if worlds.pair:
            now = state(worlds) if state is not None else worlds.played
            _Drawing(worlds, now, lambda: draw(worlds))

    return Panel  # type: ignore[no-any-return]


@solara.component
def _Drawing(worlds: Worlds, state: object, draw: Callable[[], Figure]) -> None:  # noqa: N802
    """Draw worlds anew where their state has changed, and only then."""
    now = [worlds, state]
    figure = solara.use_memo(draw, now)
    solara.FigureMatplotlib(figure, now, format="png", dpi=DPI, pil_kwargs=FAST)


@solara.component
def _Network(worlds: Worlds) -> None:  # noqa: N802
    update_counter.get()
    sample = solara.use_memo(lambda: _sample(worlds), [worlds])
    if sample is not None:
        state = panels.states(worlds, sample)
        _Drawing(worlds, state, lambda: panels.network(worlds, sample))


def _sample(worlds: Worlds) -> Sample | None:
    if not worlds.pair:
        return None
    world = worlds.first.engine.world
    return Sample.of(world.network, world.initiators().astype(np.int64), world.seed)


@solara.component
def _Telling(worlds: Worlds) -> None:  # noqa: N802
    """Say in words where both worlds are, or what is wrong."""
    update_counter.get()
    with solara.Card("Where they are"):
        if worlds.problem:
            solara.Error(worlds.problem)
        with solara.Column(gap="4px"):
            for line in lines(worlds):
                solara.Text(line)


def lines(worlds: Worlds) -> list[str]:
    """Return how both worlds stand, and the command that plays the first one again."""
    if not worlds.pair:
        return ["Nothing is played; change the value and press Reset."]
    scenario, both = worlds.shown, zip(panels.NAMES, worlds.pair, strict=True)
    when = scenario.date_of(worlds.played)
    told = [
        f"{name}: {percent(model.participation)} of creators act now, "
        f"{percent(model.adoption)} ever acted"
        for name, model in both
    ]
    return [
        f"Step {worlds.played} of {scenario.steps}, {when}; {scenario.creators:,} creators.",
        *told,
        worlds.command,
    ]
