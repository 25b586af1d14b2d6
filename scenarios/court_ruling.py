"""Writers sue over the use of their books, and a court may rule either way.

In July 2023 some 15,000 authors signed a letter for consent, credit and pay, and the first suits
of authors against labs were filed.  By the middle of 2025 three courts in the United States had
ruled on whether training is fair use, once for those who sued, twice for labs.  Here those who act
ask labs to leave their books out, which are hardly heeded, and their suit goes to a court that
rules sooner the more there are: for them with a chance of one in three, and then nobody's works
may be used without consent, or against them, and then all stays as it was.

Put in are how many act, the rate and the odds of rulings, and who would consent.  What follows is
what the two ends mean to models, and that their average is what happens in neither.
"""

from __future__ import annotations

from datetime import date

import sim
from sim.decisions import Threshold
from sim.networks import ErdosRenyi

LETTER = "Authors Guild, 18 July 2023: more than 15,000 authors sign an open letter to labs"
AUTHORS = "US Bureau of Labor Statistics, Occupational Outlook 2022: 151,200 writers and authors"
RULINGS = (
    "Thomson Reuters v. Ross (filed May 2020, ruled February 2025, for those who sued), Bartz v. "
    "Anthropic (August 2024, June 2025) and Kadrey v. Meta (July 2023, June 2025), both for labs"
)
CONSENT = "Authors Guild, May 2023: 65 % would license their books collectively, for pay"
BOOKS = "Gao et al. 2020, arXiv:2101.00027: books are 12 % of the Pile"
CRAWLERS = "Longpre et al. 2024, arXiv:2407.14933: requests bind nobody unless labs respect them"
THRESHOLDS = "Granovetter 1978, doi:10.1086/226707"

COURT = sim.Regulator(
    "Court",
    ruling=sim.Ruling(
        date(2023, 7, 7),
        label="training on books is not fair use",
        regime="opt_in",
        asked=1.0,
        enforcement=1.0,
        favours=1 / 3,
    ),
    pressure=30.0,
)

SCENARIO = sim.Scenario(
    name="court_ruling",
    communities=(
        sim.Community(
            "writers",
            150_000,
            threshold=sim.Normal(0.62, 0.4),
            stock=sim.LogNormal(1.3, 0.8),
            repertoire="opt_out",
            consents=0.65,
        ),
        sim.Community(
            "others",
            20_000,
            threshold=2.0,
            stock=5.4,
            represents=50.0,
            consents=1.0,
            linked=False,
        ),
    ),
    network=ErdosRenyi(10.0),
    rule=Threshold(of="share"),
    seeds=sim.Seeds(count=0),
    steps=52,
    step_days=28,
    start=date(2023, 6, 1),
    labs=(sim.Lab("Labs", every=13, compliance=0.2),),
    regulators=(COURT,),
    about=sim.About(
        title="A court may rule either way",
        question="What do 15,000 writers take from labs by suing, if a court can rule for or "
        "against them?",
        finding="Within four years the court rules in about three of four worlds, in one of four "
        "for the writers. Then the third of them who do not consent are out, most of whom never "
        "acted, and models lose some 25 times as much as through requests alone: a tenth of a "
        "percent, half a percent on books. Otherwise they lose next to nothing. No world is like "
        "the average of the two. Nobody would notice either from the model: what is at stake in "
        "court is consent and pay rather than capability, as long as most consent for pay.",
        sources=(LETTER, AUTHORS, RULINGS, CONSENT, BOOKS, CRAWLERS, THRESHOLDS),
        evidence=(
            sim.Evidence("communities.writers.size", "published", AUTHORS),
            sim.Evidence("communities.writers.threshold", "calibrated", f"to 15,000; {LETTER}"),
            sim.Evidence("communities.writers.stock", "assumed", "five books on average"),
            sim.Evidence("communities.writers.repertoire", "input", LETTER),
            sim.Evidence("communities.writers.consents", "published", CONSENT),
            sim.Evidence("communities.others", "assumed", "a million, who publish and consent"),
            sim.Evidence("communities.others.stock", "calibrated", f"books are .12; {BOOKS}"),
            sim.Evidence("network", "assumed", "ten others on average"),
            sim.Evidence("rule", "published", THRESHOLDS),
            sim.Evidence("start", "input", "before the first suits"),
            sim.Evidence("labs.Labs.compliance", "assumed", f"one request in five; {CRAWLERS}"),
            sim.Evidence("labs.Labs.every", "assumed", "a model a year, all labs alike"),
            sim.Evidence("regulators.Court.ruling.favours", "published", f"1 of 3: {RULINGS}"),
            sim.Evidence(
                "regulators.Court.pressure",
                "calibrated",
                f"15,000 bring .4 rulings a year, as three in 7.6 years of suits: {RULINGS}; those "
                "still open are left out, so that it is too high rather than too low",
            ),
            sim.Evidence("regulators.Court.ruling", "assumed", "all are asked, and labs obey"),
        ),
    ),
)

LOST = SCENARIO.replace(
    regulators=(COURT.replace(ruling=COURT.ruling.replace(favours=0.0)),),
)
"""The court always rules for labs."""

SWEEP = {
    "vary": {
        "regulators.Court.ruling.favours": [0.0, 1 / 3, 2 / 3, 1.0],
        "communities.writers.consents": [0.0, 0.35, 0.65, 0.9],
        "labs.Labs.compliance": [0.2, 0.6, 1.0],
    }
}

if __name__ == "__main__":
    from sim.cli import main_for

    main_for(SCENARIO)
