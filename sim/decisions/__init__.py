"""Decision rules, one in each file; found by looking into this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.decisions.base import Rule as Rule
    from sim.decisions.conditional_pledge import ConditionalPledge as ConditionalPledge
    from sim.decisions.contagion import Contagion as Contagion
    from sim.decisions.critical_mass import CriticalMass as CriticalMass
    from sim.decisions.grievance_risk import GrievanceRisk as GrievanceRisk
    from sim.decisions.logit_choice import LogitChoice as LogitChoice
    from sim.decisions.motivation import Motivation as Motivation
    from sim.decisions.stochastic_learning import StochasticLearning as StochasticLearning
    from sim.decisions.threshold import Threshold as Threshold


def __getattr__(name: str) -> Any:
    from sim.spec import find_class

    return find_class(__name__, name)
