"""The world that a run starts from: columns, initiators, communities that a file brings."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import stats

import sim
from sim.decisions import Threshold
from sim.errors import InputError
from sim.networks import BarabasiAlbert, Complete, EdgeList, Empty, WattsStrogatz
from sim.world import build
from tests.test_engine import crowd


class TestColumns:
    def test_constants_take_no_memory(self):
        world = build(crowd(30, communities=[sim.Community("a", 10**6)], network=Empty()), 1)
        assert world.column("threshold") == 0.5
        assert world.drawn == {}
        assert world.repertoire.size == 1
        assert world.community.size == 0

    def test_a_distribution_gives_each_creator_its_own(self):
        column = build(crowd(3_000), 1).column("threshold")
        assert stats.kstest(column, stats.norm(0.25, 0.12).cdf).pvalue > 1e-6  # fixed draws

    def test_communities_are_numbered_one_after_another(self):
        world = build(crowd(90), 1)
        assert world.bounds == (0, 60, 90)
        assert world.community.tolist() == [0] * 60 + [1] * 30

    @pytest.mark.parametrize("correlation", [-0.8, -0.3, 0.0, 0.5, 1.0])
    @pytest.mark.parametrize("network", [BarabasiAlbert(5), WattsStrogatz(10, 0.0)])
    def test_stock_follows_degree_and_keeps_its_distribution(self, correlation, network):
        size = 20_000
        community = sim.Community(
            "a", size, stock=sim.LogNormal(1.0, 2.0), stock_by_degree=correlation
        )
        world = build(sim.Scenario([community], network), 3)
        logs, degree = np.log(world.column("stock")), world.network.degree
        assert abs(logs.mean() - 1.0) < 4.0 * 2.0 / np.sqrt(size)
        assert abs(logs.std() - 2.0) < 4.0 * 2.0 / np.sqrt(2.0 * size)
        if np.ptp(degree):  # all links alike correlate with nothing
            ranks = stats.rankdata(degree)
            found = np.corrcoef(stats.rankdata(logs), ranks)[0, 1]
            untied = ranks.std() / (size / np.sqrt(12.0))  # equal degrees take from the rank
            assert abs(found - correlation * untied) < 4.0 / np.sqrt(size)

    def test_repertoire_has_the_declared_shares(self):
        mix = {"opt_out": 0.5, "withhold": 0.3, "poison": 0.2}
        size = 20_000
        world = build(crowd(9, communities=[sim.Community("a", size, repertoire=mix)]), 1)
        for name, share in mix.items():
            found = np.mean(world.repertoire == sim.Tactic[name.upper()])
            assert abs(found - share) < 4.0 * np.sqrt(share * (1.0 - share) / size)

    @pytest.mark.parametrize("name", ["stock", "output"])
    def test_works_cannot_be_negative(self, name):
        works = {"stock": 1.0, name: sim.Normal(0.0, 1.0)}
        scenario = crowd(
            9, communities=[sim.Community("artists", 90, **works)], labs=[sim.Lab("Alpha")]
        )
        with pytest.raises(
            InputError, match=rf"^communities\.artists\.{name}: must not be negative"
        ):
            sim.run(scenario)

    def test_a_lab_needs_works(self):
        scenario = crowd(
            9, communities=[sim.Community("a", 90, stock=0.0)], labs=[sim.Lab("Alpha")]
        )
        with pytest.raises(InputError, match="nobody has works at the start for lab Alpha"):
            sim.run(scenario)

    def test_nobody_mobilises_to_contribute(self):
        with pytest.raises(ValidationError, match="contribute"):
            sim.Community("a", 3, repertoire="contribute")


def starters(seeds, seed=1, **changes):
    scenario = crowd(90, seeds=seeds, **changes)
    return build(scenario, seed).initiators().tolist()


class TestInitiators:
    @pytest.mark.parametrize("count", [0, 1, 5, 64, 65, 89, 90])
    @pytest.mark.parametrize("who", ["random", "hubs", "largest"])
    def test_count(self, count, who):
        chosen = starters(sim.Seeds(count=count, who=who))
        assert len(set(chosen)) == count
        assert chosen == sorted(chosen)
        assert set(chosen) <= set(range(90))

    def test_one_unless_said_otherwise(self):
        assert len(starters(sim.Seeds())) == 1

    @pytest.mark.parametrize(("share", "count"), [(0.0, 0), (0.1, 9), (0.5, 45), (1.0, 90)])
    def test_share(self, share, count):
        assert len(starters(sim.Seeds(share=share))) == count

    def test_ids(self):
        assert starters(sim.Seeds(ids=(7, 3, 7))) == [3, 7]

    @pytest.mark.parametrize("ids", [(90,), (-1,), (3, 1000)])
    def test_unknown_ids(self, ids):
        with pytest.raises(InputError, match=r"^seeds\.ids: 1 of"):
            starters(sim.Seeds(ids=ids))

    def test_community(self):
        chosen = starters(sim.Seeds(share=0.5, community="coders"))
        assert len(chosen) == 15
        assert min(chosen) >= 60

    @pytest.mark.parametrize(
        "seeds", [sim.Seeds(count=91), sim.Seeds(count=31, community="coders")]
    )
    def test_more_than_there_are(self, seeds):
        with pytest.raises(
            InputError, match=r"^seeds\.count: at most the (90|30) creators there are"
        ):
            starters(seeds)

    def test_hubs_have_the_most_links(self):
        network = BarabasiAlbert(2)
        world = build(crowd(90, network=network, seeds=sim.Seeds(count=9, who="hubs")), 1)
        degree = world.network.degree
        assert degree[world.initiators()].min() >= np.delete(degree, world.initiators()).max()

    def test_largest_have_the_most_works(self):
        world = build(crowd(90, seeds=sim.Seeds(count=9, who="largest")), 1)
        stock = world.column("stock")
        assert stock[world.initiators()].min() >= np.delete(stock, world.initiators()).max()

    def test_ties_are_broken_by_lot(self):
        tied = {"network": Empty(), "communities": [sim.Community("a", 90)]}
        found = {
            tuple(starters(sim.Seeds(count=3, who=who), seed, **tied))
            for who in ("hubs", "largest")
            for seed in range(5)
        }
        assert len(found) >= 5

    @pytest.mark.parametrize("count", [3, 80])
    def test_random_ones_are_evenly_spread(self, count):
        """Each of 90 creators starts as often as another over 2,000 seeds."""
        hits = np.zeros(90)
        scenario = crowd(90, network=Empty(), seeds=sim.Seeds(count=count))
        for seed in range(2_000):
            hits[build(scenario, seed).initiators()] += 1
        spread = 2_000 * count / 90 * (1.0 - count / 90)  # not quite independent: variance p q n
        assert np.square(hits - 2_000 * count / 90).sum() / spread < stats.chi2.ppf(1.0 - 1e-6, 90)

    def test_the_committed_never_stop(self):
        rule = Threshold(reversible=True)
        alone = {"network": Empty(), "rule": rule, "communities": [sim.Community("a", 9)]}
        for committed, count in ((True, 3), (False, 0)):
            seeds = sim.Seeds(count=3, committed=committed)
            assert sim.run(crowd(9, seeds=seeds, **alone)).counts[-1, 0, 0] == count


class TestOutsideTheNetwork:
    def test_links_are_drawn_among_the_others_alone(self):
        inside, outside = sim.Community("in", 60), sim.Community("out", 40, linked=False)
        alone = build(sim.Scenario([inside], WattsStrogatz(4, 0.1)), 1).network
        both = build(sim.Scenario([inside, outside], WattsStrogatz(4, 0.1)), 1).network
        assert np.array_equal(both.indices, alone.indices)
        assert both.degree[60:].tolist() == 40 * [0]

    @pytest.mark.parametrize("linked", [(False, True), (False, False)])
    def test_they_come_last_and_somebody_is_inside(self, linked):
        communities = [
            sim.Community(name, 9, linked=inside) for name, inside in zip("ab", linked, strict=True)
        ]
        with pytest.raises(ValidationError, match="come last"):
            sim.Scenario(communities, WattsStrogatz(4, 0.1))

    def test_where_everyone_sees_everyone_nobody_is_outside(self):
        communities = [sim.Community("in", 9), sim.Community("out", 9, linked=False)]
        with pytest.raises(InputError, match="no community is outside"):
            build(sim.Scenario(communities, Complete()), 1)


class TestEdgeListWorlds:
    def test_the_file_says_how_many_creators_there_are(self, tmp_path):
        path = tmp_path / "links.csv"
        path.write_text("a,b\n" + "".join(f"{k},{k + 1}\n" for k in range(9)), encoding="utf-8")
        world = build(crowd(90, network=EdgeList(str(path))), 1)
        assert world.network.sizes == (7, 3)
        real = [c.size * c.represents for c in world.communities]
        assert real == pytest.approx([60.0, 90.0])
        assert any("stands for" in note and "8.57" in note for note in world.notes)

    def test_more_creators_than_declared_count_as_one_each(self, tmp_path):
        """Those of a file of ten, whatever small sizes stand beside it; `represents` multiplies."""
        path = tmp_path / "links.csv"
        path.write_text("".join(f"{k},{k + 1}\n" for k in range(9)), encoding="utf-8")
        for represents in (1.0, 5.0):
            declared = sim.Community("artists", 2, represents=represents)
            world = build(sim.Scenario([declared], EdgeList(str(path))), 1)
            assert [(c.size, c.represents) for c in world.communities] == [(10, represents)]

    def test_more_creators_than_declared_count_as_one_each_by_label(self, tmp_path):
        links, labels = tmp_path / "links.csv", tmp_path / "labels.csv"
        links.write_text("1,2\n2,3\n3,4\n4,5\n", encoding="utf-8")
        labels.write_text("1,a\n2,a\n3,b\n4,b\n5,c\n", encoding="utf-8")
        declared = [sim.Community("a", 1), sim.Community("b", 1)]
        world = build(sim.Scenario(declared, EdgeList(str(links), str(labels))), 1)
        assert [c.represents for c in world.communities] == [1.0, 1.0, 1.0]

    def test_labels_name_communities(self, tmp_path):
        links, labels = tmp_path / "links.csv", tmp_path / "labels.csv"
        links.write_text("1,2\n2,3\n3,4\n", encoding="utf-8")
        labels.write_text("1,Artists\n2,Artists\n3,Writers\n4,Writers\n", encoding="utf-8")
        world = build(crowd(90, network=EdgeList(str(links), str(labels))), 1)
        assert [(c.name, c.size) for c in world.communities] == [("artists", 2), ("writers", 2)]
        assert any("writers behaves as artists" in note for note in world.notes)

    def test_communities_outside_the_network_stay_as_declared(self, tmp_path):
        links, labels = tmp_path / "links.csv", tmp_path / "labels.csv"
        links.write_text("1,2\n2,3\n3,4\n", encoding="utf-8")
        labels.write_text("1,web\n2,web\n3,data\n4,data\n", encoding="utf-8")
        inside = sim.Community("coders", 90)
        outside = sim.Community("silent", 6, represents=1000.0, linked=False)
        world = build(sim.Scenario([inside, outside], EdgeList(str(links), str(labels))), 1)
        assert [c.name for c in world.communities] == ["data", "web", "silent"]
        real = [c.size * c.represents for c in world.communities]
        assert real == pytest.approx([45.0, 45.0, 6000.0])
        assert world.network.degree.tolist() == [2, 1, 1, 2] + 6 * [0]

    def test_initiators_are_named_as_in_the_file(self, tmp_path):
        path = tmp_path / "links.csv"
        path.write_text("100,7\n7,10\n10,42\n", encoding="utf-8")
        network = EdgeList(str(path))
        world = build(
            sim.Scenario([sim.Community("a", 4)], network, seeds=sim.Seeds(ids=(42, 100))), 1
        )
        assert sorted(world.network.ids[world.initiators()].tolist()) == [42, 100]

    def test_ids_of_letters_match_whole(self, tmp_path):
        path = tmp_path / "links.csv"
        path.write_text("x1,10\n10,x2\n", encoding="utf-8")
        scenario = sim.Scenario(
            [sim.Community("a", 3)], EdgeList(str(path)), seeds=sim.Seeds(ids=(100,))
        )
        with pytest.raises(InputError, match=r"^seeds\.ids: "):
            build(scenario, 1).initiators()

    def test_a_changed_file_is_read_again(self, tmp_path):
        path = tmp_path / "links.csv"
        scenario = sim.Scenario([sim.Community("a", 3)], EdgeList(str(path)), steps=1)
        for links in (3, 5):
            path.write_text("".join(f"{k},{k + 1}\n" for k in range(links)), encoding="utf-8")
            assert build(scenario, 1).size == links + 1

    def test_seeds_of_a_community_that_the_file_does_not_have(self, tmp_path):
        links, labels = tmp_path / "links.csv", tmp_path / "labels.csv"
        links.write_text("1,2\n", encoding="utf-8")
        labels.write_text("1,Writers\n2,Writers\n", encoding="utf-8")
        scenario = crowd(
            90,
            network=EdgeList(str(links), str(labels)),
            seeds=sim.Seeds(count=1, community="coders"),
        )
        with pytest.raises(InputError, match=r"^seeds\.community: .*coders"):
            sim.run(scenario)

    def test_more_communities_than_creators(self, tmp_path):
        path = tmp_path / "links.csv"
        path.write_text("1,2\n", encoding="utf-8")
        names = "abcde"
        scenario = sim.Scenario(
            [sim.Community(name, 10) for name in names], EdgeList(str(path)), steps=1
        )
        with pytest.raises(
            InputError, match=r"^communities\.c: nobody in the network belongs to it"
        ):
            sim.run(scenario)


def test_groups_that_cannot_be_told_apart_are_refused() -> None:
    few = [sim.Community(f"c{k}", 1) for k in range(300)]
    hubs = [sim.Platform(f"P{k}", members=0.001) for k in range(218)]
    with pytest.raises(sim.InputError, match="at most 299 communities"):
        build(sim.Scenario(few, Complete(), platforms=hubs), 0)
    groups = build(sim.Scenario(few, Complete(), platforms=hubs[:217]), 0)
    assert groups.groups == 300 * 218 <= 2**16


@pytest.mark.parametrize("more", [{"community": "a"}, {"who": "hubs"}])
def test_ids_leave_nobody_to_choose(more: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="ids say who starts already"):
        sim.Seeds(ids=(1, 2), **more)
