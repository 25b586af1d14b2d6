"""A classifier of toxic comments (Wikipedia talk pages)."""

from __future__ import annotations

from sim.capability.preset import Constant, Preset
from sim.capability.presets._unmeasured import TRANSFER, UNMEASURED
from sim.capability.surrogate import Floor, Surrogate
from sim.capability.transfer import Flat

CURVE = "every second point of the fixed hold-out curve, Vincent and Hecht 2021, 10.1145/3449177"

PRESET = Preset(
    name="toxic_comments",
    aliases=("toxic",),
    question="What does a strike of commenters do to a text classifier?",
    surrogate=Surrogate(
        beta=0.473,
        phi=0.381,
        rho=0.782,
        transfer=Flat(0.12),
        d0=0.0652,
        full_loss=0.028,
        unit="1 - area under the ROC curve",
        floor=Floor(
            loss=0.1294,
            what="worst model of the study: area .8706",
            source="Vincent and Hecht 2021, doi:10.1145/3449177",
        ),
    ),
    constants={
        **UNMEASURED,
        **TRANSFER,
        "beta": Constant(0.4, 0.6, CURVE, "measured"),
        "phi": Constant(0.29, 0.47, CURVE, "measured", "logit"),
        "rho": Constant(0.57, 0.9, CURVE, "measured"),
        "d0": Constant(0.005, 0.125, CURVE, "measured"),
        "kappa": Constant(0.6, 1.0, "1 if works are exchangeable", "assumed", "uniform"),
    },
    source=CURVE,
    limits="One community was measured: what communities give one another is assumed",
)
