"""Oliver, Marwell & Teixeira 1985: who starts a shared good, and who only waits for it.

100 creators can each give a hundredth of what a shared good takes.  If the good grows ever faster
with what is given, the first gifts are wasted on their givers, but after a critical mass all
others gain by giving.  If it grows ever more slowly, some give at once and the others ride free.
"""

from __future__ import annotations

import sim
from sim.decisions import CriticalMass
from sim.networks import Complete

PAPER = "Oliver, Marwell & Teixeira 1985, doi:10.1086/228313"
SIZE, UNIT_COST = 100, 1.0


def creators(value: float) -> sim.Community:
    """Return creators to each of whom the whole good is worth as much."""
    interest = sim.Constant(value)
    return sim.Community("creators", SIZE, cost=UNIT_COST / SIZE, traits={"interest": interest})


SCENARIO = sim.Scenario(
    name="oliver_marwell_1985",
    communities=(creators(2.0),),
    network=Complete(),
    rule=CriticalMass(exponent=2.0),
    seeds=sim.Seeds(count=25),
    steps=20,
    about=sim.About(
        title="A theory of the critical mass",
        question="How many must begin before it pays for the others to follow?",
        finding="25 of 100 bring all others along and 24 nobody. Where the good grows ever more "
        "slowly, 25 give without being asked, and the others ride free.",
        sources=(PAPER,),
        evidence=(
            sim.Evidence("rule.exponent", "assumed", f"an accelerating good; {PAPER}"),
            sim.Evidence("communities.creators", "assumed", "all alike, worth twice what it costs"),
            sim.Evidence("seeds.count", "predicted", "the least with R > c / (2 v) - 1 / (2 N)"),
        ),
    ),
)

DECELERATING = SCENARIO.replace(
    rule=CriticalMass(exponent=0.5), communities=(creators(1.0),), seeds=sim.Seeds(count=0)
)
"""The first gifts bring most; the whole is worth what it costs."""

SWEEP = {"vary": {"seeds.count": [0, 10, 20, 24, 25, 30], "rule.exponent": [0.5, 1.0, 2.0]}}

if __name__ == "__main__":
    from sim.cli import main_for

    main_for(SCENARIO)
