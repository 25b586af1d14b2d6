"""The command line: plays, answers, writes, refuses, and starts without waiting."""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
import types
from io import BytesIO
from pathlib import Path

import pytest

import sim
from sim.answers import sentences
from sim.cli import BAD_INPUT, DONE, INTERRUPTED, SOME_FAILED, main
from sim.loading.files import RECEIPT, load_scenario, save_scenario
from sim.networks import Complete
from sim.runs.comparison import Comparison

ROOT = Path(__file__).parents[1]
HEAVY = {"matplotlib", "mesa", "networkx", "numba", "numpy", "pandas", "pyarrow", "scipy"}
SCENARIO = sim.Scenario(
    communities=[
        sim.Community("coders", 60, threshold=sim.Uniform(0, 0.8), repertoire="opt_out"),
        sim.Community("artists", 20, threshold=0.3),
    ],
    network=Complete(),
    seeds=sim.Seeds(count=6),
    labs=[sim.Lab("Stability", every=4, compliance=0.5)],
    steps=8,
    about=sim.About(
        title="A small strike",
        question="Who joins?",
        finding="Some do.",
        sources=("Nobody 2020",),
        evidence=(sim.Evidence("communities.coders.threshold", "assumed", "a guess"),),
    ),
)

SCRIPT = """
import sim
from sim.networks import Complete

SCENARIO = sim.Scenario(
    communities=[sim.Community("a", 9, threshold=sim.Beta(1, 2))],
    network=Complete(),
    steps=2,
)
if __name__ == "__main__":
    from sim.cli import main_for

    main_for(SCENARIO)
"""
LOADED = "import sys; from sim.cli import main; main({!r}); print(*sys.modules, file=sys.stderr)"


