"""From and to networkx graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.networks.dealing import deal_by_label, name_labels
from sim.networks.network import WEIGHT_UNIT
from sim.networks.rows import from_entries

if TYPE_CHECKING:
    import networkx
    import numpy as np
    from numpy.typing import NDArray

    from sim.networks.network import Network


def from_networkx(
    graph: networkx.Graph[Any], community: str | None, weight: str | None
) -> dict[str, Any]:
    """Return the fields of the network that a graph stands for."""
    import numpy as np

    nodes = list(graph.nodes)
    code, found = _communities(graph, community)
    order, sizes, names = deal_by_label(code, found, None)
    number = {nodes[place]: i for i, place in enumerate(order)}
    ends = np.array([(number[a], number[b]) for a, b in graph.edges()], dtype=np.int32)
    sources, targets = ends.reshape(-1, 2).T
    weights = None if weight is None else _weights(graph, weight)
    directed = bool(graph.is_directed())
    indptr, indices, weights = from_entries(len(nodes), sources, targets, weights, directed)
    return {
        "indptr": indptr,
        "indices": indices,
        "sizes": sizes,
        "names": names,
        "weights": weights,
        "directed": directed,
    }


def to_networkx(network: Network) -> networkx.Graph[Any]:
    """Return the graph of a network."""
    import networkx
    import numpy as np

    n = network.creators
    if network.complete:
        graph = networkx.complete_graph(n)
    else:
        graph = networkx.DiGraph() if network.directed else networkx.Graph()
        graph.add_nodes_from(range(n))
        seen = np.repeat(np.arange(n), np.diff(network.indptr))
        once = np.ones(seen.size, dtype=bool) if network.directed else seen > network.indices
        ends = network.indices[once].tolist(), seen[once].tolist()
        if network.weights is None:
            graph.add_edges_from(zip(*ends, strict=True))
        else:
            weights = (network.weights[once] / WEIGHT_UNIT).tolist()
            graph.add_weighted_edges_from(zip(*ends, weights, strict=True))
    community = np.repeat(network.names, network.sizes).tolist()
    networkx.set_node_attributes(graph, dict(enumerate(community)), "community")
    return graph


def _communities(
    graph: networkx.Graph[Any], community: str | None
) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Return the place of each node's community among the names, and the names."""
    import numpy as np

    if community is None:
        return np.zeros(len(graph), dtype=np.int64), ("everyone",)
    given = dict(graph.nodes(data=community))
    missing = [node for node, label in given.items() if label is None]
    if missing:
        raise InputError(f"network: node {missing[0]!r} has no attribute {community!r}")
    different = list(dict.fromkeys(str(label) for label in given.values()))
    place, names = name_labels(different)
    code = {label: place[i] for i, label in enumerate(different)}
    return np.array([code[str(label)] for label in given.values()], dtype=np.int64), names


def _weights(graph: networkx.Graph[Any], weight: str) -> NDArray[np.int32]:
    import numpy as np

    given = [value for _, _, value in graph.edges(data=weight, default=1)]
    try:
        units = np.rint(np.array(given, dtype=np.float64) * WEIGHT_UNIT)
    except (TypeError, ValueError):
        units = np.full(1, np.nan)
    if not ((units >= 1) & (units < 2**31)).all():
        raise InputError(f"network: attribute {weight!r} must be a number above 0 on every link")
    return units.astype(np.int32)
