"""Every scenario gives the numbers of the baseline, however it is played."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numba
import pytest

import sim
from sim.steps import revision
from tests import golden

WORLDS = golden.scenarios()
every_scenario = pytest.mark.parametrize("name", WORLDS)


OTHER = (
    "the mathematical functions of this platform round otherwise than those the baseline was made "
    "with, so that results differ in the last digits from those of other machines; compare only "
    "what was played on one kind of machine"
)


@pytest.fixture(scope="module")
def other_mathematics() -> list[str]:
    both = (golden.mathematics, numba.njit(golden.mathematics))
    return [said for functions in both for said in golden.differences(functions)]


@pytest.fixture(scope="module")
def baseline(pytestconfig: pytest.Config, other_mathematics: list[str]) -> dict:
    if other_mathematics:
        pytest.skip(OTHER)
    if pytestconfig.getoption("--update-baseline") and (why_not := golden.update()):
        pytest.exit(why_not, returncode=1)
    return golden.read()["scenarios"]


def test_mathematics_are_those_of_the_baseline(other_mathematics: list[str]) -> None:
    if other_mathematics:
        pytest.fail(f"{OTHER}: {'; '.join(other_mathematics)}", pytrace=False)


@every_scenario
def test_gives_the_numbers_of_the_baseline(name: str, baseline: dict) -> None:
    assert name in baseline, "new: add it with --update-baseline"
    found = golden.numbers(sim.run(golden.small(WORLDS[name]), golden.SEED, threads=1))
    assert found["outcomes"] == pytest.approx(baseline[name]["outcomes"], rel=10**-9, nan_ok=True)
    assert found["state"] == baseline[name]["state"]


def test_baseline_holds_no_scenario_that_is_gone(baseline: dict) -> None:
    assert sorted(set(baseline) - set(WORLDS)) == []


@every_scenario
def test_depends_on_no_threads(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In parallel from the first creator on, where there are enough for two chunks."""
    world = golden.small(WORLDS[name])
    serial = golden.everything(sim.run(world, golden.SEED, threads=1))
    monkeypatch.setattr(revision, "PARALLEL_FROM", 1)
    monkeypatch.setattr(revision, "ROOM", 256)
    assert golden.everything(sim.run(world, golden.SEED, threads=2)) == serial


def test_other_digest_for_other_numbers() -> None:
    world = golden.small(WORLDS["watts_2002"])
    digests = {golden.everything(sim.run(world, seed)) for seed in (1, 2)}
    assert len(digests) == 2


def in_another_process(names: list[str], **variables: str) -> dict[str, str]:
    code = (
        "import json, sys, sim; from tests import golden; worlds = golden.scenarios();"
        "played = lambda n: sim.run(golden.small(worlds[n]), golden.SEED, threads=2);"
        "print(json.dumps({n: golden.everything(played(n)) for n in sys.argv[1:]}))"
    )
    finished = subprocess.run(
        [sys.executable, "-c", code, *names], cwd=golden.ROOT, env={**os.environ, **variables},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)


def test_depends_on_no_process() -> None:
    names = ["bandwagon_rule", "siegel_2009", "sweep_platform_default", "sweep_tactics"]
    other = in_another_process(names, PYTHONHASHSEED="4711", OMP_NUM_THREADS="1")
    here = {n: golden.everything(sim.run(golden.small(WORLDS[n]), golden.SEED)) for n in names}
    assert other == here


@pytest.mark.slow
def test_uncompiled_kernels_give_the_same() -> None:
    """Interpreted loops take a hundred times as long: only what is over in a minute."""
    names = [n for n, world in WORLDS.items() if golden.small(world).steps <= 60]
    here = {n: golden.everything(sim.run(golden.small(WORLDS[n]), golden.SEED)) for n in names}
    assert in_another_process(names, NUMBA_DISABLE_JIT="1") == here


class TestBaseline:
    CHANGES = "# Changelog\n\n## [0.2.0] - Unreleased\n\n### Added\n\n- A.\n{}\n## [0.1.0] - 2026\n"
    LINE = "\n### Results change\n\n- Draws start at 1,\n  not 0.\n"

    def test_reads_the_lines_of_what_is_not_released(self) -> None:
        assert golden.announced(self.CHANGES.format(self.LINE)) == ["Draws start at 1, not 0."]
        assert golden.announced(self.CHANGES.format("")) == []
        released = self.CHANGES.replace("Unreleased", "2027-01-01")
        assert golden.announced(released.format(self.LINE)) == []

    def test_changed_numbers_need_a_new_line(self) -> None:
        old = {"scenarios": {"a": 1, "b": 2}, "results_change": ["first"]}
        other = {"a": 1, "b": 3}
        assert "b gave other numbers" in golden.refusal(old, other, [])
        assert "b gave other numbers" in golden.refusal(old, other, ["first"])
        assert golden.refusal(old, other, ["first", "second"]) is None

    def test_new_scenarios_need_none(self) -> None:
        old = {"scenarios": {"a": 1}, "results_change": []}
        assert golden.refusal(old, {"a": 1, "b": 2}, []) is None

    def test_says_where_mathematics_differ(self) -> None:
        def other(x: float, y: float) -> tuple[float, ...]:
            exp, *rest = golden.mathematics(x, y)
            return (exp * (1 + 2**-52), *rest)

        assert golden.differences(golden.mathematics) == []
        said = golden.differences(other)
        assert len(said) == len(golden.MATHEMATICS) + 1
        assert said[0].startswith("exp at 0.1 ")

    def test_a_refused_update_leaves_the_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kept = tmp_path / "golden.json"
        kept.write_text(json.dumps({"results_change": [], "scenarios": {"a": 1}}))
        monkeypatch.setattr(golden, "FILE", kept)
        monkeypatch.setattr(golden, "scenarios", dict)
        monkeypatch.setattr(golden, "announced", lambda text: [])
        assert "a gave other numbers" in golden.update()
        assert json.loads(kept.read_text())["scenarios"] == {"a": 1}
