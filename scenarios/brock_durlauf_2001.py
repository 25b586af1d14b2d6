"""Brock & Durlauf 2001: where conformity is strong, a crowd has two lasting levels.

Creators reconsider at every step, weighing a slight wish to act (h = .1), a wish to do as others
do (J = 1) and what else moves them (tau = .25).  The share who act settles where it reproduces
itself: m = tanh((h + J m) / (2 tau)), with m = 2 share - 1.  As J exceeds 2 tau and h is small,
there are three such shares, the middle one being the watershed between the others.
"""

from __future__ import annotations

import sim
from sim.decisions import LogitChoice
from sim.networks import Complete

PAPER = "Brock & Durlauf 2001, doi:10.1111/1467-937X.00168"

SCENARIO = sim.Scenario(
    name="brock_durlauf_2001",
    communities=(sim.Community("creators", 10_000, grievance=0.1),),
    network=Complete(),
    rule=LogitChoice(conformity=1.0, temperature=0.25, scope="everyone"),
    seeds=sim.Seeds(share=0.42),
    steps=52,
    about=sim.About(
        title="Discrete choice with social interactions",
        question="When does the past decide how many act, and not what they want?",
        finding="From 42 % acting nearly all come to act, from 38 % hardly any, though all wish "
        "slightly to act; the watershed is at 40 %.",
        sources=(PAPER,),
        evidence=(
            sim.Evidence("rule", "assumed", f"twice the critical conformity; {PAPER}"),
            sim.Evidence("communities.creators.grievance", "assumed", "below the tipping pull"),
        ),
    ),
)

SWEEP = {
    "vary": {
        "seeds.share": [0.1, 0.2, 0.3, 0.36, 0.38, 0.4, 0.42, 0.44, 0.5, 0.7],
        "rule.temperature": [0.25, 0.6],
    }
}

if __name__ == "__main__":
    from sim.cli import main_for

    main_for(SCENARIO)
