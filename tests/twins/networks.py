"""Growing networks written the obvious way: sets, lists and numpy's generator."""

from __future__ import annotations

import networkx
import numpy as np


def holme_kim(creators: int, links: int, triads: float, seed: int) -> networkx.Graph:
    """Holme & Kim 2002: after a preferential link, further ones close triangles."""
    rng = np.random.default_rng(seed)
    graph = networkx.empty_graph(creators)
    graph.add_edges_from((links, old) for old in range(links))
    ends = [end for link in graph.edges for end in link]
    for newcomer in range(links + 1, creators):
        chosen: list[int] = []
        near = -1
        while len(chosen) < links:
            friends = sorted(set(graph[near]) - set(chosen)) if chosen else []
            if friends and rng.random() < triads:
                chosen.append(friends[rng.integers(len(friends))])
                continue
            picked = near
            while picked in chosen or picked < 0:
                picked = ends[rng.integers(len(ends))]
            near = picked
            chosen.append(near)
        for target in chosen:
            graph.add_edge(newcomer, target)
            ends += [newcomer, target]
    return graph
