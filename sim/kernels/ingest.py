"""What a lab can crawl: one pass over the creators, in fixed order."""

from __future__ import annotations

import math

import numpy as np

from sim.kernels.compiled import compiled, inlined
from sim.kernels.crowd import WITHHELD
from sim.kernels.philox import uniform

LIVE, RAW, POISON, GIVEN, SOUGHT, HELD, DONATED, POISONED = 0, 1, 2, 3, 4, 5, 6, 7
"""Rows of the totals: effective data, works, poison, given to a rival, works that creators who
act want out, works that are out, given to this lab, poisoned works."""
TOTALS = 8


@compiled
def ingest(
    begin, end, clock, terms, kappa, seed, purpose, crowd, kept, stock, output, effects, used,
    totals,
):  # fmt: skip
    """Add up what creators begin, ..., end - 1 supply to one lab.

    Parameters
    ----------
    clock : tuple of int
        Step of the crawl, and the last step in which a request counts for this freeze.
    terms : tuple
        Compliance (probability), reach (share), number of the lab, whether it crawls, and in
        which communities it is the rival that works are given to, bool.
    kappa : float
        Elasticity of a creator's contribution in its number of works.
    crowd : tuple of arrays
        tactic, flags, since, community; see `sim.kernels.crowd.change`.
    kept : tuple of arrays
        Step in which each creator's works were last withheld by a default or the law, int32
        (n,) or (0,); works in the lab's snapshot, float64 (n,) or (0,), written.
    stock, output : float64 (n,) or (1,)
        Works public at the start, and made per step.
    effects : float64 (tactics, 6)
        Past kept, new kept, past given, new given, poisoned, needs compliance.
    used : float64 (n,) or (0,), written
        Works of each creator that the lab uses.
    totals : float64 (8,), written
        Sums in the order of the constants above.
    """
    now, _ = clock
    crawls, receives = terms[3:]
    tactic, flags, since, _ = crowd
    withheld_since, snapshot = kept
    for i in range(begin, end):
        first = stock[i] if stock.size > 1 else stock[0]
        rate = output[i] if output.size > 1 else output[0]
        made = first + rate * now
        code = tactic[i]
        barred = withheld_since.size > 0 and flags[i] & WITHHELD != 0
        if code == 0 and crawls and not barred and snapshot.size == 0:
            totals[LIVE] += math.pow(made, kappa)
            totals[RAW] += made
            if used.size > 0:
                used[i] = made
            continue
        past = first + rate * since[i] if code != 0 else made
        effect = effects[code]
        usable, poisoned, whole = taken(
            i, past, made - past, barred, effect, clock, terms, seed, purpose, since, kept
        )
        clean = usable - poisoned
        given = effect[2] * past + effect[3] * (made - past)
        if receives and given > 0.0:
            whole = max(whole, given)
            totals[LIVE] += math.pow(whole, kappa) - math.pow(given, kappa)
            totals[DONATED] += math.pow(given, kappa)
        else:
            totals[LIVE] += math.pow(whole, kappa)
        usable += whole - clean
        totals[RAW] += usable
        totals[POISON] += math.pow(poisoned, kappa)
        totals[POISONED] += poisoned
        totals[GIVEN] += math.pow(given, kappa)
        totals[SOUGHT] += past * (1.0 - effect[0]) + (made - past) * (1.0 - effect[1])
        totals[HELD] += made - usable
        if used.size > 0:
            used[i] = usable


@inlined
def taken(i, past, new, barred, effect, clock, terms, seed, purpose, since, kept):
    """Return what a lab takes of creator i's works: all, poisoned, unpoisoned with its snapshot.

    The snapshot (float64 (n,) or (0,), written) keeps what could once be crawled.
    """
    compliance, reach, lab, crawls, _ = terms
    withheld_since, snapshot = kept
    past_kept, new_kept = effect[0], effect[1]
    public = past_kept * past + new_kept * new - effect[4] * new_kept * new
    requested = effect[5] > 0.0
    filed = requested and since[i] <= clock[1]
    barred = barred and withheld_since[i] <= clock[1]
    covered = 0.0
    if (filed or barred) and uniform(seed, purpose, lab, i, 0) < compliance:
        covered = reach
    if requested:
        public = past + new - effect[4] * new
        covers = covered if filed else 0.0
        past_kept = 1.0 - covers * (1.0 - past_kept)
        new_kept = 1.0 - covers * (1.0 - new_kept)
    if barred:
        past_kept = min(past_kept, 1.0 - covered)
        new_kept = min(new_kept, 1.0 - covered)
    poisoned = effect[4] * new_kept * new
    usable = past_kept * past + new_kept * new
    if not crawls:
        poisoned, usable = 0.0, 0.0
    whole = usable - poisoned
    if snapshot.size > 0:
        snapshot[i] = max(snapshot[i], public)
        if not requested:
            whole = max(whole, snapshot[i] * (1.0 - covered))
    return usable, poisoned, whole


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
