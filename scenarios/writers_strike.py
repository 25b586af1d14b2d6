"""A writers' union strikes for a price of its scripts: for how long, and on which terms.

In 2023 the 11,500 members of the Writers Guild of America stopped writing for 148 days.  They had
asked for 429 million dollars a year, were offered 86, and settled at 233.  Here the same union
withholds its scripts from the studios' model: members pledge to act if enough others do, the
guild pays a little from its strike fund, and the studios, played as one lab, settle as soon as
that is worth more to them than waiting for the union to ask for less.

What is put in: the members, the fund, what was asked for (taken to be all that is at stake), an
even split of the gain, and the length of the strike, to which the union's learning is calibrated.
What follows: that all sign, the terms, and how fund, archive and lab's response change both.
The real studios lost shows rather than training data; how much a lab's users mind a worse model is
assumed.  Money is in dollars.
"""

from __future__ import annotations

from datetime import date

import sim
from sim.decisions import ConditionalPledge, Threshold
from sim.networks import Complete

DEAL = (
    "Los Angeles Times, 26 September 2023: 11,500 members, 148 days; 233 million dollars a year, "
    "up from an offer of 86 million"
)
ASKED = "Writers Guild of America, 1 May 2023: proposals worth 429 million dollars a year"
VOTE = "Variety, 17 April 2023: 9,020 votes for a strike, 198 against, turnout .79"
FUND = (
    "Deadline, 27 March 2023: 19.7 million dollars in the strike fund of the western guild; more "
    "than 3 million were lent in the 100 days of 2007 and 2008"
)
DURATION = "Ashenfelter & Johnson 1969, www.jstor.org/stable/1811091"
SPLIT = "Nash 1950, doi:10.2307/1907266"
PLEDGES = "Bagnoli & Lipman 1989, doi:10.2307/2297503"

STUDIOS = sim.Lab("Studios", dates=(date(2023, 9, 1),), legacy=0.25)
TALKS = sim.Bargaining(
    "Studios", organiser="Guild", starts=0.1, power=0.5, asking=0.5, learning=0.15, term=156
)

SCENARIO = sim.Scenario(
    name="writers_strike",
    communities=(
        sim.Community(
            "writers",
            11_500,
            threshold=sim.Normal(0.5, 0.15),
            stock=sim.LogNormal(2.0, 1.0),
            repertoire="withhold",
        ),
    ),
    network=Complete(),
    rule=ConditionalPledge(of="share"),
    seeds=sim.Seeds(count=0),
    steps=52,
    start=date(2023, 4, 25),
    labs=(STUDIOS,),
    market=sim.Market(users=1e6, sensitivity=20.0, margin=55.76),
    organisers=(sim.Organiser("Guild", contacts=0.0, fund=sim.Fund(19.7e6, pay=20.0)),),
    bargaining=(TALKS,),
    about=sim.About(
        title="A writers' strike",
        question="How long does a union that withholds its scripts have to strike, and what does "
        "it get?",
        finding="All sign and stop at once, where joining one after another hardly anybody would. "
        "The deal, after 21 weeks (calibrated), is worth some 232 million dollars a year, 54 % of "
        "what was asked for; the real one was worth 233. A fund that pays 20 dollars a week adds "
        "6 million to it, one that pays twice as much 11 million; but one that pays three times "
        "as much is empty after 28 weeks, and the studios wait for that and pay less. If they buy "
        "out 100 members a week one by one meanwhile, nine hundred sell, and the deal for all "
        "others is worth a third less, since the first works to come back matter most. A lab that "
        "keeps an archive of the scripts never settles, nor does one within the year that makes "
        "do by repeating other texts.",
        sources=(DEAL, ASKED, VOTE, FUND, DURATION, SPLIT, PLEDGES),
        evidence=(
            sim.Evidence("communities.writers.size", "published", DEAL),
            sim.Evidence("communities.writers.threshold", "assumed", f"what came out: {VOTE}"),
            sim.Evidence("communities.writers.stock", "assumed", "twelve scripts on average"),
            sim.Evidence("communities.writers.repertoire", "assumed", "all rights are theirs"),
            sim.Evidence("rule", "published", PLEDGES),
            sim.Evidence("start", "input", f"a week before the strike; {DEAL}"),
            sim.Evidence("organisers.Guild.fund.amount", "published", FUND),
            sim.Evidence("organisers.Guild.fund.pay", "published", f"a member and week; {FUND}"),
            sim.Evidence("organisers.Guild.contacts", "assumed", "pledges need no canvassing"),
            sim.Evidence("bargaining.0.power", "assumed", f"an even split; {SPLIT}"),
            sim.Evidence("bargaining.0.asking", "assumed", "first, all that is at stake"),
            sim.Evidence("bargaining.0.learning", "calibrated", f"to 148 days; {DURATION}"),
            sim.Evidence("bargaining.0.starts", "assumed", "a tenth of the members"),
            sim.Evidence("bargaining.0.term", "input", "three years"),
            sim.Evidence("market.margin", "calibrated", f"429 million at stake; {ASKED}"),
            sim.Evidence("market.users", "assumed", "only its product with the margin counts"),
            sim.Evidence("market.sensitivity", "assumed", "5 % more loss: .27 stay, not .50"),
            sim.Evidence("labs.Studios.legacy", "assumed", "scripts that are not the guild's"),
            sim.Evidence("labs.Studios.dates", "assumed", "one model, trained in the strike"),
        ),
    ),
)

JOINING = SCENARIO.replace(rule=Threshold(of="share", scope="everyone"))
"""The same writers join one after another."""
INFORMED = SCENARIO.replace(bargaining=(TALKS.replace(asking=0.0),))
"""The union knows what its scripts are worth to the studios."""
ARCHIVE = SCENARIO.replace(labs=(STUDIOS.replace(snapshots="from_start"),))
"""The studios keep what they have crawled."""
REPEATING = SCENARIO.replace(labs=(STUDIOS.replace(response="repeat_uniform"),))
"""The studios train longer on what is left."""
DIVIDED = SCENARIO.replace(labs=(STUDIOS.replace(licensing=sim.Licensing(offers=100)),))
"""The studios offer licences to single writers; what these cost is not counted."""

SWEEP = {
    "vary": {
        "organisers.Guild.fund.pay": [0.0, 10.0, 20.0, 30.0, 40.0, 60.0, 80.0],
        "bargaining.0.power": [0.3, 0.5, 0.7],
    }
}

if __name__ == "__main__":
    from sim.cli import main_for

    main_for(SCENARIO)
