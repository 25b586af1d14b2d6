"""The answer in plain words: a group of size X did Z to model Y.

X is the group that formed and what it kept back, Y the model and what is assumed about its
lab, Z what the model lost beside the same world without the action, at the same round.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.comparison import Comparison, Effect

if TYPE_CHECKING:
    from datetime import date

NOTICEABLE = 0.01
"""Share of the loss by which trainings differ that differ only in their random seed.

About 0.02 nats of 2 for language models (Kaplan et al. 2020, arXiv:2001.08361, section 4.2).
"""

RESPONSES = {
    "none": ("doing nothing", "had it done nothing"),
    "repeat_uniform": ("repeating what is left", "had it repeated what was left"),
}
"""Responses reported beside the lab's own: what it does, and what it might have done."""


@dataclass(frozen=True)
class Group:
    """Who acted (X): over replications, in real creators."""

    ever: Effect
    """Creators who ever acted."""
    acting: Effect
    """Creators who act at the end."""
    creators: float
    """All creators."""
    ends: date


@dataclass(frozen=True)
class Model:
    """One lab's newest model (Y) and what the action did to it (Z)."""

    lab: str
    preset: str
    response: str
    round: int
    """Training rounds until the end of the scenario; the newest is reported."""
    trained: date
    works: float
    """Works that full participation would give."""
    withdrawn: float
    """Works kept out, mean over replications."""
    data_lost: Effect
    """Share of the effective data that is missing."""
    loss: Effect
    """Change of the loss, as a share of the loss with everybody taking part."""
    rollback: Effect
    """Change of the share of all data that would do as well."""
    loss_if: dict[str, Effect]
    """Change of the loss under other responses of the lab."""


@dataclass(frozen=True)
class Answer:
    """X, Y and Z in numbers; a model for each lab that trained."""

    replications: int
    group: Group
    models: tuple[Model, ...]

    def as_data(self) -> dict[str, Any]:
        """Return the numbers as plain data; what is not finite is None."""
        return _plain(asdict(self))  # type: ignore[no-any-return]


def answer(comparison: Comparison) -> Answer:
    """Return X, Y and Z of a comparison with the same world without action."""
    first, scenario = comparison.action[0], comparison.scenario
    acting = [float(run.counts[-1, 0] @ run.represents) for run in comparison.action]
    group = Group(
        ever=Effect.of(np.array([run.adopters[-1] for run in comparison.action])),
        acting=Effect.of(np.array(acting)),
        creators=float(first.sizes @ first.represents),
        ends=scenario.date_of(scenario.steps),
    )
    trained = [name for name in first.labs if comparison.rounds(name).size]
    models = (_model(comparison, name) for name in trained)
    return Answer(len(comparison.action), group, tuple(models))


def sentences(comparison: Comparison) -> list[str]:
    """Return the answer in three plain sentences, and two more for each further lab."""
    found, labs = answer(comparison), comparison.action[0].labs
    told = [_about_group(found)]
    beside = comparison.counterfactual[0].scenario.action
    than = "in the scenario it is compared with" if beside else "without the action"
    for model in found.models:
        told += [_about_model(model), _about_effect(model, found, than)]
    idle = labs.keys() - {model.lab for model in found.models}
    if idle:
        told.append(f"Y: {' and '.join(sorted(idle))} trained no model within this time.")
    if not labs:
        told.append("Y: no lab is part of this scenario, so nothing is said of a model.")
    return told


def _model(comparison: Comparison, lab: str) -> Model:
    record = comparison.action[0].labs[lab]
    data, full = (each[:, -1] for each in comparison.measured(lab, "data"))
    newest = {
        name: float(comparison.measured(lab, name)[0][:, -1].mean())
        for name in ("works", "withdrawn")
    }
    others = [name for name in RESPONSES if f"loss_if.{name}" in record.columns]
    return Model(
        lab=lab,
        preset=record.preset,
        response=record.response,
        round=len(record.columns["step"]),
        trained=record.columns["date"][-1],
        data_lost=Effect.of(1.0 - data / full),
        loss=comparison.effect(lab),
        rollback=comparison.effect(lab, "rollback"),
        loss_if={name: comparison.effect(lab, f"loss_if.{name}") for name in others},
        **newest,
    )


