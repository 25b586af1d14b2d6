"""The same creators with other tactics: asking, striking, poisoning, giving to a rival.

They join for the same reasons; only what they do when they have joined differs: whether it
needs the lab's consent, reaches works already public, and helps the rival.
"""

from __future__ import annotations

import sim
from sim.decisions import Threshold
from sim.networks import WattsStrogatz

STRIKES = "Vincent, Hecht & Sen 2019, doi:10.1145/3308558.3313742"
DONATION = "Vincent & Hecht 2021, doi:10.1145/3449177"
NEVER = 2.0
POISON = "Shan et al. 2023, arXiv:2310.13828"

SCENARIO = sim.Scenario(
    name="sweep_tactics",
    communities=[
        sim.Community(
            "artists",
            4_000,
            threshold=sim.Normal(0.25, 0.1),
            stock=sim.LogNormal(3.0, 1.0),
            output=0.05,
            repertoire="withhold",
        ),
        sim.Community("others", 4_000, threshold=NEVER, stock=sim.LogNormal(3.0, 1.0)),
    ],
    network=WattsStrogatz(degree=10, rewiring=0.1),
    rule=Threshold(of="share"),
    seeds=sim.Seeds(share=0.02),
    steps=104,
    labs=[
        sim.Lab("Lab", preset="image-text", every=52, compliance=0.5, legacy=0.1),
        sim.Lab(
            "Rival", preset="image-text", every=52, crawls=False, receives="everybody", legacy=0.1
        ),
    ],
    about=sim.About(
        title="Mixes of tactics",
        question="What do the same creators do to a lab and to its rival, by the tactics they use?",
        finding="Withholding costs the lab most; requests far less than half as much, although it "
        "honours half of them, since the first data to go are missed least; poison hardly "
        "anything, since only new works carry it; giving builds a rival at no cost to the lab.",
        sources=(STRIKES, DONATION, POISON),
        evidence=(
            sim.Evidence("communities.artists.threshold", "assumed"),
            sim.Evidence("communities.others.threshold", "input", "half of all never join"),
            sim.Evidence("labs.Lab.legacy", "assumed", "works that nobody can take back"),
            sim.Evidence("labs.Lab.compliance", "assumed", "swept in sweep_lab_response"),
            sim.Evidence("network", "assumed"),
        ),
    ),
)

SWEEP = {
    "vary": {
        "communities.artists.repertoire": [
            {"opt_out": 1.0},
            {"withhold": 1.0},
            {"poison": 1.0},
            {"donate": 1.0},
            {"donate_and_withhold": 1.0},
            {"opt_out": 0.5, "withhold": 0.5},
            {"opt_out": 0.4, "withhold": 0.2, "poison": 0.2, "donate_and_withhold": 0.2},
        ],
    },
    "replications": 20,
    "outcomes": ["adoption.final", "labs.Lab.loss", "labs.Rival.loss"],
    "counterfactual": True,
}

if __name__ == "__main__":
    from sim.cli import main_for

    main_for(SCENARIO)
