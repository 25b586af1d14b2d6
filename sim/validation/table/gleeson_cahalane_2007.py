"""Gleeson & Cahalane 2007: thresholds on random networks, from a share of initiators."""

from __future__ import annotations

from functools import partial

from sim.theory import degrees
from sim.theory import gleeson_cahalane as theory
from sim.validation import gleeson_cahalane as model
from sim.validation.check import Check, but
from sim.validation.expected import Near

SOURCE = "Gleeson & Cahalane 2007, doi:10.1103/PhysRevE.75.056103"

CHECKS = tuple(
    Check(
        f"threshold .18, .1 % initiators, mean degree {z}: participation",
        Near(size, digits),
        model.gleeson_cahalane_size,
        {"mean_degree": z},
        but(f"threshold {other}", threshold=other),
        SOURCE,
        theory=partial(theory.final_size, degrees.poisson(z), 0.18, 0.001),
        fast={"creators": 50_000, "runs": 10},
    )
    for z, size, digits, other in ((2.0, 0.797, 3, 0.26), (5.7, 0.9966, 4, 0.21))
)