def _about_group(found: Answer) -> str:
    group = found.group
    if group.ever.mean == 0.0:
        return f"X: none of the {count(group.creators)} creators acted by {group.ends}."
    share = percent(group.ever.mean / group.creators)
    text = f"X: {count(group.ever.mean)} of {count(group.creators)} creators ({share}) acted"
    text += f" by {group.ends}{_spread(group.ever, found)}"
    if group.acting.mean < group.ever.mean:
        text += f", {count(group.acting.mean)} of them to the end"
    kept = [_kept(model) for model in found.models]
    return f"{text}{', and kept ' if kept else ''}{' and '.join(kept)}."


def _kept(model: Model) -> str:
    lost, name = model.data_lost.mean, model.lab
    if model.withdrawn == 0.0 and lost == 0.0:
        return f"nothing from {name}'s newest model"
    works = f"{count(model.withdrawn)} of {count(model.works)} works"
    share = (
        f"{percent(abs(lost))} {'more effective data' if lost < 0.0 else 'of the effective data'}"
    )
    return f"{works} ({share}) from {name}'s newest model"


def _about_model(model: Model) -> str:
    plain, _ = RESPONSES.get(model.response, (f"the response {model.response}", ""))
    return (
        f"Y: {model.lab}'s newest model, its {_ordinal(model.round)}, was trained on "
        f"{model.trained} and is described by the preset {model.preset}; the lab is assumed to "
        f"answer lost data by {plain}."
    )


def _about_effect(model: Model, found: Answer, than: str) -> str:
    loss = model.loss
    if math.isinf(loss.mean):
        text = "nothing was left to train it on, so its loss has no bound"
    elif loss.mean == loss.low == loss.high == 0.0:
        text = f"its loss is the same as {than}"
    elif abs(loss.mean) < loss.standard_error:
        text = f"no effect on its loss can be told from chance: {signed(loss.mean)}"
        text += f" beside {than}{_error(loss, found)}"
    else:
        higher = "higher" if loss.mean > 0.0 else "lower"
        text = f"its loss is {percent(abs(loss.mean))} {higher} than {than}{_error(loss, found)}"
        text += f", {_as_if(model.rollback.mean)}, {_verdict(loss.mean)}"
    others = [
        f"{RESPONSES[name][1]}, the change would be {signed(effect.mean)}"
        for name, effect in model.loss_if.items()
        if name != model.response
    ]
    return f"Z: {'; '.join([text, *others])}."


def _as_if(change: float) -> str:
    if change > 0.0:
        return f"as if there were {percent(change)} more data"
    return f"as if {percent(-change)} of all data were missing"


def _verdict(change: float) -> str:
    noticed = "would be noticed" if abs(change) >= NOTICEABLE else "nobody would notice"
    return f"which {noticed} (trainings that differ only in chance differ by {percent(NOTICEABLE)})"


def _error(effect: Effect, found: Answer) -> str:
    if found.replications == 1:
        return " (one replication: its spread is not known)"
    if effect.low == effect.high:
        return ""
    between = f"90 % of replications: {signed(effect.low)} to {signed(effect.high)}"
    return f" (standard error {percent(effect.standard_error)}; {between})"


def _spread(effect: Effect, found: Answer) -> str:
    if found.replications == 1 or effect.low == effect.high:
        return ""
    return f" (90 % of replications: {count(effect.low)} to {count(effect.high)})"


def _ordinal(number: int) -> str:
    endings = {1: "st", 2: "nd", 3: "rd"}
    ending = "th" if number % 100 in (11, 12, 13) else endings.get(number % 10, "th")
    return f"{number}{ending}"


def count(number: float) -> str:
    """Return a number of creators or works with three digits that count: ``1.23 million``."""
    if number < 1000.0:
        return f"{number:.0f}"
    number = float(f"{number:.3g}")
    words = ((1e12, " trillion"), (1e9, " billion"), (1e6, " million"), (1.0, ""))
    size, word = next((size, word) for size, word in words if number >= size)
    return f"{number / size:,.10g}{word}"


def percent(share: float) -> str:
    """Return a share with two digits that count, never in powers of ten: ``0.012 %``."""
    value = 100.0 * share
    if not math.isfinite(value):
        return "not known"
    if 0.0 < abs(value) < 1e-6:
        return "less than 0.000001 %"
    digits = 1 if value == 0.0 else max(0, 1 - math.floor(math.log10(abs(value))))
    text = f"{value:.{digits}f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} %"


def signed(share: float) -> str:
    """Return a change as `percent` with its sign."""
    text = percent(share)
    return f"+{text}" if share > 0.0 and text[0].isdigit() else text


def _plain(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _plain(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_plain(value) for value in data]
    if hasattr(data, "isoformat"):
        return data.isoformat()
    return None if isinstance(data, float) and not math.isfinite(data) else data
