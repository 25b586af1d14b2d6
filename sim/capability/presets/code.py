"""A byte n-gram model of Python source, by communities of packages."""

from __future__ import annotations

from sim.capability.preset import Constant, Preset
from sim.capability.presets._unmeasured import UNMEASURED
from sim.capability.style import Style
from sim.capability.surrogate import Floor, Surrogate
from sim.capability.transfer import Dense, Flat

RUNS = "381 random and mixed strikes among 65 Python packages, byte 10-gram model"
CHANCE = Floor(
    loss=8.0,
    what="chance: every byte equally likely, which is the model without data",
    source="log2 256",
)

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
        floor=CHANCE,
        style=Style(),
    ),
    measured=Surrogate(
        beta=0.234,
        phi=(0.662, 0.543, 0.649, 0.675, 0.676),
        rho=0.885,
        transfer=Dense(
            (
                (1.0, 0.043, 0.093, 0.008, 0.306),
                (0.098, 1.0, 0.231, 0.195, 0.100),
                (0.299, 0.482, 1.0, 0.266, 0.356),
                (0.183, 1.196, 0.427, 1.0, 0.290),
                (0.487, 0.157, 0.181, 0.078, 1.0),
            )
        ),
        d0=(0.0344, 0.0411, 0.0239, 0.0199, 0.0288),
        poison_harm=0.205,
        full_loss=(2.041, 1.563, 1.764, 1.798, 1.961),
        unit="bits per byte",
        floor=CHANCE,
        style=Style(),
        communities=("sci", "web", "dev", "net", "gfx"),
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
