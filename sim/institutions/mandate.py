"""The public mandate: how consent is given to training, and who is asked."""

from __future__ import annotations

from typing import Literal

from sim.spec import Name, Probability, Spec

Regime = Literal["opt_out", "opt_in", "referendum"]


class Mandate(Spec):
    """Under which regime works are used, and what its public process looks like.

    Under ``opt_out`` works may be used unless refused.  Under ``opt_in`` they may be used only
    of those who were asked and said yes: all other works are withheld.  Under ``referendum``
    each release is put to the vote before it is published; what is refused is not deployed.

    Measured with or without: over all creators whose works are there to be crawled, how many
    consented affirmatively (asked, and said yes), tacitly (know, could refuse, are silent), not
    at all (do not know, or cannot refuse), refused and were honoured, refused and were
    overridden.  The mandate is the affirmative share.  After Arnstein 1969,
    doi:10.1080/01944366908977225, silence is not counted as participation.
    """

    regime: Regime = "opt_out"
    """At the start; rulings may change it."""
    asked: Probability = 0.0
    """Share of creators who are asked for their consent (`Community.consents`: who says yes);
    a no takes works out like a request."""
    able: Probability = 1.0
    """Share of creators who could refuse if they knew."""
    electorate: tuple[Name, ...] = ()
    """Communities that vote on releases; all unless stated."""
    turnout: Probability = 0.5
    """Share of the electorate that votes."""
    quorum: Probability = 0.0
    """Least turnout for a vote to count; below it, a release is refused."""
    majority: Probability = 0.5
    """Share of the votes that a release must exceed."""
