"""Campaigns that happened: what was counted, beside their scenarios."""

from __future__ import annotations

from datetime import date

from sim.validation import campaigns as model
from sim.validation.check import Check, but
from sim.validation.expected import Above, Between, Near

SPAWNING = (
    "Open Future, 8 March 2023, https://openfuture.eu/note/"
    "spawning-ai-announces-to-have-collected-opt-out-requests-for-80-million-artworks"
)
LATER = "TechCrunch on Spawning, May 2023, https://techcrunch.com"
ISSUES = "issue numbers of https://github.com/bigcode-project/opt-out-v2"
RIVALS = 1.5
"""Factor that tells the scenario from rivals: a pulse of news and a Bass curve miss by 1.7 or more
(its stated finding)."""
WAVE = {"since": date(2024, 3, 14), "start": date(2024, 2, 1)}
FEW = {"runs": 3}

CHECKS = (
    Check(
        "Stable Diffusion 3: works opted out by 3 March 2023 (79 million put in)",
        Near(80e6, 0, 4e6, "published as about 80 million"),
        model.works_opted_out,
        {},
        but("no platform", platforms=()),
        SPAWNING,
        "SP",
        fast=FEW,
    ),
    Check(
        "of these, by decisions of individuals (calibrated)",
        Near(40e3, 0, 4e3, "published as over 40,000"),
        model.works_opted_out,
        {"platforms": ()},
        but("no deadline", deadline=False),
        SPAWNING,
        "SP",
        fast=FEW,
    ),
    Check(
        "works opted out by the end of April 2023 (put in)",
        Above(1e9),
        model.works_opted_out,
        {"training": 1},
        but("no platform", platforms=()),
        LATER,
        "SP",
        fast=FEW,
    ),
    *(
        Check(
            f"BigCode: requests from 14 March 2024 to {until} (not fitted), by those counted",
            Between(1.0 / RIVALS, RIVALS),
            model.requests_of_counted,
            {"counted": counted, "until": until, **WAVE},
            but("creators do not see one another", peers=False),
            ISSUES,
            "F",
            fast={"runs": 5},
        )
        for counted, until in ((1807, date(2024, 3, 25)), (1920, date(2024, 4, 3)))
    ),
)
