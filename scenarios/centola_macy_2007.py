"""Centola & Macy 2007: long ties speed up rumours, and stop what needs several to persuade.

1,000 creators on a ring see the two nearest on either side.  One of them and its neighbours begin.
If one acting neighbour is enough, moving some links far away carries the news round the ring
sooner.  If it takes two, every link that is moved thins out what carries it.
"""

from __future__ import annotations

import sim
from sim.decisions import Threshold
from sim.networks import WattsStrogatz

PAPER = "Centola & Macy 2007, doi:10.1086/521848"
SIZE = 1_000

SCENARIO = sim.Scenario(
    name="centola_macy_2007",
    communities=(sim.Community("creators", SIZE, threshold=2.0),),
    network=WattsStrogatz(degree=4, rewiring=0.0, keep_degrees=True),
    rule=Threshold(of="count"),
    seeds=sim.Seeds(ids=(0, 1, 2, SIZE - 2, SIZE - 1)),
    steps=600,
    step_days=1,
    about=sim.About(
        title="Complex contagions and the weakness of long ties",
        question="Do long ties help an action to spread that takes two to persuade?",
        finding="On the ring all take part after 497 steps. With a tenth of the links moved, what "
        "takes two stops, while what takes one spreads several times faster.",
        sources=(PAPER,),
        evidence=(
            sim.Evidence("communities.creators.threshold", "published", PAPER),
            sim.Evidence("network", "published", PAPER),
            sim.Evidence("communities.creators.size", "assumed", "smaller than in the paper"),
        ),
    ),
)

SIMPLE = SCENARIO.replace(communities=(sim.Community("creators", SIZE, threshold=1.0),))
"""One acting neighbour is enough."""

SWEEP = {
    "vary": {
        "network.rewiring": [0.0, 0.001, 0.01, 0.03, 0.1, 0.3, 1.0],
        "communities.creators.threshold": [1.0, 2.0],
    }
}

if __name__ == "__main__":
    from sim.cli import main_for

    main_for(SCENARIO)
