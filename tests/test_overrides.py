"""Single values are changed by their path; what is misspelt gets the nearest path."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.decisions import LogitChoice, Threshold
from sim.loading.overrides import fitting, override, parse, parse_value, paths, values
from sim.networks import EdgeList, ErdosRenyi, WattsStrogatz

SCENARIO = sim.Scenario(
    communities=[
        sim.Community("coders", 100, threshold=sim.Normal(0.2, 0.1), traits={"stake": 1.0}),
        sim.Community("artists", 50, cost=sim.Truncated(sim.Normal(0, 1), low=0)),
    ],
    network=ErdosRenyi(4.0),
    labs=[sim.Lab("Stability"), sim.Lab("GPT-3.5")],
    calendar=[sim.Broadcast(on=date(2023, 3, 1))],
)


def changed(*settings: str) -> dict[str, Any]:
    before, after = values(SCENARIO), values(override(SCENARIO, dict(map(parse, settings))))
    return {path: value for path, value in after.items() if before.get(path, "new") != value}


def refused(*settings: str) -> list[str]:
    with pytest.raises(sim.InputError) as caught:
        override(SCENARIO, dict(map(parse, settings)))
    return str(caught.value).splitlines()


class TestChanges:
    @pytest.mark.parametrize(
        ("setting", "value"),
        [
            ("communities.coders.size=100000", 100_000),
            ("communities.coders.threshold.mean=0.3", 0.3),
            ("communities.coders.threshold.mean=.3", 0.3),
            ("communities.artists.threshold=0.25", 0.25),
            ("communities.artists.cost.distribution.sd=2", 2.0),
            ("communities.coders.traits.stake=3", 3.0),
            ("network.mean_degree=6", 6.0),
            ("rule.of=count", "count"),
            ("labs.Stability.compliance=.5", 0.5),
            ("labs.GPT-3.5.every=4", 4),
            ("calendar.0.reach=0.25", 0.25),
            ("start=2024-02-29", date(2024, 2, 29)),
            ("seeds.community=artists", "artists"),
            ("seeds.ids=[1, 2]", (1, 2)),
        ],
    )
    def test_one_value(self, setting: str, value: object) -> None:
        path = setting.partition("=")[0]
        if path == "seeds.ids":
            assert changed("seeds.count=none", setting) == {"seeds.count": None, path: value}
        else:
            assert changed(setting) == {path: value}

    def test_whole_parts(self) -> None:
        assert override(SCENARIO, {"rule": "logit_choice"}).rule == LogitChoice()
        assert override(SCENARIO, {"rule": Threshold("count")}).rule == Threshold("count")
        inline = parse('network={kind = "watts_strogatz", degree = 10, rewiring = .1}')
        assert override(SCENARIO, dict([inline])).network == WattsStrogatz(10, 0.1)
        wider = override(SCENARIO, {"communities.coders.threshold": "uniform"})
        assert wider.communities[0].threshold == sim.Uniform(0, 1)

    @pytest.mark.parametrize("backwards", [False, True])
    def test_a_path_is_an_edge_list(self, backwards: bool) -> None:
        both = {"network": "edges.csv", "network.labels": "labels.csv"}
        order = reversed(both.items()) if backwards else both.items()
        network = override(SCENARIO, dict(order)).network
        assert network == EdgeList("edges.csv", "labels.csv")

    def test_another_kind_and_its_values(self) -> None:
        changes = {"network.degree": 4, "network.kind": "watts_strogatz", "network.rewiring": 0}
        assert override(SCENARIO, changes).network == WattsStrogatz(4, 0)
        given = {"network": {"kind": "watts_strogatz", "degree": 4, "rewiring": 0.0}}
        wider = override(SCENARIO, {**given, "network.degree": 6})
        assert wider.network == WattsStrogatz(6, 0)

    def test_what_is_not_there_yet(self) -> None:
        assert override(SCENARIO, {"awareness.peer": 0.5}).awareness == sim.Awareness(peer=0.5)
        mixed = override(
            SCENARIO,
            {
                "communities.coders.repertoire.opt_out": 0.25,
                "communities.coders.repertoire.withhold": 0.75,
            },
        )
        assert mixed.communities[0].repertoire == {"withhold": 0.75, "opt_out": 0.25}

    def test_none_unsets(self) -> None:
        fixed = override(SCENARIO, {"network_seed": 3, "awareness.peer": 1.0})
        free = override(fixed, {"network_seed": "none", "awareness": "none"})
        assert free == SCENARIO
        assert override(SCENARIO, {"labs.Stability.response": "none"}) == SCENARIO

    def test_all_of_a_kind_at_once(self) -> None:
        both = {f"communities.{name}.aware": 0.5 for name in ("coders", "artists")}
        assert changed("communities.*.aware=0.5") == both
        one_apart = both | {"communities.artists.aware": 0.1}
        assert changed("communities.*.aware=0.5", "communities.artists.aware=0.1") == one_apart
        labs = {f"labs.{name}.compliance": 0.2 for name in ("Stability", "GPT-3.5")}
        assert changed("labs.*.compliance=0.2") == labs

    def test_whole_parts_of_all(self) -> None:
        """A number or a distribution, whatever stood there."""
        assert fitting("communities.*.threshold", SCENARIO) == [
            "communities.coders.threshold", "communities.artists.threshold",
        ]  # fmt: skip
        assert fitting("communities.*.mean", SCENARIO) == [
            "communities.coders.threshold.mean", "communities.artists.cost.distribution.mean",
        ]  # fmt: skip
        for community in override(SCENARIO, {"communities.*.cost": 0.3}).communities:
            assert community.cost.constant == 0.3

    def test_nothing(self) -> None:
        assert override(SCENARIO, {}) == SCENARIO


class TestPaths:
    def test_each_value_can_be_set_to_itself(self) -> None:
        for path, value in values(SCENARIO).items():
            if value is not None:
                assert override(SCENARIO, {path: value}) == SCENARIO, path

    @settings(max_examples=20)
    @given(data=st.data())
    def test_each_path_reaches_its_value_alone(self, data: st.DataObject) -> None:
        before = values(SCENARIO)
        numeric = [p for p, v in before.items() if isinstance(v, float) and v > 0]
        path = data.draw(st.sampled_from([p for p in numeric if "repertoire" not in p]))
        after = values(override(SCENARIO, {path: before[path] * 0.5}))
        assert {p for p in after if after[p] != before[p]} == {path}

    def test_what_people_read_is_not_varied(self) -> None:
        assert not any(path.startswith("about") for path in paths(SCENARIO))
        assert override(SCENARIO, {"about.title": "x"}).about.title == "x"


class TestRefusals:
    @pytest.mark.parametrize(
        ("setting", "hint"),
        [
            ("communities.coders.treshold=3", "did you mean 'communities.coders.threshold'?"),
            ("communities.codres.size=3", "did you mean 'communities.coders.size'?"),
            ("coders.size=3", "did you mean 'communities.coders.size'?"),
            ("treshold=3", "did you mean 'communities.coders.threshold'?"),
            ("communities.coders.traits.staek=3", "'communities.coders.traits.stake'?"),
            ("network.mean_degre=3", "did you mean 'network.mean_degree'?"),
            ("network.labels=x.csv", "expected one of mean_degree, kind"),
            ("labs.OpenAI.every=3", "expected one of Stability, GPT-3.5"),
            ("calendar.1.reach=3", "expected one of 0"),
            ("steps.many=3", "did you mean 'steps'?"),
            ("seed=3", "did you mean 'seeds'?"),
        ],
    )
    def test_unknown_paths_get_the_nearest(self, setting: str, hint: str) -> None:
        (line,) = refused(setting)
        assert line.startswith(f"{setting.partition('=')[0]}: unknown path; ")
        assert line.endswith(hint)

    def test_nothing_fits(self) -> None:
        told = "communities.*.awre: fits no path; communities.*.aware stands for all communities"
        assert refused("communities.*.awre=1") == [told]

    def test_all_mistakes_at_once(self) -> None:
        assert len(refused("stpes=3", "coders.size=3")) == 2
        assert sorted(refused("steps=x", "labs.GPT-3.5.compliance=2")) == [
            "labs.GPT-3.5.compliance: must be at most 1, got 2",
            "steps: must be a whole number, got 'x'",
        ]

    def test_values_that_cannot_be(self) -> None:
        assert refused("communities.coders.threshold=nan") == [
            "communities.coders.threshold: must be a number, got nan"
        ]
        assert refused("rule=logit_choic") == [
            "rule: unknown rule 'logit_choic'; did you mean 'logit_choice'?"
        ]
        (line,) = refused("communities.coders.repertoire.withold=1")
        assert "did you mean 'withhold'?" in line

    @pytest.mark.parametrize("setting", ["steps", "=3", ""])
    def test_a_setting_is_a_path_and_a_value(self, setting: str) -> None:
        with pytest.raises(sim.InputError, match="must be path=value"):
            parse(setting)


class TestValues:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("3", 3),
            ("-.5", -0.5),
            ("1e-3", 1e-3),
            ("true", True),
            ("inf", math.inf),
            ("2024-02-29", date(2024, 2, 29)),
            ("[.1, .2]", [0.1, 0.2]),
            ('"3"', "3"),
            ("plain text", "plain text"),
            ("data/edges.csv", "data/edges.csv"),
            ("3\nother = 4", "3\nother = 4"),
            ("", ""),
        ],
    )
    def test_are_those_of_toml_or_plain_text(self, text: str, value: object) -> None:
        assert parse_value(text) == value

    @pytest.mark.parametrize("text", ["{kind: normal}", "[1, 2", "{"])
    def test_broken_tables_are_no_text(self, text: str) -> None:
        with pytest.raises(sim.InputError, match="as TOML writes it"):
            parse_value(text)
