"""A saved run played again, to see of each creator what a result does not keep.

The draws are addressed, so the replay is the run itself; its digest is compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

import sim
from analysis.sample import Sample
from sim.errors import InputError
from sim.tactics import Tactic

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model import DataStrikeModel
    from sim.result import Result

    Floats = NDArray[np.float64]

MOST_WORK = 300_000_000
"""Creators times steps from which a report does without a replay."""


@dataclass(frozen=True, eq=False)
class Replay:
    """What was seen of a run while it was played again.

    Parameters
    ----------
    result : Result
        The run.
    tactics : float64 (steps + 1, communities, tactics)
        Real creators who used each tactic after each step.
    sample : Sample
        Some creators and their links.
    began : int64 (sampled,)
        Step in which each of them first acted; -1 for never.
    stock, degree : float64 (creators,)
        Works at the start, and how many others each sees.
    represents : float64 (creators,)
        Real creators that each stands for.
    ever : bool (creators,)
        Who has acted by the end.
    """

    result: Result
    tactics: Floats
    sample: Sample
    began: NDArray[np.int64]
    stock: Floats
    degree: Floats
    represents: Floats
    ever: NDArray[np.bool_]


def replay(result: Result) -> Replay:
    """Play a run again and return what can be seen meanwhile.

    Raises
    ------
    InputError
        If it comes out otherwise, as another version of the program may play it.
    """
    model = sim.DataStrikeModel(result.scenario, result.seed)
    steps = result.scenario.steps
    first = np.full(int(result.sizes.sum()), -1, dtype=np.int64)
    tactics = np.empty((steps + 1, len(result.communities), len(Tactic)))
    for step in range(steps + 1):
        if step:
            model.step()
        tactics[step] = tactics_of(model)
        first[(first < 0) & column(model, "ever")] = step
    if model.engine.digest != result.state_digest:
        raise InputError(f"seed {result.seed}: played again, the run does not come out the same")
    acted = np.flatnonzero(first >= 0)
    pioneers = acted[np.argsort(first[acted], kind="stable")]
    sample = Sample.of(model.network, pioneers, result.seed)
    stock, degree = (column(model, name).astype(float) for name in ("stock", "degree"))
    represents = np.repeat(result.represents, result.sizes)
    began = first[sample.ids]
    return Replay(result, tactics, sample, began, stock, degree, represents, first >= 0)


def tactics_of(model: DataStrikeModel) -> Floats:
    """Return how many real creators use each tactic now (communities, tactics)."""
    codes, bounds = column(model, "tactic"), model.engine.world.bounds
    communities = model.engine.world.communities
    found = [
        community.represents * np.bincount(codes[begin:end], minlength=len(Tactic))
        for begin, end, community in zip(bounds, bounds[1:], communities, strict=False)
    ]
    return np.array(found)


def column(model: DataStrikeModel, name: str) -> NDArray[Any]:
    """Return one of the creators' columns (creators,)."""
    return np.asarray(model.creators.get(name))
