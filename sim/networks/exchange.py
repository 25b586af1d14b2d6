"""From and to networkx graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx

    from sim.networks.network import Network


def from_networkx(
    graph: networkx.Graph[Any], community: str | None, weight: str | None
) -> dict[str, Any]:
    """Return the fields of the network that a graph stands for."""
    import numpy as np

    from sim.networks.dealing import deal_by_label, name_of
    from sim.networks.rows import from_links

    nodes = list(graph.nodes)
    labels = ["everyone"] * len(nodes)
    if community is not None:
        labels = [name_of(str(graph.nodes[node][community])) for node in nodes]
    order, sizes, names = deal_by_label(np.array(labels), None)
    number = {nodes[place]: i for i, place in enumerate(order)}
    links = np.array([(number[a], number[b]) for a, b in graph.edges()], dtype=np.int32)
    sources, targets = links.reshape(-1, 2).T.copy()
    indptr, indices = from_links(len(nodes), sources, targets)
    return {"indptr": indptr, "indices": indices, "sizes": sizes, "names": names}


def to_networkx(network: Network) -> networkx.Graph[Any]:
    """Return the graph of a network."""
    import networkx
    import numpy as np

    if network.complete:
        graph = networkx.complete_graph(network.creators)
    else:
        graph = networkx.Graph()
        graph.add_nodes_from(range(network.creators))
        rows = np.repeat(np.arange(network.creators), np.diff(network.indptr))
        once = rows < network.indices
        graph.add_edges_from(zip(rows[once].tolist(), network.indices[once].tolist(), strict=True))
    community = np.repeat(network.names, network.sizes).tolist()
    networkx.set_node_attributes(graph, dict(enumerate(community)), "community")
    return graph
