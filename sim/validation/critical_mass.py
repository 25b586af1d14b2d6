"""Paying for a shared good (Oliver, Marwell & Teixeira 1985).

N identical creators can each give 1/N at unit cost c; the good P(R) = R**a is worth v P(R) to
each.
"""

from __future__ import annotations

import math
from typing import Literal

from sim.creators.seeds import Seeds
from sim.decisions.critical_mass import CriticalMass
from sim.scenario import Revision
from sim.validation.worlds import crowd, final_share

Order = Literal["simultaneous", "one_by_one"]


def critical_mass_payers(
    value: float,
    unit_cost: float = 1.0,
    creators: int = 100,
    exponent: float = 2.0,
    initiators: int = 0,
    order: Order = "one_by_one",
) -> int:
    """Return how many creators pay in the end.

    Parameters
    ----------
    value : float
        Value v of the whole good to each creator (utility).
    unit_cost : float
        Cost c of giving 1 (utility).
    creators : int
        Number N of creators.
    exponent : float
        Exponent a of the good: 2 is accelerating, 1/2 decelerating.
    initiators : int
        Creators who have paid from the start.
    order : {"one_by_one", "simultaneous"}
        Whether each sees what those before it paid, or all decide at once.
    """
    scenario = crowd(
        creators,
        CriticalMass(exponent),
        seeds=Seeds(count=initiators),
        cost=unit_cost / creators,
        traits={"interest": value},
    )
    return round(final_share(scenario.replace(revision=Revision(order))) * creators)


def value_of_first_payer(
    unit_cost: float = 1.0, creators: int = 100, exponent: float = 2.0, halvings: int = 40
) -> float:
    """Return the value v above which somebody pays first, found by bisection.

    See `critical_mass_payers` for the parameters.
    """
    low, high = 0.0, 10.0 * unit_cost * max(1.0, math.pow(creators, exponent - 1.0))
    for _ in range(halvings):
        middle = (low + high) / 2.0
        if critical_mass_payers(middle, unit_cost, creators, exponent):
            high = middle
        else:
            low = middle
    return (low + high) / 2.0


def smallest_start(
    value: float, unit_cost: float = 1.0, creators: int = 100, exponent: float = 2.0
) -> int | None:
    """Return the fewest initiators after whom everybody pays, or None if not even all but one.

    See `critical_mass_payers` for the parameters.
    """
    for initiators in range(creators):
        if critical_mass_payers(value, unit_cost, creators, exponent, initiators) == creators:
            return initiators
    return None
