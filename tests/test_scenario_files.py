"""Scenarios in files: nothing is lost, the digest is theirs alone, bad files get one sentence."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.decisions import Rule
from sim.loading.files import find_receipt, load_scenario, save_scenario, to_json, to_toml
from sim.loading.scripts import library
from sim.networks import BarabasiAlbert, Complete, EdgeList, StochasticBlock, WattsStrogatz
from sim.scenario import Awareness, Evidence, Observed, Revision
from sim.tactics import Tactic

ROOT = Path(__file__).parents[1]
GOLDEN = "fd1a6aa1b929fb01736d2f24130c8de4e011882aaaca1809a5942dd94fcaa820"

numbers = st.floats(-1e6, 1e6)
positive = st.floats(1e-6, 1e6)
shares = st.floats(0.0, 1.0)
names = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))

simple = st.one_of(
    st.builds(sim.Constant, value=numbers | st.sampled_from([math.inf, -math.inf])),
    st.tuples(numbers, numbers).map(lambda ends: sim.Uniform(min(ends), max(ends))),
    st.builds(sim.Normal, mean=numbers, sd=st.floats(0, 1e6)),
    st.builds(sim.LogNormal, mean_log=numbers, sd_log=st.floats(0, 1e6)),
    st.builds(sim.Pareto, minimum=positive, exponent=positive),
    st.builds(sim.Beta, a=positive, b=positive),
    st.builds(sim.Values, values=st.lists(numbers | st.just(math.inf), min_size=1, max_size=3)),
    st.builds(sim.Empirical, path=texts.filter(bool)),
)
distributions = simple | st.builds(
    sim.Truncated,
    distribution=simple.filter(lambda inner: not isinstance(inner, sim.Values)),
    low=st.floats(-1e3, 0) | st.none(),
    high=st.floats(1, 1e3) | st.none(),
)
tactics = st.sampled_from([t.name.lower() for t in Tactic if t is not Tactic.CONTRIBUTE])
effects = st.builds(sim.Effect, past_kept=shares, consumes=st.booleans(), visibility=shares)
networks = st.one_of(
    st.just(Complete()),
    st.builds(BarabasiAlbert, links=st.integers(1, 9)),
    st.builds(WattsStrogatz, degree=st.sampled_from([2, 4]), rewiring=shares),
    st.builds(EdgeList, path=texts.filter(bool), labels=texts.filter(bool) | st.none()),
    st.just(StochasticBlock(matrix=((1.0, 0.5), (0.5, 2.0)))),
)
rules = st.sampled_from([kind() for kind in Rule.kinds().values()])
communities = st.builds(
    sim.Community,
    name=names,
    size=st.integers(1, 10**6),
    threshold=distributions,
    stock=distributions | numbers,
    repertoire=tactics | st.just({"withhold": 0.25, "opt_out": 0.75}),
    represents=positive,
    aware=shares,
    traits=st.dictionaries(names, distributions, max_size=2),
)
labs = st.builds(
    sim.Lab,
    name=st.sampled_from(["Stability", "GPT-3.5", "Lab A_1"]),
    every=st.integers(1, 99),
    compliance=shares,
    first=st.integers(0, 9) | st.none(),
    dates=st.lists(days, max_size=2),
    open_weights=st.booleans(),
)
evidence = st.builds(Evidence, path=texts, mark=st.just("measured"), source=texts)
series = st.tuples(days, numbers, texts).map(lambda d: Observed(d[2], [d[0]], [d[1]], [d[1]], d[2]))
abouts = st.builds(
    sim.About,
    title=texts,
    sources=st.lists(texts, max_size=2),
    evidence=st.lists(evidence, max_size=2),
    observed=st.lists(series, max_size=1),
)
events = st.builds(sim.Broadcast, on=days, label=texts, reach=shares)
someone = st.builds(sim.Seeds, share=shares) | st.builds(
    sim.Seeds, ids=st.lists(st.integers(0, 2**40), max_size=3)
)


@st.composite
def scenarios(draw: st.DrawFn) -> sim.Scenario:
    who = draw(st.lists(communities, min_size=1, max_size=3, unique_by=lambda c: c.name))
    rule = draw(rules.filter(lambda r: set(r.columns()) <= set(sim.Community.model_fields)))
    return sim.Scenario(
        communities=who,
        network=draw(networks),
        rule=rule,
        seeds=draw(someone),
        steps=draw(st.integers(0, 1000)),
        step_days=draw(st.floats(1e-6, 1e3)),
        start=draw(days),
        labs=draw(st.lists(labs, max_size=2, unique_by=lambda lab: lab.name)),
        calendar=draw(st.lists(events, max_size=2)),
        awareness=draw(st.none() | st.builds(Awareness, peer=shares, fading=shares)),
        revision=draw(st.builds(Revision, share=shares)),
        tactics=draw(st.dictionaries(tactics, effects, max_size=2)),
        network_seed=draw(st.none() | st.integers(0, 2**32 - 1)),
        about=draw(abouts),
    )


@pytest.fixture
def small() -> sim.Scenario:
    return sim.Scenario(
        communities=[
            sim.Community("coders", 100, threshold=sim.Normal(0.25, 0.12), represents=1000),
            sim.Community("artists", 50, threshold=math.inf, repertoire="opt_out"),
        ],
        network=WattsStrogatz(6, 0.1),
        labs=[sim.Lab("Stability", preset="image-text")],
        start=date(2024, 2, 29),
    )


class TestRoundTrip:
    @settings(max_examples=50)
    @given(scenario=scenarios())
    def test_nothing_is_lost(
        self, scenario: sim.Scenario, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        folder = tmp_path_factory.mktemp("files")
        for ending in (".toml", ".json"):
            loaded = load_scenario(save_scenario(scenario, folder / f"scenario{ending}"))
            assert loaded == scenario
            assert loaded.digest == scenario.digest

    def test_order_of_keys_is_free(self, small: sim.Scenario, tmp_path: Path) -> None:
        def backwards(data: object) -> object:
            if isinstance(data, dict):
                return {key: backwards(data[key]) for key in reversed(data)}
            return [backwards(part) for part in data] if isinstance(data, list) else data

        path = tmp_path / "backwards.json"
        path.write_text(json.dumps(backwards(json.loads(to_json(small)))))
        assert load_scenario(path).digest == small.digest

    def test_dates_may_be_those_of_toml(self, small: sim.Scenario, tmp_path: Path) -> None:
        path = tmp_path / "dated.toml"
        path.write_text(to_toml(small).replace('"2024-02-29"', "2024-02-29"))
        assert load_scenario(path) == small

    def test_files_are_never_overwritten(self, small: sim.Scenario, tmp_path: Path) -> None:
        path = save_scenario(small, tmp_path / "a.toml")
        with pytest.raises(sim.InputError, match="exists already"):
            save_scenario(small, path)
        assert [file.name for file in tmp_path.iterdir()] == ["a.toml"]

    def test_only_two_formats_are_written(self, small: sim.Scenario, tmp_path: Path) -> None:
        with pytest.raises(sim.InputError, match=r"\.toml or \.json"):
            save_scenario(small, tmp_path / "a.ini")


class TestDigest:
    def test_is_the_same_in_every_process(self, small: sim.Scenario, tmp_path: Path) -> None:
        path = save_scenario(small, tmp_path / "small.toml")
        code = f"import sim; print(sim.load_scenario({str(path)!r}).digest)"
        for hash_seed in ("0", "1"):
            told = subprocess.run(
                [sys.executable, "-c", code],
                cwd=ROOT,
                env={"PYTHONHASHSEED": hash_seed, "PATH": ""},
                capture_output=True,
                text=True,
                check=True,
            )
            assert told.stdout.strip() == small.digest

    def test_of_the_same_data_never_changes(
        self, small: sim.Scenario, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The data are fixed here, since a new field with its default changes what is hashed."""
        data = {"steps": 3, "share": 0.1, "high": math.inf, "about": {}, "name": "x", "a": ["é"]}
        monkeypatch.setattr(sim.Scenario, "to_data", lambda self: dict(data))
        assert small.digest == GOLDEN

    def test_changes_with_every_number_and_not_with_words(self, small: sim.Scenario) -> None:
        assert small.replace(steps=53).digest != small.digest
        assert small.replace(about=sim.About(title="other"), name="other").digest == small.digest


