"""Reddit goes dark for two days, as announced, and the company waits.

On 12 June 2023 some 7,200 communities of Reddit made themselves private for 48 hours against the
price of its interface; nearly 9,000 took part in the end, 2.6 billion subscriptions among them.
"Like all blowups on Reddit, this one will pass as well", its head wrote.  On 15 June 5,000 were
still dark, 300 had pledged to stay so; the price came, and so did a threat to replace moderators.

A creator here is the team of one community, and its works are the posts there.  Money is counted
so that a blackout of all of Reddit would cost the company 100 a day.  How the two sides learn is
taken over from `writers_strike`, where it was calibrated.  Put in are who began, the announced
end, and how many went on; by calibration, how many joined.  What follows is whether the company
settles, what it would have taken, and what models missed.
"""

from __future__ import annotations

from datetime import date

import sim
from sim.decisions import Contagion
from sim.networks import BarabasiAlbert

DARK = "Digital Trends, 12 June 2023: 7,199 dark of 7,806 that had pledged"
PEAK = (
    "The Verge, 15 June 2023: over 8,000 at the peak, over 5,000 still dark; others: nearly 9,000"
)
PLEDGED = "Gizmodo, 14 June 2023: 300 in it for the long haul; the memo of the company's head"
SIZE = "Reddit, 2023: more than 100,000 active communities"
REPLACED = "The Verge, 15 to 20 June 2023: moderators are told to reopen or be replaced"
DURATION = "Ashenfelter & Johnson 1969, www.jstor.org/stable/1811091"
ATTRITION = "Kennan & Wilson 1989, Journal of Applied Econometrics 4(S1), S87-S130"

FIRST, LAST = date(2023, 6, 12), date(2023, 6, 13)
DAILY = 0.05
OBSERVED = sim.Observed(
    outcome="communities that went dark",
    dates=(date(2023, 6, 12), date(2023, 6, 14)),
    low=(7_199.0, 8_000.0),
    high=(7_806.0, 9_000.0),
    source=f"{DARK}; {PEAK}",
    fitted_until=date(2023, 6, 14),
)
COORDINATION = sim.Organiser("ModCoord", contacts=0.0, until=LAST, goes_on=0.72)
TALKS = sim.Bargaining(
    "Reddit",
    organiser="ModCoord",
    starts=0.01,
    disruption=100.0,
    attrition=DAILY,
    asking=0.5,
    learning=0.15 / 7,
    term=365,
)
SPREAD = Contagion(beta=0.0066, gamma=DAILY, immune=True)

SCENARIO = sim.Scenario(
    name="reddit_blackout",
    communities=(
        sim.Community(
            "subreddits",
            100_000,
            stock=sim.Pareto(1_000.0, 1.2),
            stock_by_degree=0.5,
            repertoire="withhold",
        ),
    ),
    network=BarabasiAlbert(links=5),
    rule=SPREAD,
    seeds=sim.Seeds(count=7_200, who="largest"),
    steps=120,
    step_days=1,
    start=FIRST,
    labs=(sim.Lab("Reddit", dates=(LAST, date(2023, 7, 31))),),
    organisers=(COORDINATION,),
    bargaining=(TALKS,),
    about=sim.About(
        title="The blackout of Reddit",
        question="Could a blackout of two days, with its end announced, have moved the company?",
        finding="No: Reddit settles in no replication. Half of those who go on have given up "
        "within two weeks, and knowing this it need not pay. If they all stayed, it would settle "
        "after 100 days, end announced or not, for about half of what the blackout costs it, if "
        "it learns as fast as in the writers' strike of that year; but not if half gave up "
        "within eight months. If all had reopened as announced, never. A model trained on 13 "
        "June would have lost half a percent without the largest communities, one trained "
        "seven weeks later nothing that could be noticed.",
        sources=(DARK, PEAK, PLEDGED, SIZE, REPLACED, DURATION, ATTRITION),
        evidence=(
            sim.Evidence("about.observed.0", "calibrated", f"{DARK}; {PEAK}"),
            sim.Evidence("communities.subreddits.size", "published", SIZE),
            sim.Evidence("communities.subreddits.stock", "assumed", "posts: a heavy tail"),
            sim.Evidence("communities.subreddits.stock_by_degree", "assumed", "large, well linked"),
            sim.Evidence("communities.subreddits.repertoire", "input", f"private; {DARK}"),
            sim.Evidence("network", "assumed", "communities that share moderators"),
            sim.Evidence(
                "rule", "assumed", f"gamma: half give up in two weeks, {REPLACED}; beta: calibrated"
            ),
            sim.Evidence("seeds.count", "input", DARK),
            sim.Evidence("seeds.who", "input", "2.6 billion subscriptions: the largest"),
            sim.Evidence("organisers.ModCoord.until", "input", "announced: 12 and 13 June"),
            sim.Evidence("organisers.ModCoord.goes_on", "calibrated", f"to 5,000; {PEAK}"),
            sim.Evidence("bargaining.0.attrition", "assumed", "the company knows who gives up"),
            sim.Evidence("bargaining.0.disruption", "assumed", "unit of money"),
            sim.Evidence("bargaining.0.starts", "assumed", "1 % of the communities"),
            sim.Evidence("bargaining.0.asking", "assumed", "first, all that is at stake"),
            sim.Evidence("bargaining.0.learning", "calibrated", f"writers_strike; {DURATION}"),
            sim.Evidence("bargaining.0.term", "assumed", "a year"),
            sim.Evidence("labs", "assumed", "trained in the blackout, and seven weeks later"),
        ),
        observed=(OBSERVED,),
    ),
)

CALM = SPREAD.replace(beta=0.0, gamma=0.0)
PATIENT = SCENARIO.replace(
    rule=CALM,
    organisers=(COORDINATION.replace(until=None),),
    bargaining=(TALKS.replace(attrition=0.0),),
)
"""The end is not announced, and nobody gives up."""
REOPENED = SCENARIO.replace(
    rule=CALM,
    organisers=(COORDINATION.replace(goes_on=0.0),),
    bargaining=(TALKS.replace(attrition=0.0),),
)
"""Nobody gives up before the announced end, when all reopen."""

SWEEP = {
    "vary": {
        "organisers.ModCoord.goes_on": [0.0, 0.36, 0.72, 1.0],
        "bargaining.0.attrition": [0.0, 0.001, 0.003, 0.01, 0.05],
    }
}

if __name__ == "__main__":
    from sim.cli import main_for

    main_for(SCENARIO)
