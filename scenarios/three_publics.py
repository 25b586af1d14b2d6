"""Artists, writers and coders, divided among themselves: who joins a protest, who is against it.

Most artists and nearly all writers object to the use of their works, while most coders welcome
what models do for them.  The three publics know one another: seven in ten ties stay at home.  Some
artists begin to withhold their works.  Artists see artists and join; writers, and those coders who
are wary, would follow if enough of the others did; and the keen among the coders answer the
protest by giving their code to a lab, and by saying so, so that to the others each of them cancels
one who acts (counter-mobilisation).

Surveys say how many object, not what it takes until they act: thresholds are assumed, and nobody
acts by itself.  What follows is who is reached, and which labs' models feel it where.
"""

from __future__ import annotations

from datetime import date

import sim
from sim.decisions import Threshold
from sim.networks import StochasticBlock

ARTISTS = "University of Chicago, surveys of users of Glaze: 80 % of artists try to keep work out"
WRITERS = "Authors Guild, November 2023: 96 % of 2,400 authors want consent and pay"
CODERS = "Stack Overflow Developer Survey 2023: 27 % distrust what tools of this kind produce"
COUNTER = "Meyer & Staggenborg 1996, American Journal of Sociology 101(6), 1628-1660"
THRESHOLDS = "Granovetter 1978, doi:10.1086/226707"
TIES = "Holland, Laskey & Leinhardt 1983, doi:10.1016/0378-8733(83)90021-7"

EACH = 10.0
OBJECTORS = ("artists", "writers", "wary_coders")
SOONER = sim.Truncated(sim.Normal(0.2, 0.08), low=0.01)
LATER = sim.Truncated(sim.Normal(0.3, 0.08), low=0.01)


def public(name: str, size: int, threshold: sim.Truncated, tactic: str) -> sim.Community:
    """Return those of one public who feel alike."""
    return sim.Community(
        name,
        size,
        threshold=threshold,
        stock=sim.LogNormal(3.0, 1.0),
        repertoire=tactic,
        represents=EACH,
    )


SCENARIO = sim.Scenario(
    name="three_publics",
    communities=(
        public("artists", 32_000, SOONER, "withhold"),
        public("writers", 28_800, LATER, "withhold"),
        public("wary_coders", 10_800, LATER, "withhold"),
        public("keen_coders", 29_200, SOONER, "donate").replace(opposes=OBJECTORS),
        public("bystanders", 9_200, LATER, "withhold").replace(threshold=2.0),
    ),
    network=StochasticBlock(mean_degree=20.0, homophily=0.65),
    rule=Threshold(of="share", reversible=True),
    seeds=sim.Seeds(share=0.03, community="artists", committed=True),
    steps=104,
    start=date(2023, 1, 1),
    labs=(
        sim.Lab("Images", preset="image-text", every=26),
        sim.Lab("Words", preset="llm", every=26, receives=("keen_coders",), curation=1.5),
    ),
    about=sim.About(
        title="Three publics",
        question="Does a protest of artists reach writers and coders, what do those do to it who "
        "are against it, and which labs feel it?",
        finding="Nearly all artists who object withhold their works; of writers and the wary among "
        "the coders one in forty does, since the keen, all of whom answer, hold the others down. "
        "If the keen did nothing, all who object would act, and the image model would lose seven "
        "times as much. Without ties between the publics artists are alone, with or without the "
        "keen. And ties can be too many as well as too few: if only half stay at home beyond "
        "chance the protest never takes hold among artists, if four fifths do it never leaves "
        "them. The image model feels it six times as much as the model of words, which gets what "
        "the keen give, and most where it imitates artists. Half of those who act are against the "
        "protest.",
        sources=(ARTISTS, WRITERS, CODERS, COUNTER, THRESHOLDS, TIES),
        evidence=(
            sim.Evidence("communities.artists.size", "published", f"of 40,000; {ARTISTS}"),
            sim.Evidence("communities.writers.size", "published", f"of 30,000; {WRITERS}"),
            sim.Evidence("communities.wary_coders.size", "published", f"of 40,000; {CODERS}"),
            sim.Evidence("communities.keen_coders.size", "published", f"of 40,000; {CODERS}"),
            sim.Evidence("communities.bystanders.size", "published", "artists, writers: the rest"),
            sim.Evidence("communities.bystanders.threshold", "assumed", "they never act"),
            sim.Evidence("communities.artists.threshold", "assumed", "soonest: most concerned"),
            sim.Evidence("communities.writers.threshold", "assumed", "later than artists"),
            sim.Evidence("communities.wary_coders.threshold", "assumed", "as the writers'"),
            sim.Evidence("communities.keen_coders.threshold", "assumed", "as the artists'"),
            sim.Evidence("communities.keen_coders.opposes", "assumed", COUNTER),
            sim.Evidence("communities.artists.represents", "assumed", "a million in all"),
            sim.Evidence("communities.artists.stock", "assumed", "publics alike in works"),
            sim.Evidence("network", "assumed", f"20 ties, .65 at home beyond chance; {TIES}"),
            sim.Evidence("rule", "published", THRESHOLDS),
            sim.Evidence("seeds.share", "assumed", "three in a hundred artists begin"),
            sim.Evidence(
                "labs.Words.curation", "assumed", "given works are worth half as much more"
            ),
            sim.Evidence("labs", "assumed", "one preset each, two models a year, all is crawled"),
        ),
    ),
)

SEPARATE = SCENARIO.replace(network=StochasticBlock(mean_degree=20.0, homophily=1.0))
"""No ties between the publics."""
UNITED = SCENARIO.replace(
    communities=tuple(
        c.replace(threshold=2.0, opposes=()) if c.name == "keen_coders" else c
        for c in SCENARIO.communities
    )
)
"""The keen among the coders do nothing."""

SWEEP = {
    "vary": {
        "network.homophily": [0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 0.8, 0.9, 1.0],
        "seeds.share": [0.01, 0.03, 0.05],
    }
}

if __name__ == "__main__":
    from sim.cli import main_for

    main_for(SCENARIO)
