"""X, Y and Z in plain words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.answers.findings import answer
from sim.answers.institutions import outcomes
from sim.words.numbers import count, listed, ordinal, percent, signed, times, whose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sim.answers.findings import Answer, Group, Model
    from sim.runs.comparison import Comparison, Effect

RESPONSES = {
    "none": "doing nothing",
    "repeat_uniform": "repeating what is left",
    "repeat_own": "repeating what is left of each community",
    "reweight": "weighting communities anew",
    "license": "buying data",
    "synthetic": "making up data",
}
"""What a lab does about lost data."""

NOTICEABLE = 0.01
"""Share of the loss by which trainings differ that differ only in their random seed.

About 0.02 nats of 2 for language models (Kaplan et al. 2020, arXiv:2001.08361, section 4.2).
"""

CHANCE = (
    " Spread here is chance between replications only; `datastrike leverage` draws the "
    "surrogate's constants too."
)
"""What the spread of an answer leaves out."""

FEW = 10
"""Replications below which the whole range is told, since too few for a band of 90 %."""

SEVERAL = 1.0
"""Change of loss or data from which it is told as a multiple, not as a percentage."""


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
    plain = RESPONSES.get(model.response, f"the response {model.response}")
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
    return f"Z: {'; '.join([_change(model, than), *_hurt(model), *_otherwise(model)])}."


def _otherwise(model: Model) -> Iterator[str]:
    """Yield what the change would be if the lab did nothing, and if it answered best."""
    told = {name: each for name, each in model.loss_if.items() if math.isfinite(each.mean)}
    if "none" in told and model.response != "none" and abs(told["none"].mean) < SEVERAL:
        yield f"had it done nothing, the change would be {signed(told['none'].mean)}"
    if "best" not in told or abs(told["best"].mean) >= SEVERAL:
        return
    if model.best == model.response:
        if model.loss.mean != 0.0:
            yield "no response that costs it no money does better"
        return
    yield (
        f"at its best without paying for data, by {RESPONSES[model.best]}, the change would be "
        f"{signed(told['best'].mean)}"
    )


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
