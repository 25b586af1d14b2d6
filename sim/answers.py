"""The answer in plain words: a group of size X did Z to model Y.

X is the group that formed and what it kept back, Y the model and what is assumed about its
lab, Z what the model lost beside the same world without the action, at the same round.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.comparison import Comparison, Effect, share_missing
from sim.outcomes import asked, outcomes
from sim.words import count, listed, ordinal, percent, signed, times, whose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from numpy.typing import NDArray

    from sim.result import LabRecord, Result

    Floats = NDArray[np.float64]

NOTICEABLE = 0.01
"""Share of the loss by which trainings differ that differ only in their random seed.

About 0.02 nats of 2 for language models (Kaplan et al. 2020, arXiv:2001.08361, section 4.2).
"""

RESPONSES = {
    "none": ("doing nothing", "had it done nothing"),
    "repeat_uniform": ("repeating what is left", "had it repeated what was left"),
}
"""Responses reported beside the lab's own: what it does, and what it might have done."""


CHANCE = (
    " Spread here is chance between replications only; `datastrike leverage` draws the "
    "surrogate's constants too."
)
"""What the spread of an answer leaves out."""

FEW = 10
"""Replications below which the whole range is told, since too few for a band of 90 %."""

SEVERAL = 1.0
"""Change of loss or data from which it is told as a multiple, not as a percentage."""


@dataclass(frozen=True)
class Group:
    """Who acted (X): over replications, in real creators."""

    ever: Effect
    """Creators who ever acted."""
    acting: Effect
    """Creators who act at the end."""
    withheld: Effect
    """Creators whose works are out at the end through a platform or the law, by no own act."""
    withheld_anyway: float
    """The same without the action, mean over replications."""
    asked: bool
    """Whether others refused when asked, by law or by vote; those count under the mandate."""
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
    """The training round reported; see `sim.comparison.Comparison.newest`."""
    refused: int
    """Newer models, all voted down in every replication."""
    in_use: bool
    """Unless this one was voted down too."""
    trained: date
    replications: int
    """Those in which it was trained."""
    works: float
    """Works that full participation would give."""
    withdrawn: float
    """Works kept out by the action, mean over replications; below 0 if it brought works back."""
    withdrawn_anyway: float
    """Works that are out without the action too."""
    crawls: bool
    """Whether the lab takes what is public, not only what it is given."""
    poisoned: float
    """Poisoned works that the lab did not find, mean over replications."""
    donated: Effect
    """Effective data given to this lab, as a share of what all creators' works amount to."""
    data_lost: Effect
    """Share of the effective data that is missing; not a number where there is none anyway."""
    loss: Effect
    """Change of the loss, as a share of the loss with everybody taking part."""
    losses: tuple[float, float]
    """Loss with and without the action, 1 with everybody taking part; means."""
    missing: Effect
    """Share of all data that is missing in effect; see `sim.comparison.share_missing`."""
    loss_if: dict[str, Effect]
    """Change of the loss under other responses of the lab."""
    hurt: str
    """Community in whose own domain the loss rises most; empty if none is told apart."""
    hurt_loss: Effect
    """Change of the loss in that domain, as a share of its loss with everybody taking part."""


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
    out, anyway = (
        np.array([_withheld(run) for run in runs])
        for runs in (comparison.action, comparison.counterfactual)
    )
    group = Group(
        ever=Effect.of(np.array([run.adopters[-1] for run in comparison.action])),
        acting=Effect.of(np.array(acting)),
        withheld=Effect.of(out),
        withheld_anyway=float(anyway.mean()),
        asked=asked(comparison.action),
        creators=float(first.sizes @ first.represents),
        ends=scenario.date_of(scenario.steps),
    )
    models = (_model(comparison, name) for name in first.labs if _pairs(comparison, name))
    return Answer(len(comparison.action), group, tuple(models))


def sentences(comparison: Comparison) -> list[str]:
    """Return the answer in three plain sentences, two more for each further lab, and `outcomes`."""
    found, labs = answer(comparison), comparison.action[0].labs
    beside = comparison.counterfactual[0].scenario.action
    than = "in the scenario it is compared with" if beside else "without the action"
    told = [_about_group(found, than)]
    for model in found.models:
        told += [_about_model(model), _about_effect(model, than)]
    spread = [number for number, model in enumerate(found.models) if _finite(model.loss)]
    if len(comparison.action) > 1 and spread:
        told[2 * spread[-1] + 2] += CHANCE
    idle = labs.keys() - {model.lab for model in found.models}
    if idle:
        told.append(f"Y: {' and '.join(sorted(idle))} trained no model within this time.")
    if not labs:
        told.append("Y: no lab is part of this scenario, so nothing is said of a model.")
    return [*told, *outcomes(comparison)]


def _withheld(run: Result) -> float:
    counts = run.withheld_counts
    return 0.0 if counts is None else float(counts[-1] @ run.represents)


