"""Do more of what paid and less of what did not."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from sim.decisions.base import Rule
from sim.spec import Finite


class StochasticLearning(Rule):
    """Bush-Mosteller: the propensity to act moves with the payoff against an aspiration.

    A creator who acted gets ``sucker`` when nobody else did and ``reward`` when all did, and in
    proportion between; one who did not gets ``punishment`` and ``temptation``.  The stimulus is
    rate (payoff - aspiration) / the largest possible distance from the aspiration.  A positive
    stimulus s moves the propensity of what was done up by s times what is missing to 1, a
    negative one down by s times the propensity.

    References
    ----------
    Bush & Mosteller 1955; Macy 1991, doi:10.1086/229821; Macy & Flache 2002,
    doi:10.1073/pnas.092080099.
    """

    memories: ClassVar[dict[str, float]] = {"propensity": 0.5}

    temptation: Finite = 4.0
    reward: Finite = 3.0
    punishment: Finite = 1.0
    sucker: Finite = 0.0
    aspiration: Finite = 2.0
    """Payoff that satisfies."""
    rate: Annotated[float, Field(gt=0.0, le=1.0)] = 0.5
    """Learning rate."""
    scope: Literal["neighbours", "everyone"] = "neighbours"
    """Whose acts count."""

    @staticmethod
    def decide(
        mobilised: bool,
        exposure: float,
        step: int,
        propensity: float,
        draw: float,
        shift: float,
        temptation: float,
        reward: float,
        punishment: float,
        sucker: float,
        aspiration: float,
        rate: float,
    ) -> tuple[bool, float]:
        """Return whether the creator acts, and its new propensity."""
        p = propensity
        if step > 1:
            if mobilised:
                payoff = sucker + (reward - sucker) * exposure + shift
            else:
                payoff = punishment + (temptation - punishment) * exposure
            widest = max(
                abs(temptation - aspiration),
                abs(reward - aspiration),
                abs(punishment - aspiration),
                abs(sucker - aspiration),
            )
            stimulus = rate * (payoff - aspiration) / widest if widest > 0.0 else 0.0
            stimulus = min(max(stimulus, -1.0), 1.0)
            done = p if mobilised else 1.0 - p
            done += stimulus * (1.0 - done) if stimulus >= 0.0 else stimulus * done
            p = done if mobilised else 1.0 - done
        return draw < p, p
