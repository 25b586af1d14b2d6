"""Creators give their works to a rival that shares what it earns; when does it overtake.

An incumbent trains on all that is public and pays nobody.  A commons starts with the public domain
alone and trains on what it is given; it pays a share of its profit, split evenly, to those who
give, who also keep their works from the incumbent.  Users go by capability, slowly.  More works
make the commons better, a better model earns more, and more pay brings more works: until those who
share it are so many that each gets little.

Nobody has tried this at such a scale, so nearly everything is assumed; what the scenario shows is
which of the assumptions decide.  The share is the one that YouTube pays.  Money has no currency:
a unit a week weighs as much with a creator as two standard deviations of what creators think of
giving.
"""

from __future__ import annotations

import sim
from sim.decisions import LogitChoice
from sim.networks import BarabasiAlbert

CONTRIBUTION = "Vincent & Hecht 2021, doi:10.1145/3449177"
SHARES = "YouTube Partner Program: 55 % of what is earned on a video goes to who made it"
CHOICE = "Brock & Durlauf 2001, doi:10.1111/1467-937X.00168"
MARKET = "McFadden 1974, on conditional logit"

INCUMBENT = sim.Lab("Incumbent", every=13, legacy=0.1)
COMMONS = sim.Lab(
    "Commons",
    every=13,
    legacy=0.1,
    crawls=False,
    receives="everybody",
    sharing=sim.Sharing(0.55, worth=1.0),
)

SCENARIO = sim.Scenario(
    name="conscious_contribution",
    communities=(
        sim.Community(
            "creators",
            100_000,
            grievance=sim.Normal(-1.5, 0.5),
            stock=sim.LogNormal(3.0, 1.0),
            repertoire="donate_and_withhold",
        ),
    ),
    network=BarabasiAlbert(links=5),
    rule=LogitChoice(conformity=0.5, temperature=0.25),
    seeds=sim.Seeds(count=0),
    revision=sim.Revision(share=0.1),
    steps=156,
    labs=(INCUMBENT, COMMONS),
    market=sim.Market(users=1e7, sensitivity=20.0, outside=-1.0, switching=0.05, margin=0.1),
    about=sim.About(
        title="A rival that shares what it earns",
        question="When does a lab that pays creators overtake one that does not?",
        finding="With the share that YouTube pays, nearly all creators give within a year, and "
        "after nine months the commons has more users. At a fifth it takes two years; at a tenth "
        "a quarter of the creators give, each of whom gets little, and the commons never passes "
        "three quarters of the incumbent's users; without sharing three creators in a thousand "
        "give. And if creators give without withholding, it never overtakes, however much it "
        "shares: at best it draws level, since the incumbent has the same works, unless given "
        "works are worth more than crawled ones.",
        sources=(CONTRIBUTION, SHARES, CHOICE, MARKET),
        evidence=(
            sim.Evidence("communities.creators", "assumed", "a hundred thousand, unlike in works"),
            sim.Evidence(
                "communities.creators.grievance", "assumed", "without pay three in a thousand give"
            ),
            sim.Evidence("communities.creators.repertoire", "input", CONTRIBUTION),
            sim.Evidence("network", "assumed", "ten others on average"),
            sim.Evidence("rule", "assumed", f"weak conformity; {CHOICE}"),
            sim.Evidence("revision.share", "assumed", "thought over every tenth week"),
            sim.Evidence("labs.Commons.sharing.share", "published", SHARES),
            sim.Evidence("labs.Commons.sharing.worth", "assumed", "unit of money"),
            sim.Evidence("labs.Incumbent.legacy", "assumed", "public domain, for both alike"),
            sim.Evidence("labs.Commons.legacy", "assumed", "public domain, for both alike"),
            sim.Evidence("labs", "assumed", "four models a year each"),
            sim.Evidence("market.users", "assumed", "a hundred for each creator"),
            sim.Evidence("market.switching", "assumed", f"one user in twenty a week; {MARKET}"),
            sim.Evidence("market.sensitivity", "assumed", "5 % more loss: odds of .37"),
            sim.Evidence("market.margin", "assumed", "a tenth of the unit of money"),
            sim.Evidence("market.outside", "assumed", "few use none"),
        ),
    ),
)

UNPAID = SCENARIO.replace(labs=(INCUMBENT, COMMONS.replace(sharing=None)))
"""The commons keeps what it earns."""
GIVING = SCENARIO.replace(
    communities=tuple(c.replace(repertoire="donate") for c in SCENARIO.communities)
)
"""Creators give their works, and leave them to the incumbent as well."""

SWEEP = {
    "vary": {
        "labs.Commons.sharing.share": [0.05, 0.1, 0.15, 0.2, 0.3, 0.55, 0.8],
        "communities.creators.repertoire": ["donate_and_withhold", "donate"],
        "labs.Commons.curation": [1.0, 1.5],
    }
}

if __name__ == "__main__":
    from sim.cli import main_for

    main_for(SCENARIO)
