"""Opting out of The Stack: 2,000 requests in two weeks, and what the next code model lost.

BigCode published The Stack, a training set of public code, with a form for opting out: an issue
in a public repository, processed about once a month.  For ten months somebody filed every four
days; two weeks after the release of StarCoder2 and The Stack v2 some 1,800 did within twelve
days; then hardly anybody.  (A larger wave from 24 July 2026, issues 2420 to 13090 within four
weeks, is not played here; it speaks for attention that ran out rather than objectors.)

Coders hear of it from news and stay interested for about a week.  Getting round to it, a coder
files by its own grievance and by the share of those it follows who have just filed.
"""

from __future__ import annotations

from datetime import date

import sim
from sim.decisions import LogitChoice
from sim.networks import BarabasiAlbert

ISSUES = "issue numbers of github.com/bigcode-project/opt-out-v2 (requests, not distinct people)"
LANGUAGES = (
    "github.com/oprogramador/github-languages, 7 June 2021: shares of repositories with 10 stars "
    "and a commit within a year, by main language"
)
OCTOVERSE = "GitHub, The State of the Octoverse 2023: 284 million public repositories"
ACCOUNTS = "GitHub, 25 January 2023: 100 million developers"
ATTENTION = "Schema Design, Google Trends & Axios 2019, The Lifespan of News Stories: seven days"
FOLLOWERS = "Lima, Rossi & Musolesi 2014, arXiv:1407.2535: followers fall off as a power law"
CALIBRATED = "python -m analysis.identification bigcode_opt_out: counts up to 20 March 2024"
PAPERS = "Li et al. 2023, arXiv:2305.06161; Lozhkov et al. 2024, arXiv:2402.19173"

SERIES = {  # lowest and highest issue number seen on a day
    date(2023, 5, 5): (8, 8),
    date(2023, 6, 7): (16, 16),
    date(2023, 8, 24): (33, 33),
    date(2023, 9, 26): (40, 40),
    date(2024, 3, 7): (86, 86),
    date(2024, 3, 14): (107, 107),
    date(2024, 3, 16): (257, 257),
    date(2024, 3, 20): (534, 1195),
    date(2024, 3, 21): (1664, 1664),
    date(2024, 3, 25): (1914, 1914),
    date(2024, 3, 26): (1946, 1946),
    date(2024, 4, 3): (2027, 2027),
}
OBSERVED = sim.Observed(
    outcome="opt-out requests",
    dates=tuple(SERIES),
    low=tuple(low for low, _ in SERIES.values()),
    high=tuple(high for _, high in SERIES.values()),
    source=ISSUES,
    fitted_until=date(2024, 3, 20),
)

ATTENTIVE = {
    "web": 44_000,
    "python_data": 26_100,
    "systems": 19_700,
    "jvm_mobile": 14_700,
    "other_languages": 15_500,
}
SILENT, STAND_INS = 100_000_000 - sum(ATTENTIVE.values()), 5_000

GRIEVANCE, CONFORMITY = 4.3, 5.0
BACKGROUND, RELEASE_REACH = 8.1e-4, 0.0255


def attentive(name: str, size: int) -> sim.Community:
    """Return coders whom news may reach, simulated one to one."""
    return sim.Community(
        name,
        size,
        grievance=sim.Normal(GRIEVANCE, 0.1),
        stock=sim.LogNormal(2.8, 1.1),
        stock_by_degree=0.3,
        repertoire={"opt_out": 1.0},
        aware=0.0,
    )


def silent(size: int, represents: float) -> sim.Community:
    """Return stand-ins for all other accounts, whom the campaign never reaches."""
    return sim.Community(
        "silent",
        size,
        stock=sim.LogNormal(-0.08, 1.5),
        repertoire={"opt_out": 1.0},
        represents=represents,
        aware=0.0,
        attention=0.0,
        linked=False,
    )


