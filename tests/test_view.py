"""The live page without a browser: its two worlds, what it lets one change, whom it answers."""

from __future__ import annotations

import asyncio
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from analysis.replay import replay
from analysis.sample import Sample
from analysis.view import panels
from analysis.view.guard import Guard
from analysis.view.knobs import knobs
from analysis.view.worlds import GIVEN, OTHER, Worlds
from sim.cli import BAD_INPUT, DONE, main
from sim.loading.files import save_scenario
from sim.loading.overrides import override, values
from sim.networks import Complete, ErdosRenyi
from tests.seen import fits

SCENARIO = sim.Scenario(
    name="small",
    communities=(
        sim.Community("coders", 300, threshold=0.2, repertoire={"opt_out": 0.5, "poison": 0.5}),
        sim.Community("artists", 200, threshold=0.2, represents=5.0),
    ),
    network=ErdosRenyi(6.0),
    seeds=sim.Seeds(count=20),
    steps=12,
    labs=(sim.Lab("Lab", preset="llm", every=4),),
)


def played(steps: int, **settings: Any) -> Worlds:
    worlds = Worlds(settings.pop("start", SCENARIO), **settings)
    for _ in range(steps):
        worlds.step()
    return worlds


class TestWorlds:
    def test_both_are_the_runs_that_a_comparison_plays(self) -> None:
        worlds = played(SCENARIO.steps, draws="3")
        pair = sim.compare(SCENARIO, replications=1, seed=3)
        for model, (result,) in zip(worlds.pair, (pair.action, pair.counterfactual), strict=True):
            assert model.engine.digest == result.state_digest
        assert not worlds.running
        assert worlds.series("adoption")[0] == pytest.approx(pair.action[0].adoption[:, -1])

    def test_changes_reach_the_first_world_alone(self) -> None:
        changed = override(SCENARIO, {"communities.artists.threshold": 0.05})
        paths = {"knob": ("communities.artists.threshold",)}
        worlds = played(12, paths=paths, knob="0.05", beside=GIVEN)
        first, second = (model.engine.digest for model in worlds.pair)
        assert first == sim.run(changed).state_digest
        assert second == sim.run(SCENARIO).state_digest
        assert "--set communities.artists.threshold=0.05" in worlds.command

    def test_what_mesa_hands_over_itself_is_no_setting(self) -> None:
        assert not Worlds(SCENARIO, scenario=object()).problem

    def test_settings_can_be_typed_for_either_world(self) -> None:
        worlds = played(12, more="labs.Lab.compliance=0.5", beside=OTHER, other="seeds.count=40")
        given = [
            override(SCENARIO, {"labs.Lab.compliance": 0.5}),
            override(SCENARIO, {"seeds.count": 40}),
        ]
        assert [m.engine.digest for m in worlds.pair] == [sim.run(s).state_digest for s in given]

    def test_the_command_plays_the_first_world(self, tmp_path: Path) -> None:
        saved = save_scenario(SCENARIO, tmp_path / "small.toml")
        again = f"datastrike run {saved} --set=seeds.count=30"
        start = override(SCENARIO, {"seeds.count": 30})
        worlds = played(12, start=start, draws="6", again=again, more="labs.Lab.lag=3")
        words = [*shlex.split(worlds.command)[1:], "--out", str(tmp_path / "out")]
        assert main([*words, "--no-figure"]) == DONE
        assert sim.load(tmp_path / "out").action[0].state_digest == worlds.first.engine.digest

    def test_untouched_knobs_change_nothing(self) -> None:
        found = knobs(SCENARIO)
        given = {knob.label: knob.widget["value"] for knob in found}
        worlds = Worlds(SCENARIO, {knob.label: knob.paths for knob in found}, **given)
        assert worlds.shown == SCENARIO
        assert "--set" not in worlds.command

    @pytest.mark.parametrize(
        ("settings", "told"),
        [
            ({"draws": "-1"}, "seed: must be a whole number"),
            ({"draws": "<script>"}, "seed: must be"),
            ({"more": "labs.Lab.complience=1"}, "did you mean 'labs.Lab.compliance'"),
            ({"more": "labs.Lab.compliance=7"}, "labs.Lab.compliance"),
            ({"more": "nothing"}, "path=value"),
            ({"more": "communities.coders.size=10**12"}, "communities.coders.size"),
            ({"more": "communities.coders.size=1000000000000"}, ""),
            ({"labs.Lab.compliance": "abc"}, "labs.Lab.compliance: must be a number"),
            ({"beside": OTHER, "other": "steps=3"}, "steps differs"),
            ({"beside": OTHER, "other": "communities.coders.size=3"}, "communities differs"),
        ],
    )
    def test_bad_values_are_told_and_nothing_is_played(
        self, settings: dict[str, Any], told: str
    ) -> None:
        worlds = Worlds(SCENARIO, **settings)
        assert worlds.problem
        assert told in worlds.problem
        assert not worlds.pair
        assert not worlds.running
        worlds.step()

    def test_counts_real_creators_by_tactic(self) -> None:
        worlds = played(12)
        creators = worlds.first.creators
        weights = np.where(creators.get("community") == 1, 5.0, 1.0)
        expected = np.bincount(creators.get("tactic"), weights, minlength=8)
        assert worlds.tactics[0][-1] == pytest.approx(expected)
        assert len(worlds.tactics[0]) == worlds.played + 1


