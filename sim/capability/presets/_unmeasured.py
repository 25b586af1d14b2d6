"""Ranges of constants that were measured for other models than a preset's own."""

from __future__ import annotations

from sim.capability.preset import Constant

UNMEASURED = {
    "kappa": Constant(0.6, 0.8, "65 Python packages, byte 10-gram model", "assumed"),
    "repetition": Constant(
        10.0, 22.0, "Muennighoff et al. 2023, arXiv 2305.16264, for language models", "assumed"
    ),
    "poison_harm": Constant(0.05, 1.0, "shuffled lines in a byte 10-gram model", "assumed"),
    "detection": Constant(0.0, 1.0, "not known", "assumed", "uniform"),
    "quality": Constant(
        0.17, 0.6, "arXiv 2510.03313: .401 language models, .173 translation", "assumed"
    ),
}
"""For every preset that has nothing better."""

TRANSFER = {
    "transfer.tau": Constant(
        0.05, 0.25, "five domains of text, transformers of 70M to 410M parameters", "assumed"
    )
}
