"""The crowd as columns: the verbs of an AgentSet."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.creators.columns import Creators
from sim.errors import InputError
from sim.networks import WattsStrogatz


@pytest.fixture
def model():
    scenario = sim.Scenario(
        communities=[
            sim.Community("artists", 20, threshold=sim.Uniform(0.0, 1.0), stock=2.0),
            sim.Community("coders", 10, threshold=0.4, stock=5.0, traits={"age": 30.0}),
        ],
        network=WattsStrogatz(4, 0.1),
        seeds=sim.Seeds(ids=(1, 2, 25)),
        steps=3,
    )
    return sim.DataStrikeModel(scenario, seed=1)


class TestGet:
    def test_columns_are_whole(self, model):
        creators = model.creators
        assert len(creators) == 30
        for name in ("tactic", "mobilised", "ever", "aware", "community", "degree", "threshold"):
            assert creators.get(name).shape == (30,)
        assert {"stock", "output", "grievance", "cost", "efficacy"} <= set(creators.names)

    def test_several_at_once(self, model):
        found = model.creators.get(["stock", "community"])
        assert list(found) == ["stock", "community"]
        np.testing.assert_array_equal(found["community"], [0] * 20 + [1] * 10)
        np.testing.assert_array_equal(found["stock"], [2.0] * 20 + [5.0] * 10)

    def test_shows_the_state_as_it_is_now(self, model):
        assert np.flatnonzero(model.creators.get("mobilised")).tolist() == [1, 2, 25]
        model.step()
        np.testing.assert_array_equal(model.creators.get("tactic"), model.engine.tactic)

    def test_what_others_do(self, model):
        mobilised = model.creators.get("mobilised")
        network = model.network.to_networkx()
        acting = [sum(mobilised[j] for j in network[i]) for i in range(30)]
        model.step()  # exposure is that of the step's start
        assert model.creators.get("active").tolist() == acting

    def test_unknown_column(self, model):
        with pytest.raises(
            InputError, match=r"^creators: no column 'mood'; expected one of tactic"
        ):
            model.creators.get("mood")


class TestSelect:
    def test_by_value_mask_and_function(self, model):
        coders = model.creators.select(community=1)
        assert coders.get("stock").tolist() == [5.0] * 10
        acting = coders.select(coders.get("mobilised"))
        assert [creator.unique_id for creator in acting] == [25]
        few = model.creators.select(lambda creators: creators.get("threshold") < 0.5, community=0)
        assert (few.get("threshold") < 0.5).all()
        assert 0 < len(few) < 20

    @pytest.mark.parametrize(
        ("at_most", "kept"), [(3, 3), (1, 1), (0.5, 5), (1.0, 10), (99, 10), (0, 0)]
    )
    def test_at_most(self, model, at_most, kept):
        chosen = model.creators.select(community=1, at_most=at_most)
        assert [creator.unique_id for creator in chosen] == list(range(20, 20 + kept))

    def test_nobody(self, model):
        nobody = model.creators.select(community=7)
        assert len(nobody) == 0
        assert nobody.get("stock").size == 0
        assert list(nobody) == []


class TestSet:
    def test_writes_into_columns_that_differ(self, model):
        artists = model.creators.select(community=0)
        assert artists.set("threshold", 0.9).get("threshold").tolist() == [0.9] * 20
        assert model.creators.get("threshold")[20] == 0.4
        artists.set("threshold", np.arange(20.0))
        assert model.engine.world.column("threshold")[:20].tolist() == list(range(20))

    def test_reaches_the_engine(self, model):
        model.creators.set("threshold", 0.0)
        model.step()
        assert model.mobilised == 30

    def test_reaches_the_engine_at_any_time(self, model):
        """As a model that had these thresholds from the start, once all have looked again."""
        model.step()
        high = model.creators.select(mobilised=False)
        assert len(high) > 5
        high.set("threshold", 2.0)
        before = model.mobilised
        model.step()
        assert model.mobilised == before
        high.set("threshold", -1.0)
        model.step()
        assert model.mobilised == 30

    @pytest.mark.parametrize("name", ["tactic", "mobilised", "degree", "aware"])
    def test_state_is_read_only(self, model, name):
        with pytest.raises(InputError, match=f"^creators: column {name!r} is read only"):
            model.creators.set(name, 1)

    def test_what_all_share_is_not_set_for_one(self, model):
        with pytest.raises(InputError, match=r"^creators: column 'cost' is one number for all"):
            model.creators.set("cost", 1.0)


class TestSummaries:
    def test_agg(self, model):
        assert model.creators.agg("stock", np.sum) == 90.0
        assert model.creators.agg("stock", [np.min, np.max]) == [2.0, 5.0]

    def test_groupby(self, model):
        groups = model.creators.groupby("community")
        assert groups.count() == {0: 20, 1: 10}
        assert groups.agg("mobilised", np.sum) == {0: 2, 1: 1}
        assert groups.map(len) == {0: 20, 1: 10}
        assert [value for value, _ in groups] == [0, 1]

    def test_groups_of_groups(self, model):
        coders = dict(model.creators.groupby("community"))[1]
        assert coders.groupby("mobilised").count() == {False: 9, True: 1}

    def test_sample(self, model):
        chosen = model.creators.sample(7, seed=3)
        ids = [creator.unique_id for creator in chosen]
        assert len(set(ids)) == 7
        assert ids == sorted(ids)
        assert ids == [creator.unique_id for creator in model.creators.sample(7, seed=3)]
        assert ids != [creator.unique_id for creator in model.creators.sample(7, seed=4)]
        assert len(model.creators.select(community=1).sample(99)) == 10


class TestOneCreator:
    def test_reads_by_attribute(self, model):
        creator = next(iter(model.creators.select(mobilised=True)))
        assert (creator.unique_id, creator.community, creator.stock) == (1, 0, 2.0)
        assert creator.mobilised
        model.creators.set("threshold", 0.25)
        assert creator.threshold == 0.25
        with pytest.raises(AttributeError, match="no column 'mood'"):
            _ = creator.mood

    def test_columns_that_all_share(self):
        shared = Creators({"stock": lambda: 2.0}, frozenset(), 3)
        assert [creator.stock for creator in shared] == [2.0] * 3


class TestTraits:
    def test_are_columns_where_every_community_has_them(self, model):
        assert "age" not in model.creators.names
        aged = [sim.Community(name, 5, traits={"age": 30.0}) for name in ("artists", "coders")]
        older = sim.DataStrikeModel(
            model.scenario_spec.replace(communities=aged, seeds=sim.Seeds())
        )
        assert older.creators.get("age").tolist() == [30.0] * 10
