"""Small worlds that between them have all kinds of parts."""

from __future__ import annotations

import functools
import math
from datetime import date

from pydantic import ValidationError

import sim
from tests.golden import scenarios, small
from tests.institution_worlds import world

MOST_CREATORS, MOST_STEPS = 2_000, 40


def crowded() -> sim.Scenario:
    """Return a small world in which everything happens at once."""
    day = date(2023, 1, 20)
    return world(
        steps=9,
        labs=[
            sim.Lab(
                "Atelier", preset="image-text", every=3, snapshots="kept", lag=1, delay=1,
                legacy=0.1, concession=sim.Concession(reputation=0.1, returns=0.5),
                licensing=sim.Licensing(offers=5), retaliation=sim.Retaliation(sanction=0.1),
            ),
            sim.Lab("Rival", every=3, crawls=False, receives="everybody", response="reweight"),
        ],
        platforms=[sim.Platform("Hub", sticks=0.9, reversed_on=day, tool_on=day, tool=0.5,
                                bans=0.1, bans_at=0.1)],
        organisers=[sim.Organiser("Union", contacts=5, fund=sim.Fund(10.0), pledges=10,
                                  demand=sim.Demand("Atelier"))],
        regulators=[sim.Regulator("Court", sim.Ruling(on=day, regime="opt_in", rate=5.0),
                                  pressure=1.0)],
        press=sim.Press(), market=sim.Market(), mandate=sim.Mandate(asked=0.5),
        bargaining=[sim.Bargaining("Atelier", organiser="Union", asking=0.3)],
        calendar=[
            sim.Broadcast(on=day, half_life=3.0), sim.Deadline(on=day, lab="Atelier", urgency=0.3),
            sim.Release(on=day, gain=0.1), sim.TrainingDate(on=day, lab="Rival"),
        ],
        awareness=sim.Awareness(peer=0.1, background=0.01, fading=0.01),
        feedback=sim.Feedback(substitution=0.5, proof=0.5, safety=0.3, fatigue=0.01),
        revision=sim.Revision(share=0.7), seen_for=3, feed=0.2,
        tactics={"opt_out": {"visibility": 0.5}}, network_seed=3,
    )  # fmt: skip


@functools.cache
def worlds() -> dict[str, sim.Scenario]:
    """Return the scenarios of the library with few creators and steps, and the crowded world."""
    found = {}
    for name, scenario in scenarios().items():
        little = small(scenario)
        sizes = tuple(c.replace(size=min(c.size, 30)) for c in little.communities)
        try:
            found[name] = little.replace(communities=sizes, steps=min(little.steps, 12))
        except (sim.InputError, ValidationError):
            continue
    return {"crowded": crowded(), **found}


def play(scenario: sim.Scenario) -> None:
    """Play what is small enough, and write it down."""
    if scenario.creators <= MOST_CREATORS and scenario.steps <= MOST_STEPS:
        result = sim.run(scenario, 1)
        repr(result)
        assert 0.0 <= result.adoption[-1, -1] <= 1.0
        for lab in result.labs.values():
            assert not any(math.isnan(loss) for loss in lab.columns["loss"])
