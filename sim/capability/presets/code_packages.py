"""The byte n-gram model of Python source, with the five communities that were measured."""

from __future__ import annotations

from sim.capability.preset import Constant, Preset
from sim.capability.presets.code import PRESET as CODE
from sim.capability.presets.code import RUNS
from sim.capability.transfer import Dense

OWN = {"beta", "phi", "rho", "d0", "transfer.tau"}

PRESET = Preset(
    name="code_packages",
    question="What does it cost whom if the scientific, web, developer-tool, network or graphics "
    "packages leave a small code model?",
    surrogate=CODE.surrogate.replace(
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
        full_loss=(2.041, 1.563, 1.764, 1.798, 1.961),
        communities=("sci", "web", "dev", "net", "gfx"),
    ),
    constants={
        **{path: constant for path, constant in CODE.constants.items() if path not in OWN},
        "beta": Constant(0.2, 0.35, RUNS, "measured"),
        "phi": Constant(0.5, 1.5, f"{RUNS}: nearly any floor fits as well", "assumed", "logit"),
        "rho": Constant(0.84, 0.92, RUNS, "measured"),
        "d0": Constant(0.7, 2.2, RUNS, "measured"),
        "transfer.rows": Constant(0.6, 1.3, RUNS, "measured"),
    },
    source=RUNS,
    limits=CODE.limits,
)
