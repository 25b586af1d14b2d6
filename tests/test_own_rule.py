"""A rule of a user's: ten lines in a script, its source recorded and held to, also in workers."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from scenarios.bandwagon_rule import SCENARIO, Bandwagon
from sim.cli import BAD_INPUT, DONE, main
from sim.decisions import Rule, Threshold
from sim.decisions.base import SOURCE
from sim.errors import InputError
from sim.networks import ErdosRenyi
from sim.sweeps.saved import Sweep

SCRIPT = '''
import sim
from sim.decisions import Rule
from sim.networks import ErdosRenyi

LIMIT = {limit}

def doubled(x):
    return 2.0 * x{comment}

class {name}(Rule):
    """Join when twice the exposure reaches a limit."""
    nerve: float = 0.1

    @staticmethod
    def decide(mobilised, exposure, nerve):
        return mobilised or doubled(exposure) + nerve >= LIMIT
{more}
SCENARIO = sim.Scenario(
    communities=[sim.Community("a", 60)], rule={name}(), network=ErdosRenyi(4.0),
    seeds=sim.Seeds(count=6), steps=12,
)
'''


@pytest.fixture(autouse=True)
def _forget(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Forget rules that scripts of a test define, and work in a folder of its own."""
    monkeypatch.setattr(Rule, "_kinds", dict(Rule._kinds))
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.chdir(tmp_path)


def script(
    file: str, name: str = "Nervy", limit: float = 0.9, comment: str = "", more: str = ""
) -> Path:
    path = Path(file)
    path.write_text(SCRIPT.format(name=name, limit=limit, comment=comment, more=more), "utf-8")
    return path


def digest(file: str, **changes: object) -> str:
    return type(sim.load_scenario(script(file, **changes)).rule).source_digest()  # type: ignore[arg-type]


def forget(kind: str) -> None:
    Rule._kinds.pop(kind)


class TestDigest:
    def test_is_that_of_what_decides(self) -> None:
        first = digest("one.py")
        assert digest("two.py", comment="  # a remark") == first
        assert digest("three.py", limit=0.8) != first
        assert digest("four.py", more="    def stays(self):\n        return True\n") != first
        assert digest("five.py", more="    when = 'reached'\n") != first

    def test_is_part_of_the_scenario_digest(self) -> None:
        scenarios = [
            sim.load_scenario(script(file, limit=limit))
            for file, limit in (("one.py", 0.9), ("two.py", 0.8), ("three.py", 0.9))
        ]
        assert scenarios[0].digest == scenarios[2].digest != scenarios[1].digest

    def test_only_users_rules_carry_it(self) -> None:
        assert SOURCE not in Threshold().to_data()
        assert Bandwagon().to_data()[SOURCE] == Bandwagon.source_digest()

    def test_a_rule_without_readable_source_is_refused_at_once(self) -> None:
        def decide(exposure: float) -> bool:
            return exposure > 0.5

        decide.__code__ = decide.__code__.replace(co_filename="<nowhere>")
        kind = type("Typed", (Rule,), {"__module__": __name__, "decide": staticmethod(decide)})
        with pytest.raises(ValueError, match="source cannot be read"):
            kind()


class TestReceipt:
    @pytest.fixture
    def receipt(self) -> str:
        script("nervy.py")
        assert main(["run", "nervy.py", "--replications", "2", "--out", "out", "--no-figure"]) == 0
        forget("nervy")
        return "out/receipt.json"

    def test_runs_with_the_rule_to_the_last_bit(
        self, receipt: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        capsys.readouterr()
        assert main(["run", receipt, "--rule", "nervy.py", "--json"]) == DONE
        assert json.loads(capsys.readouterr().out)["agrees_with_receipt"]

    def test_needs_the_file(self, receipt: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["run", receipt]) == BAD_INPUT
        assert capsys.readouterr().err == (
            f"{receipt}: rule: rule 'nervy' does not come with datastrike; "
            "give its file with --rule FILE.py\n"
        )

    def test_needs_the_same_source(self, receipt: str, capsys: pytest.CaptureFixture[str]) -> None:
        script("other.py", limit=0.91)
        assert main(["run", receipt, "--rule", "other.py"]) == BAD_INPUT
        said = capsys.readouterr().err
        assert "rule 'nervy' is not as it was" in said
        assert said.count("\n") == 1

    @pytest.mark.parametrize(
        ("rule", "said"),
        [("nowhere.py", "does not exist"), ("nervy.toml", "a rule is defined in a .py file")],
    )
    def test_needs_a_script(
        self, receipt: str, capsys: pytest.CaptureFixture[str], rule: str, said: str
    ) -> None:
        assert main(["run", receipt, "--rule", rule]) == BAD_INPUT
        assert capsys.readouterr().err == f"{rule}: {said}\n"

    def test_a_saved_scenario_may_drop_the_digest(self, receipt: str) -> None:
        kept = Path("out/scenario.toml").read_text("utf-8").splitlines()
        Path("free.toml").write_text(
            "\n".join(line for line in kept if not line.startswith(SOURCE)), "utf-8"
        )
        script("other.py", limit=0.91)
        assert main(["run", "out/scenario.toml", "--rule", "other.py"]) == BAD_INPUT
        assert main(["run", "free.toml", "--rule", "other.py", "--replications", "1"]) == DONE


WORKER = """
import pickle, sys
import sim
scenario = pickle.load(sys.stdin.buffer)
print(sim.run(scenario, 5).state_digest, scenario.digest)
"""


def test_plays_alike_in_another_process() -> None:
    small = SCENARIO.replace(communities=(SCENARIO.communities[0].replace(size=200),), steps=20)
    finished = subprocess.run(
        [sys.executable, "-c", WORKER],
        input=pickle.dumps(small),
        cwd=Path(__file__).parents[1],
        capture_output=True,
        check=True,
    )
    here = sim.run(small, 5).state_digest
    assert finished.stdout.decode().split() == [here, small.digest]


def test_plays_alike_on_the_workers_of_a_sweep() -> None:
    script("worker_rule.py", name="Swept")
    asked = ["sweep", "worker_rule.py", "--vary", "rule.nerve=0,0.2", "--replications", "2"]
    assert main([*asked, "--workers", "2", "--out", "two"]) == DONE
    assert main([*asked, "--workers", "1", "--out", "one"]) == DONE
    one, two = (Sweep(folder).table() for folder in ("one", "two"))
    names = [name for name in one.columns if name.startswith(("rule", "adoption"))]
    assert len(names) > 1
    assert one[names].equals(two[names])
    assert one["adoption.final"].nunique() > 1


def test_the_example_does_as_it_says() -> None:
    weeks = sim.run(SCENARIO, seed=1).participation[:, -1]
    assert weeks[0] == pytest.approx(0.01)
    assert weeks[8] < 0.2
    assert weeks[52:].min() > 0.7


def test_a_rule_that_hides_what_the_engine_says_is_refused() -> None:
    with pytest.raises(InputError, match="has the name of what the engine says"):
        type("Hiding", (Rule,), {"__annotations__": {"exposure": float}, "exposure": 0.1})


def test_the_network_is_not_what_differs() -> None:
    """The control of the test of another process: another rule plays otherwise."""
    small = SCENARIO.replace(
        communities=(SCENARIO.communities[0].replace(size=200),), network=ErdosRenyi(8.0), steps=20
    )
    other = small.replace(rule=Bandwagon(appeal=0.1))
    assert sim.run(small, 5).state_digest != sim.run(other, 5).state_digest
