"""The consumer market: how users choose between labs by what their models can do."""

from __future__ import annotations

from sim.spec import Finite, NonNegative, Positive, Probability, Spec


class Market(Spec):
    """Users who choose one lab, or none, with logit probabilities in capability.

    The utility of a lab is sensitivity * (1 - L) + the attachment to it, where L is the loss of
    the model that it has in use, relative to full participation at the start and after its
    progress; the utility of using none is ``outside``.  Creators whose tactic is not to consume
    use none.

    References
    ----------
    McFadden 1974, on conditional logit; Berry 1994, doi:10.2307/2555829 (market shares).
    """

    users: Positive = 1e6
    """People who choose."""
    sensitivity: NonNegative = 20.0
    """Utility of a unit of capability, 1 being the full loss: an assumption."""
    outside: Finite = 0.0
    """Utility of using no model."""
    switching: Probability = 1.0
    """Share of users who choose anew in a step."""
    margin: NonNegative = 1.0
    """Money that a lab earns on a user in a step."""
    creators: Probability = 0.0
    """Share of the users who are creators."""
