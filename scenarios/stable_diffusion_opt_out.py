"""Opting out of Stable Diffusion 3: forty thousand decisions, and two signatures.

From December 2022 artists could take single images out of the next training of Stable Diffusion
through a registry that searched LAION-5B; two platforms filed for the works they hold.  By the
deadline of 3 March 2023 about 80 million works were listed: 40,000 by individuals, 79 million by
the platforms; by the end of April, as others joined, more than a billion of 5.85 billion.

What platforms list is put in here, and so is what it adds up to; what individuals file is
calibrated in one number.  That platforms outweigh individuals a thousandfold is therefore no
finding.  What follows from the model is what each of the two cost the next models, overall and
in the artists' own domain, and that no campaign of the artists alone could have done as much.
Works were opted out one by one, so 40,000 works are taken for 40,000 decisions; by how many
people they were made is not known (another report speaks of 40,000 artists).
"""

from __future__ import annotations

from datetime import date

import sim
from sim.decisions import LogitChoice
from sim.networks import BarabasiAlbert

COUNTED = (
    "Open Future, 8 March 2023: 40,000 works opted out one by one, 79 million through platforms "
    "such as ArtStation and Shutterstock, openfuture.eu/note/"
    "spawning-ai-announces-to-have-collected-opt-out-requests-for-80-million-artworks"
)
BILLION = "TechCrunch on Spawning, May 2023: over 1 billion by the end of April"
LAION = "Schuhmann et al. 2022, arXiv:2210.08402: 5.85 billion image-text pairs"
ANNOUNCED = "Ars Technica, 15 December 2022: artists can opt out of Stable Diffusion 3"
ATTENTION = "Schema Design, Google Trends & Axios 2019, The Lifespan of News Stories: seven days"
CALIBRATED = f"so that 40,000 works are filed one by one by the deadline; {COUNTED}"

WORKS = 5.85e9
ARTISTS, EACH = 100_000, 30.0
"""Simulated artists, and how many real ones each stands for."""
DEADLINE = date(2023, 3, 3)

COMMUNITIES = (
    sim.Community(
        "artists",
        ARTISTS,
        grievance=sim.Normal(-3.12, 1.0),
        stock=sim.LogNormal(0.781, 1.1),
        repertoire={"opt_out": 1.0},
        represents=EACH,
        aware=0.0,
    ),
    sim.Community(
        "photographers",
        20_000,
        stock=sim.LogNormal(3.643, 1.1),
        repertoire={"opt_out": 1.0},
        represents=100.0,
        aware=0.0,
        attention=0.0,
        linked=False,
    ),
    sim.Community(
        "web",
        30_000,
        stock=19.0,
        repertoire={"opt_out": 1.0},
        represents=10_000.0,
        aware=0.0,
        attention=0.0,
        linked=False,
    ),
)
PLATFORMS = (
    sim.Platform("ArtStation", {"artists": 0.75}, bulk_opt_out=date(2023, 2, 20)),
    sim.Platform("Shutterstock", {"photographers": 0.5}, bulk_opt_out=date(2023, 2, 20)),
    sim.Platform("Others", {"web": 0.17}, bulk_opt_out=date(2023, 4, 25)),
)

