"""Epstein 2002: grievance against the risk of sanction."""

from __future__ import annotations

from sim.theory import epstein as theory
from sim.validation import epstein as model
from sim.validation.check import Check, but
from sim.validation.expected import Above, Below, Near

SOURCE = "Epstein 2002, doi:10.1073/pnas.092080199"

CHECKS = (
    Check(
        "probability of a sanction, one sanctioner for each active",
        Near(0.8997, 4),
        model.sanction_probability,
        {"sanction": 1.0, "active": 1},
        but("k = 2", k=2.0),
        SOURCE,
        "CF",
        theory=lambda: float(theory.sanction_probability(1.0, 1.0)),
    ),
    Check(
        "probability of a sanction, one for two",
        Near(0.6834, 4),
        model.sanction_probability,
        {"sanction": 1.0, "active": 2},
        but("the one who decides is not counted", active=1),
        SOURCE,
        "CF",
        theory=lambda: float(theory.sanction_probability(1.0, 2.0)),
    ),
    Check(
        "ratio rounded down: share that ten in 10,000 set off",
        Above(0.9),
        model.spark_size,
        {"whole": True},
        but("the ratio is not rounded", whole=False),
        SOURCE,
        "CF",
        fast={"runs": 4},
    ),
    Check(
        "ratio not rounded: share that ten in 10,000 set off",
        Below(0.01),
        model.spark_size,
        {"whole": False},
        but("the ratio is rounded down", whole=True),
        SOURCE,
        "CF",
        fast={"runs": 4},
    ),
)
