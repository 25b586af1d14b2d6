"""Assurance contracts: those who would follow sign to act together, and need nobody to begin.

10,000 creators would act if some share of the others did, a quarter on average.  Joining one after
another, few ever do: the few who need nobody are not enough for those who need a little more.  If
they can sign a pledge that binds only once its condition is met, the largest group whose members
all have their way acts at once.
"""

from __future__ import annotations

import sim
from sim.decisions import ConditionalPledge, Threshold
from sim.networks import Complete

PLEDGES = "Bagnoli & Lipman 1989, doi:10.2307/2297503"
DOMINANT = "Tabarrok 1998, doi:10.1023/A:1004957109535"
THRESHOLDS = "Granovetter 1978, doi:10.1086/226707"

SCENARIO = sim.Scenario(
    name="assurance_contract",
    communities=(sim.Community("creators", 10_000, threshold=sim.Normal(0.25, 0.12)),),
    network=Complete(),
    rule=ConditionalPledge(of="share"),
    seeds=sim.Seeds(count=0),
    steps=52,
    about=sim.About(
        title="Assurance contracts",
        question="What would a pledge bring about that nobody has to keep alone?",
        finding="All act together as soon as they can sign, where only some 4 % of the same "
        "creators would join one after another.",
        sources=(PLEDGES, DOMINANT, THRESHOLDS),
        evidence=(
            sim.Evidence("rule", "published", f"{PLEDGES}; {DOMINANT}"),
            sim.Evidence("communities.creators.threshold", "published", THRESHOLDS),
        ),
    ),
)

JOINING = SCENARIO.replace(rule=Threshold(of="share", scope="everyone"))
"""The same creators join one after another."""

SWEEP = {"vary": {"communities.creators.threshold.mean": [0.25, 0.35, 0.45, 0.55, 0.65, 0.75]}}

if __name__ == "__main__":
    from sim.cli import main_for

    main_for(SCENARIO)