class TestKnobs:
    def test_stand_for_values_of_the_scenario(self) -> None:
        now = values(SCENARIO)
        for knob in knobs(SCENARIO):
            for path in knob.paths:
                assert str(now[path]) == str(knob.widget["value"])

    def test_communities_that_agree_share_one(self) -> None:
        found = {knob.label: knob for knob in knobs(SCENARIO)}
        assert found["communities.*.threshold"].paths == (
            "communities.coders.threshold", "communities.artists.threshold",
        )  # fmt: skip
        assert "communities.artists.represents" in found

    def test_widgets_follow_the_schema(self) -> None:
        found = {knob.label: knob.widget for knob in knobs(SCENARIO)}
        slider = found["labs.Lab.compliance"]
        assert (slider["type"], slider["min"], slider["max"]) == ("SliderFloat", 0.0, 1.0)
        assert found["network.mean_degree"]["type"] == "InputText"
        given = SCENARIO.replace(rule=sim.decisions.Threshold(scope="everyone", reversible=True))
        found = {knob.label: knob.widget for knob in knobs(given)}
        assert found["rule.scope"]["values"] == ["neighbours", "everyone"]
        assert found["rule.reversible"]["type"] == "Checkbox"


class TestSample:
    def test_holds_all_links_among_its_creators(self) -> None:
        network = Worlds(SCENARIO).first.network
        sample = Sample.of(network, np.array([5]), seed=1, most=60)
        assert sample.ids.size == 60
        expected = {
            (a, b) for a, i in enumerate(sample.ids) for b, j in enumerate(sample.ids)
            if a < b and j in network.neighbours(int(i))
        }  # fmt: skip
        assert {tuple(pair) for pair in sample.links.tolist()} == expected
        assert np.isfinite(sample.at).all()

    def test_where_everyone_sees_everyone_nothing_is_linked(self) -> None:
        network = Complete().build((80, 20), 0, ("a", "b"))
        sample = Sample.of(network, np.array([3]), seed=1, most=50)
        assert sample.ids.size == np.unique(sample.ids).size == 50
        assert sample.links.size == 0


class TestReplay:
    def test_is_the_run(self) -> None:
        result = sim.run(SCENARIO, seed=4)
        seen = replay(result)
        acting = seen.tactics[:, :, 1:].sum(axis=2)
        assert acting == pytest.approx(result.counts[:, 0] * result.represents)
        assert seen.ever.sum() == result.counts[-1, 1].sum()
        assert ((seen.began >= 0) == seen.ever[seen.sample.ids]).all()

    def test_is_refused_where_it_differs(self) -> None:
        import dataclasses

        result = dataclasses.replace(sim.run(SCENARIO, seed=4), seed=5)
        with pytest.raises(sim.InputError, match="does not come out the same"):
            replay(result)


class TestPanels:
    def test_lines_are_the_series_of_both_worlds(self) -> None:
        worlds = played(12)
        figure = panels.participation(worlds)
        fits(figure)
        drawn = [line.get_ydata() for line in figure.axes[0].lines]
        for name in ("adoption", "participation"):
            for values_ in worlds.series(name):
                wanted = worlds.creators * values_
                assert any(len(y) == 13 and np.allclose(y, wanted) for y in drawn)

    def test_losses_are_those_of_the_rounds(self) -> None:
        worlds = played(12)
        (first, second) = panels.capability(worlds).axes[0].lines[:2]
        for line, model in zip((first, second), worlds.pair, strict=True):
            losses = [100 * (r.outcome.overall_loss - 1) for r in model.labs[0].rounds]
            assert line.get_ydata()[1:] == pytest.approx(losses)

    def test_creators_have_the_colour_of_their_tactic(self) -> None:
        from analysis import style

        worlds = played(12)
        sample = Sample.of(worlds.first.network, np.array([5]), seed=1, most=60)
        for axes, model in zip(panels.network(worlds, sample).axes, worlds.pair, strict=True):
            dots = axes.collections[-1].get_facecolors()
            codes = model.creators.get("tactic")[sample.ids]
            import matplotlib as mpl

            wanted = [mpl.colors.to_rgba(style.TACTICS[sim.Tactic(int(c))]) for c in codes]
            assert np.allclose(dots, wanted)


