"""Nightshade: how many artists who agree on one concept break it in the next image model.

Poisoned images that look like any other teach a text-to-image model to draw something else for
one word. Fewer than a hundred were enough in the published experiments, out of any number of
clean ones: what counts is how many get in, not their share. Here a group of artists has agreed on
a word and shades every picture it makes of it; nobody else joins, so the group is given. Noise is
the share of shaded pictures that miss the word: the rest is ``tactics.poison.poisoned``.

That 75 undetected pictures break a concept by half is put in; that their number counts and not
the size of the corpus, too.  What follows is how fast noise and detection raise the size of the
group, that patience replaces numbers, and that the model's loss shows nothing of it.
"""

from __future__ import annotations

from datetime import date

import sim
from sim.decisions import Threshold
from sim.networks import Empty
from sim.tactics import Effect

PAPER = "Shan et al. 2023, arXiv:2310.13828: fewer than 100 samples corrupt one concept"
NOISE = "Karan et al. 2025, arXiv:2510.18933: members who miss the agreed target"
DOWNLOADS = "VentureBeat, 29 January 2024: 250,000 downloads within five days of 18 January"
LAION = "Schuhmann et al. 2022, arXiv:2210.08402: 5.85 billion image-text pairs"

NEVER = 2.0
DOWNLOADED = 250_000
WORDS = 10_000
"""Words among which artists choose who do not agree on one; an assumption."""

SCENARIO = sim.Scenario(
    name="nightshade",
    communities=(
        sim.Community(
            "artists",
            DOWNLOADED,
            threshold=NEVER,
            stock=sim.LogNormal(2.6, 1.0),
            output=sim.LogNormal(-1.9, 1.0),
            repertoire="poison",
        ),
        sim.Community("web", 5_000, threshold=NEVER, stock=19.5, represents=60_000.0, linked=False),
    ),
    network=Empty(),
    rule=Threshold(),
    seeds=sim.Seeds(count=40, community="artists", committed=True),
    steps=12,
    start=date(2024, 1, 18),
    tactics={"poison": Effect(poisoned=1.0)},
    labs=(
        sim.Lab("Naive", preset="image-text", every=4, detection=0.0),
        sim.Lab("Watchful", preset="image-text", every=4, detection=0.9),
    ),
    about=sim.About(
        title="Breaking one concept by poison",
        question="How many artists who agree on one word break it in the next image model, with "
        "and without detection and noise in their coordination?",
        finding="Forty artists who each shade one picture of the word a month break it in the "
        "third model, after 12 weeks, with a success of .67 (.57 to .77 in 90 % of "
        "replications), where a lab looks for nothing, and of .02 where it finds nine tenths of "
        "the poison. For a success of one half it takes some 25 artists, twice as many if every "
        "second picture misses the word, ten times as many under such detection, and half as "
        "many in twice the time. The model's loss hardly moves by a billionth, so it does not "
        "show. The 250,000 who downloaded the tool, each with a word of its own out of 10,000, "
        "would break every word by one half, unless it is detected.",
        sources=(PAPER, NOISE, DOWNLOADS, LAION),
        evidence=(
            sim.Evidence("seeds.count", "input", "the group; swept"),
            sim.Evidence("communities.artists.size", "published", DOWNLOADS),
            sim.Evidence("communities.artists.output", "assumed", "a picture of the word a month"),
            sim.Evidence("communities.artists.stock", "assumed", "22 pictures each; unpoisoned"),
            sim.Evidence("communities.web.stock", "published", LAION),
            sim.Evidence("tactics.poison.poisoned", "assumed", f"no noise; swept; {NOISE}"),
            sim.Evidence("network", "input", "nobody joins"),
            sim.Evidence("labs.Naive.preset", "published", f"75 for one half; {PAPER}"),
            sim.Evidence("labs.Naive.detection", "input", "nothing is found"),
            sim.Evidence("labs.Watchful.detection", "assumed", "nine tenths are found; swept"),
            sim.Evidence("labs.Naive.every", "assumed", "a model every four weeks"),
        ),
    ),
)

NOISY = SCENARIO.replace(tactics={"poison": Effect(poisoned=0.5)})
"""Every second picture misses the word."""
UNCOORDINATED = SCENARIO.replace(
    seeds=sim.Seeds(share=1.0, community="artists", committed=True),
    tactics={"poison": Effect(poisoned=1.0 / WORDS)},
)
"""Everybody shades, each a word of its own: one word's share."""

SWEEP = {
    "vary": {
        "seeds.count": [10, 25, 50, 100, 250, 500],
        "labs.Watchful.detection": [0.5, 0.9, 0.99],
        "tactics.poison.poisoned": [1.0, 0.7, 0.4],
    },
    "counterfactual": True,
}

if __name__ == "__main__":
    from sim.cli import main_for

    main_for(SCENARIO)