ABOUT = sim.About(
    title="Opting out of Stable Diffusion 3",
    question="What did 40,000 decisions of individuals and the lists of a few platforms take from "
    "the next model, and could the individuals have done it without the platforms?",
    finding="By the deadline 1.35 % of all works are out, a two-thousandth of them by decisions "
    "of individuals; the model loses about 0.035 %, which nobody would notice, and the artists' "
    "own domain 0.6 %. Individuals alone cost the model less than 0.0001 %. Had every artist "
    "filed, it would still have lost half of what two signatures cost it, 0.017 %, but the "
    "artists' own domain 0.9 %. Once more than a billion works are out, the model loses 0.7 % "
    "and the artists' domain 1.4 %. What platforms listed is an input, and what individuals "
    "filed calibrated, so the split between them is no finding; that it cannot turn round, in "
    "any of 20 replications, is one.",
    sources=(COUNTED, BILLION, LAION, ANNOUNCED, ATTENTION),
    evidence=(
        sim.Evidence("communities.artists.grievance.mean", "calibrated", CALIBRATED),
        sim.Evidence("communities.artists.grievance.sd", "assumed", "as large as the noise"),
        sim.Evidence("communities.artists.represents", "assumed", "three million artists"),
        sim.Evidence(
            "communities.artists.stock", "assumed", "4 works each in LAION-5B; 12 million"
        ),
        sim.Evidence("communities.photographers.stock", "assumed", "140 million works in LAION-5B"),
        sim.Evidence("communities.photographers.attention", "assumed", "agencies file for them"),
        sim.Evidence("communities.web.stock", "published", f"all others; {LAION}"),
        sim.Evidence("communities.web.attention", "assumed", "the campaign never reaches them"),
        sim.Evidence("platforms.ArtStation.members.artists", "assumed", "9 of 79 million works"),
        sim.Evidence("platforms.Shutterstock.members.photographers", "input", COUNTED),
        sim.Evidence("platforms.Others.members.web", "input", BILLION),
        sim.Evidence("platforms.ArtStation.bulk_opt_out", "assumed", "before the deadline"),
        sim.Evidence("platforms.Shutterstock.bulk_opt_out", "assumed", "before the deadline"),
        sim.Evidence("platforms.Others.bulk_opt_out", "assumed", f"in April; {BILLION}"),
        sim.Evidence("labs.Stability.dates", "assumed", "a freeze after the deadline, one in May"),
        sim.Evidence("labs.Stability.compliance", "input", f"as promised; {COUNTED}"),
        sim.Evidence("labs.Stability.preset", "assumed", "image-text model for image generation"),
        sim.Evidence("calendar.0.on", "input", ANNOUNCED),
        sim.Evidence("calendar.0.reach", "assumed", "only its product with grievance is known"),
        sim.Evidence("calendar.1.on", "assumed", "when the date was made known is not recorded"),
        sim.Evidence("calendar.2.on", "input", COUNTED),
        sim.Evidence("calendar.2.urgency", "assumed", "odds seven times as high on the last day"),
        sim.Evidence("awareness.background", "assumed", "hardly anybody without news"),
        sim.Evidence("awareness.fading", "published", ATTENTION),
        sim.Evidence("awareness.peer", "assumed", "peers are not identified by one number"),
        sim.Evidence("rule.conformity", "assumed", "peers are not identified by one number"),
        sim.Evidence("network", "assumed", "16 links on average, a few with very many"),
        sim.Evidence("seen_for", "assumed", "a week in the feeds of followers"),
    ),
)

SCENARIO = sim.Scenario(
    name="stable_diffusion_opt_out",
    communities=COMMUNITIES,
    network=BarabasiAlbert(links=8),
    rule=LogitChoice(conformity=5.0, temperature=1.0, reversible=False),
    seeds=sim.Seeds(count=0),
    steps=152,
    step_days=1,
    start=date(2022, 12, 1),
    awareness=sim.Awareness(background=1e-4, peer=0.02, fading=1 / 7),
    seen_for=7,
    platforms=PLATFORMS,
    labs=(
        sim.Lab(
            "Stability",
            preset="image-text",
            dates=(date(2023, 3, 4), date(2023, 5, 1)),
        ),
    ),
    calendar=(
        sim.Broadcast(date(2022, 12, 14), "Stability will honour opt-outs", 0.1, half_life=3.0),
        sim.Broadcast(date(2023, 2, 20), "deadline announced", 0.05, half_life=3.0),
        sim.Deadline(
            DEADLINE, "Stability", "deadline", urgency=2.0, half_life=7.0, until=date(2023, 3, 5)
        ),
    ),
    about=ABOUT,
)

INDIVIDUALS_ALONE = SCENARIO.replace(platforms=())
"""No platform lists anything."""
PLATFORMS_ALONE = SCENARIO.replace(
    communities=(COMMUNITIES[0].replace(attention=0.0), *COMMUNITIES[1:])
)
"""No artist hears of the registry."""
EVERY_ARTIST = INDIVIDUALS_ALONE.replace(seeds=sim.Seeds(share=1.0, community="artists"))
"""Every artist files, and no platform does."""

SWEEP = {
    "vary": {
        "communities.artists.grievance.mean": [-4.12, -3.12, -2.12, -1.12],
        "platforms.Shutterstock.members.photographers": [0.0, 0.25, 0.5, 1.0],
        "platforms.Others.members.web": [0.0, 0.17, 0.34],
    },
    "counterfactual": True,
}

if __name__ == "__main__":
    from sim.cli import main_for

    main_for(SCENARIO)
