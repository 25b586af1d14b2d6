"""An image classifier of ten classes (CIFAR-10)."""

from __future__ import annotations

from sim.capability.preset import Constant, Preset
from sim.capability.presets._unmeasured import TRANSFER, UNMEASURED
from sim.capability.surrogate import Floor, Surrogate
from sim.capability.transfer import Flat

CURVE = "learning curve of the company's own test set, Vincent and Hecht 2021, doi:10.1145/3449177"

PRESET = Preset(
    name="cifar10",
    aliases=("cifar_10",),
    question="What does a strike do to a small image classifier, and how much does a rival gain "
    "from donations?",
    surrogate=Surrogate(
        beta=0.908,
        phi=0.447,
        rho=0.913,
        transfer=Flat(0.12),
        d0=0.023,
        full_loss=0.0594,
        unit="classification error",
        floor=Floor(
            loss=0.9615,
            what="worst model of the study: accuracy .0385",
            source="Vincent and Hecht 2021, doi:10.1145/3449177",
        ),
    ),
    constants={
        **UNMEASURED,
        **TRANSFER,
        "beta": Constant(0.73, 1.0, CURVE, "measured"),
        "phi": Constant(0.24, 0.52, CURVE, "measured", "logit"),
        "rho": Constant(0.63, 0.95, CURVE, "measured"),
        "d0": Constant(0.005, 0.043, CURVE, "measured"),
        "kappa": Constant(0.6, 1.0, "1 if works are exchangeable", "assumed", "uniform"),
    },
    source=CURVE,
    limits="One community was measured: what communities give one another is assumed",
)
