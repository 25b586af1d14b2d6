"""Rows of several networks laid over each other."""

from __future__ import annotations

from sim.kernels.compiled import compiled


@compiled
def unite(indptr, indices, weights, rows_a, ends_a, weights_a, rows_b, ends_b, weights_b):
    """Write the sorted rows of two networks as those of one; weights of a shared link add up.

    Returns the number of entries.  Without room (``indices`` of size 0) they are only counted.
    """
    at = 0
    for i in range(indptr.size - 1):
        a, b = rows_a[i], rows_b[i]
        last_a, last_b = rows_a[i + 1], rows_b[i + 1]
        while a < last_a or b < last_b:
            from_a = b == last_b or (a < last_a and ends_a[a] <= ends_b[b])
            from_b = a == last_a or (b < last_b and ends_b[b] <= ends_a[a])
            if indices.size:
                indices[at] = ends_a[a] if from_a else ends_b[b]
                weights[at] = (weights_a[a] if from_a else 0) + (weights_b[b] if from_b else 0)
            a += from_a
            b += from_b
            at += 1
        indptr[i + 1] = at
    return at
