"""Cherti et al. 2022: image-text models trained on less of the same data, just as long."""

from __future__ import annotations

from sim.validation import model_strikes as model
from sim.validation.check import Check, but
from sim.validation.expected import Near

SOURCE = "Cherti et al. 2022, https://arxiv.org/abs/2212.07143"
ALL = 2.32e9
HELD_OUT = "3.5 %: error of the law on models left out"

CHECKS = tuple(
    Check(
        f"ViT-L/14, 34 billion samples, {pairs / 1e6:.0f} million pairs: ImageNet error",
        Near(error, 3, 0.035 * error, HELD_OUT),
        model.error_left,
        {"kept": pairs / ALL},
        but("twice the pairs", kept=2.0 * pairs / ALL)
        if pairs < 1e8
        else but("each seen once", response="none"),
        SOURCE,
        "F",
    )
    for pairs, error in ((407e6, 0.261), (80e6, 0.352))
)
