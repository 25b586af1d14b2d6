"""Pledges that bind only once enough others have signed (assurance contracts)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from sim.creators.distributions import Normal, Values
from sim.decisions.base import Rule
from sim.decisions.conditional_pledge import ConditionalPledge
from sim.decisions.threshold import Threshold
from sim.validation.worlds import crowd, even, final_share


def pledges_bound(sizes: Sequence[float], pledged: bool = True) -> int:
    """Return how many act, given how many others each wants to have signed.

    Parameters
    ----------
    sizes : sequence of float
        A number of others for each creator.
    pledged : bool
        Whether creators sign pledges, instead of joining one after another by thresholds.
    """
    rule = _rule("count", pledged)
    return round(final_share(crowd(len(sizes), rule, threshold=Values(tuple(sizes)))) * len(sizes))


def pledge_level(mean: float, sd: float, pledged: bool = True, creators: int = 1_000_000) -> float:
    """Return the share of a large crowd that acts in the end.

    The share of others that each wants to have signed is spread evenly over a normal
    distribution.

    Parameters
    ----------
    mean, sd : float
        Of the shares.
    pledged, creators
        See `pledges_bound`; size of the crowd.
    """
    wanted = even(Normal(mean, sd), creators)
    return final_share(crowd(creators, _rule("share", pledged), threshold=wanted))


def _rule(of: Literal["share", "count"], pledged: bool) -> Rule:
    return ConditionalPledge(of) if pledged else Threshold(of, "everyone")
