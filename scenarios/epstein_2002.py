"""Epstein 2002: grievance against the risk of sanction, and why calm ends in a burst.

Citizens with hardship from 0 to 1 under a government of legitimacy .82 rebel if their grievance,
hardship times 1 - .82, exceeds the risk of arrest that they are averse to by more than .1.  One
officer is within sight of each; the more rebels there are, the less each risks.  In the classic
program the ratio of officers to rebels is rounded down, so that with two rebels in sight nobody
fears anything; only then a quiet crowd bursts out.  Nobody moves or is jailed here.
"""

from __future__ import annotations

import sim
from sim.decisions import GrievanceRisk
from sim.networks import WattsStrogatz

PAPER = "Epstein 2002, doi:10.1073/pnas.092080199"
LEGITIMACY = 0.82

SCENARIO = sim.Scenario(
    name="epstein_2002",
    communities=(
        sim.Community(
            "citizens",
            2_500,
            grievance=sim.Uniform(0.0, 1.0 - LEGITIMACY),
            traits={"risk": sim.Uniform(0.0, 1.0)},
        ),
    ),
    network=WattsStrogatz(degree=8, rewiring=0.05),
    rule=GrievanceRisk(tolerance=0.1, sanction=1.0, k=2.3, whole=True),
    seeds=sim.Seeds(count=0),
    steps=52,
    step_days=1,
    about=sim.About(
        title="Modeling civil violence",
        question="How can a crowd that has long been calm rebel all at once?",
        finding="Some 2 % rebel whatever others do, and within ten days most of those "
        "with enough of a grievance follow; if the ratio of officers to rebels is not rounded, "
        "hardly anybody does.",
        sources=(PAPER,),
        evidence=(
            sim.Evidence("rule", "published", f"{PAPER}: k, T, and rounding in the program"),
            sim.Evidence("communities.citizens.grievance", "published", PAPER),
            sim.Evidence("communities.citizens.traits", "published", PAPER),
            sim.Evidence("network", "assumed", "neighbourhoods that hardly change, for a grid"),
            sim.Evidence("rule.sanction", "assumed", "one officer in sight"),
        ),
    ),
)

SMOOTH = SCENARIO.replace(rule=SCENARIO.rule.replace(whole=False))
"""The ratio is not rounded."""

SWEEP = {"vary": {"rule.sanction": [0.0, 0.5, 1.0, 2.0, 3.0, 4.0], "rule.whole": [False, True]}}

if __name__ == "__main__":
    from sim.cli import main_for

    main_for(SCENARIO)
