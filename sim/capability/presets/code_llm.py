"""A large language model of code: 15.5 billion parameters, four passes over 250 billion tokens."""

from __future__ import annotations

from sim.capability.chinchilla import from_chinchilla
from sim.capability.preset import Constant, Preset
from sim.capability.presets._unmeasured import UNMEASURED
from sim.capability.presets.llm import REPLICATION
from sim.capability.style import Style
from sim.capability.surrogate import Floor
from sim.capability.targeted import TRIGGER
from sim.capability.transfer import Flat

STARCODER = "Li et al. 2023, arXiv 2305.06161"
TEXT = f"{REPLICATION}, for text; on GitHub code compute was best split alike (arXiv 2203.15556)"
PACKAGES = "65 Python packages, byte 10-gram model"

EPOCHS, SEEN = 4.0, 931e9
"""Passes over the corpus, and the fresh tokens that they are worth with R* = 15.39."""

PRESET = Preset(
    name="code_llm",
    aliases=("starcoder",),
    question="What does a strike of coders do to a large language model of code?",
    surrogate=from_chinchilla(
        15.5e9,
        SEEN,
        epochs=EPOCHS,
        transfer=Flat(0.25),
        targeted=TRIGGER,
        style=Style(),
        floor=Floor(
            loss=10.803,
            what="chance: every token of the vocabulary of 49,152 equally likely, ln 49152",
            source=f"{STARCODER} (vocabulary)",
        ),
    ),
    constants={
        **UNMEASURED,
        "beta": Constant(0.28, 0.45, f"{TEXT}; range widened", "assumed", "normal"),
        "phi": Constant(0.93, 0.975, f"{TEXT}; range widened", "assumed", "logit"),
        "rho": Constant(
            0.55, 0.95, f"transformers of up to 410M parameters, {PACKAGES}", "assumed"
        ),
        "transfer.tau": Constant(0.08, 0.6, f"{PACKAGES}: between communities", "assumed"),
        "targeted.n50": Constant(
            100.0, 200.0, "Souly et al. 2025: about 250 documents; range assumed", "published"
        ),
        "targeted.steepness": Constant(3.0, 10.0, "not known", "assumed"),
        "style.own": Constant(30.0, 100.0, f"creators among {PACKAGES}", "assumed"),
        "style.beta": Constant(0.15, 0.28, f"creators among {PACKAGES}", "assumed"),
        "style.phi": Constant(0.3, 0.65, "not known", "assumed", "uniform"),
        "frontier.alpha": Constant(0.29, 0.41, f"{TEXT}; range widened", "assumed", "normal"),
        "frontier.data_share": Constant(0.25, 0.6, f"{TEXT}; range widened", "assumed", "logit"),
    },
    source=f"Size, tokens and vocabulary of StarCoderBase from {STARCODER}; law of {REPLICATION}",
    limits="No curve of losses of a large code model by its data is public: the law is that of "
    "text, transfer that of a small n-gram model of code",
)
