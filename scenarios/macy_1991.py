"""Macy 1991: those who learn from what happened to them act together by accident, then on purpose.

Nobody calculates.  Whoever is better off than it aspired to does the same again more readily, and
whoever is worse off less.  Acting alone is the worst, and holding back while the other acts the
best that can happen.  Two who hold back are both unsatisfied, so both keep trying; when they happen
to act together, both are satisfied and soon always do.  In a crowd in which each sees only the
average, no such accident happens.
"""

from __future__ import annotations

import sim
from sim.decisions import StochasticLearning
from sim.networks import Complete, RandomRegular

PAPER = "Macy 1991, doi:10.1086/229821"

SCENARIO = sim.Scenario(
    name="macy_1991",
    communities=(sim.Community("creators", 1_000, traits={"propensity": sim.Constant(0.05)}),),
    network=RandomRegular(degree=1),
    rule=StochasticLearning(),
    seeds=sim.Seeds(count=0),
    steps=500,
    step_days=1,
    about=sim.About(
        title="Chains of cooperation",
        question="Can those who only learn from experience leave mutual defection?",
        finding="In pairs all end up acting together, though hardly anybody did at first; in a "
        "crowd about a quarter act at any time, and it never gets better.",
        sources=(PAPER, "Macy & Flache 2002, doi:10.1073/pnas.092080099"),
        evidence=(
            sim.Evidence("rule", "published", "payoffs 4, 3, 1, 0 and aspiration 2"),
            sim.Evidence("rule.rate", "assumed", "quick learners"),
            sim.Evidence("network", "assumed", "the smallest groups that there are"),
            sim.Evidence("communities.creators.traits.propensity", "assumed", "close to nobody"),
        ),
    ),
)

CROWD = SCENARIO.replace(network=Complete())
"""All learn from how many of all the others acted."""

SWEEP = {
    "vary": {
        "rule.aspiration": [0.5, 1.5, 2.0, 2.5, 3.5],
        "communities.creators.traits.propensity": [0.05, 0.5],
    }
}

if __name__ == "__main__":
    from sim.cli import main_for

    main_for(SCENARIO)
