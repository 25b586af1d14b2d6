"""A byte n-gram model of Python source, by communities of packages."""

from __future__ import annotations

from sim.capability.preset import Constant, Preset
from sim.capability.surrogate import Floor, Surrogate
from sim.capability.transfer import Flat

RUNS = "strikes among 65 Python packages in five communities, byte 10-gram model"

PRESET = Preset(
    name="code",
    aliases=("ngram_code",),
    question="What does a strike of developers do to a small code model that can be retrained "
    "within seconds?",
    surrogate=Surrogate(
        beta=0.15,
        phi=0.44,
        rho=0.83,
        transfer=Flat(0.25),
        d0=0.002,
        full_loss=1.83354,
        unit="bits per byte",
        floor=Floor(
            loss=8.0,
            what="chance: every byte equally likely, which is the model without data",
            source="log2 256",
        ),
    ),
    constants={
        "beta": Constant(0.1, 0.25, RUNS, "measured"),
        "phi": Constant(
            0.0,
            0.7,
            f"{RUNS}: any floor from 0 to .7 of the loss fits as well",
            "assumed",
            "uniform",
        ),
        "rho": Constant(0.75, 0.95, RUNS, "measured"),
        "transfer.tau": Constant(0.1, 0.6, RUNS, "measured"),
        "d0": Constant(0.001, 0.005, RUNS, "measured"),
        "kappa": Constant(0.6, 0.8, RUNS, "measured"),
        "repetition": Constant(
            10.0, 22.0, "Muennighoff et al. 2023, arXiv 2305.16264, for transformers", "assumed"
        ),
        "poison_harm": Constant(0.15, 0.27, f"{RUNS}: shuffled lines", "measured"),
        "detection": Constant(0.0, 1.0, "not known", "assumed", "uniform"),
        "quality": Constant(0.17, 0.6, "arXiv 2510.03313, for transformers", "assumed"),
    },
    source=RUNS,
    limits="Not a transformer: data matter more than to a large model",
)
