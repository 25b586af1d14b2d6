"""Granovetter 1978: crowds that are nearly alike end up with nobody or with everybody.

Each of 100 people joins a riot once enough others have.  With thresholds 0, 1, 2, ..., 99 each
joins after the one before, and all riot; make the 1 a 2, and only the instigator does.  Where
thresholds are drawn at random, their spread decides: a little more, and crowds tip.
"""

from __future__ import annotations

import sim
from sim.decisions import Threshold
from sim.networks import Complete

PAPER = "Granovetter 1978, doi:10.1086/226707"
SIZE = 100


def crowd(threshold: sim.Normal | sim.Values) -> sim.Community:
    """Return people who join once as many others have as their threshold says."""
    return sim.Community("crowd", SIZE, threshold=threshold)


SCENARIO = sim.Scenario(
    name="granovetter_1978",
    communities=(crowd(sim.Normal(25.0, 12.2)),),
    network=Complete(),
    rule=Threshold(of="count", scope="everyone"),
    seeds=sim.Seeds(count=0),
    steps=100,
    step_days=1,
    about=sim.About(
        title="Threshold models of collective behavior",
        question="How much does it tell about a crowd's behaviour to know its members' minds?",
        finding="With thresholds of mean 25 and standard deviation 12.2, three people riot in the "
        "middle one of many crowds, and nearly all in one crowd of five; with a deviation of 15, "
        "nearly all in four of five.",
        sources=(PAPER,),
        evidence=(
            sim.Evidence("communities.crowd.size", "published", PAPER),
            sim.Evidence("communities.crowd.threshold", "published", PAPER),
        ),
    ),
)

CHAIN = SCENARIO.replace(communities=(crowd(sim.Values(tuple(range(SIZE)))),))
"""Thresholds 0, 1, 2, ..., 99."""
BROKEN = SCENARIO.replace(communities=(crowd(sim.Values((0, 2, *range(2, SIZE)))),))
"""The same with the 1 a 2."""

SWEEP = {
    "vary": {"communities.crowd.threshold.sd": [8.0, 10.0, 12.0, 12.2, 13.0, 15.0, 20.0, 30.0]}
}

if __name__ == "__main__":
    from sim.cli import main_for

    main_for(SCENARIO)
