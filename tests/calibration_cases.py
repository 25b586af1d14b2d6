"""A small epidemic of action, its prior, and data that it could have given."""

from __future__ import annotations

from pathlib import Path

import sim
from sim.decisions import Contagion
from sim.loading.overrides import override
from sim.networks import ErdosRenyi
from sim.sweeps.saved import Sweep
from sim.sweeps.targets import Target
from tests.sweep_cases import swept

BETA, SHARE = "rule.beta", "seeds.share"
PRIOR = {BETA: sim.Uniform(0.01, 0.2), SHARE: sim.Uniform(0.01, 0.1)}
STEPS = (2, 4, 8)
HELD_OUT = 12


def spreading() -> sim.Scenario:
    return sim.Scenario(
        [sim.Community("artists", size=400)],
        ErdosRenyi(5.0),
        Contagion(0.05),
        sim.Seeds(share=0.05),
        steps=12,
    )


def prior(
    out: Path, samples: int, replications: int = 1, world: sim.Scenario | None = None
) -> Sweep:
    return swept(
        out,
        world or spreading(),
        vary=None,
        uncertain=PRIOR,
        design="lhs",
        samples=samples,
        replications=replications,
        independent_seeds=True,
        outcomes=["adopters.series"],
    )


def data_of(beta: float, share: float, seed: int) -> list[Target]:
    """Return what one run gave, as if it had been observed."""
    adopters = sim.run(override(spreading(), {BETA: beta, SHARE: share}), seed).adopters
    return [
        Target(f"{step}", adopters[step], adopters[step], "adopters.series", step, step != HELD_OUT)
        for step in (*STEPS, HELD_OUT)
    ]
