"""The classic scenarios: what they say was found beforehand is what comes out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import sim
from scenarios import (
    assurance_contract,
    brock_durlauf_2001,
    centola_macy_2007,
    epstein_2002,
    granovetter_1978,
    macy_1991,
    oliver_marwell_1985,
    siegel_2009,
    watts_2002,
)
from sim.loading.overrides import override
from sim.networks import Complete, ErdosRenyi

ROOT = Path(__file__).parents[1]
CLASSICS = (
    assurance_contract, brock_durlauf_2001, centola_macy_2007, epstein_2002, granovetter_1978,
    macy_1991, oliver_marwell_1985, siegel_2009, watts_2002,
)  # fmt: skip
HEAVY = {"matplotlib", "mesa", "networkx", "numba", "numpy", "pandas", "pyarrow", "scipy"}
every_classic = pytest.mark.parametrize(
    "classic", CLASSICS, ids=[classic.__name__ for classic in CLASSICS]
)


def final(scenario: sim.Scenario, seed: int = 0) -> float:
    return float(sim.run(scenario, seed).participation[-1, -1])


def finals(scenario: sim.Scenario, replications: int) -> np.ndarray:
    return np.array([final(scenario, seed) for seed in range(replications)])


@every_classic
def test_rests_on_what_can_be_looked_up(classic) -> None:
    sources = classic.SCENARIO.about.sources
    assert sources
    assert all("doi:10." in source for source in sources)


def test_all_are_light() -> None:
    names = ", ".join(classic.__name__.replace("scenarios.", "") for classic in CLASSICS)
    loaded = "print(*{m.split('.')[0] for m in sys.modules})"
    code = f"from scenarios import {names}; import sys; {loaded}"
    finished = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert HEAVY & set(finished.stdout.split()) == set()


def test_a_script_runs_by_itself() -> None:
    finished = subprocess.run(
        [sys.executable, "scenarios/oliver_marwell_1985.py", "--replications", "1"],
        cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PATH": ""}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert "X: 100 of 100 creators (100 %) acted" in finished.stdout


class TestFindings:
    def test_granovetter(self) -> None:
        """In 100 crowds .20 tip, with a standard error of .04; and .80 of the wider ones."""
        assert final(granovetter_1978.CHAIN) == 1.0
        assert final(granovetter_1978.BROKEN) == 0.01
        narrow = finals(granovetter_1978.SCENARIO, 100)
        wider = override(granovetter_1978.SCENARIO, {"communities.crowd.threshold.sd": 15.0})
        assert np.median(narrow) < 0.1
        assert 0.04 < (narrow >= 0.9).mean() < 0.36
        assert 0.64 < (finals(wider, 100) >= 0.9).mean() < 0.96

    def test_watts(self) -> None:
        assert np.median(finals(watts_2002.SCENARIO, 15)) > 0.95
        for links in (1.0, 8.0):
            other = watts_2002.SCENARIO.replace(network=ErdosRenyi(links))
            assert finals(other, 15).max() < 0.05

    def test_centola_macy(self) -> None:
        ring = sim.run(centola_macy_2007.SCENARIO).adoption[:, -1]
        assert int(np.argmax(ring)) == 497
        assert ring[-1] == 1.0
        moved = {"network.rewiring": 0.1}
        assert finals(override(centola_macy_2007.SCENARIO, moved), 10).mean() < 0.5
        simple = [
            int(np.argmax(sim.run(scenario).adoption[:, -1]))
            for scenario in (centola_macy_2007.SIMPLE, override(centola_macy_2007.SIMPLE, moved))
        ]
        assert simple[0] > 3 * simple[1]

    def test_brock_durlauf(self) -> None:
        assert final(brock_durlauf_2001.SCENARIO) > 0.95
        fewer = brock_durlauf_2001.SCENARIO.replace(seeds=sim.Seeds(share=0.38))
        assert final(fewer) < 0.1

    def test_epstein(self) -> None:
        burst = sim.run(epstein_2002.SCENARIO).participation[:, -1]
        assert burst[1] < 0.04
        assert burst[10] > 0.25
        assert burst[-1] > 0.3
        assert final(epstein_2002.SMOOTH) < 0.05

    def test_siegel(self) -> None:
        """Differences are some twenty standard errors of ten crowds."""

        def change(scenario: sim.Scenario) -> float:
            more = scenario.replace(network=ErdosRenyi(40.0))
            return float((finals(more, 10) - finals(scenario, 10)).mean())

        assert change(siegel_2009.SCENARIO) < -0.01
        keen = {"communities.creators.grievance.mean": 0.65}
        assert change(override(siegel_2009.SCENARIO, keen)) > 0.05

    def test_oliver_marwell(self) -> None:
        assert final(oliver_marwell_1985.SCENARIO) == 1.0
        fewer = oliver_marwell_1985.SCENARIO.replace(seeds=sim.Seeds(count=24))
        assert final(fewer) == 0.24
        assert final(oliver_marwell_1985.DECELERATING) == 0.25

    def test_macy(self) -> None:
        assert final(macy_1991.SCENARIO) > 0.9
        crowd = sim.run(macy_1991.CROWD).participation[:, -1]
        assert isinstance(macy_1991.CROWD.network, Complete)
        assert crowd[1] < 0.1
        assert 0.15 < crowd[200:].min() <= crowd[200:].max() < 0.4

    def test_assurance(self) -> None:
        assert final(assurance_contract.SCENARIO) > 0.999
        assert final(assurance_contract.JOINING) < 0.08
