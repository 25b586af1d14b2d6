"""Grievance against the risk of sanction (Epstein 2002)."""

from __future__ import annotations

from sim.creators.distributions import Uniform
from sim.creators.seeds import Seeds
from sim.decisions.grievance_risk import GrievanceRisk
from sim.networks.erdos_renyi import ErdosRenyi
from sim.validation.estimates import Estimate, mean_of
from sim.validation.worlds import crowd, even, final_counts, final_share


def sanction_probability(
    sanction: float,
    active: int = 1,
    k: float = 2.3,
    grievance: float = 0.5,
    creators: int = 100_000,
) -> float:
    """Return the probability of being sanctioned that a crowd acts upon in one step.

    Aversion to risk is spread evenly from 0 to 1, and those act whose aversion times the
    probability is below their grievance; so their share is the grievance over the probability.

    Parameters
    ----------
    sanction : float
        Sanctioners in sight of each creator.
    active : int
        Active creators in sight of one who decides, itself included.
    k : float
        How fast sanctioners outweigh active creators.
    grievance : float
        Everybody's grievance; below the probability that is sought.
    creators : int
        Size of the crowd.
    """
    rule = GrievanceRisk(tolerance=0.0, sanction=sanction, k=k, scope="everyone")
    scenario = crowd(
        creators,
        rule,
        seeds=Seeds(ids=tuple(range(creators - active + 1, creators))),
        steps=1,
        grievance=grievance,
        traits={"risk": even(Uniform(0.0, 1.0), creators)},
    )
    return grievance / final_share(scenario)


def spark_size(
    whole: bool,
    sanction: float = 1.0,
    grievance: float = 0.5,
    risk: float = 0.9,
    mean_degree: float = 8.0,
    creators: int = 10_000,
    runs: int = 20,
    seed: int = 0,
) -> Estimate:
    """Return the share of a calm crowd that ten initiators set off.

    Parameters
    ----------
    whole : bool
        Whether the ratio of sanctioners to active creators is rounded down.
    sanction, grievance, risk : float
        Sanctioners in sight, grievance and aversion to risk of everybody.
    mean_degree : float
        Links per creator of Erdős–Rényi networks.
    creators, runs, seed : int
        Size and number of networks, first random seed.
    """
    rule = GrievanceRisk(sanction=sanction, whole=whole)
    start = Seeds(count=10, committed=True)
    scenario = crowd(
        creators, rule, ErdosRenyi(mean_degree), start, grievance=grievance, traits={"risk": risk}
    )
    return mean_of(final_counts(scenario, runs, seed) / creators)