ABOUT = sim.About(
    title="Opting out of The Stack",
    question="What did 2,000 requests to opt out, most of them filed within two weeks, take from "
    "BigCode's next model, and was it peers who carried the wave?",
    finding="The next model loses a few parts per million, which nobody would notice. Peer "
    "influence is not identified by the series alone: up to 20 March 2024 a pulse curve (news "
    "whose effect decays) and a Bass curve fit as well. If interest fades within a week, as "
    "attention to news does, peers are needed, and the rest of the wave, which nothing was fitted "
    "to, is missed by a median factor of 1.10 (pulse curve 2.0, Bass curve 1.7, this world without "
    "peers 3.0); if within half a week or two weeks, by 2.2 or 1.5. That median hides much: by 3 "
    "April anything from 1,100 to 4,100 requests agrees with what was fitted. The wave is played "
    "slower and longer than it was: that of 21 March has its count, 1,664, at or above the upper "
    "end of the replications' 90 % interval, that of 3 April, 2,027, at the lower end (the median "
    "is 2,700). A second burst of news could explain it.",
    sources=(ISSUES, PAPERS, OCTOVERSE, ACCOUNTS, LANGUAGES, FOLLOWERS, ATTENTION),
    evidence=(
        sim.Evidence("about.observed.0", "predicted", "counts after 20 March 2024; never fitted"),
        sim.Evidence("rule.conformity", "calibrated", CALIBRATED),
        sim.Evidence("communities.web.grievance.mean", "calibrated", f"{CALIBRATED}; all alike"),
        sim.Evidence("awareness.background", "calibrated", "a request every 3.9 days until March"),
        sim.Evidence("calendar.0.reach", "calibrated", "eight requests after the first release"),
        sim.Evidence("calendar.1.reach", "calibrated", "taken to be as after the first release"),
        sim.Evidence("calendar.0.on", "input", PAPERS),
        sim.Evidence("calendar.1.on", "input", PAPERS),
        sim.Evidence("calendar.2.on", "input", "where the series rises; no record of who posted"),
        sim.Evidence("calendar.2.reach", "assumed", "only its product with grievance is known"),
        sim.Evidence("awareness.fading", "published", ATTENTION),
        sim.Evidence("seen_for", "assumed", "a week in the feeds of followers"),
        sim.Evidence("revision.share", "assumed", "a coder gets round to it every fourth day"),
        sim.Evidence("rule.temperature", "assumed", "unit of utility"),
        sim.Evidence("communities.web.grievance.sd", "assumed", "as large as the noise"),
        sim.Evidence("network.links", "assumed", f"16 links on average; {FOLLOWERS}"),
        sim.Evidence("communities.web.size", "published", f"{LANGUAGES}; of 120,000, assumed"),
        sim.Evidence("communities.silent.represents", "published", ACCOUNTS),
        sim.Evidence("communities.silent.attention", "assumed", "the campaign never reaches them"),
        sim.Evidence("communities.silent.stock.mean_log", "published", f"mean 2.8; {OCTOVERSE}"),
        sim.Evidence("communities.web.stock.mean_log", "assumed", "ten times as many on average"),
        sim.Evidence("communities.web.stock_by_degree", "assumed", "the followed have more code"),
        sim.Evidence("communities.web.output", "assumed", "none: rounds differ by requests only"),
        sim.Evidence("labs.BigCode.dates", "input", f"{PAPERS}; June 2024 is hypothetical"),
        sim.Evidence("labs.BigCode.lag", "input", "requests of 20 March were processed 24 April"),
        sim.Evidence("labs.BigCode.compliance", "assumed", "every request is honoured"),
        sim.Evidence("labs.BigCode.preset", "assumed", "a transformer of 70B, not of 15B"),
    ),
    observed=(OBSERVED,),
)

SCENARIO = sim.Scenario(
    name="bigcode_opt_out",
    communities=(
        *(attentive(name, size) for name, size in ATTENTIVE.items()),
        silent(STAND_INS, SILENT / STAND_INS),
    ),
    network=BarabasiAlbert(links=8),
    rule=LogitChoice(conformity=CONFORMITY, temperature=0.1, reversible=False),
    seeds=sim.Seeds(count=0),
    steps=610,
    step_days=1,
    start=date(2023, 5, 1),
    awareness=sim.Awareness(background=BACKGROUND, fading=1 / 7),
    revision=sim.Revision(share=0.25),
    seen_for=7,
    calendar=(
        sim.Broadcast(date(2023, 5, 4), "StarCoder released", RELEASE_REACH),
        sim.Broadcast(date(2024, 2, 28), "StarCoder2, The Stack v2 released", RELEASE_REACH),
        sim.Broadcast(date(2024, 3, 14), "posts about the opt-out form", 0.8),
    ),
    labs=(
        sim.Lab(
            "BigCode",
            preset="llm",
            dates=(date(2023, 5, 4), date(2023, 11, 1), date(2024, 6, 1)),
            lag=30,
        ),
    ),
    about=ABOUT,
)

WITH_INSTITUTIONS = SCENARIO.replace(
    platforms=(sim.Platform("GitHub", sticks=0.9),), mandate=sim.Mandate("opt_out")
)
"""The same campaign with GitHub, whose default is in, and the mandate behind each model measured.

Nobody decides otherwise: three in 100,000 knew, all others whose code was used did not.
"""
TURNED_OUT = WITH_INSTITUTIONS.replace(
    platforms=(sim.Platform("GitHub", sticks=0.9, reversed_at=1e-6),)
)
"""Had GitHub turned its default round once 100 members were seen asking; nine in ten keep it
(Johnson & Goldstein 2003, doi:10.1126/science.1091721)."""

if __name__ == "__main__":
    from sim.cli import main_for

    main_for(SCENARIO)
