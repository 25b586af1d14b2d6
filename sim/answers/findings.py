"""X, Y and Z in numbers: what a group of size X did to model Y.

X is the group that formed and what it kept back, Y the model and what is assumed about its
lab, Z what the model lost beside the same world without the action, at the same round.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.answers.institutions import asked
from sim.capability.responses import FREE
from sim.runs.comparison import Comparison, Effect, share_missing

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from sim.result import LabRecord, Result

    Floats = NDArray[np.float64]

BESIDE = ("none", "best")
"""What is reported beside the lab's own response: nothing, and its best that costs no money."""


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
    """The training round reported; see `sim.runs.comparison.Comparison.newest`."""
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
    """Share of all data that is missing in effect; see `sim.runs.comparison.share_missing`."""
    loss_if: dict[str, Effect]
    """Change of the loss if the lab did nothing, and under its best response without payment."""
    best: str
    """Which response that is, in most replications."""
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


def _withheld(run: Result) -> float:
    counts = run.withheld_counts
    return 0.0 if counts is None else float(counts[-1] @ run.represents)


def _pairs(comparison: Comparison, lab: str) -> list[tuple[LabRecord, LabRecord]]:
    """Return a lab's records with and without action, of replications in which it trained."""
    pairs = zip(comparison.action, comparison.counterfactual, strict=True)
    records = ((acted.labs[lab], left.labs[lab]) for acted, left in pairs)
    return [pair for pair in records if all(record.columns["step"] for record in pair)]


@dataclass(frozen=True)
class _Newest:
    """Measures of a lab's newest models, with and without action."""

    pairs: list[tuple[LabRecord, LabRecord]]
    at: int

    def __call__(self, measure: str) -> tuple[Floats, Floats]:
        rows = [[each.columns[measure][self.at] for each in pair] for pair in self.pairs]
        acted, left = np.array(rows).T
        return acted, left

    def change(self, measure: str) -> Effect:
        """Return the change of a measure."""
        acted, left = self(measure)
        # without any data a loss has no bound, with the action or without: no change is known
        with np.errstate(invalid="ignore"):
            return Effect.of(acted - left)


def _model(comparison: Comparison, lab: str) -> Model:
    pairs, at = _pairs(comparison, lab), comparison.newest(lab)
    record = pairs[0][0]
    newest = _Newest(pairs, at)
    change = newest.change
    others = [name for name in BESIDE if f"loss_if.{name}" in record.columns]
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
        best=_commonest(newest("best_response")[0]) if "best" in others else "",
        hurt=hurt,
        hurt_loss=change(f"loss.{hurt}" if hurt else "loss"),
    )


def _commonest(responses: Floats) -> str:
    return FREE[int(np.bincount(responses.astype(np.int64)).argmax())]


def _domains(record: LabRecord) -> list[str]:
    names = (name.partition(".") for name in record.columns)
    return [community for kind, _, community in names if kind == "loss" and community]


def _plain(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _plain(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_plain(value) for value in data]
    if hasattr(data, "isoformat"):
        return data.isoformat()
    return None if isinstance(data, float) and not math.isfinite(data) else data
