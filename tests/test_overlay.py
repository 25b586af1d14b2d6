"""Theory drawn over simulated runs: it lies where large crowds do, and is silent elsewhere.

Tolerance: crowds of 20,000 scatter by a few times 1 / sqrt(20,000) = .007 around theory while
they move fast, and by less once they rest.
"""

from __future__ import annotations

import numpy as np
import pytest

import sim
from analysis.theory import overlay
from scenarios import (
    assurance_contract,
    brock_durlauf_2001,
    epstein_2002,
    macy_1991,
    oliver_marwell_1985,
    watts_2002,
)
from sim.decisions import ConditionalPledge, Contagion, LogitChoice, Motivation, Threshold
from sim.networks import BarabasiAlbert, Complete, Configuration, ErdosRenyi, RandomRegular

SIZE = 20_000


def world(rule, network=None, seeds=None, steps=40, **quantities) -> sim.Scenario:
    """Two communities, a third and two thirds of the crowd, the second less willing."""
    given = {name: value if isinstance(value, tuple) else (value, value)
             for name, value in quantities.items()}  # fmt: skip
    communities = tuple(
        sim.Community(name, size, **{key: pair[place] for key, pair in given.items()})
        for place, (name, size) in enumerate((("few", SIZE // 4), ("many", SIZE - SIZE // 4)))
    )
    return sim.Scenario(
        communities, network or Complete(), rule, seeds or sim.Seeds(share=0.05), steps
    )


SPREADS = (sim.Normal(0.25, 0.2), sim.Normal(0.35, 0.25))
COUNTS = (sim.Normal(0.25 * SIZE, 0.2 * SIZE), sim.Normal(0.35 * SIZE, 0.25 * SIZE))
KNOWN = {
    "thresholds": world(Threshold(scope="everyone"), threshold=SPREADS),
    "counts": world(Threshold("count", "everyone"), threshold=COUNTS),
    "thresholds that may be taken back": world(
        Threshold(scope="everyone", reversible=True), threshold=SPREADS
    ),
    "sparse links": world(Threshold(), ErdosRenyi(5.0), threshold=(0.18, 0.25)),
    "links to five": world(Threshold("count"), RandomRegular(5), threshold=(1.0, 2.0)),
    "power law": world(Threshold(), Configuration(2.5, 2, 20), threshold=(0.2, 0.6)),
    "conformity": world(
        LogitChoice(0.8, 0.3, "everyone"), grievance=(sim.Normal(0.1, 0.3), 0.0), cost=(0.0, 0.05)
    ),
    "some reconsider": world(LogitChoice(0.8, 0.3), grievance=0.1).replace(
        revision=sim.Revision(share=0.3)
    ),
    "immunity": world(Contagion(3.0 * 0.2 / SIZE, 0.2, True, "everyone")),
    "no immunity": world(Contagion(3.0 * 0.2 / SIZE, 0.2, False, "everyone")),
    "motivation": world(Motivation(0.7, "everyone"), grievance=(sim.Normal(0.7, 0.3), 0.9)),
    "pledges": world(
        ConditionalPledge("share"), threshold=(sim.Uniform(0, 1), sim.Normal(0.6, 0.1))
    ),
    "a shared good": oliver_marwell_1985.SCENARIO,
    "a decelerating good": oliver_marwell_1985.DECELERATING,
    "assurance": assurance_contract.SCENARIO,
}


@pytest.mark.parametrize("name", KNOWN)
def test_lies_where_large_crowds_do(name: str) -> None:
    result = sim.run(KNOWN[name], seed=4)
    ((label, (steps, values)),) = overlay(result).items()
    assert label.startswith("theory of ")
    np.testing.assert_array_equal(steps, np.arange(result.scenario.steps + 1))
    assert np.abs(values - result.participation[:, -1]).max() < 0.03
    assert abs(values[-1] - result.participation[-1, -1]) < 0.012


@pytest.mark.parametrize("name", ["thresholds", "immunity", "no immunity", "pledges"])
def test_of_those_who_have_ever_acted(name: str) -> None:
    result = sim.run(KNOWN[name], seed=4)
    ((_, values),) = overlay(result, "adoption").values()
    assert np.abs(values - result.adoption[:, -1]).max() < 0.03


def test_where_the_start_decides() -> None:
    low = brock_durlauf_2001.SCENARIO.replace(seeds=sim.Seeds(share=0.3))
    for scenario in (brock_durlauf_2001.SCENARIO, low):
        result = sim.run(scenario, seed=2)
        ((_, values),) = overlay(result).values()
        assert values[-1] == pytest.approx(result.participation[-1, -1], abs=0.01)


def changed(name: str, **changes: object) -> sim.Scenario:
    return KNOWN[name].replace(**changes)


@pytest.mark.parametrize(
    "scenario",
    [
        epstein_2002.SCENARIO,
        macy_1991.SCENARIO,
        changed("thresholds", awareness=sim.Awareness(fading=0.1)),
        changed("thresholds", seen_for=3),
        changed("thresholds", feed=0.5, network=ErdosRenyi(4.0), rule=Threshold()),
        changed("thresholds", revision=sim.Revision(share=0.5)),
        changed("thresholds", action=False),
        changed("sparse links", network=BarabasiAlbert(3)),
        changed("sparse links", seeds=sim.Seeds(count=10, who="hubs")),
        changed("sparse links", rule=Threshold(reversible=True)),
        changed("conformity", network=ErdosRenyi(4.0), rule=LogitChoice()),
        world(LogitChoice(scope="everyone"), grievance=sim.Normal(0, 1), cost=sim.Normal(0, 1)),
        changed("thresholds", communities=(sim.Community("a", 100, aware=0.5),)),
        changed(
            "thresholds",
            communities=(sim.Community("a", 100), sim.Community("b", 100, represents=5.0)),
        ),
    ],
)  # fmt: skip
def test_is_silent_where_there_is_no_theory(scenario: sim.Scenario) -> None:
    assert overlay(sim.run(scenario.replace(steps=3))) == {}


def test_is_silent_on_who_ever_acted_where_creators_stop() -> None:
    for name in ("conformity", "motivation", "thresholds that may be taken back"):
        assert overlay(sim.run(KNOWN[name].replace(steps=3)), "adoption") == {}


def test_one_initiator_is_beyond_theory_of_large_crowds() -> None:
    """With one in 10,000 theory still says where a cascade leads, if there is one."""
    result = sim.run(watts_2002.SCENARIO, seed=1)
    ((_, values),) = overlay(result).values()
    assert result.participation[-1, -1] > 0.9
    assert values[-1] == pytest.approx(result.participation[-1, -1], abs=0.01)
