"""What a lab does about a strike decides what the strike does to its models.

A given share of creators asks to be left out; nobody follows.  The lab honours requests or
not, and answers the loss of data by doing nothing, by repeating what is left, by giving weight
to what is missing, or by making data of its own.
"""

from __future__ import annotations

import sim
from sim.decisions import Threshold
from sim.networks import Complete

REPEATING = "Muennighoff et al. 2023, arXiv:2305.16264"
NEVER = 2.0

SCENARIO = sim.Scenario(
    name="sweep_lab_response",
    communities=[
        sim.Community(
            "coders",
            4_000,
            threshold=NEVER,
            stock=sim.LogNormal(3.0, 1.0),
            repertoire="opt_out",
        ),
        sim.Community("writers", 4_000, threshold=NEVER, stock=sim.LogNormal(3.0, 1.0)),
    ],
    network=Complete(),
    rule=Threshold(of="share", scope="everyone"),
    seeds=sim.Seeds(share=0.5, community="coders"),
    steps=26,
    labs=[sim.Lab("Lab", preset="llm", every=26)],
    about=sim.About(
        title="Strike size, response and compliance",
        question="How much does the same strike cost a lab that ignores it, honours it, or "
        "repeats what data are left?",
        finding="Repeating all data that are left halves the harm to the coders' own domain; "
        "repeating or weighting the coders' data alone undoes nearly all of it, until hardly any "
        "are left.",
        sources=(REPEATING,),
        evidence=(
            sim.Evidence("communities.coders.threshold", "input", "nobody else joins"),
            sim.Evidence("seeds.share", "input", "swept"),
            sim.Evidence("labs.Lab.compliance", "input", "swept"),
            sim.Evidence("labs.Lab.response", "input", f"swept; {REPEATING}"),
        ),
    ),
)

SWEEP = {
    "vary": {
        "seeds.share": [0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.95],
        "labs.Lab.response": ["none", "repeat_uniform", "repeat_own", "reweight"],
        "labs.Lab.compliance": [0.0, 0.5, 1.0],
    },
    "replications": 5,
    "outcomes": ["labs.Lab.loss", "labs.Lab.loss.coders", "labs.Lab.rollback", "labs.Lab.data"],
    "counterfactual": True,
}

if __name__ == "__main__":
    from sim.cli import main_for

    main_for(SCENARIO)
