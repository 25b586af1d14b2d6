"""Oliver, Marwell & Teixeira 1985: paying for a shared good."""

from __future__ import annotations

from functools import partial

from sim.theory import critical_mass as theory
from sim.validation import critical_mass as model
from sim.validation.check import Check, but
from sim.validation.expected import Exactly, Near

SOURCE = "Oliver, Marwell & Teixeira 1985, doi:10.1086/228313"
ACCELERATING, DECELERATING = 2.0, 0.5


def _smallest_start(value: float) -> float:
    """Return the first whole number of creators above the level at which paying is worth it."""
    return float(int(100 * theory.paying_level(value, 1.0, 100)) + 1)


CHECKS = (
    Check(
        "P = R^2, 100 creators, c = 1: value above which the first pays",
        Near(100.0, 4),
        model.value_of_first_payer,
        {"creators": 100},
        but("50 creators", creators=50),
        SOURCE,
        theory=lambda: theory.value_for_first(1.0, 100),
    ),
    Check(
        "the same, v = 100.5: payers",
        Exactly(100),
        model.critical_mass_payers,
        {"value": 100.5},
        but("v = 99.5", value=99.5),
        SOURCE,
        theory=lambda: theory.contributors(100.5, 1.0, 100),
    ),
    *(
        Check(
            f"the same, v = {value:g}: initiators after whom all pay",
            Exactly(fewest),
            model.smallest_start,
            {"value": value},
            but("unit cost 1.2", unit_cost=1.2),
            SOURCE,
            theory=partial(_smallest_start, value),
        )
        for value, fewest in ((2.0, 25), (5.0, 10))
    ),
    Check(
        "P = sqrt(R), v = 1, one at a time: payers before free-riding",
        Exactly(25),
        model.critical_mass_payers,
        {"value": 1.0, "exponent": DECELERATING},
        but("all decide at once", order="simultaneous"),
        SOURCE,
        theory=lambda: theory.contributors(1.0, 1.0, 100, DECELERATING),
    ),
)
