"""Vincent & Hecht 2021: users of one company give their data to a rival, with and without a strike.

A share of an image classifier's contributors hand their labelled images to a rival that has
nothing else.  How close does the rival come to the incumbent, and what does the incumbent lose
when they withdraw the images as well?  Nobody persuades anybody here: the share is given.
"""

from __future__ import annotations

import sim
from sim.decisions import Threshold
from sim.networks import Complete

STUDY = "Vincent & Hecht 2021, doi:10.1145/3449177"
CURVES = f"{STUDY}: curves of CIFAR-10 in github.com/nickmvincent/cdc"
SHARE = 0.2
NEVER = 2.0

SCENARIO = sim.Scenario(
    name="conscious_contribution_2021",
    communities=[
        sim.Community("contributors", 10_000, threshold=NEVER, output=0.0, repertoire="donate")
    ],
    network=Complete(),
    rule=Threshold(of="share", scope="everyone"),
    seeds=sim.Seeds(share=SHARE),
    steps=1,
    labs=[
        sim.Lab("Incumbent", preset="cifar10", every=1),
        sim.Lab("Rival", preset="cifar10", every=1, crawls=False, receives="everybody"),
    ],
    about=sim.About(
        title="Conscious data contribution",
        question="How good does a rival become when X % of a company's contributors give it their "
        "data, and what does the company lose when they also withdraw them?",
        finding="A fifth of the contributors lift the rival to about .88 of the way from the worst "
        "model to the best; withdrawing the same data costs the incumbent about .02 of it.",
        sources=(STUDY, CURVES),
        evidence=(
            sim.Evidence("seeds.share", "input", f"{STUDY}, figure of 20 %"),
            sim.Evidence("communities.contributors.threshold", "input", "nobody else joins"),
            sim.Evidence("labs", "measured", f"{CURVES}, company's own test set"),
        ),
    ),
)

SWEEP = {
    "vary": {
        "seeds.share": [0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9],
        "communities.contributors.repertoire": ["donate", "donate_and_withhold", "withhold"],
    }
}

if __name__ == "__main__":
    from sim.cli import main_for

    main_for(SCENARIO)
