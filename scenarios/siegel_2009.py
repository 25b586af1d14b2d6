"""Siegel 2009: more ties can mean that fewer take part.

Creators act if their own motivation outweighs how discouraged they are by those around them who do
not act.  Where few are motivated, those with few ties are more likely to be among others who act;
with many ties all see the same discouraging average.  Where many are motivated it is the other way
round.
"""

from __future__ import annotations

import sim
from sim.decisions import Motivation
from sim.networks import ErdosRenyi

PAPER = "Siegel 2009, doi:10.1111/j.1540-5907.2008.00361.x"


def creators(motivation: float) -> sim.Community:
    """Return creators of a mean motivation."""
    return sim.Community("creators", 1_000, grievance=sim.Normal(motivation, 0.25))


SCENARIO = sim.Scenario(
    name="siegel_2009",
    communities=(creators(0.55),),
    network=ErdosRenyi(mean_degree=4.0),
    rule=Motivation(persistence=0.5),
    seeds=sim.Seeds(count=0),
    steps=100,
    about=sim.About(
        title="Social networks and collective action",
        question="Do more ties between creators bring more of them to act?",
        finding="Not always: of creators with a mean motivation of .55 fewer act with 40 ties each "
        "than with 4; of those with .65, more.",
        sources=(PAPER,),
        evidence=(
            sim.Evidence("rule", "published", PAPER),
            sim.Evidence("network", "assumed", "the paper compares four types of networks"),
            sim.Evidence("communities.creators", "assumed", "close to where crowds tip"),
        ),
    ),
)

SWEEP = {
    "vary": {
        "network.mean_degree": [2.0, 4.0, 8.0, 16.0, 40.0, 100.0],
        "communities.creators.grievance.mean": [0.5, 0.55, 0.6, 0.65],
    }
}

if __name__ == "__main__":
    from sim.cli import main_for

    main_for(SCENARIO)
