"""What theory says of a run's course, where theory exists, to be drawn over what was simulated.

Theory is of a large crowd; the simulated one scatters around it, the more so the smaller it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.decisions import (
    ConditionalPledge,
    Contagion,
    CriticalMass,
    LogitChoice,
    Motivation,
    Threshold,
)
from sim.networks import Complete, Configuration, ErdosRenyi, RandomRegular
from sim.theory import (
    brock_durlauf,
    critical_mass,
    degrees,
    epidemics,
    gleeson_cahalane,
    granovetter,
    maps,
    siegel,
)
from sim.theory.thresholds import mixed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.decisions import Rule
    from sim.networks.base import NetworkSpec
    from sim.result import Result
    from sim.scenario import Scenario
    from sim.theory.maps import Map

    Floats = NDArray[np.float64]
    Of = Literal["participation", "adoption"]

HARMLESS = frozenset(
    "communities network rule seeds steps step_days start labs revision network_seed name about "
    "action".split()
)
"""Fields of a scenario that theory takes into account, or that do not change who acts."""
GROUPS = 400
"""Groups by which theory stands for a spread of pulls."""


def overlay(
    result: Result, of: Of = "participation"
) -> dict[str, tuple[NDArray[np.int64], Floats]]:
    """Return the curves that theory gives for a run, by label; none where there is no theory.

    Parameters
    ----------
    result : Result
        What was simulated.
    of : {"participation", "adoption"}
        Share of creators who act now, or who have ever acted.

    Returns
    -------
    dict of str to (int64 (steps + 1,), float64 (steps + 1,))
        Steps, and the share at each.
    """
    case = _Case(result)
    theory = CURVES.get(type(result.scenario.rule))
    curve = theory(case, of) if theory is not None and case.plain else None
    if curve is None:
        return {}
    label, values = curve
    return {f"theory of {label}": (np.arange(values.size), values)}


class _Case:
    """A run as theory sees it.

    Parameters
    ----------
    result : Result
        The run.
    """

    def __init__(self, result: Result) -> None:
        self.scenario: Scenario = result.scenario
        self.sizes = result.sizes
        self.creators = int(result.sizes.sum())
        self.steps = result.scenario.steps
        self.initiators = float(result.counts[0, 0].sum()) / self.creators

    @property
    def plain(self) -> bool:
        """Whether nothing takes part that theory leaves out."""
        scenario = self.scenario
        fields = type(scenario).model_fields
        others = (name for name in fields if name not in HARMLESS)
        return (
            all(getattr(scenario, name) == fields[name].default for name in others)
            and scenario.action
            and len(scenario.communities) == self.sizes.size
            and len({community.represents for community in scenario.communities}) == 1
            and all(community.aware == 1.0 for community in scenario.communities)
        )

    @property
    def mixed_up(self) -> bool:
        """Whether everybody sees everybody."""
        return self.scenario.rule.everyone or isinstance(self.scenario.network, Complete)

    @property
    def at_once(self) -> bool:
        """Whether all decide at every step, together."""
        return self.scenario.revision.share == 1.0 and not self.scenario.one_by_one

    def spread(self, name: str) -> Map:
        """Return the cumulative distribution of a quantity over all creators."""
        return mixed([getattr(c, name) for c in self.scenario.communities], self.sizes)

    def constant(self, name: str, default: float) -> float | None:
        """Return the value of a quantity that all share, or None."""
        values = set()
        for community in self.scenario.communities:
            quantity = community.traits.get(name) or getattr(community, name, None)
            values.add(default if quantity is None else quantity.constant)
        return values.pop() if len(values) == 1 else None


Curve = tuple[str, "Floats"] | None


def _threshold(case: _Case, of: Of) -> Curve:
    rule, seeds = case.scenario.rule, case.scenario.seeds
    assert isinstance(rule, Threshold)
    stays = not rule.reversible
    if not case.at_once or (of == "adoption" and not stays):
        return None
    below, held = case.spread("threshold"), case.initiators if stays or seeds.committed else 0.0
    if case.mixed_up:
        shares = below if rule.of == "share" else lambda x: below(case.creators * x)
        return (
            "Granovetter 1978",
            granovetter.path(shares, case.steps, case.initiators, held),
        )
    links = _degrees(case.scenario.network)
    if links is None or held != case.initiators or seeds.who != "random" or seeds.ids is not None:
        return None
    path = gleeson_cahalane.path(links, below, held, case.steps, rule.of)
    return "Gleeson & Cahalane 2007", path


def _degrees(network: NetworkSpec) -> Floats | None:
    if isinstance(network, ErdosRenyi):
        return degrees.poisson(network.mean_degree)
    if isinstance(network, RandomRegular) and network.degree:
        return degrees.regular(network.degree)
    if isinstance(network, Configuration) and network.degrees is not None:
        return degrees.empirical(network.degrees)
    if isinstance(network, Configuration) and network.max_degree is not None:
        return degrees.power_law(network.exponent, network.min_degree, network.max_degree)
    return None


def _logit(case: _Case, of: Of) -> Curve:
    rule = case.scenario.rule
    assert isinstance(rule, LogitChoice)
    if not case.mixed_up or not rule.reversible or case.scenario.one_by_one or of == "adoption":
        return None
    pulls, sizes = [], []
    for community, size in zip(case.scenario.communities, case.sizes, strict=True):
        parts = (community.grievance, community.efficacy, community.cost)
        if sum(part.constant is None for part in parts) > 1:
            return None
        shares = (np.arange(GROUPS) + 0.5) / GROUPS
        grievance, efficacy, cost = (part.quantile(shares) for part in parts)
        pulls.append(grievance + efficacy - cost)
        sizes.append(np.full(GROUPS, size / GROUPS))
    path = brock_durlauf.path(
        np.concatenate(pulls), rule.conformity, rule.temperature, case.steps, case.initiators,
        case.scenario.revision.share, np.concatenate(sizes),
    )  # fmt: skip
    return "Brock & Durlauf 2001", path


def _contagion(case: _Case, of: Of) -> Curve:
    rule = case.scenario.rule
    assert isinstance(rule, Contagion)
    if not case.mixed_up or not case.at_once:
        return None
    course = epidemics.course(
        rule.beta, rule.gamma, case.creators, case.initiators, case.steps, rule.immune
    )
    values = course.adoption if of == "adoption" else course.participation
    return "Kermack & McKendrick 1927", values


def _motivation(case: _Case, of: Of) -> Curve:
    rule = case.scenario.rule
    assert isinstance(rule, Motivation)
    first = case.constant("discouragement", rule.memories["discouragement"])
    if not case.mixed_up or not case.at_once or of == "adoption" or first is None:
        return None
    path = siegel.path(
        case.spread("grievance"), rule.persistence, case.steps, case.initiators, first
    )
    return "Siegel 2009", path


def _pledge(case: _Case, of: Of) -> Curve:
    rule = case.scenario.rule
    assert isinstance(rule, ConditionalPledge)
    below = case.spread("threshold")
    wanted = below if rule.of == "share" else lambda x: below(case.creators * x)
    if case.scenario.revision.share < 1.0:
        return None
    bound = maps.settle(granovetter.response(wanted, case.initiators), 1.0)
    return "assurance contracts", _after(case, bound)


def _critical_mass(case: _Case, of: Of) -> Curve:
    rule = case.scenario.rule
    assert isinstance(rule, CriticalMass)
    value, resource = case.constant("interest", 1.0), case.constant("resource", 1.0)
    cost = case.constant("cost", 0.0)
    simple = case.scenario.one_by_one and case.scenario.revision.share == 1.0
    if not (value and resource and cost and simple):
        return None
    payers = critical_mass.contributors(
        value, cost * case.creators, case.creators, rule.exponent,
        round(case.initiators * case.creators),
    )  # fmt: skip
    return "Oliver, Marwell & Teixeira 1985", _after(case, payers / case.creators)


def _after(case: _Case, level: float) -> Floats:
    """Return a level that is reached in the first step."""
    return np.concatenate(([case.initiators], np.full(case.steps, level)))


CURVES: dict[type[Rule], Callable[[_Case, Of], Curve]] = {
    Threshold: _threshold,
    LogitChoice: _logit,
    Contagion: _contagion,
    Motivation: _motivation,
    ConditionalPledge: _pledge,
    CriticalMass: _critical_mass,
}
"""What is known of each rule."""
