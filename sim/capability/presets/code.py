"""A byte n-gram model of Python source, whatever the communities of developers."""

from __future__ import annotations

from sim.capability.preset import Constant, Preset
from sim.capability.presets._unmeasured import UNMEASURED
from sim.capability.style import Style
from sim.capability.surrogate import Floor, Surrogate
from sim.capability.transfer import Flat

RUNS = "381 random and mixed strikes among 65 Python packages, byte 10-gram model"
PRESET = Preset(
    name="code",
    aliases=("ngram_code",),
    question="What does a strike of developers do to a small code model that can be retrained "
    "within seconds?",
    surrogate=Surrogate(
        beta=0.283,
        phi=0.72,
        rho=0.836,
        transfer=Flat(0.258),
        d0=0.039,
        poison_harm=0.205,
        full_loss=1.834,
        unit="bits per byte",
        floor=Floor(
            loss=8.0,
            what="chance: every byte equally likely, which is the model without data",
            source="log2 256",
        ),
        style=Style(),
    ),
    constants={
        **UNMEASURED,
        "beta": Constant(0.15, 0.5, f"{RUNS}; the larger the floor, the larger", "measured"),
        "phi": Constant(0.3, 0.8, f"{RUNS}: nearly any floor fits as well", "assumed", "uniform"),
        "rho": Constant(0.77, 0.95, RUNS, "measured"),
        "transfer.tau": Constant(0.08, 0.6, f"{RUNS}: middle nine tenths of pairs", "measured"),
        "d0": Constant(0.015, 0.06, RUNS, "measured"),
        "kappa": Constant(
            0.6, 0.8, "half of everybody's works against half of the creators", "measured"
        ),
        "poison_harm": Constant(0.15, 0.27, "84 runs with shuffled lines", "measured"),
        "style.own": Constant(30.0, 100.0, "own files of 50 creators withheld", "measured"),
        "style.beta": Constant(0.15, 0.28, "own files of 50 creators withheld", "measured"),
        "style.phi": Constant(0.3, 0.65, "not identified by the runs", "assumed", "uniform"),
    },
    source=RUNS,
    limits="Not a transformer: data matter more than to a large model.  Strikes that leave less "
    "than a tenth of the data are extrapolated",
)
