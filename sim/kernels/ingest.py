"""What a lab can crawl: one pass over the creators, in fixed order."""

from __future__ import annotations

import math

import numpy as np

from sim.kernels.compiled import compiled
from sim.kernels.philox import uniform

LIVE, RAW, POISON, GIVEN, SOUGHT, HELD = 0, 1, 2, 3, 4, 5
"""Rows of the totals: effective data, works, poison, given to a rival, works that creators who
act want out, works of theirs that are out."""


@compiled
def ingest(begin, end, clock, terms, kappa, seed, purpose, crowd, stock, output, effects, totals):
    """Add up what creators begin, ..., end - 1 supply to one lab.

    Parameters
    ----------
    clock : tuple of int
        Step of the crawl, and the last step in which a request counts for this freeze.
    terms : tuple
        Compliance (probability), reach (share), number of the lab.
    kappa : float
        Elasticity of a creator's contribution in its number of works.
    crowd : tuple of arrays
        tactic, flags, since, community; see `sim.kernels.crowd.change`.
    stock, output : float64 (n,) or (1,)
        Works public at the start, and made per step.
    effects : float64 (tactics, 6)
        Past kept, new kept, past given, new given, poisoned, needs compliance.
    totals : float64 (6,), written
        Sums in the order of the constants above.
    """
    now, filed_by = clock
    compliance, reach, lab = terms
    tactic, _, since, _ = crowd
    for i in range(begin, end):
        first = stock[i] if stock.size > 1 else stock[0]
        rate = output[i] if output.size > 1 else output[0]
        made = first + rate * now
        code = tactic[i]
        if code == 0:
            totals[LIVE] += math.pow(made, kappa)
            totals[RAW] += made
            continue
        past = first + rate * since[i]
        new = made - past
        past_kept, new_kept = effects[code, 0], effects[code, 1]
        asked = past * (1.0 - past_kept) + new * (1.0 - new_kept)
        if effects[code, 5] > 0.0:
            covered = 0.0
            if since[i] <= filed_by and uniform(seed, purpose, lab, i, 0) < compliance:
                covered = reach
            past_kept = 1.0 - covered * (1.0 - past_kept)
            new_kept = 1.0 - covered * (1.0 - new_kept)
        poisoned = effects[code, 4] * new_kept * new
        usable = past_kept * past + new_kept * new
        totals[LIVE] += math.pow(usable - poisoned, kappa)
        totals[RAW] += usable
        totals[POISON] += math.pow(poisoned, kappa)
        given = effects[code, 2] * past + effects[code, 3] * new
        totals[GIVEN] += math.pow(given, kappa)
        totals[SOUGHT] += asked
        totals[HELD] += made - usable


@compiled
def works(begin, end, now, kappa, stock, output):
    """Return the works of creators begin, ..., end - 1 and their effective sum."""
    total = 0.0
    effective = 0.0
    for i in range(begin, end):
        made = (stock[i] if stock.size > 1 else stock[0]) + (
            output[i] if output.size > 1 else output[0]
        ) * now
        total += made
        effective += math.pow(made, kappa)
    return np.float64(total), np.float64(effective)
