"""Where on a leverage curve a group of real creators stands."""

from __future__ import annotations

import numpy as np

from sim.leverage.portfolio import appraise
from sim.leverage.ranking import By, ranked
from sim.scenario import Scenario


def simulated_share(
    scenario: Scenario,
    share: float,
    lab: str | None,
    tactic: str,
    by: By,
    step: int | None = None,
    seed: int = 0,
) -> float:
    """Return the share of the simulated creators who stand for a share of the real ones.

    The two differ where communities' creators stand for different numbers (`represents`).

    Parameters
    ----------
    share : float
        Of the real creators, in the order in which they join; the rest as in `leverage_curve`.
    """
    if len({community.represents for community in scenario.communities}) == 1:
        return share
    portfolio = appraise(scenario, lab, tactic, step, seed, linked=by == "hubs")
    standing = portfolio.represents[ranked(portfolio, by)].cumsum()
    before = np.concatenate(([0.0], standing))
    return float(np.searchsorted(before, share * standing[-1]) / standing.size)