def _pairs(comparison: Comparison, lab: str) -> list[tuple[LabRecord, LabRecord]]:
    """Return a lab's records with and without action, of replications in which it trained."""
    pairs = zip(comparison.action, comparison.counterfactual, strict=True)
    records = ((acted.labs[lab], left.labs[lab]) for acted, left in pairs)
    return [pair for pair in records if all(record.columns["step"] for record in pair)]


def _model(comparison: Comparison, lab: str) -> Model:
    pairs, at = _pairs(comparison, lab), comparison.newest(lab)
    record = pairs[0][0]

    def newest(measure: str) -> tuple[Floats, Floats]:
        acted, left = np.array([[each.columns[measure][at] for each in pair] for pair in pairs]).T
        return acted, left

    def change(measure: str) -> Effect:
        acted, left = newest(measure)
        # without any data a loss has no bound, with the action or without: no change is known
        with np.errstate(invalid="ignore"):
            return Effect.of(acted - left)

    others = [name for name in RESPONSES if f"loss_if.{name}" in record.columns]
    (out, anyway), (with_action, without) = newest("withdrawn"), newest("loss")
    hurt = max(_domains(record), key=lambda name: change(f"loss.{name}").mean, default="")
    poison = [name for name in record.columns if name.startswith("poisoned.")]
    return Model(
        lab=lab,
        preset=record.preset,
        response=record.response,
        round=len(record.columns["step"]) + 1 + at,
        refused=-1 - at,
        in_use=any(pair[0].columns.get("passed", [1.0])[at] for pair in pairs),
        trained=record.columns["date"][at],
        replications=len(pairs),
        works=float(newest("works")[0].mean()),
        withdrawn=float((out - anyway).mean()),
        withdrawn_anyway=float(anyway.mean()),
        crawls=next((each.crawls for each in comparison.scenario.labs if each.name == lab), True),
        poisoned=sum(float(newest(name)[0].mean()) for name in poison),
        donated=change("donated"),
        data_lost=Effect.of(share_missing(*newest("data"))),
        loss=change("loss"),
        losses=(float(with_action.mean()), float(without.mean())),
        missing=Effect.of(share_missing(*newest("rollback"))),
        loss_if={name: change(f"loss_if.{name}") for name in others},
        hurt=hurt,
        hurt_loss=change(f"loss.{hurt}" if hurt else "loss"),
    )


def _domains(record: LabRecord) -> list[str]:
    names = (name.partition(".") for name in record.columns)
    return [community for kind, _, community in names if kind == "loss" and community]


def _about_group(found: Answer, than: str) -> str:
    group = found.group
    chose = "chose to act" if group.withheld.mean > 0.0 else "acted"
    chose += " unasked" if group.asked else ""
    if group.ever.mean == 0.0:
        text = f"X: none of the {count(group.creators)} creators {chose} by {group.ends}"
    else:
        share = percent(group.ever.mean / group.creators)
        text = f"X: {count(group.ever.mean)} of {count(group.creators)} creators ({share}) {chose}"
        text += f" by {group.ends}"
        if count(group.ever.least) != count(group.ever.most):
            text += f" ({_spread(group.ever, found.replications, count)})"
    if group.acting.mean < group.ever.mean:
        acting = count(group.acting.mean) if group.acting.mean > 0.0 else "none"
        text += f", {acting} of them to the end"
    moved = listed([_moved(model) for model in found.models])
    if group.withheld.mean > 0.0:
        return f"{text}; {_out(group, than)}{f'; together this {moved}' if moved else ''}."
    if group.ever.mean == 0.0 or not moved:
        return f"{text}."
    return f"{text}, {moved if ', and ' in moved else f'and {moved}'}."


def _out(group: Group, than: str) -> str:
    """Tell of those whose works are out through no act of their own."""
    text = f"the works of {count(group.withheld.mean)} were out through a platform or the law"
    if group.withheld_anyway == group.withheld.mean:
        return f"{text} (as many {than})"
    return f"{text} ({count(group.withheld_anyway)} {than})" if group.withheld_anyway else text


def _moved(model: Model) -> str:
    """Tell what was kept from a lab's newest model, and what was given to it."""
    target, given = _named(model), percent(model.donated.mean)
    untouched = model.withdrawn == model.poisoned == 0.0
    if model.donated.mean > 0.0 and (not model.crawls or untouched):
        return f"gave {given} of all effective data to {target}"
    if not model.crawls:
        return f"gave nothing to {target}"
    if untouched and model.data_lost.mean == 0.0:
        return f"kept nothing from {target}"
    text = f"{_kept(model)} {'from' if model.withdrawn or untouched else 'of'} {target}"
    given = f", but gave {given} of all effective data to it"
    return f"{text}{given if model.donated.mean > 0.0 else ''}"


