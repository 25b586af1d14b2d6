"""A contrastive image-text model (CLIP) at the scale of two billion pairs."""

from __future__ import annotations

from sim.capability.preset import Constant, Preset
from sim.capability.surrogate import Floor, Surrogate
from sim.capability.transfer import Flat

CLIP = "OpenCLIP ImageNet errors, Cherti et al. 2022, arXiv 2212.07143"
PILE = "five domains of text, transformers of 70M to 410M parameters"

PRESET = Preset(
    name="image_text",
    question="What does a strike of artists or photographers do to an image-text model?",
    surrogate=Surrogate(
        beta=0.89,
        phi=0.99,
        rho=0.65,
        transfer=Flat(0.12),
        repetition=21.5,
        full_loss=0.248,
        unit="ImageNet error",
        floor=Floor(
            loss=0.999,
            what="chance: one of 1,000 classes at random",
            source="ImageNet has 1,000 classes",
        ),
    ),
    constants={
        "beta": Constant(0.5, 1.2, f"fit to 29 {CLIP}", "measured"),
        "phi": Constant(0.97, 0.997, f"fit to 29 {CLIP}", "measured", "logit"),
        "rho": Constant(0.55, 0.9, PILE, "assumed"),
        "transfer.tau": Constant(0.05, 0.25, PILE, "assumed"),
        "kappa": Constant(0.6, 0.8, "Python packages", "assumed"),
        "repetition": Constant(15.0, 30.0, f"fit to 29 {CLIP}; range assumed", "measured"),
        "poison_harm": Constant(0.05, 1.0, "shuffled lines of code", "assumed"),
        "detection": Constant(0.0, 1.0, "not known", "assumed", "uniform"),
        "quality": Constant(0.17, 0.6, "arXiv 2510.03313, for text", "assumed"),
    },
    source=f"Fit to 29 {CLIP}",
    limits="ImageNet error of a contrastive model stands for image generation",
)
