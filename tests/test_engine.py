"""The engine as a whole: threads, processes, interpreted kernels, when it is over."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import stats

import sim
from sim.decisions import Contagion, GrievanceRisk, LogitChoice, StochasticLearning, Threshold
from sim.engine import Engine
from sim.errors import InputError
from sim.kernels.revision import OFTEN, pick_few, pick_many
from sim.networks import Complete, WattsStrogatz
from sim.purposes import REVISION
from sim.world import build
from tests.twin.agreement import agree

ROOT = Path(__file__).parents[1]


def crowd(size, **changes):
    """Creators who differ in what rules read, in two communities."""
    shared = {
        "threshold": sim.Normal(0.25, 0.12),
        "grievance": sim.Normal(-0.5, 1.0),
        "cost": sim.Uniform(0.0, 0.4),
        "stock": sim.Pareto(1.0, 1.5),
        "output": sim.Uniform(0.0, 0.2),
    }
    return sim.Scenario(
        **{
            "communities": [
                sim.Community("artists", size - size // 3, **shared, repertoire="opt_out"),
                sim.Community("coders", size // 3, **shared, represents=3.0),
            ],
            "network": WattsStrogatz(6, 0.1),
            "seeds": sim.Seeds(share=0.05),
            "steps": 6,
        }
        | changes
    )


def digests():
    """Digests of runs that between them go through every kernel of a step."""
    worlds = {
        "cascade": crowd(90),
        "reached": crowd(90, rule=Threshold(reversible=True)),
        "odds": crowd(90, rule=LogitChoice()),
        "chances": crowd(90, rule=Contagion(0.2, 0.3)),
        "memories": crowd(90, rule=StochasticLearning()),
        "crowd": crowd(90, rule=GrievanceRisk(), network=Complete()),
        "one by one": crowd(90, revision=sim.Revision(order="one_by_one")),
        "a share": crowd(90, rule=LogitChoice(), revision=sim.Revision(share=0.3)),
        "unaware": crowd(
            90,
            awareness=sim.Awareness(peer=0.3, background=0.05, fading=0.1),
            tactics={"opt_out": sim.Effect(visibility=0.7, needs_compliance=True)},
            seen_for=2,
            labs=[sim.Lab("Alpha", every=2, compliance=0.5)],
        ),
    }
    return {name: sim.run(world, seed=8).state_digest for name, world in worlds.items()}


def in_another_process(**environment):
    finished = subprocess.run(
        [sys.executable, "-W", "error", "-c",
         "import json; from tests.test_engine import digests; print(json.dumps(digests()))"],
        cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, **environment},
    )  # fmt: skip
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)


class TestFeed:
    @pytest.mark.parametrize("rule", [Contagion(), Threshold(of="count")], ids=lambda r: r.kind())
    def test_is_refused_where_creators_go_by_numbers(self, rule):
        with pytest.raises(ValidationError, match=f"by rule {rule.kind()} creators go by how many"):
            crowd(90, rule=rule, feed=0.5)


class TestEnd:
    @pytest.mark.parametrize("immune", [False, True])
    def test_a_contagion_that_nobody_carries_is_over(self, immune):
        carried = crowd(90, rule=Contagion(0.0, 0.5, immune=immune), steps=200)
        assert 3 < sim.run(carried, 1).steps_played < 50

    def test_choices_of_their_own_go_on(self):
        alone = crowd(90, rule=LogitChoice(), steps=60)
        assert sim.run(alone, 1).steps_played == 60


class TestSameNumbers:
    def test_in_two_processes(self):
        here = digests()
        assert len(set(here.values())) == len(here)
        assert in_another_process(PYTHONHASHSEED="7") == here

    def test_with_interpreted_kernels(self):
        assert in_another_process(NUMBA_DISABLE_JIT="1") == digests()

    @pytest.mark.parametrize(
        "rule", [LogitChoice(), Contagion(0.1, 0.2), GrievanceRisk(), StochasticLearning()],
        ids=lambda rule: rule.kind(),
    )  # fmt: skip
    def test_on_any_number_of_threads(self, rule, monkeypatch):
        """Five blocks of draws, shared among one to six threads."""
        monkeypatch.setattr("sim.steps.revision.PARALLEL_FROM", 1)
        scenario = crowd(9_000, rule=rule, revision=sim.Revision())
        ends = {sim.run(scenario, seed=3, threads=n).state_digest for n in (1, 2, 3, 6)}
        assert len(ends) == 1

    def test_on_two_threads_as_in_the_twin(self, monkeypatch):
        monkeypatch.setattr("sim.steps.revision.PARALLEL_FROM", 1)
        model, _ = agree(crowd(4_500, rule=LogitChoice(), steps=2), seed=5, threads=2)
        assert model.mobilised > 225

    @pytest.mark.parametrize("threads", [0, -2])
    def test_no_threads_are_refused(self, threads):
        with pytest.raises(InputError, match=f"^threads: must be at least 1, got {threads}"):
            sim.run(crowd(9, rule=LogitChoice()), threads=threads)

    def test_another_seed_gives_another_run(self):
        runs = [sim.run(crowd(90, rule=LogitChoice()), seed).state_digest for seed in range(5)]
        assert len(set(runs)) == 5

    @pytest.mark.parametrize("seed", [-1, 2**32, 1.5, "7", None])
    def test_bad_seeds_are_refused(self, seed):
        with pytest.raises(
            InputError, match=r"^seed: expected a (whole )?number from 0 to 4294967295"
        ):
            sim.run(crowd(9), seed)

    def test_seeds_may_come_from_numpy(self):
        one, other = sim.run(crowd(90), seed=7), sim.run(crowd(90), seed=np.int64(7))
        assert one.state_digest == other.state_digest
        assert type(other.seed) is int


class TestPicking:
    """Who reconsiders when only a share of creators does."""

    SIZE = 20_000
    STEPS = 30

    def picked(self, share, step):
        who, words = np.empty(self.SIZE, dtype=np.int32), np.empty(2048, dtype=np.uint32)
        if share < OFTEN:
            return who[: pick_few(who, share, 5, REVISION, step)]
        return who[: pick_many(who, words, share, 5, REVISION, step)]

    def test_a_larger_share_picks_the_same_and_more(self):
        assert set(self.picked(0.1, 1)) < set(self.picked(0.25, 1)) < set(self.picked(0.9, 1))

    @pytest.mark.parametrize("share", [0.001, 0.04, 0.1, 0.25, 0.9])
    def test_each_is_picked_with_the_same_probability(self, share):
        """Numbers picked in a step, and at each place in a group of 1,024, are binomial."""
        totals = []
        place = np.zeros(1024)
        for step in range(self.STEPS):
            found = self.picked(share, step)
            assert (np.diff(found) > 0).all()
            totals.append(found.size)
            place += np.bincount(found % 1024, minlength=1024)
        assert stats.binomtest(sum(totals), self.SIZE * self.STEPS, share).pvalue > 1e-6
        tries = np.bincount(np.arange(self.SIZE) % 1024) * self.STEPS
        off = np.square(place - tries * share) / (tries * share * (1.0 - share))
        assert off.sum() < stats.chi2.ppf(1.0 - 1e-6, 1024) * (1.0 + 0.5 / (tries * share).min())

    @pytest.mark.parametrize(("share", "count"), [(0.0, 0), (5e-324, 0), (1.0, SIZE)])
    def test_nobody_and_everybody(self, share, count):
        assert self.picked(share, 1).size == count


class TestRunning:
    def test_rows_after_settling_repeat_the_last(self):
        result = sim.run(crowd(90, steps=400), seed=1)
        assert result.steps_played < 400
        assert (result.counts[result.steps_played :] == result.counts[-1]).all()

    def test_no_steps(self):
        result = sim.run(crowd(90, steps=0), seed=1)
        assert result.counts.shape == (1, 2, 2)

    def test_peers_are_waited_for(self):
        """The initiator is still to be heard of when nothing has happened for a while."""
        scenario = crowd(
            90,
            communities=[sim.Community("a", 90, threshold=0.0, aware=0.0)],
            network=Complete(),
            seeds=sim.Seeds(count=1),
            awareness=sim.Awareness(peer=0.0005),
            steps=3_000,
        )
        assert sim.run(scenario, seed=1).adoption[-1, -1] == 1.0

    def test_participation_counts_real_creators(self):
        world = build(crowd(90), 1)
        engine = Engine(world)
        result = sim.run(crowd(90), 1)
        represented = np.repeat([1.0, 3.0], [60, 30])
        acting = result.tactic != 0
        assert result.participation[-1, -1] == pytest.approx(
            (acting * represented).sum() / represented.sum()
        )
        assert engine.step_number == 0