class TestScripts:
    def test_a_script_defines_its_scenario(self, small: sim.Scenario, tmp_path: Path) -> None:
        (tmp_path / "beside.py").write_text("SIZE = 7\n")
        script = tmp_path / "own.py"
        script.write_text(
            "import sim\nfrom beside import SIZE\n"
            "SCENARIO = sim.Scenario(communities=[sim.Community('a', SIZE)])\n"
        )
        assert load_scenario(str(script)).creators == 7

    def test_a_rule_in_the_script_is_found_in_saved_files(self, tmp_path: Path) -> None:
        script = tmp_path / "ruled.py"
        script.write_text(
            "from __future__ import annotations\nimport sim\n"
            "class Stubborn(sim.Rule):\n"
            "    need: float = 3.0\n"
            "    @staticmethod\n"
            "    def decide(active: float, need: float) -> bool:\n"
            "        return active >= need\n"
            "SCENARIO = sim.Scenario(communities=[sim.Community('a', 9)], rule=Stubborn(2.0))\n"
        )
        scenario = load_scenario(script)
        saved = save_scenario(scenario, tmp_path / "ruled.toml")
        assert load_scenario(saved) == scenario

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("x = 1 / 0", r"own.py:1: ZeroDivisionError"),
            ("def f(:", r"own.py:1: SyntaxError"),
            ("x = 1", r"own.py: must define SCENARIO"),
            ("\nimport sim\nsim.Community('a', size=0)", r"own.py:3: Community: size: must be at"),
        ],
    )
    def test_a_broken_script_gets_a_sentence(self, tmp_path: Path, text: str, said: str) -> None:
        path = tmp_path / "own.py"
        path.write_text(text)
        with pytest.raises(sim.InputError, match=said) as caught:
            load_scenario(path)
        assert "\n" not in str(caught.value)

    def test_library_lists_without_importing(self) -> None:
        for name, line in library().items():
            assert line, f"{name} says nothing of itself"

    def test_unknown_names_get_the_nearest(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sim.loading.scripts.library", lambda: {"data_strike": ""})
        with pytest.raises(sim.InputError, match="did you mean 'data_strike'"):
            load_scenario("data_stirke")


class TestRefusals:
    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("a.yaml", "a: 1", "YAML is not read"),
            ("a.txt", "a", "must be a .toml, .json or .py file"),
            ("a.json", '{"steps": 1, "steps": 2}', "'steps' is given twice"),
            ("a.toml", "steps = 1\nsteps = 2", "is not TOML: cannot overwrite a value"),
            ("a.json", '{"steps": NaN}', "it has no number NaN"),
            ("a.json", "[1, 2]", "must hold the fields of a scenario"),
            ("a.json", "[" * 100_000, "nested too deeply|is not JSON"),
            ("a.toml", "steps = = 3", r"is not TOML: invalid value \(at line 1"),
            ("a.toml", "#" * 1_000_001, "larger than 1 MB"),
            ("a.json", b"\xff\xfe\x00", "not a text file in UTF-8"),
            ("a.toml", 'step_days = nan\ncommunities = [{name = "a", size = 1}]', "got nan"),
        ],
    )
    def test_one_sentence(self, tmp_path: Path, name: str, content: str | bytes, said: str) -> None:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        with pytest.raises(sim.InputError, match=said) as caught:
            load_scenario(path)
        assert str(caught.value).startswith(f"{path}: ")
        assert "\n" not in str(caught.value)

    def test_missing(self, tmp_path: Path) -> None:
        with pytest.raises(sim.InputError, match="does not exist"):
            load_scenario(tmp_path / "a.toml")
        with pytest.raises(sim.InputError, match="no saved run"):
            load_scenario(tmp_path)

    def test_what_was_never_a_scenario(self, small: sim.Scenario, tmp_path: Path) -> None:
        (tmp_path / "a.json").write_text('{"a": 1}')
        with pytest.raises(sim.InputError) as caught:
            load_scenario(tmp_path / "a.json")
        assert str(caught.value) == f"{tmp_path / 'a.json'}: is neither a scenario nor a receipt"
        out = tmp_path / "swept"
        sim.sweep(small, {"steps": [1, 2]}, outcomes="adoption.final", out=out, workers=1)
        for source in (out, out / "sweep.json"):
            with pytest.raises(sim.InputError) as caught:
                load_scenario(source)
            assert str(caught.value) == (
                f"{source}: is a sweep, not one scenario; look at it with "
                f"`datastrike sweep --status {out}` or `datastrike report {out}`"
            )

    def test_all_mistakes_at_once(self, tmp_path: Path) -> None:
        path = tmp_path / "a.toml"
        path.write_text(
            'nope = 1\nstep_days = nan\n[[communities]]\nname = "coders"\nsize = -5\ntreshold = 1\n'
        )
        with pytest.raises(sim.InputError) as caught:
            load_scenario(path)
        assert sorted(
            line.removeprefix(f"{path}: ") for line in str(caught.value).splitlines()
        ) == [
            "communities.coders.size: must be at least 1, got -5",
            "communities.coders.treshold: unknown key; did you mean 'threshold'?",
            "nope: unknown key; expected one of " + ", ".join(sim.Scenario.model_fields),
            "step_days: must be a number, got nan",
        ]

    def test_a_scenario_is_no_receipt(self, small: sim.Scenario, tmp_path: Path) -> None:
        assert find_receipt(save_scenario(small, tmp_path / "a.json")) is None


def test_the_order_of_a_mix_is_not_part_of_the_scenario():
    mixes = [{"poison": 0.25, "opt_out": 0.75}, {"opt_out": 0.75, "poison": 0.25}]
    worlds = [sim.Scenario([sim.Community("a", 50, repertoire=mix)]) for mix in mixes]
    assert worlds[0].digest == worlds[1].digest
    one, other = (sim.run(w.replace(seeds=sim.Seeds(share=1.0))).tactic for w in worlds)
    assert one.tolist() == other.tolist()


def test_what_is_left_unsaid_of_a_tactic_is_its_own():
    data = sim.Scenario([sim.Community("a", 5)]).to_data()
    world = sim.Scenario.from_data({**data, "tactics": {"opt_out": {"visibility": 0.3}}})
    effect = world.tactics["opt_out"]
    assert (effect.visibility, effect.needs_compliance, effect.past_kept) == (0.3, True, 0.0)
