"""A contrastive image-text model (CLIP) at the scale of two billion pairs."""

from __future__ import annotations

from sim.capability.preset import Constant, Preset
from sim.capability.presets._unmeasured import TRANSFER, UNMEASURED
from sim.capability.surrogate import Floor, Surrogate
from sim.capability.targeted import IMAGE_CONCEPT, IMAGE_STYLE
from sim.capability.transfer import Flat

CLIP = "OpenCLIP ImageNet errors, Cherti et al. 2022, arXiv 2212.07143"

PRESET = Preset(
    name="image_text",
    aliases=("clip",),
    question="What does a strike of artists or photographers do to an image-text model?",
    surrogate=Surrogate(
        beta=1.0,
        phi=0.967,
        rho=0.65,
        transfer=Flat(0.12),
        repetition=21.5,
        epochs=14.7,
        full_loss=0.248,
        unit="ImageNet error",
        floor=Floor(
            loss=0.999,
            what="chance: one of 1,000 classes at random",
            source="ImageNet has 1,000 classes",
        ),
        targeted=IMAGE_CONCEPT,
        style=IMAGE_STYLE,
    ),
    constants={
        **UNMEASURED,
        **TRANSFER,
        "beta": Constant(0.7, 1.2, f"29 models of {CLIP}: .89; ViT-L/14 alone: 1.1", "measured"),
        "phi": Constant(
            0.92, 0.98, f"ViT-L/14 at 34 billion samples of {CLIP}", "measured", "logit"
        ),
        "rho": Constant(0.55, 0.9, "as for text", "assumed"),
        "repetition": Constant(15.0, 30.0, f"29 models of {CLIP}; range assumed", "measured"),
        "targeted.n50": Constant(50.0, 100.0, "Shan et al. 2023, arXiv 2310.13828", "published"),
        "targeted.steepness": Constant(1.0, 4.0, "not known", "assumed"),
        "style.n50": Constant(200.0, 700.0, "Verma et al. 2024, arXiv 2410.15002", "published"),
        "style.steepness": Constant(1.0, 4.0, "not known", "assumed"),
    },
    source=f"ViT-L/14 trained on 2.3 billion, 407 million and 80 million pairs: {CLIP}",
    limits="ImageNet error of a contrastive model stands for image generation",
)
