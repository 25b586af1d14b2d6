"""What a platform's default decides, and what creators must do themselves.

A platform may take its members' works out of training unless they say otherwise, or leave them
in unless they opt out.  Defaults stick; opting out is laborious unless the platform offers a
button for it; and many never hear of the matter.
"""

from __future__ import annotations

from datetime import date

import sim
from sim.decisions import LogitChoice
from sim.networks import HolmeKim

DEFAULTS = "Johnson & Goldstein 2003, doi:10.1126/science.1091721"

SCENARIO = sim.Scenario(
    name="sweep_platform_default",
    communities=[
        sim.Community(
            "artists",
            4_000,
            grievance=sim.Normal(0.5, 0.5),
            cost=1.5,
            stock=sim.LogNormal(3.0, 1.0),
            repertoire="opt_out",
            aware=0.2,
        )
    ],
    network=HolmeKim(links=5, triads=0.5),
    rule=LogitChoice(conformity=0.5, temperature=0.25),
    seeds=sim.Seeds(count=0),
    steps=52,
    start=date(2023, 1, 1),
    awareness=sim.Awareness(peer=0.02),
    platforms=[sim.Platform("Gallery", default="in", sticks=0.9, tool_on=date(2023, 1, 8))],
    labs=[sim.Lab("Lab", preset="image-text", every=52)],
    about=sim.About(
        title="Defaults, friction and awareness",
        question="Does a platform's default decide more than awareness and easy tools do?",
        finding="A default of out takes nine in ten works out whatever creators know. With a "
        "default of in, awareness alone does little; only a tool that makes opting out all but "
        "free of cost comes near it.",
        sources=(DEFAULTS,),
        evidence=(
            sim.Evidence("platforms.Gallery.sticks", "published", f"{DEFAULTS}: 85 to 99 % stay"),
            sim.Evidence("communities.artists", "assumed"),
            sim.Evidence("rule", "assumed", "swept in other studies"),
            sim.Evidence("network", "assumed"),
        ),
    ),
)

SWEEP = {
    "vary": {
        "platforms.Gallery.default": ["in", "out"],
        "platforms.Gallery.tool": [0.0, 0.5, 0.9],
        "communities.artists.aware": [0.1, 0.3, 0.6, 1.0],
    },
    "replications": 10,
    "outcomes": ["withheld.final", "adoption.final", "participation.final", "labs.Lab.loss"],
    "counterfactual": True,
}

if __name__ == "__main__":
    from sim.cli import main_for

    main_for(SCENARIO)