@pytest.fixture
def strike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A saved scenario, in an otherwise empty folder that is the current one."""
    monkeypatch.chdir(tmp_path)
    return save_scenario(SCENARIO, Path("strike.toml"))


@pytest.fixture
def figure(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """A stand-in for the module that draws."""

    class Figure:
        def savefig(self, file: BytesIO, **options: object) -> None:
            file.write(b"drawn")

    module = types.ModuleType("analysis.campaign")
    module.campaign = lambda comparison: Figure()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "analysis.campaign", module)
    return module


def run(*arguments: str) -> int:
    return main(["run", *arguments])


class TestRun:
    def test_answers_and_writes_nothing(
        self, strike: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run("strike.toml", "--replications", "2") == DONE
        out, err = capsys.readouterr()
        assert err == ""
        lines = out.splitlines()
        assert lines[0] == "A small strike (2 replications, seeds 0 to 1)"
        expected = sentences(sim.compare(SCENARIO, replications=2))
        assert [line[:2] for line in expected] == ["X:", "Y:", "Z:"]
        assert lines[2:5] == expected
        assert "Expected beforehand: Some do." in lines
        assert lines[-1].startswith("Nothing was written; --out DIR")
        assert [path.name for path in Path().iterdir()] == ["strike.toml"]

    def test_json_is_all_there_is(self, strike: Path, capsys: pytest.CaptureFixture[str]) -> None:
        options = ["--replications", "2", "--seed", "5", "--set", "labs.Stability.every=3"]
        assert run("strike.toml", *options, "--json") == DONE
        told = json.loads(capsys.readouterr().out)
        faster = sim.Lab("Stability", every=3, compliance=0.5)
        pair = sim.compare(SCENARIO.replace(labs=(faster,)), replications=2, seed=5)
        assert told["seeds"] == [5, 6]
        assert told["scenario_digest"] == pair.scenario.digest
        assert told["state_digests"]["action"] == [r.state_digest for r in pair.action]
        (model,) = told["models"]
        assert (model["lab"], model["round"]) == ("Stability", 2)
        assert model["loss"]["mean"] == pair.effect("Stability").mean
        assert model["loss_if"]["none"]["mean"] == pair.effect("Stability", "loss_if.none").mean
        assert told["sentences"] == sentences(pair)
        assert told["files"] == []

    @pytest.mark.usefixtures("figure")
    def test_out_keeps_the_numbers(self, strike: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("strike.toml", "--replications", "2", "--out", "kept") == DONE
        out = capsys.readouterr().out
        files = sorted(str(path) for path in Path("kept").iterdir())
        assert [line.strip() for line in out.partition("Written:\n")[2].splitlines()] == files
        assert "kept/campaign.png" in files
        loaded = sim.load("kept")
        assert isinstance(loaded, Comparison)
        assert loaded.scenario == SCENARIO
        assert sentences(loaded) == sentences(sim.compare(SCENARIO, replications=2))
        assert {path.name for path in Path().iterdir()} == {"kept", "strike.toml"}

    @pytest.mark.usefixtures("figure")
    def test_no_figure(self, strike: Path) -> None:
        run("strike.toml", "--replications", "1", "--out", "kept", "--no-figure")
        assert not list(Path("kept").glob("*.png"))

    def test_a_failing_figure_does_not_cost_the_run(
        self, strike: Path, figure: types.ModuleType, capsys: pytest.CaptureFixture[str]
    ) -> None:
        figure.campaign = None  # type: ignore[attr-defined]
        assert run("strike.toml", "--replications", "1", "--out", "kept") == DONE
        assert "the figure was not drawn" in capsys.readouterr().err
        assert sim.load("kept").scenario == SCENARIO

    def test_threads_change_nothing(self, strike: Path, capsys: pytest.CaptureFixture[str]) -> None:
        told = []
        for threads in ("1", "2"):
            run("strike.toml", "--replications", "1", "--threads", threads, "--json")
            told.append(json.loads(capsys.readouterr().out)["state_digests"])
        assert told[0] == told[1]

    def test_without_labs(self, strike: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("strike.toml", "--set", "labs=[]", "--replications", "1") == DONE
        assert "no lab is part of this scenario" in capsys.readouterr().out

    def test_twenty_replications_unless_asked(
        self, strike: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        run("strike.toml", "--json")
        assert json.loads(capsys.readouterr().out)["seeds"] == list(range(20))

    def test_a_stop_leaves_nothing(
        self,
        strike: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        def stopped(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("sim.runs.comparison.compare", stopped)
        assert run("strike.toml", "--out", "kept") == INTERRUPTED
        assert capsys.readouterr().err.strip() == "stopped; nothing was written"
        assert [path.name for path in Path().iterdir()] == ["strike.toml"]


class TestReceipt:
    def test_is_played_again(self, strike: Path, capsys: pytest.CaptureFixture[str]) -> None:
        run("strike.toml", "--seed", "3", "--replications", "2", "--out", "kept", "--no-figure")
        capsys.readouterr()
        for source in ("kept", f"kept/{RECEIPT}"):
            assert run(source) == DONE
            out = capsys.readouterr().out
            assert "seeds 3 to 4" in out
            assert "All 4 runs agree with the receipt to the last bit." in out

    def test_says_what_differs(self, strike: Path, capsys: pytest.CaptureFixture[str]) -> None:
        run("strike.toml", "--replications", "2", "--out", "kept", "--no-figure")
        receipt = json.loads(Path("kept", RECEIPT).read_text())
        receipt["runs"][0]["state_digest"] = "0" * 64
        Path("other.json").write_text(json.dumps(receipt))
        capsys.readouterr()
        assert run("other.json") == SOME_FAILED
        assert "1 of 4 runs differ from the receipt" in capsys.readouterr().out
        assert run("other.json", "--json") == SOME_FAILED
        assert json.loads(capsys.readouterr().out)["agrees_with_receipt"] is False

    def test_of_a_single_run(self, strike: Path, capsys: pytest.CaptureFixture[str]) -> None:
        sim.run(SCENARIO, seed=9).save("kept")
        assert run("kept") == DONE
        assert "All 1 runs agree" in capsys.readouterr().out

    def test_a_name_is_never_a_folder(
        self, strike: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        run("strike.toml", "--replications", "1", "--out", "bigger", "--no-figure")
        capsys.readouterr()
        script = types.ModuleType("scenarios.bigger")
        script.SCENARIO = SCENARIO.replace(seeds=sim.Seeds(count=9))  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "scenarios.bigger", script)
        monkeypatch.setattr("sim.loading.scripts._scripts", lambda: iter([Path("bigger.py")]))
        assert run("bigger", "--json") == DONE
        told = json.loads(capsys.readouterr().out)
        assert told["agrees_with_receipt"] is None
        assert told["scenario_digest"] == script.SCENARIO.digest

    def test_with_changes_is_another_run(
        self, strike: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        run("strike.toml", "--replications", "1", "--out", "kept", "--no-figure")
        capsys.readouterr()
        assert run("kept", "--set", "seeds.count=0", "--json") == DONE
        assert json.loads(capsys.readouterr().out)["agrees_with_receipt"] is None


class TestBadInput:
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["--set", "communities.coders.size=-5"], "communities.coders.size: must be at least"),
            (["--set", "communities.coders.aware=1.5"], "aware: must be at most 1, got 1.5"),
            (["--set", "communities.coders.treshold=1"], "'communities.coders.threshold'?"),
            (["--set", "steps"], "--set steps: must be path=value"),
            (["--set", "network=missing.csv"], "network: edge list missing.csv does not exist"),
            (["--set", "network=garbage.csv"], "network: edge list garbage.csv, line 2"),
            (["--set", "network=column.csv"], "network: edge list column.csv, line 1"),
            (["--set", "seeds.count=100"], "seeds.count: at most the 80 creators"),
            (["--set", "labs.Stability.preset=llmm"], "did you mean 'llm'?"),
            (["--out", "there"], "there: exists already"),
            (["--out", "garbage.csv/out"], "garbage.csv/out: cannot be written"),
            (["--seed", "-1"], "--seed: must be from 0 to 4294967295, got -1"),
            (["--seed", "4294967290"], "--seed: must be at most 4294967276 with 20 replications"),
            (["--seed", "x"], "--seed: must be a whole number, got 'x'"),
            (["--replications", "0"], "--replications: must be from 1 to"),
            (["--threads", "0"], "--threads: must be from 1 to"),
            (["--sed", "1"], "'--seed'"),
            (["more"], "unexpected extra argument"),
        ],
    )
    def test_one_sentence_and_nothing_written(
        self,
        strike: Path,
        capsys: pytest.CaptureFixture[str],
        arguments: list[str],
        said: str,
    ) -> None:
        Path("there").mkdir()
        Path("garbage.csv").write_text("a,b\nthis is no edge\n")
        Path("column.csv").write_text("1\n2\n")
        before = set(Path().rglob("*"))
        assert run("strike.toml", *arguments) == BAD_INPUT
        out, err = capsys.readouterr()
        assert out == ""
        assert said in err
        assert len(err.splitlines()) == 1
        assert set(Path().rglob("*")) == before

    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("own.toml", "steps = 1\nnope = 1", "own.toml: communities: must be given\nown.toml: "),
            ("own.toml", "nope = 1", "own.toml: is neither a scenario nor a receipt"),
            ("own.yaml", "a: 1", "own.yaml: YAML is not read"),
            ("own.py", "SCENARIO = 3", "own.py: must define SCENARIO"),
        ],
    )
    def test_files(
        self, strike: Path, capsys: pytest.CaptureFixture[str], name: str, content: str, said: str
    ) -> None:
        Path(name).write_text(content)
        assert run(name) == BAD_INPUT
        assert capsys.readouterr().err.startswith(said)

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["rnu"], "unknown command 'rnu'; did you mean 'run'?"),
            (["run"], "NAME|FILE: must be given"),
            (["run", "no_such_scenario"], "unknown scenario 'no_such_scenario'"),
            (["show", "no.toml"], "no.toml: does not exist"),
        ],
    )
    def test_commands_and_names(
        self, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
    ) -> None:
        assert main(arguments) == BAD_INPUT
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith(said)
        assert len(err.splitlines()) == 1


class TestShow:
    def test_tells_what_people_ask(self, strike: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["show", "strike.toml"]) == DONE
        out = capsys.readouterr().out
        for text in ("A small strike", "Question: Who joins?", "Some do.", "Nobody 2020"):
            assert text in out
        rows = {line.split()[0]: line.split()[1:] for line in out.splitlines() if line[:2] == "  "}
        assert rows["communities.coders.size"] == ["60"]
        assert rows["communities.coders.threshold"][:2] == ["uniform", "high=0.8"]
        assert rows["communities.coders.threshold"][2:] == ["assumed:", "a", "guess"]
        assert not any("cost" in path for path in rows)

    def test_as_a_file_to_change(self, strike: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["show", "strike.toml", "--toml"]) == DONE
        Path("own.toml").write_text(capsys.readouterr().out)
        assert load_scenario("own.toml") == SCENARIO


class TestStart:
    def test_help_names_every_command(self, capsys: pytest.CaptureFixture[str]) -> None:
        for arguments in ([], ["--help"], ["-h"]):
            assert main(arguments) == DONE
            out = capsys.readouterr().out
            assert {"run", "list", "show"} <= set(out.split())

    def test_version(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["--version"]) == DONE
        try:
            version = importlib.metadata.version("datastrike")
        except importlib.metadata.PackageNotFoundError:
            version = "unknown"
        assert capsys.readouterr().out == f"datastrike {version}\n"

    @pytest.mark.parametrize(
        "arguments",
        [
            ["--help"],
            ["list"],
            ["run", "--help"],
            ["show", "SCRIPT"],
            ["run", "SCRIPT", "--set", "x=1"],
        ],
    )
    def test_light_commands_import_nothing_heavy(
        self, tmp_path: Path, arguments: list[str]
    ) -> None:
        script = tmp_path / "own.py"
        script.write_text(SCRIPT)
        given = [str(script) if word == "SCRIPT" else word for word in arguments]
        code = LOADED.format(given)
        told = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert HEAVY & {name.partition(".")[0] for name in told.stderr.split()} == set()

    def test_a_script_runs_itself(self, tmp_path: Path) -> None:
        script = tmp_path / "own.py"
        script.write_text(SCRIPT)
        for options, code in ((["--json", "--replications", "1"], DONE), (["--nope"], BAD_INPUT)):
            told = subprocess.run(
                [sys.executable, str(script), *options],
                env=os.environ | {"PYTHONPATH": str(ROOT)},
                cwd=tmp_path,
                capture_output=True,
                text=True,
                check=False,
            )
            assert told.returncode == code, told.stderr
            if code == DONE:
                assert json.loads(told.stdout)["seeds"] == [0]


class TestProgress:
    def test_nothing_where_there_is_no_terminal(self) -> None:
        from sim.cli.progress import bar

        with bar("a run") as tell:
            assert tell is None

    @pytest.mark.parametrize(("many", "told"), [(False, "a run"), (True, " a second, ")])
    def test_a_bar_on_a_terminal_after_a_while(
        self,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        many: bool,
        told: str,
    ) -> None:
        from sim.cli import progress

        monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
        monkeypatch.setattr(progress, "PATIENCE", 0.0)
        monkeypatch.setenv("COLUMNS", "120")
        with progress.bar("a run", many) as tell:
            assert tell is not None
            for done in range(3):
                tell(done, 2)
        out, err = capsys.readouterr()
        assert out == ""
        assert told in err
