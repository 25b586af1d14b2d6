"""The press: attention that protest and releases draw, and that fades."""

from __future__ import annotations

from sim.spec import Name, NonNegative, Positive, Probability, Spec


class Press(Spec):
    """Media whose attention tells creators of the campaign.

    Attention A lies between 0 and 1.  In each step it fades by its half-life, then news take
    hold of what is left: 1 - A' = (1 - A) exp(-(k dP + r releases + c concessions)), where dP
    is the rise in the share of creators seen acting.  A creator who does not know hears with
    probability reach * A in the next step.  Fading: Candia et al. 2019,
    doi:10.1038/s41562-018-0474-5; issue attention: Downs 1972.  The form is an assumption.
    """

    reach: Probability = 0.1
    """Probability of hearing in a step at full attention."""
    half_life: Positive = 7.0
    """Days in which attention halves."""
    participation: NonNegative = 10.0
    """k: news value of a rise in visible participation from none to everybody."""
    release: NonNegative = 0.0
    """r: news value of a release."""
    concession: NonNegative = 0.0
    """c: news value of a full concession, ruling or change of default."""
    attention: Probability = 0.0
    """At the start."""
    communities: tuple[Name, ...] = ()
    """Who reads it; everybody unless stated."""
