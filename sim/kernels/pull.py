"""What moves a creator's utility of acting beside its own columns."""

from __future__ import annotations

from sim.kernels.compiled import inlined


@inlined
def pulled(i, step, tactic, since, pull):
    """Return the net pull on creator i (utility).

    Parameters
    ----------
    pull : tuple
        shift float64 (groups,), share of the own cost that is taken off float64 (groups,), cost
        of each step active, group of each creator uint16 (n,) or (0,), cost float64 (n,) or (1,).
    """
    shift, relief, fatigue, group, cost = pull
    g = group[i] if group.size > 0 else 0
    utility = shift[g] + relief[g] * (cost[i] if cost.size > 1 else cost[0])
    if fatigue > 0.0 and tactic[i] != 0:
        utility -= fatigue * (step - since[i])
    return utility
