"""DeviantArt's default: a few thousand who complain, and 25 million who do nothing.

On 11 November 2022 DeviantArt let every work be used for training unless its maker said no, work
by work; after a day of complaints it turned the setting round for all works.  Here members who
hear of it may opt out by hand, which is tedious; the platform turns its default round once enough
of them are seen acting; and most members leave any setting as they find it.

How many leave a default as it is comes from experiments and from organ donation, so that a
default moves more works than those who protest is put in.  What follows is by how much, what it
costs a model that honours the setting and one that does not, and that the protest counts through
the platform or hardly at all: below the wave that the platform bears nothing changes.
"""

from __future__ import annotations

from datetime import date

import sim
from sim.decisions import LogitChoice
from sim.networks import BarabasiAlbert

REVERSED = (
    "Ars Technica, 11 November 2022, and DeviantArt's update of the day after: all deviations are "
    "labelled as not allowed in AI data sets"
)
SIZE = "en.wikipedia.org/wiki/DeviantArt: 25 million members and 250 million submissions in 2017"
DEFAULTS = "Johnson & Goldstein 2003, doi:10.1126/science.1091721: 82 % to 99 % keep consent"
LAION = "Schuhmann et al. 2022, arXiv:2210.08402: 5.85 billion image-text pairs"

MEMBERS, ACTIVE = 25_000_000, 120_000
LAUNCH = date(2022, 11, 11)

SCENARIO = sim.Scenario(
    name="deviantart_default",
    communities=(
        sim.Community(
            "active",
            ACTIVE,
            grievance=sim.Normal(3.0, 1.0),
            cost=1.0,
            stock=sim.LogNormal(3.4, 1.1),
            repertoire={"opt_out": 0.9, "withhold": 0.1},
            aware=0.0,
        ),
        sim.Community(
            "silent",
            5_000,
            stock=9.7,
            repertoire="opt_out",
            represents=(MEMBERS - ACTIVE) / 5_000,
            aware=0.0,
            attention=0.0,
            linked=False,
        ),
        sim.Community(
            "web",
            5_000,
            stock=18.7,
            repertoire="opt_out",
            represents=60_000.0,
            aware=0.0,
            attention=0.0,
            linked=False,
        ),
    ),
    network=BarabasiAlbert(links=8),
    rule=LogitChoice(conformity=5.0, temperature=1.0),
    seeds=sim.Seeds(count=0),
    steps=42,
    step_days=1,
    start=date(2022, 11, 7),
    awareness=sim.Awareness(peer=0.05, fading=1 / 7),
    feedback=sim.Feedback(appeasement=3.0),
    platforms=(
        sim.Platform(
            "DeviantArt",
            {"active": 1.0, "silent": 1.0},
            reversed_at=5e-5,
            sticks=0.9,
            concession=1.0,
        ),
    ),
    labs=(
        sim.Lab("Honouring", preset="image-text", dates=(date(2022, 12, 15),)),
        sim.Lab("Ignoring", preset="image-text", dates=(date(2022, 12, 15),), compliance=0.0),
    ),
    calendar=(sim.Broadcast(LAUNCH, "every work opted in", 0.3, half_life=1.0),),
    about=sim.About(
        title="DeviantArt turns a default round",
        question="What did a few thousand members who protested against a default change, and what "
        "would their own opt-outs have done without it?",
        finding="Some 2,500 of 25 million members are seen acting on the first day, and the "
        "default turns round on the second. Then nine in ten members' works are out, 225 million "
        "of 5.85 billion, some 3,000 members' for each who acted; a model that honours the "
        "setting loses 0.3 %, the domain of the silent members' works 4.5 %, and one that does "
        "not loses nothing. Had the default stayed, six times as many would have acted, and "
        "taken out 90,000 works, which costs less than 0.0001 %. Had a sixth as many heard of it "
        "on the first day, it would have stayed: so in each of 20 replications. That defaults "
        "stick is put in; that a protest so small counts through them alone is not.",
        sources=(REVERSED, SIZE, DEFAULTS, LAION),
        evidence=(
            sim.Evidence("platforms.DeviantArt.sticks", "published", DEFAULTS),
            sim.Evidence("platforms.DeviantArt.reversed_at", "calibrated", f"next day; {REVERSED}"),
            sim.Evidence("platforms.DeviantArt.concession", "assumed", "all that was asked for"),
            sim.Evidence("calendar.0.on", "input", REVERSED),
            sim.Evidence("calendar.0.reach", "assumed", "three in ten active members in a day"),
            sim.Evidence("communities.active.size", "assumed", "members who follow the site daily"),
            sim.Evidence("communities.active.grievance", "assumed", "one in twenty of them acts"),
            sim.Evidence("communities.active.cost", "assumed", "each work is labelled by hand"),
            sim.Evidence("communities.active.repertoire", "assumed", "one in ten takes works down"),
            sim.Evidence("communities.active.stock", "assumed", "five times as many as others"),
            sim.Evidence("communities.silent.represents", "published", SIZE),
            sim.Evidence("communities.silent.stock", "published", SIZE),
            sim.Evidence("communities.web.stock", "published", LAION),
            sim.Evidence(
                "awareness", "assumed", "a week of interest; one in twenty told by a peer"
            ),
            sim.Evidence("network", "assumed", "16 links on average, a few with very many"),
            sim.Evidence("rule", "assumed", "unit of utility; peers count five times as much"),
            sim.Evidence("feedback.appeasement", "assumed", "the new default is all they want"),
            sim.Evidence("labs.Honouring.dates", "assumed", "a crawl a month later"),
            sim.Evidence("labs.Ignoring.compliance", "input", "the setting binds nobody"),
        ),
    ),
)
KEPT = SCENARIO.replace(platforms=(SCENARIO.platforms[0].replace(reversed_at=None),))
"""Whatever members do, the default stays."""
UNHEARD = SCENARIO.replace(calendar=(SCENARIO.calendar[0].replace(reach=0.05),))
"""A sixth as many hear of it on the first day."""

SWEEP = {
    "vary": {
        "calendar.0.reach": [0.02, 0.05, 0.1, 0.2, 0.3],
        "platforms.DeviantArt.reversed_at": [2e-5, 5e-5, 1e-4],
        "platforms.DeviantArt.sticks": [0.5, 0.82, 0.99],
    },
    "counterfactual": True,
}

if __name__ == "__main__":
    from sim.cli import main_for

    main_for(SCENARIO)
