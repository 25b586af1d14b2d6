"""Siegel 2009: motivation fed by what others do."""

from __future__ import annotations

from functools import partial

from sim.creators.distributions import Normal
from sim.theory import siegel as theory
from sim.validation import siegel as model
from sim.validation.check import Check, but
from sim.validation.expected import Below, Near

SOURCE = "Siegel 2009, doi:10.1111/j.1540-5907.2008.00361.x"
SD = 0.25

CHECKS = (
    *(
        Check(
            f"motivation Normal({mean}, .25), from {'nobody' if at_first else 'all'}: "
            "participation",
            Near(level, digits),
            model.siegel_level,
            {"mean": mean, "sd": SD, "discouragement": at_first},
            wrong,
            SOURCE,
            "CM",
            theory=partial(theory.equilibrium, Normal(mean, SD), at_first),
        )
        for mean, at_first, level, digits, wrong in (
            (0.55, -1.0, 0.0588, 4, but("from all", discouragement=0.0)),
            (0.55, 0.0, 0.9836, 4, but("from nobody", discouragement=-1.0)),
            (0.60, -1.0, 0.991, 3, but("mean .55", mean=0.55)),
        )
    ),
    Check(
        "mean .55: participation with ties to all, less that with 4",
        Below(0.0),
        model.siegel_more_ties,
        {"few": 4.0, "many": None},
        but("mean .65", mean=0.65),
        SOURCE,
        "CM",
        fast={"runs": 20},
    ),
)
