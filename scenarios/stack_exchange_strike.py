"""Moderators of Stack Exchange strike without an end in sight, and the company settles.

On 5 June 2023 moderators and curators stopped handling flags and spam; within days 113 of the 538
moderators had signed, later 125, and some 1,500 people in all.  The company negotiated, and the
strike was settled on 2 August, after 58 days.  A week after it began, the blackout of Reddit was
over: see `reddit_blackout`, which is the same model with an end announced and strikers who tire.

Money is counted so that a strike by every moderator and curator would cost the company 100 a day.
Put in are who there was, that signers stayed (125 after 113), and, by calibration, how many
joined and how fast the two sides learnt.  What follows is what the strike took from models, and
whether it would have been settled had strikers tired.
"""

from __future__ import annotations

from datetime import date

import sim
from sim.decisions import Contagion, Threshold
from sim.networks import ErdosRenyi

SIGNED = "meta.stackexchange.com/questions/390825: 113, later 125 of 538 moderators"
CURATORS = "cellio.org/blog, 26 June 2023: about 1,500 on strike, among them 1 moderator in 4"
SETTLED = "meta.stackexchange.com, 2 August 2023: Moderation strike: Results of negotiations"
DURATION = "Ashenfelter & Johnson 1969, www.jstor.org/stable/1811091"
ATTRITION = "Kennan & Wilson 1989, Journal of Applied Econometrics 4(S1), S87-S130"
THRESHOLDS = "Granovetter 1978, doi:10.1086/226707"

WILLING = sim.Normal(0.53, 0.4)
TALKS = sim.Bargaining(
    "Stack Exchange",
    organiser="Representatives",
    communities=("moderators", "curators"),
    starts=0.1,
    disruption=100.0,
    asking=0.5,
    learning=0.05,
    term=365,
)

SCENARIO = sim.Scenario(
    name="stack_exchange_strike",
    communities=(
        sim.Community(
            "moderators", 538, threshold=WILLING, stock=300.0, output=0.2, repertoire="stoppage"
        ),
        sim.Community(
            "curators", 6_450, threshold=WILLING, stock=100.0, output=0.1, repertoire="stoppage"
        ),
        sim.Community(
            "contributors",
            100_000,
            threshold=2.0,
            stock=sim.LogNormal(-0.2, 1.5),
            output=0.0005,
            represents=220.0,
            linked=False,
        ),
    ),
    network=ErdosRenyi(40.0),
    rule=Threshold(of="share"),
    seeds=sim.Seeds(count=0),
    steps=120,
    step_days=1,
    start=date(2023, 6, 4),
    labs=(sim.Lab("Stack Exchange", dates=(date(2023, 8, 1),)),),
    organisers=(sim.Organiser("Representatives", contacts=0.0),),
    bargaining=(TALKS,),
    about=sim.About(
        title="The moderation strike of Stack Exchange",
        question="Why did a company settle with a fifth of its moderators, when their strike cost "
        "no model anything?",
        finding="Between 15 and 27 % of the moderators strike (calibrated to 23 %), and the "
        "company settles after 58 days (calibrated); with the learning of the writers' strike of "
        "the same year it would have taken 100. A model trained in the meantime loses less than "
        "one part per million, so that what is settled is work left undone, not data. Had strikers "
        "given up by 1 % a day, and the company known it, it would have sat the strike out.",
        sources=(SIGNED, CURATORS, SETTLED, DURATION, ATTRITION, THRESHOLDS),
        evidence=(
            sim.Evidence("communities.moderators.size", "published", SIGNED),
            sim.Evidence("communities.moderators.threshold", "calibrated", f"to 23 %; {SIGNED}"),
            sim.Evidence("communities.curators.size", "calibrated", f"to 1,400; {CURATORS}"),
            sim.Evidence("communities.curators.threshold", "assumed", "as the moderators'"),
            sim.Evidence("communities.moderators.stock", "assumed", "posts of their own"),
            sim.Evidence("communities.curators.stock", "assumed", "posts of their own"),
            sim.Evidence("communities.moderators.output", "assumed", "posts a day"),
            sim.Evidence("communities.curators.output", "assumed", "posts a day"),
            sim.Evidence("communities.contributors", "assumed", "22 million, of 2.5 posts each"),
            sim.Evidence("network", "assumed", "all know 40 others on average"),
            sim.Evidence("rule", "published", THRESHOLDS),
            sim.Evidence("start", "input", f"a day before the strike; {SIGNED}"),
            sim.Evidence("bargaining.0.disruption", "assumed", "unit of money"),
            sim.Evidence("bargaining.0.starts", "assumed", "a tenth of those who could strike"),
            sim.Evidence("bargaining.0.asking", "assumed", "first, all that is at stake"),
            sim.Evidence("bargaining.0.learning", "calibrated", f"to 58 days; {SETTLED}"),
            sim.Evidence("bargaining.0.term", "assumed", "a year"),
            sim.Evidence("labs", "assumed", "a model of its own, trained in the last days"),
        ),
    ),
)

DAILY = 0.01
TIRING = SCENARIO.replace(
    rule=Contagion(beta=0.0, gamma=DAILY),
    seeds=sim.Seeds(count=1_400, community="curators"),
    bargaining=(TALKS.replace(attrition=DAILY),),
)
"""1,400 curators strike, of whom one in a hundred gives up each day, as the company expects."""
AS_WRITERS = SCENARIO.replace(bargaining=(TALKS.replace(learning=0.15 / 7),))
"""The two sides learn as slowly as in the writers' strike."""

SWEEP = {"vary": {"bargaining.0.attrition": [0.0, 0.001, 0.002, 0.003, 0.005, 0.01]}}

if __name__ == "__main__":
    from sim.cli import main_for

    main_for(SCENARIO)
