"""From a list of links to rows."""

from __future__ import annotations

from sim.kernels.compiled import compiled


@compiled
def count_links(indptr, sources, targets):
    """Add the degrees of links ``sources[e]``-``targets[e]``, loops left out."""
    for e in range(sources.size):
        if sources[e] != targets[e]:
            indptr[sources[e] + 1] += 1
            indptr[targets[e] + 1] += 1


@compiled
def fill_links(indptr, indices, sources, targets):
    """Write links ``sources[e]``-``targets[e]`` into both rows, loops left out."""
    for e in range(sources.size):
        i, j = sources[e], targets[e]
        if i != j:
            indices[indptr[i + 1]] = j
            indptr[i + 1] += 1
            indices[indptr[j + 1]] = i
            indptr[j + 1] += 1
