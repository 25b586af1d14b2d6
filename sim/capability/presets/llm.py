"""A large language model of 70 billion parameters trained on 1.4 trillion tokens."""

from __future__ import annotations

from sim.capability.chinchilla import from_chinchilla
from sim.capability.preset import Constant, Preset
from sim.capability.presets._unmeasured import UNMEASURED
from sim.capability.style import Style
from sim.capability.surrogate import Floor
from sim.capability.targeted import TRIGGER

REPLICATION = "Besiroglu et al. 2024, arXiv 2404.10102"
PILE = "fits to transformers of 70M to 410M parameters on five Pile domains"

PRESET = Preset(
    name="llm",
    aliases=("chinchilla",),
    question="What does a strike of writers or coders do to a large language model?",
    surrogate=from_chinchilla(
        70e9,
        1.4e12,
        targeted=TRIGGER,
        style=Style(),
        floor=Floor(
            loss=10.373,
            what="chance: every token of the vocabulary of 32,000 equally likely, ln 32000",
            source="Hoffmann et al. 2022, arXiv 2203.15556 (vocabulary)",
        ),
    ),
    constants={
        **UNMEASURED,
        "beta": Constant(0.331, 0.415, REPLICATION, "published", "normal"),
        "phi": Constant(
            0.95,
            0.971,
            f"{REPLICATION}: data term known to about a quarter at 1.4e12 tokens; other sizes of "
            "model and corpus range from .915 to .984, for which use `from_chinchilla`",
            "published",
            "logit",
        ),
        "rho": Constant(0.55, 0.9, PILE, "measured"),
        "transfer.tau": Constant(0.05, 0.25, PILE, "measured"),
        "repetition": Constant(
            10.0, 22.0, "Muennighoff et al. 2023, arXiv 2305.16264; range assumed", "published"
        ),
        "quality": Constant(
            0.17, 0.6, "arXiv 2510.03313: .401 language models, .173 translation", "published"
        ),
        "targeted.n50": Constant(
            100.0,
            200.0,
            "Souly et al. 2025: about 250 documents at every size; range assumed",
            "published",
        ),
        "targeted.steepness": Constant(3.0, 10.0, "not known", "assumed"),
        "style.own": Constant(30.0, 100.0, "creators of Python packages", "assumed"),
        "style.beta": Constant(0.15, 0.28, "creators of Python packages", "assumed"),
        "style.phi": Constant(0.3, 0.65, "not known", "assumed", "uniform"),
        "frontier.alpha": Constant(0.318, 0.378, REPLICATION, "published", "normal"),
        "frontier.data_share": Constant(0.4, 0.56, REPLICATION, "published", "logit"),
    },
    source=f"Constants of L(N, D) from {REPLICATION}; transfer from {PILE}",
    limits="General text; loss, not a benchmark; nothing behind transfer exceeds 410M parameters",
)
