"""Conditional pledges beside thresholds: what a promise to act only together can do."""

from __future__ import annotations

from sim.creators.distributions import Normal
from sim.theory import conditional_pledge as theory
from sim.theory import granovetter
from sim.validation import conditional_pledge as model
from sim.validation.check import Check, but
from sim.validation.expected import Exactly, Near

SOURCE = "Bagnoli & Lipman 1989, doi:10.2307/2297503"
SIZES = (0, 2, *range(2, 100))
SPREAD = Normal(0.25, 0.12)

CHECKS = (
    Check(
        "sizes 0, 2, 2, 3, ..., 99: pledges that bind",
        Exactly(100),
        model.pledges_bound,
        {"sizes": SIZES},
        but("thresholds instead of pledges", pledged=False),
        SOURCE,
        theory=lambda: float(theory.bound(SIZES)),
    ),
    Check(
        "the same as thresholds: joined",
        Exactly(1),
        model.pledges_bound,
        {"sizes": SIZES, "pledged": False},
        but("pledges instead of thresholds", pledged=True),
        SOURCE,
        theory=lambda: float(granovetter.joined(SIZES)),
    ),
    Check(
        "sizes Normal(.25, .12): participation with pledges",
        Near(1.0, 3),
        model.pledge_level,
        {"mean": 0.25, "sd": 0.12},
        but("thresholds instead of pledges", pledged=False),
        SOURCE,
        theory=lambda: theory.equilibrium(SPREAD),
    ),
    Check(
        "the same as thresholds: participation",
        Near(0.0402, 4, 2e-5, "a million creators resolve 2e-5"),
        model.pledge_level,
        {"mean": 0.25, "sd": 0.12, "pledged": False},
        but("pledges instead of thresholds", pledged=True),
        SOURCE,
        theory=lambda: granovetter.equilibrium(SPREAD),
    ),
)
