"""The model as Mesa knows it."""

from __future__ import annotations

import mesa
import numpy as np
import pandas as pd
import pytest

import sim
from sim.errors import InputError
from sim.institutions.actors.lab import LabActor
from sim.networks import WattsStrogatz


def campaign(**changes):
    return sim.Scenario(
        **{
            "communities": [
                sim.Community("artists", 60, threshold=sim.Uniform(0.0, 0.6), stock=3.0),
                sim.Community("coders", 30, threshold=0.3, represents=2.0),
            ],
            "network": WattsStrogatz(6, 0.1),
            "seeds": sim.Seeds(share=0.1),
            "steps": 10,
            "labs": [sim.Lab("Alpha", every=3, delay=1), sim.Lab("Beta", every=4)],
        }
        | changes
    )


@pytest.fixture
def model():
    return sim.DataStrikeModel(campaign(), seed=3)


class TestAsAModel:
    def test_is_one(self, model):
        assert isinstance(model, mesa.Model)

    def test_agents_are_the_institutions_only(self, model):
        assert len(model.agents) == 2
        assert all(isinstance(agent, LabActor) for agent in model.agents)
        assert [lab.name for lab in model.agents_by_type[LabActor]] == ["Alpha", "Beta"]

    def test_runs_until_it_is_over(self, model):
        model.run_model()
        assert not model.running
        assert model.engine.step_number == 10
        assert model.steps == 10

    def test_stays_as_it_is_after_its_end(self, model):
        model.run_model()
        digest = model.engine.digest
        model.step()
        assert model.engine.digest == digest
        assert len(model.datacollector.get_model_vars_dataframe()) == 11

    def test_a_scenario_of_no_steps_does_not_run(self):
        assert not sim.DataStrikeModel(campaign(steps=0)).running

    @pytest.mark.parametrize("seed", [3, np.int64(3), np.uint32(3)])
    def test_takes_whole_seeds(self, model, seed):
        model.run_model()
        other = sim.DataStrikeModel(campaign(), seed=seed)
        other.run_model()
        assert other.engine.digest == model.engine.digest

    @pytest.mark.parametrize("seed", [-1, 2**32, 1.5, "3"])
    def test_refuses_other_seeds(self, seed):
        with pytest.raises(InputError, match=r"^seed: expected a whole number"):
            sim.DataStrikeModel(campaign(), seed=seed)

    def test_gives_what_run_gives(self, model):
        model.run_model()
        result = sim.run(campaign(), seed=3)
        assert model.engine.digest == result.state_digest
        assert model.participation == result.participation[-1, -1]
        assert model.adoption == result.adoption[-1, -1]

    def test_draws_nothing_from_mesa(self, model):
        random, rng = model.random.getstate(), model.rng.bit_generator.state
        model.run_model()
        assert model.random.getstate() == random
        assert model.rng.bit_generator.state == rng

    def test_two_models_do_not_disturb_each_other(self, model):
        other = sim.DataStrikeModel(campaign(), seed=3)
        for _ in range(10):
            other.step()
            model.step()
        assert other.engine.digest == model.engine.digest


class TestCollectedData:
    def test_totals_of_every_step(self, model):
        model.run_model()
        frame = model.datacollector.get_model_vars_dataframe()
        assert list(frame.columns[:3]) == ["mobilised", "participation", "adoption"]
        result = sim.run(campaign(), seed=3)
        np.testing.assert_array_equal(frame["participation"], result.participation[:, -1])
        np.testing.assert_array_equal(frame["adoption"], result.adoption[:, -1])
        assert frame["mobilised"].iloc[-1] == (result.tactic != 0).sum()

    def test_real_creators_count(self, model):
        """A coder stands for two."""
        acting = model.creators.get("mobilised")
        assert model.participation == pytest.approx(
            (acting[:60].sum() + 2 * acting[60:].sum()) / 120
        )

    def test_each_lab(self, model):
        model.run_model()
        frame = model.datacollector.get_agenttype_vars_dataframe(LabActor)
        assert {"trained", "deployed"} <= set(frame.columns)
        assert len(frame) == 2 * 11


class TestLabs:
    @pytest.mark.parametrize(
        ("lab", "steps"),
        [
            (sim.Lab("A", every=4), [4, 8]),
            (sim.Lab("A", every=4, first=1), [1, 5, 9]),
            (sim.Lab("A", every=4, first=0), [4, 8]),
            (sim.Lab("A", dates=["2023-01-10", "2023-02-05", "2030-01-01"]), [2, 5]),
        ],
    )
    def test_train_when_they_are_due(self, lab, steps):
        result = sim.run(campaign(labs=[lab]))
        assert result.labs["A"].capability["step"].tolist() == steps

    def test_deploy_what_has_been_released(self):
        """A closed lab uses its newest release, an open one its best; both start without loss."""
        closed = sim.Lab("Closed", every=2, delay=1)
        both = [closed, closed.replace(name="Open", open_weights=True)]
        model = sim.DataStrikeModel(campaign(labs=both), seed=3)
        labs = {lab.name: lab for lab in model.labs}
        while model.running:
            model.step()
            out = [
                float(r.outcome.overall_loss)
                for r in labs["Closed"].rounds
                if r.released <= model.engine.step_number
            ]
            assert labs["Closed"].deployed == (out[-1] if out else 1.0)
            assert labs["Open"].deployed == (min(out) if out else 1.0)
        assert len(out) == 4

    def test_lose_nothing_without_action(self):
        result = sim.run(campaign().without_action(), seed=3)
        for lab in result.labs.values():
            np.testing.assert_allclose(lab.capability["loss"], 1.0, rtol=1e-12)
            assert (lab.capability["withdrawn"] == 0.0).all()

    def test_lose_by_the_strike(self):
        loss = sim.run(campaign(), seed=3).labs["Alpha"].capability["loss"]
        assert loss.iloc[-1] > 1.0


class Flat(sim.DataStrikeModel):
    """The few lines that `mesa.batch_run` needs: one keyword for each parameter."""

    def __init__(self, threshold=0.3, replication=0, **unused):
        community = sim.Community("artists", 60, threshold=threshold)
        super().__init__(campaign(communities=[community], labs=[]), replication)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_inside_batch_run():
    rows = mesa.batch_run(
        Flat,
        {"threshold": [0.1, 0.9], "replication": range(3)},  # newer Mesa keeps "seed" to itself
        data_collection_period=-1,
        display_progress=False,
    )
    frame = pd.DataFrame(rows)
    assert len(frame) == 6
    found = frame.groupby("threshold")["adoption"].mean()
    assert found[0.1] > found[0.9]
    for row in rows:
        alone = Flat(row["threshold"], row["replication"])
        alone.run_model()
        assert row["adoption"] == alone.adoption
