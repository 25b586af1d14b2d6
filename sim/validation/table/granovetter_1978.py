"""Granovetter 1978: thresholds in a crowd where everybody sees everybody."""

from __future__ import annotations

from functools import partial

import numpy as np

from sim.creators.distributions import Normal
from sim.theory import granovetter as theory
from sim.theory.maps import TippingPoint
from sim.validation import granovetter as model
from sim.validation.check import Check, but
from sim.validation.expected import Between, Exactly, Near, Simulated

SOURCE = "Granovetter 1978, doi:10.1086/226707"
CHAIN, BROKEN = tuple(range(100)), (0, 2, *range(2, 100))
FEW = {"runs": 200}


def _tip() -> TippingPoint:
    return theory.tipping_point(lambda sd: Normal(0.25, sd), 0.05, 0.2)


CHECKS = (
    Check(
        "thresholds 0 to 99: joined",
        Exactly(100),
        model.granovetter_joined,
        {"counts": CHAIN},
        but("the 1 is a 2", counts=BROKEN),
        SOURCE,
        theory=lambda: float(theory.joined(np.array(CHAIN))),
    ),
    Check(
        "the same with the 1 a 2: joined",
        Exactly(1),
        model.granovetter_joined,
        {"counts": BROKEN},
        but("the 1 is a 1", counts=CHAIN),
        SOURCE,
        theory=lambda: float(theory.joined(np.array(BROKEN))),
    ),
    *(
        Check(
            f"thresholds Normal(.25, {sd}): participation",
            Near(level, digits, 2e-5, "a million creators resolve 2e-5"),
            model.granovetter_level,
            {"sd": sd},
            but(f"sd {other}", sd=other),
            SOURCE,
            theory=partial(theory.equilibrium, Normal(0.25, sd)),
        )
        for sd, level, digits, other in (
            (0.12, 0.0402, 4, 0.121),
            (0.122, 0.0548, 4, 0.121),
            (0.1225, 1.0, 3, 0.122),
        )
    ),
    Check(
        "thresholds Normal(.25, sd): sd at which the crowd tips",
        Near(0.12222, 5, 3e-6, "100,000 creators resolve 3e-6"),
        model.granovetter_fold,
        {"low": 0.11, "high": 0.13, "halvings": 14},
        but("mean .26", mean=0.26),
        SOURCE,
        theory=lambda: _tip().parameter,
    ),
    Check(
        "participation just before it tips",
        Near(0.0620, 4, 6e-4, "a million creators resolve 6e-4"),
        model.granovetter_level,
        {"sd": 0.12222},
        but("sd .122", sd=0.122),
        SOURCE,
        theory=lambda: _tip().before,
    ),
    *(
        Check(
            f"100 creators, sd {sd}: runs with 90 joiners or more",
            Simulated(share, 2),
            model.granovetter_share,
            {"sd": sd},
            but(f"sd {other}", sd=other, runs=200),
            SOURCE,
            fast=FEW,
        )
        for sd, share, other in (
            (0.12, 0.16, 0.13),
            (0.122, 0.20, 0.15),
            (0.13, 0.38, 0.12),
            (0.15, 0.80, 0.13),
            (0.20, 1.00, 0.15),
        )
    ),
    Check(
        "100 creators, sd .122: joined on average",
        Between(22.2, 22.6),
        model.granovetter_mean,
        {"sd": 0.122},
        but("sd .15", sd=0.15, runs=200),
        SOURCE,
        fast=FEW,
    ),
    Check(
        "100 creators, sd .122: joined in the middle run",
        Exactly(3),
        model.granovetter_median,
        {"sd": 0.122},
        but("sd .15", sd=0.15, runs=200),
        SOURCE,
        fast=FEW,
    ),
)
