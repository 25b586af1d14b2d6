"""Watts 2002: one creator starts, and in some networks a cascade begins.

Creators join when a fixed share of those they know act.  Sparse networks have nowhere for a
cascade to go, dense ones nobody whom a single acquaintance can move: cascades live in a window
between the two.  `datastrike sweep sweep_cascade_window --out DIR` plays Watts' diagram;
`analysis.surfaces.phase_diagram` draws it.
"""

from __future__ import annotations

import sim
from sim.decisions import Threshold
from sim.networks import ErdosRenyi

WATTS = "Watts 2002, doi:10.1073/pnas.082090499, figure 1"

SCENARIO = sim.Scenario(
    name="sweep_cascade_window",
    communities=[sim.Community("creators", 5_000, threshold=0.18)],
    network=ErdosRenyi(mean_degree=4.0),
    rule=Threshold(of="share"),
    seeds=sim.Seeds(count=1),
    steps=1_000,
    about=sim.About(
        title="The cascade window",
        question="For which thresholds and mean numbers of acquaintances does one creator who "
        "starts set off a cascade?",
        finding="With a threshold of .18 there are cascades between about 1 and 6 acquaintances; "
        "the window closes towards a threshold of 1/4.",
        sources=(WATTS,),
        evidence=(
            sim.Evidence("communities.creators.threshold", "published", WATTS),
            sim.Evidence("network.mean_degree", "published", WATTS),
            sim.Evidence("communities.creators.size", "input", "half of Watts' 10,000"),
        ),
    ),
)

SWEEP = {
    "vary": {
        "communities.creators.threshold": "0.1:0.26:9",
        "network.mean_degree": "0.5:9:18",
    },
    "replications": 30,
    "outcomes": ["cascade", "adoption.final", "steps_played"],
}

if __name__ == "__main__":
    from sim.cli import main_for

    main_for(SCENARIO)
