"""A few creators and the links between them, to be looked at: others are too many to draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.networks.network import Network

    Ids = NDArray[np.int64]
    Floats = NDArray[np.float64]

MOST = 250
"""Creators in a sample."""
STARTS = 25
"""Creators from whom a sample begins."""
PER_CREATOR = 12
"""Links of one creator that are followed, so that a hub does not fill the sample."""


@dataclass(frozen=True, eq=False)
class Sample:
    """Some creators of a network.

    Parameters
    ----------
    ids : int64 (k,)
        Who, in ascending order.
    links : int64 (links, 2)
        Pairs of places in ``ids``.
    at : float64 (k, 2)
        Where each is drawn.
    """

    ids: Ids
    links: Ids
    at: Floats

    @classmethod
    def of(cls, network: Network, begin: Ids, seed: int, most: int = MOST) -> Sample:
        """Return those nearest, by links, to the first of some creators, or to random ones.

        A snowball (Goodman 1961, doi:10.1214/aoms/1177705148), drawn by the method of
        Fruchterman & Reingold 1991, doi:10.1002/spe.4380211102; where everyone sees everyone,
        the others are random ones, on a spiral.
        """
        generator = np.random.default_rng(seed)
        first = (begin if begin.size else generator.permutation(network.creators))[:most]
        if network.complete:
            rest = generator.permutation(network.creators)[:most]
            chosen = dict.fromkeys([*first[:STARTS].tolist(), *rest.tolist()])
            ids = np.sort(list(chosen)[:most])
            return cls(ids, np.empty((0, 2), dtype=np.int64), _spiral(ids.size))
        ids = np.sort(_snowball(network, first, generator, most))
        links = _links(network, ids)
        return cls(ids, links, _spread(ids.size, links, seed))


def _snowball(
    network: Network, first: Ids, generator: np.random.Generator, most: int
) -> NDArray[np.int64]:
    """Go from creator to creator, the first of them first; begin anew where no links lead on."""
    found: dict[int, None] = {}
    starts = iter([*first.tolist(), *generator.integers(network.creators, size=most).tolist()])
    waiting: list[int] = first[:STARTS].tolist()
    while len(found) < min(most, network.creators):
        if not waiting:
            start = next(starts, None)
            if start is None:
                break
            waiting.append(start)
        creator = waiting.pop(0)
        if creator in found:
            continue
        found[creator] = None
        others = network.neighbours(creator)
        chosen = generator.choice(others, size=min(PER_CREATOR, others.size), replace=False)
        waiting += [int(each) for each in chosen]
    return np.array(list(found), dtype=np.int64)


def _links(network: Network, ids: Ids) -> NDArray[np.int64]:
    """Return the links among some creators, each once, as places in their list."""
    pairs = []
    for place, creator in enumerate(ids.tolist()):
        others = network.neighbours(creator)
        where = np.searchsorted(ids, others)
        inside = where[(where < ids.size) & (ids[where.clip(max=ids.size - 1)] == others)]
        pairs += [(place, int(other)) for other in inside if place < other or network.directed]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _spread(size: int, links: Ids, seed: int) -> Floats:
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(range(size))
    graph.add_edges_from(links.tolist())
    place = networkx.spring_layout(graph, seed=seed, iterations=60)
    return np.array([place[i] for i in range(size)]).reshape(-1, 2)


def _spiral(size: int) -> Floats:
    """Return places that fill a disc evenly (Vogel 1979, doi:10.1016/0025-5564(79)90080-4)."""
    number = np.arange(size)
    turn = number * np.pi * (3.0 - np.sqrt(5.0))
    far = np.sqrt((number + 0.5) / max(1, size))
    return np.stack((far * np.cos(turn), far * np.sin(turn)), axis=1)
