"""Weigh grievance, hope, cost and conformity, with noise."""

from __future__ import annotations

from typing import Literal

from sim.decisions.base import Rule
from sim.spec import Finite, Positive


class LogitChoice(Rule):
    """Mobilise with logit probability in the utility of acting among acting others.

    The odds of acting are ``exp([h + J (2e - 1) + E - c] / tau)``, where h is the grievance,
    e the exposure, E the efficacy belief and c the cost of the creator.

    References
    ----------
    McFadden 1974; Brock & Durlauf 2001, doi:10.1111/1467-937X.00168; Blume 1993,
    doi:10.1006/game.1993.1023.
    """

    conformity: Finite = 1.0
    """Weight J of what others do (utility)."""
    temperature: Positive = 1.0
    """Scale tau of the unobserved part of utility."""
    scope: Literal["neighbours", "everyone"] = "neighbours"
    """Whose acts count."""
    reversible: bool = True
    """Whether a creator who acts may stop again."""

    def monotone(self) -> bool:
        return self.conformity >= 0.0

    @staticmethod
    def log_odds(
        mobilised: bool,
        exposure: float,
        grievance: float,
        efficacy: float,
        cost: float,
        shift: float,
        conformity: float,
        temperature: float,
        reversible: bool,
    ) -> float:
        """Return the logarithm of the odds of acting in the next step."""
        if mobilised and not reversible:
            return 1e9
        pull = grievance + conformity * (2.0 * exposure - 1.0) + efficacy - cost + shift
        return pull / temperature
