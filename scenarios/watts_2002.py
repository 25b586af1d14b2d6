"""Watts 2002: one initiator sets off a cascade on sparse networks, or nothing happens.

10,000 creators join once 18 % of those they are linked to have.  Whether a single initiator can
set off a cascade depends on how many links there are: with too few, the network falls apart; with
too many, nobody is impressed by one neighbour.  In between a few percent to most initiators do.
"""

from __future__ import annotations

import sim
from sim.decisions import Threshold
from sim.networks import ErdosRenyi

PAPER = "Watts 2002, doi:10.1073/pnas.082090499"

SCENARIO = sim.Scenario(
    name="watts_2002",
    communities=(sim.Community("creators", 10_000, threshold=0.18),),
    network=ErdosRenyi(mean_degree=4.0),
    rule=Threshold(),
    seeds=sim.Seeds(count=1),
    steps=200,
    step_days=1,
    about=sim.About(
        title="A simple model of global cascades on random networks",
        question="When does one who joins set off a cascade through a sparse network?",
        finding="With 4 links each, most initiators set off a cascade that takes nearly all; with "
        "1 or 8 links none does.",
        sources=(PAPER,),
        evidence=(
            sim.Evidence("communities.creators", "published", PAPER),
            sim.Evidence("network.mean_degree", "published", f"{PAPER}: 1 to 8"),
            sim.Evidence("seeds.count", "published", PAPER),
        ),
    ),
)

SWEEP = {"vary": {"network.mean_degree": [0.8, 1.0, 1.2, 1.5, 2.0, 3.0, 4.0, 5.0, 5.5, 6.0, 7.0]}}

if __name__ == "__main__":
    from sim.cli import main_for

    main_for(SCENARIO)
