"""Feedback: how what labs publish and what others visibly do moves creators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.spec import NonNegative, Probability, Spec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class Feedback(Spec):
    """How grievance G, efficacy belief E and cost follow what creators can see.

    After each step, in every community,

    G' = G + delta (G0 - G) + g (capability gained in the own domain) - kappa_c concession,
    E' = E + delta (E0 - E) + e max(0, announced fall of capability) + c concession,
    cost' = c0 (1 - s P) + f (steps active),

    where P is the share of the community seen acting.  Capability is minus the announced loss,
    relative to full participation at the start; gains and falls are those between the last two
    releases, added over labs; a concession counts in the step in which it is made.  Creators
    are moved by a = dG + dE - dcost: their net utility of acting rises by a, thresholds and
    pledges fall by w a, and the log odds of contagion rise by w a.  Everything is off at 0.

    References
    ----------
    Relative deprivation and substitution (g): Gurr 1970; efficacy and movement success (e, c):
    Klandermans 1984, doi:10.2307/2095417; safety in numbers (s): Kuran 1991,
    doi:10.2307/2010422; fatigue (f): Tarrow 1998, on cycles of contention.  The linear form is
    an assumption of this model.
    """

    forgetting: Probability = 0.0
    """delta: share of the way back to where they started that G and E go in a step."""
    substitution: NonNegative = 0.0
    """g: grievance for each unit of capability gained in the own domain (utility)."""
    appeasement: NonNegative = 0.0
    """kappa_c: grievance that a full concession takes away (utility)."""
    proof: NonNegative = 0.0
    """e: belief in success for each unit of capability lost, as announced (utility)."""
    encouragement: NonNegative = 0.0
    """c: belief in success that a full concession gives (utility)."""
    safety: Probability = 0.0
    """s: share of a creator's cost that goes when all of its community are seen acting."""
    fatigue: NonNegative = 0.0
    """f: cost of each step for which a creator has been acting (utility)."""
    weight: NonNegative = 1.0
    """w: how far one unit of utility moves thresholds, pledges and the log odds of contagion."""

    @property
    def on(self) -> bool:
        """Whether any channel is switched on."""
        return any(getattr(self, name) > 0.0 for name in _CHANNELS)


_CHANNELS = ("substitution", "appeasement", "proof", "encouragement", "safety", "fatigue")


@dataclass(frozen=True, eq=False)
class Published:
    """What became public in a step."""

    gained: Floats
    """Capability gained in each community's own domain, added over labs (communities,)."""
    fallen: float
    """Announced fall of overall capability, added over labs; not below 0."""
    conceded: Floats
    """Size of the concessions made to each community, 1 for all that was asked (communities,)."""