async def answered(guard: Guard, kind: str, headers: dict[str, str], **more: Any) -> Any:
    """Return the status with which a request is answered, or the message of a websocket."""
    sent: list[Any] = []
    raw = more.pop("raw", [(name.encode(), value.encode()) for name, value in headers.items()])
    scope = {"type": kind, "headers": raw, "query_string": b"", "method": "GET", **more}

    async def receive() -> Any:
        return {}

    async def send(message: Any) -> None:
        sent.append(message)

    await guard(scope, receive, send)
    return sent[0]


async def inside(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
    else:
        await send({"type": "http.response.start", "status": 200, "headers": []})


HERE = {"host": "127.0.0.1:99", "cookie": "other=1; datastrike-99=secret"}


class TestGuard:
    def ask(self, kind: str, headers: dict[str, str], host: str = "127.0.0.1", **more: Any) -> Any:
        return asyncio.run(answered(Guard(inside, "secret", 99, host), kind, headers, **more))

    def test_answers_its_own_page(self) -> None:
        answer = self.ask("http", HERE)
        assert answer["status"] == 200
        assert dict(answer["headers"])[b"content-security-policy"].startswith(b"default-src 'self'")
        own = {**HERE, "origin": "http://127.0.0.1:99"}
        assert self.ask("websocket", own)["type"] == "websocket.accept"

    def test_the_address_gives_a_cookie_that_scripts_cannot_read(self) -> None:
        answer = self.ask("http", {"host": "localhost:99"}, query_string=b"token=secret")
        assert answer["status"] == 303
        cookie = dict(answer["headers"])[b"set-cookie"].decode()
        assert cookie.startswith("datastrike-99=secret; ")
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie

    @pytest.mark.parametrize(
        "changes",
        [
            {"cookie": "datastrike-99=guess"},
            {"cookie": "datastrike-98=secret"},
            {"cookie": "datastrike-99=sécret"},
            {"cookie": ""},
            {"host": "attacker.example:99"},
            {"host": "127.0.0.1:98"},
            {"origin": "http://attacker.example"},
            {"origin": "null"},
            {"origin": "http://127.0.0.1:98"},
        ],
    )
    @pytest.mark.parametrize("kind", ["http", "websocket"])
    def test_refuses_others(self, kind: str, changes: dict[str, str]) -> None:
        answer = self.ask(kind, {**HERE, "origin": "http://127.0.0.1:99", **changes})
        assert answer["type"] == "websocket.close" or answer["status"] == 403

    def test_refuses_what_does_not_say_where_it_comes_from(self) -> None:
        assert self.ask("websocket", HERE)["type"] == "websocket.close"
        assert self.ask("http", HERE, method="POST")["status"] == 403

    def test_refuses_what_says_two_places(self) -> None:
        twice = [(name.encode(), value.encode()) for name, value in HERE.items()]
        twice += [(b"origin", b"http://127.0.0.1:99"), (b"origin", b"http://attacker.example")]
        guard = Guard(inside, "secret", 99)
        assert asyncio.run(answered(guard, "http", {}, raw=twice))["status"] == 403

    def test_another_name_is_known_once_it_was_stated(self) -> None:
        named = {**HERE, "host": "10.0.0.5:99"}
        assert self.ask("http", named)["status"] == 403
        assert self.ask("http", named, host="10.0.0.5")["status"] == 200
        assert self.ask("http", named, host="0.0.0.0")["status"] == 200


class TestCommand:
    def test_names_the_extra_where_packages_are_missing(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        import sys

        for name in ("solara", "solara.server", "solara.server.settings"):
            monkeypatch.setitem(sys.modules, name, None)
        assert main(["view", "watts_2002"]) == BAD_INPUT
        assert "pip install 'datastrike[view]'" in capsys.readouterr().err

    @pytest.mark.parametrize(
        "options", [["nowhere"], ["watts_2002", "--port", "70000"], ["watts_2002", "--set", "x=1"]]
    )
    def test_bad_input_is_one_line(
        self, options: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["view", *options]) == BAD_INPUT
        assert capsys.readouterr().err.count("\n") == 1
