"""A large language model of 70 billion parameters trained on 1.4 trillion tokens."""

from __future__ import annotations

from sim.capability.chinchilla import from_chinchilla
from sim.capability.preset import Constant, Preset
from sim.capability.surrogate import Floor

REPLICATION = "Besiroglu et al. 2024, arXiv 2404.10102"
PILE = "fits to transformers of 70M to 410M parameters on five Pile domains"

PRESET = Preset(
    name="llm",
    aliases=("chinchilla",),
    question="What does a strike of writers or coders do to a large language model?",
    surrogate=from_chinchilla(
        70e9,
        1.4e12,
        floor=Floor(
            loss=10.373,
            what="chance: every token of the vocabulary of 32,000 equally likely, ln 32000",
            source="Hoffmann et al. 2022, arXiv 2203.15556 (vocabulary)",
        ),
    ),
    constants={
        "beta": Constant(0.331, 0.415, REPLICATION, "published", "normal"),
        "phi": Constant(
            0.915, 0.984, f"{REPLICATION}; 1.5B and .1T to 70B and 15T", "published", "logit"
        ),
        "rho": Constant(0.55, 0.9, PILE, "measured"),
        "transfer.tau": Constant(0.05, 0.25, PILE, "measured"),
        "kappa": Constant(0.6, 0.8, "65 Python packages, byte 10-gram model", "measured"),
        "repetition": Constant(
            10.0, 22.0, "Muennighoff et al. 2023, arXiv 2305.16264; range assumed", "published"
        ),
        "poison_harm": Constant(
            0.05, 1.0, "shuffled lines in a byte 10-gram model; range assumed", "assumed"
        ),
        "detection": Constant(0.0, 1.0, "not known", "assumed", "uniform"),
        "quality": Constant(
            0.17, 0.6, "arXiv 2510.03313: .401 language models, .173 translation", "published"
        ),
        "frontier.alpha": Constant(0.318, 0.378, REPLICATION, "published", "normal"),
        "frontier.data_share": Constant(0.4, 0.56, REPLICATION, "published", "logit"),
    },
    source=f"Constants of L(N, D) from {REPLICATION}; transfer from {PILE}",
    limits="General text; loss, not a benchmark; nothing behind transfer exceeds 410M parameters",
)
