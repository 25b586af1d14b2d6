"""What each creator's works are worth to a lab, and what a tactic leaves of it."""

from __future__ import annotations

import math

from sim.kernels.compiled import compiled
from sim.kernels.ingest import taken

FULL, LEFT, WORKS, LEFT_WORKS, POISON, GIVEN = 0, 1, 2, 3, 4, 5
"""Rows of what `appraise` writes."""
ROWS = 6


@compiled
def appraise(
    begin, end, clock, terms, kappa, seed, purpose, since, kept, stock, output, effect, worth
):
    """Appraise creators begin, ..., end - 1, contributing and acting from the start.

    Parameters
    ----------
    clock, terms, kept
        As in `sim.kernels.ingest.ingest`, of the creators' one community.
    kappa : float
        Elasticity of a creator's contribution in its number of works.
    since : int32 (n,)
        Zeros: everybody who acts does from the start.
    stock, output : float64 (n,) or (1,)
        Works public at the start, and made per step.
    effect : float64 (6,)
        Past kept, new kept, past given, new given, poisoned, needs compliance.
    worth : float64 (6, n), written
        Effective data when contributing, and what the lab has of them when the creator acts;
        works in both cases; effective data poisoned, and given to the lab.
    """
    receives = terms[4]
    for i in range(begin, end):
        past = stock[i] if stock.size > 1 else stock[0]
        new = (output[i] if output.size > 1 else output[0]) * clock[0]
        usable, poisoned, whole = taken(
            i, past, new, False, effect, clock, terms, seed, purpose, since, kept
        )
        clean = usable - poisoned
        given = effect[2] * past + effect[3] * new if receives else 0.0
        whole = max(whole, given)
        worth[FULL, i] = math.pow(past + new, kappa)
        worth[LEFT, i] = math.pow(whole, kappa) - math.pow(given, kappa)
        worth[WORKS, i] = past + new
        worth[LEFT_WORKS, i] = usable + whole - clean
        worth[POISON, i] = math.pow(poisoned, kappa)
        worth[GIVEN, i] = math.pow(given, kappa)
