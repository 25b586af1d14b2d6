"""Hardt et al. 2023: a group plants a signal in the data of a classifier."""

from __future__ import annotations

from importlib.util import find_spec

from sim.capability import collective_action as theory
from sim.validation import model_strikes as model
from sim.validation.check import Check, but
from sim.validation.expected import Above, Near

SOURCE = "Hardt et al. 2023, https://arxiv.org/abs/2302.04262"

BOUNDS = tuple(
    Check(
        f"share for success .9 at least, signal in {uniqueness:g} of the data",
        Near(expected, 4),
        theory.planting_critical_mass,
        {"success": 0.9, "gap": 1.0, "uniqueness": uniqueness},
        but("half the gap", gap=0.5),
        SOURCE,
    )
    for uniqueness, expected in ((0.001, 0.0099), (0.01, 0.0909))
)
TRAINED = (
    Check(
        "2 % of handwritten digits planted: success above the bound by",
        Above(0.0),
        model.planting_margin,
        {"share": 0.02},
        but("a twentieth of them plants", planted=0.001),
        SOURCE,
    ),
)
CHECKS = BOUNDS + (TRAINED if find_spec("sklearn") else ())
"""The last needs scikit-learn, which is an extra."""