def _kept(model: Model) -> str:
    lost = model.data_lost.mean
    done = [f"{'kept' if model.withdrawn >= 0.0 else 'brought back'} {_some(model.withdrawn)}"]
    if model.poisoned > 0.0:
        done = done * (model.withdrawn != 0.0) + [f"poisoned {_some(model.poisoned)}"]
    works = f"{' and '.join(done)} of {count(model.works)} works"
    if not math.isfinite(lost):
        share = ""
    elif lost < 0.0:
        share = f" ({percent(-lost)} more effective data)"
    else:
        share = f" ({percent(lost)} of the effective data)"
    return f"{works}{share}"


def _some(works: float) -> str:
    return count(abs(works)) if round(abs(works)) or not works else "less than one"


def _about_model(model: Model) -> str:
    plain, _ = RESPONSES.get(model.response, (f"the response {model.response}", ""))
    voted = "; what it trained since was voted down" if model.refused else ""
    voted = voted if model.in_use else "; the model was voted down and is not in use"
    return (
        f"Y: {_named(model)}, its {ordinal(model.round)}, was trained on "
        f"{model.trained} and is described by the preset {model.preset}; the lab is assumed to "
        f"answer lost data by {plain}{voted}."
    )


def _named(model: Model) -> str:
    return f"{whose(model.lab)} newest model{' in use' if model.refused else ''}"


def _about_effect(model: Model, than: str) -> str:
    others = [
        f"{RESPONSES[name][1]}, the change would be {signed(effect.mean)}"
        for name, effect in model.loss_if.items()
        if name != model.response and math.isfinite(effect.mean) and abs(effect.mean) < SEVERAL
    ]
    return f"Z: {'; '.join([_change(model, than), *_hurt(model), *others])}."


def _hurt(model: Model) -> Iterator[str]:
    """Yield the most hurt community's own loss, where it is larger than that of all."""
    loss, own = model.loss.mean, model.hurt_loss.mean
    if not model.hurt or not math.isfinite(own) or own <= max(loss, model.hurt_loss.standard_error):
        return
    if percent(own) != percent(loss):
        noticed = ", which would be noticed" if own >= NOTICEABLE else ""
        yield f"in {whose(model.hurt)} own domain the loss is {percent(own)} higher{noticed}"


def _change(model: Model, than: str) -> str:
    loss, (acted, left) = model.loss, model.losses
    if math.isinf(acted):
        too = f", nor {than}" if math.isinf(left) else ""
        return f"nothing was left to train it on{too}, so its loss has no bound"
    if math.isinf(left):
        return (
            f"its loss is {times(acted)} that of a model trained on everything; {than} there "
            "would be nothing to train it on"
        )
    if loss.mean == loss.low == loss.high == 0.0:
        return f"its loss is the same as {than}"
    if abs(loss.mean) < loss.standard_error:
        text = f"no effect on its loss can be told from chance: {signed(loss.mean)}"
        return f"{text} beside {than}{_error(loss, model.replications)}"
    ending = f"{_as_if(model.missing.mean)}{_verdict(loss.mean)}"
    if abs(loss.mean) >= SEVERAL:
        levels = f"its loss is {times(acted)} that of a model trained on everything"
        return f"{levels}, and {times(left)} {than}, {ending}"
    higher = "higher" if loss.mean > 0.0 else "lower"
    text = f"its loss is {percent(abs(loss.mean))} {higher} than {than}"
    return f"{text}{_error(loss, model.replications)}, {ending}"


def _as_if(missing: float) -> str:
    if not math.isfinite(missing):
        return ""
    if missing >= 0.0:
        return f"as if {percent(missing)} of all data were missing, "
    if missing > -SEVERAL:
        return f"as if there were {percent(-missing)} more data, "
    return f"as if there were {times(1.0 - missing)} as much data, "


def _verdict(change: float) -> str:
    noticed = "would be noticed" if abs(change) >= NOTICEABLE else "nobody would notice"
    return f"which {noticed} (trainings that differ only in chance differ by {percent(NOTICEABLE)})"


def _error(effect: Effect, replications: int) -> str:
    if replications == 1:
        return " (one replication: its spread is not known)"
    if effect.least == effect.most:
        return ""
    if signed(effect.least) == signed(effect.most):
        return " (the same in each replication)"
    error = f"standard error {percent(effect.standard_error)}; " if replications >= FEW else ""
    return f" ({error}{_spread(effect, replications, signed)})"


def _spread(effect: Effect, replications: int, told: Callable[[float], str]) -> str:
    low, high = told(effect.low), told(effect.high)
    if replications < FEW or low == high:
        return f"from {told(effect.least)} to {told(effect.most)} in {replications} replications"
    return f"90 % of replications: {low} to {high}"


def _finite(effect: Effect) -> bool:
    return math.isfinite(effect.mean) and effect.mean != 0.0


def _plain(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _plain(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_plain(value) for value in data]
    if hasattr(data, "isoformat"):
        return data.isoformat()
    return None if isinstance(data, float) and not math.isfinite(data) else data
