"""What each creator's works are worth to a lab, and what a tactic leaves of it."""

from __future__ import annotations

import math

from sim.kernels.compiled import compiled
from sim.kernels.philox import uniform

FULL, LEFT, WORKS, LEFT_WORKS, POISON = 0, 1, 2, 3, 4
"""Rows of what `appraise` writes."""


@compiled
def appraise(now, terms, kappa, seed, purpose, stock, output, effect, worth):
    """Appraise every creator, contributing and acting from the start.

    Parameters
    ----------
    now : int
        Step of the crawl.
    terms : tuple
        Compliance (probability), reach (share), number of the lab.
    kappa : float
        Elasticity of a creator's contribution in its number of works.
    stock, output : float64 (n,) or (1,)
        Works public at the start, and made per step.
    effect : float64 (6,)
        Past kept, new kept, past given, new given, poisoned, needs compliance.
    worth : float64 (5, n), written
        Effective data when contributing and when acting, works in both cases, and poison.
    """
    compliance, reach, lab = terms
    for i in range(worth.shape[1]):
        past = stock[i] if stock.size > 1 else stock[0]
        new = (output[i] if output.size > 1 else output[0]) * now
        past_kept, new_kept = effect[0], effect[1]
        if effect[5] > 0.0:
            covered = reach if uniform(seed, purpose, lab, i, 0) < compliance else 0.0
            past_kept = 1.0 - covered * (1.0 - past_kept)
            new_kept = 1.0 - covered * (1.0 - new_kept)
        poisoned = effect[4] * new_kept * new
        usable = past_kept * past + new_kept * new
        worth[FULL, i] = math.pow(past + new, kappa)
        worth[LEFT, i] = math.pow(usable - poisoned, kappa)
        worth[WORKS, i] = past + new
        worth[LEFT_WORKS, i] = usable
        worth[POISON, i] = math.pow(poisoned, kappa)
