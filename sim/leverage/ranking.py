"""In which order creators join a group whose leverage is asked for."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from sim.capability.supply import Supply
from sim.errors import InputError
from sim.purposes import INITIATORS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.leverage.portfolio import Portfolio

By = Literal["random", "community", "largest", "hubs", "greedy"]
BATCHES = 200
"""Groups of creators between which a greedy choice looks again at what hurts most."""


def ranked(portfolio: Portfolio, by: By) -> NDArray[np.int64]:
    """Return the creators in the order in which they join (creators,).

    ``random``: at random; ``largest``: by what they take away, or give; ``hubs``: by their links;
    ``community``: one community after the other, the one that hurts its lab most first, at
    random within; ``greedy``: always those who hurt most per creator next.  A lab that is given
    works is not hurt: there most is what helps most.
    """
    if by not in get_args(By):
        raise InputError(f"by: expected one of {', '.join(get_args(By))}, got {by!r}")
    ties = portfolio.world.uniform(0, INITIATORS)
    if by == "random":
        return np.argsort(ties, kind="stable")
    if by == "hubs":
        return np.lexsort((ties, -portfolio.world.network.degree))
    if by == "community":
        place = np.empty(len(portfolio.world.communities), dtype=np.int64)
        place[np.argsort(-_harm_of_each(portfolio), kind="stable")] = np.arange(place.size)
        return np.lexsort((ties, place[portfolio.community]))
    per_creator = np.abs(portfolio.taken) / portfolio.represents
    if by == "largest":
        return np.lexsort((ties, -per_creator))
    return _greedy(portfolio, per_creator, ties)


def _harm_of_each(portfolio: Portfolio) -> NDArray[np.float64]:
    """Return how far each whole community's acting moves the loss (communities,)."""
    everybody = np.arange(portfolio.world.size)
    both = portfolio.case(everybody, np.array([0, everybody.size]))
    alone = np.eye(_count(portfolio), dtype=bool)

    def leaving(rows: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.where(alone, rows[1], rows[0]))

    parts = {name: leaving(getattr(both.supply, name)) for name in Supply.__dataclass_fields__}
    case = dataclasses.replace(both, supply=Supply(**parts), unserved=leaving(both.unserved))
    harm: NDArray[np.float64] = case.measured(portfolio.surrogate, only="loss")["loss"]
    return harm if portfolio.corpus.lab.crawls else -harm


def _greedy(
    portfolio: Portfolio, per_creator: NDArray[np.float64], ties: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Take the next batch from the community where its most effective creators hurt most."""
    batches = [
        _batches(portfolio, number, per_creator, ties) for number in range(_count(portfolio))
    ]
    live = portfolio.everyone.live.flatten()
    harm = _Harm(portfolio)
    at = [0] * len(batches)
    chosen = []
    while open_ones := [j for j, queue in enumerate(batches) if at[j] < len(queue)]:
        best, *others = open_ones
        if others:
            gains = harm.of(live, [(j, *batches[j][at[j]][1:]) for j in open_ones])
            best = open_ones[int(np.argmax(gains))]
        members, taken, _ = batches[best][at[best]]
        chosen.append(members)
        live[best] -= taken
        at[best] += 1
    return np.concatenate(chosen)


Batch = tuple["NDArray[np.int64]", float, float]


def _count(portfolio: Portfolio) -> int:
    return len(portfolio.world.communities)


def _batches(
    portfolio: Portfolio,
    number: int,
    per_creator: NDArray[np.float64],
    ties: NDArray[np.float64],
) -> list[Batch]:
    """Return a community's creators, most effective first, with what each batch takes away."""
    members = np.flatnonzero(portfolio.community == number)
    members = members[np.lexsort((ties[members], -per_creator[members]))]
    size = max(1, portfolio.world.size // BATCHES)
    parts = [members[first : first + size] for first in range(0, members.size, size)]
    return [
        (part, float(portfolio.taken[part].sum()), float(portfolio.represents[part].sum()))
        for part in parts
    ]


class _Harm:
    """How much loss rises per creator when a batch of some community leaves next."""

    def __init__(self, portfolio: Portfolio) -> None:
        self.surrogate, self.full = portfolio.surrogate, portfolio.corpus.full
        self.legacy = portfolio.corpus.legacy

    def of(
        self, live: NDArray[np.float64], candidates: list[tuple[int, float, float]]
    ) -> list[float]:
        alone = np.eye(live.size)
        cases = np.array([live, *(live - taken * alone[j] for j, taken, _ in candidates)])
        supply = Supply.of(np.maximum(cases, 0.0), legacy=np.broadcast_to(self.legacy, cases.shape))
        now, *then = self.surrogate.evaluate(supply, self.full, "none").overall_loss.tolist()
        if math.isinf(now):  # whoever comes first helps: then the least loss is best
            return [-loss for loss in then]
        return [
            abs(loss - now) / creators
            for loss, (_, _, creators) in zip(then, candidates, strict=True)
        ]
