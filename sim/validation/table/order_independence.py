"""Whether it matters in which order creators decide."""

from __future__ import annotations

from sim.validation import order_independence as model
from sim.validation.check import Check, but
from sim.validation.expected import Above, Exactly

SOURCE = "Granovetter 1978, doi:10.1086/226707; Watts 2002, doi:10.1073/pnas.082090499"

CHECKS = (
    Check(
        "thresholds without a way back: worlds where the order matters",
        Exactly(0.0),
        model.order_matters,
        {},
        but("creators stop again", reversible=True),
        SOURCE,
        fast={"runs": 10},
    ),
    Check(
        "thresholds with a way back: worlds where the order matters",
        Above(0.0),
        model.order_matters,
        {"reversible": True},
        but("nobody stops", reversible=False),
        SOURCE,
        fast={"runs": 25},
    ),
)
