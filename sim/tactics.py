"""What creators can do with their works, and what each tactic does to data and to the creator."""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from sim.spec import Probability, Spec


class Tactic(IntEnum):
    """What a creator is doing; the codes stand in `Result.tactic`."""

    CONTRIBUTE = 0
    OPT_OUT = 1
    WITHHOLD = 2
    STOPPAGE = 3
    BOYCOTT = 4
    POISON = 5
    DONATE = 6
    DONATE_AND_WITHHOLD = 7


class Effect(Spec):
    """What a tactic does to a creator's works, for as long as the creator uses it."""

    past_kept: Probability = 1.0
    """Share of works already public that labs can still use."""
    new_kept: Probability = 1.0
    """Share of works made meanwhile that labs can use."""
    past_given: Probability = 0.0
    """Share of works already public that is given, curated, to a rival."""
    new_given: Probability = 0.0
    """Share of works made meanwhile that is given, curated, to a rival."""
    poisoned: Probability = 0.0
    """Share of works made meanwhile that is poisoned."""
    consumes: bool = True
    """Whether the creator goes on using the model."""
    visibility: Probability = 1.0
    """Probability that others can see that this creator acts."""
    needs_compliance: bool = False
    """Whether works are only dropped by labs that honour the request."""


EFFECTS: dict[Tactic, Effect] = {
    Tactic.CONTRIBUTE: Effect(),
    Tactic.OPT_OUT: Effect(past_kept=0.0, new_kept=0.0, needs_compliance=True),
    Tactic.WITHHOLD: Effect(past_kept=0.0, new_kept=0.0),
    Tactic.STOPPAGE: Effect(new_kept=0.0),
    Tactic.BOYCOTT: Effect(past_kept=0.0, new_kept=0.0, consumes=False),
    Tactic.POISON: Effect(poisoned=1.0),
    Tactic.DONATE: Effect(past_given=1.0, new_given=1.0),
    Tactic.DONATE_AND_WITHHOLD: Effect(past_kept=0.0, new_kept=0.0, past_given=1.0, new_given=1.0),
}
"""The tactics' effects unless the scenario says otherwise (its ``tactics`` field).

References
----------
Vincent, Hecht & Sen 2019 (strike, boycott), doi:10.1145/3308558.3313742; Vincent & Hecht 2021
(conscious data contribution), doi:10.1145/3449177; Shan et al. 2023 (poison), arXiv:2310.13828.
"""

TacticName = Annotated[str, Field(pattern=f"^({'|'.join(t.name.lower() for t in Tactic)})$")]


def named(name: str) -> Tactic:
    """Return the tactic of a lower-case name."""
    return Tactic[name.upper()]


def _filled(stated: Any) -> Any:
    """Fill what a scenario leaves unsaid of a tactic's effect from the tactic's preset."""
    if not isinstance(stated, dict):
        return stated
    presets = {tactic.name.lower(): effect for tactic, effect in EFFECTS.items()}
    return {
        name: {**presets[name].to_data(), **effect}
        if isinstance(effect, dict) and name in presets
        else effect
        for name, effect in stated.items()
    }


Effects = Annotated[dict[TacticName, Effect], BeforeValidator(_filled)]
"""Effects by tactic; of what is left unsaid, the tactic's own."""
