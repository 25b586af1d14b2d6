"""Many runs in one call give what single runs give."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.decisions import LogitChoice, Threshold
from sim.networks import BarabasiAlbert, WattsStrogatz


def cascades(network=None, **changes):
    for number, threshold in enumerate((0.05, 0.18, 0.3, 1.2, 0.1)):
        for share in (0.0, 0.004, 0.02, 0.7):
            yield (
                sim.Scenario(
                    [
                        sim.Community("artists", 300, threshold=threshold, represents=3.0),
                        sim.Community("coders", 500, threshold=threshold),
                    ],
                    network or BarabasiAlbert(4),
                    Threshold(),
                    sim.Seeds(share=share),
                    **{"steps": 30, "network_seed": 5, **changes},
                ),
                number,
            )


@pytest.mark.parametrize("network", [BarabasiAlbert(4), WattsStrogatz(6, 0.1)])
def test_cascades_played_together_are_those_played_alone(network, monkeypatch):
    runs = list(cascades(network))
    alone = [sim.run(*played) for played in runs]
    monkeypatch.setattr("sim.runs.batch.run", lambda *_: pytest.fail("played alone"))
    together = sim.run_many(runs)
    monkeypatch.undo()
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one.counts, other.counts)
        np.testing.assert_array_equal(one.participation, other.participation)
        assert one.steps_played == other.steps_played
        assert one.state_digest == other.state_digest
    assert len({result.counts[-1].sum() for result in together}) > 5


@pytest.mark.parametrize(
    "changes",
    [
        {"network_seed": None},
        {"revision": sim.Revision(share=0.5)},
        {"awareness": sim.Awareness(peer=0.1)},
        {"action": False},
        {"seen_for": 2},
        {"rule": LogitChoice()},
        {"rule": Threshold(reversible=True)},
    ],
)
def test_runs_of_other_kinds_are_played_alone_with_the_same_results(changes):
    runs = [(scenario.replace(**changes), seed) for scenario, seed in list(cascades())[:4]]
    for (scenario, seed), result in zip(runs, sim.run_many(runs), strict=True):
        np.testing.assert_array_equal(sim.run(scenario, seed).counts, result.counts)


def test_columns_in_which_creators_differ_are_not_shared():
    runs = [
        (scenario.replace(communities=[sim.Community("a", 800, threshold=sim.Uniform(0, 0.5))]), 1)
        for scenario, _ in list(cascades())[:3]
    ]
    for (scenario, seed), result in zip(runs, sim.run_many(runs), strict=True):
        np.testing.assert_array_equal(sim.run(scenario, seed).counts, result.counts)
