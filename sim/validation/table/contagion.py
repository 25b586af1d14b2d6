"""Contagion: SIR and SIS in a well-mixed crowd, SIR on random networks."""

from __future__ import annotations

from functools import partial

from sim.theory import degrees
from sim.theory import epidemics as theory
from sim.validation import contagion as model
from sim.validation.check import Check, but
from sim.validation.expected import Above, Below, Near

MIXED = "Kermack & McKendrick 1927, doi:10.1098/rspa.1927.0118"
NETWORKS = "Newman 2002, doi:10.1103/PhysRevE.66.016128"
CROWD = 40_000
DEGREES = degrees.power_law(2.5, 2, 30)
FEW = {"creators": 20_000, "initiators": 10}


def _size(transmissibility: float) -> float:
    return theory.outbreak_size(DEGREES, transmissibility)


def _endemic(gamma: float) -> float:
    return theory.endemic(2.0 * gamma / CROWD, gamma, CROWD).value


CHECKS = (
    *(
        Check(
            f"well-mixed SIR, R0 = {reproduction}: share that has acted",
            Near(size, 4, 3e-4, "initiators"),
            model.sir_final_size,
            {"reproduction": reproduction},
            but(f"R0 = {other}", reproduction=other),
            MIXED,
            theory=partial(theory.final_size, reproduction),
            fast={"creators": 20_000, "initiators": 10, "gamma": 0.5},
        )
        for reproduction, size, other in ((2.0, 0.7968, 1.8), (1.5, 0.5828, 1.8))
    ),
    *(
        Check(
            f"well-mixed SIS, R0 = 2, gamma = {gamma}: participation",
            Near(level, 3),
            model.sis_level,
            {"reproduction": 2.0, "gamma": gamma},
            but("small steps: 1 - 1/R0", gamma=0.02, steps=2000, runs=2),
            MIXED,
            theory=partial(_endemic, gamma),
            fast={"creators": 10_000},
        )
        for gamma, level in ((0.1, 0.476), (0.5, 0.395))
    ),
    Check(
        "SIR on power-law degrees, T = .15 < .1705: share that has acted",
        Below(0.02),
        model.outbreak_share,
        {"transmissibility": 0.15},
        but("T = .25", transmissibility=0.25),
        NETWORKS,
        theory=partial(_size, 0.15),
        fast=FEW,
    ),
    Check(
        "the same, T = .25 > .1705",
        Above(0.05),
        model.outbreak_share,
        {"transmissibility": 0.25},
        but("T = .15", transmissibility=0.15),
        NETWORKS,
        theory=partial(_size, 0.25),
        fast=FEW,
    ),
    Check(
        "the same, T = .3",
        Near(0.3532, 4, 0.002, "initiators"),
        model.outbreak_share,
        {"transmissibility": 0.3},
        but("T = .25", transmissibility=0.25),
        NETWORKS,
        theory=partial(_size, 0.3),
        fast=FEW,
    ),
)
