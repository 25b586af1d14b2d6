"""Centola & Macy 2007: contagions that need several neighbours."""

from __future__ import annotations

from functools import partial

from sim.theory import centola_macy as theory
from sim.validation import centola_macy as model
from sim.validation.check import Check, but
from sim.validation.expected import Exactly, Near

SOURCE = "Centola & Macy 2007, doi:10.1086/521848"

CHECKS = (
    *(
        Check(
            f"ring of 1,000 with 4 links each, {needed} needed: steps to fill",
            Exactly(steps),
            model.ring_steps,
            {"creators": 1000, "degree": 4, "threshold": needed},
            but("3 needed", threshold=3),
            SOURCE,
            theory=partial(theory.ring_steps, 1000, 4, needed),
        )
        for needed, steps in ((1, 249), (2, 497))
    ),
    Check(
        "1,000 with 4 random links each, 2 needed: participation",
        Near(0.005, 3),
        model.random_regular_size,
        {},
        but("1 needed", threshold=1, runs=50),
        SOURCE,
        fast={"runs": 100},
    ),
)
