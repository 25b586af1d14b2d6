"""Who consented? Three releases of one model under opt-out, opt-in and a referendum.

Under opt-out works are used unless refused; under opt-in only those whose makers were asked and
said yes; under a referendum each release is put to the vote of all creators.  In this world two
rulings change the law between three releases; the constants below play each regime throughout.
The mandate counts every creator whose works are there to be crawled, before any is removed:
silence and ignorance are not consent.

How many say yes is put in, from a poll of the public; so is how many can be reached, and who
votes.  That opt-out yields no mandate and opt-in a full one of a small set follows from the
definitions.  What follows from the model is the price: how much capability each regime leaves,
what creators' own refusals add, and where the three lie between mandate and capability.
"""

from __future__ import annotations

from datetime import date

import sim
from sim.decisions import LogitChoice
from sim.networks import HolmeKim

POLL = (
    "YouGov, 2-3 May 2024, 12,876 adults in the United States: 20 % say models should be allowed "
    "to train on what is on the open internet, 44 % that they should not"
)
OPTED_OUT = "Open Future, 8 March 2023: 40,000 of 5.85 billion works opted out one by one"
ARNSTEIN = "Arnstein 1969, doi:10.1080/01944366908977225: silence is not participation"

YES = round(20 / 64, 2)
"""Of those who take a side."""


def creators(name: str, size: int, represents: float, consents: float) -> sim.Community:
    """Return creators of one trade, a fifth of whom have heard of the matter."""
    return sim.Community(
        name,
        size,
        grievance=sim.Normal(-8.0, 1.5),
        stock=sim.LogNormal(2.0, 1.1),
        output=sim.LogNormal(-2.0, 1.1),
        repertoire={"opt_out": 1.0},
        represents=represents,
        aware=0.2,
        consents=consents,
    )


SCENARIO = sim.Scenario(
    name="public_mandate",
    communities=(
        creators("public", 80_000, 1_000.0, YES),
        creators("artists", 20_000, 50.0, 0.1),
    ),
    network=HolmeKim(links=4, triads=0.5),
    rule=LogitChoice(conformity=2.0, temperature=1.0, reversible=False),
    seeds=sim.Seeds(count=0),
    steps=78,
    start=date(2024, 6, 3),
    awareness=sim.Awareness(background=0.005, peer=0.02, fading=0.01),
    mandate=sim.Mandate("opt_out", able=0.8),
    labs=(sim.Lab("Lab", preset="llm", every=26, delay=4),),
    calendar=(
        sim.Ruling(date(2025, 1, 6), "opt-in", regime="opt_in", asked=0.5, concession=0.0),
        sim.Ruling(date(2025, 7, 7), "referendums", regime="referendum", asked=0.0, concession=0.0),
    ),
    about=sim.About(
        title="Three consent regimes",
        question="What does each regime of consent yield in mandate and in capability, when a "
        "model is released three times?",
        finding="Under opt-out the model has all but 0.3 % of the works and no mandate: three in "
        "four creators do not know or could not refuse, the others are silent. Under opt-in, "
        "with half of the creators asked, 15 % of them are behind it, and its loss is 3 % "
        "higher, 0.2 % if the lab repeats what it has; with all of them asked, 31 % and 1.6 %. A "
        "referendum refuses each release in each of 20 replications, so that people keep the "
        "model they have. Were 55 % in favour it would release the full model with a mandate of "
        "27 %, as much as opt-in would then have, but over the refusal of 23 %. So capability "
        "and mandate trade off unless a majority agrees, and then it is the minority's refusal "
        "that pays.",
        sources=(POLL, OPTED_OUT, ARNSTEIN),
        evidence=(
            sim.Evidence("communities.public.consents", "published", f"20 of 64; {POLL}"),
            sim.Evidence("communities.artists.consents", "assumed", "fewer than of the public"),
            sim.Evidence("communities.public.grievance", "assumed", f"some refuse; {OPTED_OUT}"),
            sim.Evidence("communities.public.aware", "assumed", "one in five at the start"),
            sim.Evidence("communities.public.stock", "assumed", "13 works each"),
            sim.Evidence("communities.public.output", "assumed", "13 works a year"),
            sim.Evidence("mandate.regime", "input", "compared"),
            sim.Evidence("mandate.able", "assumed", "four in five could find the form"),
            sim.Evidence("mandate.turnout", "assumed", "half of the creators vote"),
            sim.Evidence("mandate.majority", "input", "more than half of the votes"),
            sim.Evidence("calendar.0.asked", "assumed", "half of the creators can be reached"),
            sim.Evidence("calendar.0.on", "input", "between the releases"),
            sim.Evidence("calendar.1.on", "input", "between the releases"),
            sim.Evidence("labs.Lab.every", "assumed", "two releases a year"),
            sim.Evidence("labs.Lab.compliance", "input", "the law is kept"),
            sim.Evidence("awareness", "assumed", "a quarter of the unaware hear in a year"),
            sim.Evidence("network", "assumed", "8 links on average, in circles"),
            sim.Evidence("rule", "assumed", "unit of utility; peers count twice as much"),
        ),
    ),
)

LASTING = SCENARIO.replace(calendar=())
OPT_OUT = LASTING.replace(name="opt_out")
"""Opt-out throughout."""
OPT_IN = LASTING.replace(name="opt_in", mandate=sim.Mandate("opt_in", asked=0.5, able=0.8))
"""Opt-in throughout; half of the creators are asked."""
REFERENDUM = LASTING.replace(name="referendum", mandate=sim.Mandate("referendum", able=0.8))
"""A referendum on every release; half of the creators vote."""
MAJORITY = REFERENDUM.replace(
    name="majority",
    communities=(SCENARIO.communities[0].replace(consents=0.55), SCENARIO.communities[1]),
)
"""A referendum where 55 % are in favour."""
REGIMES = (OPT_OUT, OPT_IN, REFERENDUM)
"""For `sim.institutions.arithmetic.mandate.frontier`."""

SWEEP = {
    "vary": {
        "mandate.regime": ["opt_out", "opt_in", "referendum"],
        "mandate.asked": [0.1, 0.5, 1.0],
        "communities.public.consents": [0.2, YES, 0.55],
    },
    "counterfactual": True,
}

if __name__ == "__main__":
    from sim.cli import main_for

    main_for(SCENARIO)
