"""Sweeps that meet failures, and sweeps from scripts and from the command line."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.cli import main
from sim.loading.files import save_scenario
from sim.sweeps import columns, processes
from sim.sweeps.saved import Sweep
from sim.sweeps.store import RUNS, UnwritableError
from tests.sweep_cases import (
    THRESHOLD,
    dying,
    hanging,
    raising,
    same,
    slow,
    small,
    swept,
    threshold_of,
)

ROOT = Path(__file__).parents[1]
TWO = {"workers": 2}


class TestFailures:
    @pytest.mark.parametrize("more", [{}, TWO], ids=["alone", "processes"])
    def test_a_run_that_raises_is_a_row(self, tmp_path: Path, more: dict) -> None:
        sweep = swept(tmp_path / "s", outcomes=["adoption.final", raising], **more)
        assert sweep.status() == {"planned": 18, "done": 15, "failed": 3, "missing": 0}
        failed = sweep.failures()
        assert failed["error"].unique().tolist() == ["ValueError: an odd failure"]
        assert (failed[THRESHOLD] == 0.3).all()
        assert (failed["seed"] == 1).all()

    def test_failed_runs_are_played_again_when_asked_to(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        swept(tmp_path / "s", outcomes={"own": raising})
        again = swept(tmp_path / "s", outcomes={"own": raising})
        assert again.status()["failed"] == 3
        healed = swept(tmp_path / "s", outcomes={"own": threshold_of}, rerun_failed=True)
        assert healed.status() == {"planned": 18, "done": 18, "failed": 0, "missing": 0}
        assert len(healed.table()) == 18
        assert healed.table()["error"].isna().all()

    def test_a_run_that_hangs_is_ended(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("sim.sweeps.processes.FIRST_RUN", 2.0)
        sweep = swept(tmp_path / "s", outcomes=[hanging], time_limit=2.0, **TWO)
        assert sweep.status() == {"planned": 18, "done": 15, "failed": 3, "missing": 0}
        failed = sweep.failures()
        assert (failed["status"] == "timeout").all()
        assert failed["error"].str.contains("time limit of 2 s").all()
        assert (failed[THRESHOLD] == 0.3).all()

    def test_a_run_that_takes_its_worker_down_is_a_row(self, tmp_path: Path) -> None:
        sweep = swept(tmp_path / "s", outcomes=[dying], vary={THRESHOLD: [0.1, 0.3]}, **TWO)
        assert sweep.status() == {"planned": 6, "done": 5, "failed": 1, "missing": 0}
        (row,) = sweep.failures().to_dict("records")
        assert (row["status"], row["seed"], row[THRESHOLD]) == ("crashed", 2, 0.3)

    def test_workers_that_cannot_start_are_said_in_a_sentence(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(processes, "START", "raise SystemExit(7)")
        with pytest.raises(sim.InputError, match=r"before they are ready \(exit code 7\)"):
            swept(tmp_path / "s", **TWO)

    def test_a_full_disk_stops_the_sweep_and_loses_nothing_written(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(columns, "ROWS", 5)
        whole = swept(tmp_path / "a")
        sync, files = os.fsync, 0

        def full(handle: int) -> None:
            nonlocal files
            files += (tmp_path / "b" / RUNS).exists()
            if files > 6:  # a file and its folder for each of the three first
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            sync(handle)

        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", full)
            with pytest.raises(UnwritableError, match=r"No space left on device.*the same command"):
                swept(tmp_path / "b")
        assert Sweep(tmp_path / "b").status()["done"] == 15
        assert not list((tmp_path / "b" / RUNS).glob(".*"))
        same(whole, swept(tmp_path / "b"))

    def test_ctrl_c_keeps_what_was_played(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def stop(done: int, total: int) -> None:
            if done == 7:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            swept(tmp_path / "s", outcomes=[slow], progress=stop)
        assert Sweep(tmp_path / "s").status()["done"] == 7
        assert swept(tmp_path / "s", outcomes=[slow]).status()["done"] == 18


OWN = """
import sys

import sim
from sim.networks import ErdosRenyi


def doubled(result):
    return 2.0 * result.adoption[-1, -1]


def main():
    scenario = sim.Scenario([sim.Community("artists", 60, threshold=0.2)], ErdosRenyi(4.0), steps=9)
    kept = {"adoption.final": None, "doubled": doubled}
    sim.sweep(scenario, None, 4, kept, out=sys.argv[1], workers=2, allow_mixed=True)


"""


class TestOwnScript:
    def run(self, tmp_path: Path, last: str) -> subprocess.CompletedProcess[str]:
        script = tmp_path / "own.py"
        script.write_text(f"{OWN}{last}\n")
        path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        return subprocess.run(
            [sys.executable, str(script), str(tmp_path / "s")],
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=False,
        )

    def test_functions_of_the_script_itself_reach_workers(self, tmp_path: Path) -> None:
        finished = self.run(tmp_path, 'if __name__ == "__main__":\n    main()')
        assert finished.returncode == 0, finished.stderr
        table = Sweep(tmp_path / "s").table()
        assert (table["doubled"] == 2.0 * table["adoption.final"]).all()

    def test_a_missing_guard_is_said_in_a_sentence(self, tmp_path: Path) -> None:
        finished = self.run(tmp_path, "main()")
        assert finished.returncode != 0
        assert "put the call under if __name__ == '__main__':" in finished.stderr


SCRIPT = """
import sim
from sim.networks import ErdosRenyi

SCENARIO = sim.Scenario(
    [sim.Community("artists", size=60, threshold=0.2)], ErdosRenyi(4.0), steps=10
)


def doubled(result):
    return 2.0 * result.adoption[-1, -1]


SWEEP = {
    "vary": {"network.mean_degree": [2.0, 4.0]},
    "replications": 2,
    "outcomes": {"adoption.final": None, "doubled": doubled},
    "allow_mixed": True,
}
"""


class TestCommand:
    @pytest.fixture
    def script(self, tmp_path: Path) -> str:
        path = tmp_path / "own_sweep.py"
        path.write_text(SCRIPT)
        return str(path)

    def test_plays_what_a_script_declares(
        self, tmp_path: Path, script: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out = str(tmp_path / "s")
        assert main(["sweep", script, "--out", out, "--workers", "2", "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["planned"], told["done"], told["failed"]) == (4, 4, 0)
        table = Sweep(out).table()
        assert (table["doubled"] == 2.0 * table["adoption.final"]).all()
        options = ["--vary", f"{THRESHOLD}=0.1:0.3:3", "--replications", "1"]
        assert main(["sweep", script, *options, "--out", out, "--workers", "1"]) == 0
        assert main(["sweep", "--status", out, "--json"]) == 0
        told = json.loads(capsys.readouterr().out.partition("{")[2].join("{ "))
        assert told["done"] == told["planned"] == 4 + 6 - 2

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (["--vary", "network.men_degree=2"], "did you mean 'network.mean_degree'"),
            (["--vary", "network.mean_degree"], "must be path=values"),
            (["--vary", "network.mean_degree=1:2"], "how many values; write 1:2:5, or give it"),
            (["--set", "steps=-1"], "steps: must be at least 0"),
            (["--shard", "5/3"], "shard: must be part/parts"),
            (["--precision", "x"], "must be outcome=error"),
            (["--design", "grd"], "did you mean 'grid'"),
            (["--workers", "0"], "--workers: must be from 1"),
        ],
    )
    def test_mistakes_are_one_line(
        self, tmp_path: Path, script: str, options: list[str], said: str,
        capsys: pytest.CaptureFixture[str],
    ) -> None:  # fmt: skip
        out = tmp_path / "s"
        assert main(["sweep", script, *options, "--out", str(out)]) == 2
        told = capsys.readouterr().err
        assert said in told
        assert len(told.splitlines()) == 1
        assert not out.exists()

    def test_needs_a_scenario_and_a_folder(
        self, script: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["sweep", script]) == 2
        assert main(["sweep", "--out", "x"]) == 2
        assert capsys.readouterr().err.count("needs a scenario and --out DIR") == 2

    def test_failures_have_their_exit_code(
        self, tmp_path: Path, script: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        broken = Path(script).read_text().replace("2.0 * result", "result.nothing * result")
        path = tmp_path / "broken_sweep.py"
        path.write_text(broken)
        assert main(["sweep", str(path), "--out", str(tmp_path / "s"), "--workers", "1"]) == 1
        assert "has no attribute 'nothing'" in capsys.readouterr().out

    def test_means_are_in_order_and_tell_what_acting_changes(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        lab = sim.Lab("Lab", preset="llm", every=5)
        starts = sim.Seeds(share=0.5)
        path = save_scenario(small(labs=[lab], seeds=starts), tmp_path / "lab.toml")
        out = tmp_path / "s"
        asked = ["sweep", str(path), "--out", str(out), "--workers", "1"]
        assert main([*asked, "--vary", f"{THRESHOLD}=2,0"]) == 0
        told = capsys.readouterr().out
        assert "--counterfactual would add" in told
        lines = [line.split() for line in told.splitlines()]
        head = next(number for number, line in enumerate(lines) if line[:1] == [THRESHOLD])
        assert "labs.Lab.loss" in lines[head]
        assert [float(line[0]) for line in lines[head + 1 : head + 3]] == [0.0, 2.0]
        assert main([*asked, "--vary", f"{THRESHOLD}=2,0", "--counterfactual"]) == 0
        changed = capsys.readouterr().out.partition("Changed by the action")[2].splitlines()
        table = Sweep(out).table().set_index([THRESHOLD, "arm"])["labs.Lab.loss"]
        for line, threshold in zip(changed[2:4], (0.0, 2.0), strict=True):
            change = table[threshold, "action"] - table[threshold, "counterfactual"]
            assert change > 0.0
            assert float(line.split()[1]) == pytest.approx(change, abs=1e-5)

    def test_options_count_before_what_the_script_declares(
        self, tmp_path: Path, script: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        drawn = ["--uncertain=network.mean_degree=2:4", "--samples=4", "--workers=1"]
        assert main(["sweep", script, *drawn, "--out", str(tmp_path / "s")]) == 0
        design = Sweep(tmp_path / "s").designs[0]
        assert [axis["role"] for axis in design.about["axes"]] == ["uncertainty"]
        points = tmp_path / "points.csv"
        points.write_text(f"{THRESHOLD}\n0.1\n0.3\n")
        stated = ["--design", str(points), "--workers", "1", "--out", str(tmp_path / "t")]
        assert main(["sweep", script, *stated]) == 0
        assert Sweep(tmp_path / "t").parameters == (THRESHOLD,)
        capsys.readouterr()
        wrong = '--uncertain=network.mean_degree={kind="nomal",mean=2,sd=1}'
        assert main(["sweep", script, wrong, "--out", str(tmp_path / "u")]) == 2
        assert "no distribution 'nomal'; did you mean 'normal'?" in capsys.readouterr().err

    def test_means_are_told_with_standard_errors(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = save_scenario(small(), tmp_path / "plain.toml")
        asked = ["--vary", f"{THRESHOLD}=0.3", "--outcome", "adoption.final", "--workers", "1"]
        out = tmp_path / "s"
        assert main(["sweep", str(path), *asked, "--replications", "5", "--out", str(out)]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert "Means over replications ± standard error:" in lines
        values = Sweep(out).table()["adoption.final"]
        threshold, mean, sign, error = lines[lines.index("", 2) - 1].split()
        assert (float(threshold), sign) == (0.3, "±")
        assert float(mean) == pytest.approx(values.mean(), rel=1e-4)  # five digits are shown
        assert float(error) == pytest.approx(values.std() / 5**0.5, rel=0.05)  # two digits

    def test_equal_outcomes_have_no_error(self) -> None:
        import pandas as pd

        from sim.cli.commands.sweep import _averaged

        runs = pd.DataFrame({"by": [1.0, 1.0], "loss": [0.1 + 0.2, 0.3]})  # differ in binary only
        assert _averaged("Means", runs, ["by"], ["loss"])[1].split()[-3:] == ["0.3", "±", "0"]

    def test_outcomes_asked_for_later_are_told(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path, out = save_scenario(small(), tmp_path / "plain.toml"), str(tmp_path / "s")
        asked = ["sweep", str(path), "--vary", f"{THRESHOLD}=0.3", "--workers", "1", "--out", out]
        assert main([*asked, "--outcome", "adoption.final", "--allow-mixed"]) == 0
        capsys.readouterr()
        assert main([*asked, "--outcome", "cascade", "--allow-mixed"]) == 0
        told = capsys.readouterr()
        assert told.err.startswith(f"{out}: its runs are played again for cascade")
        assert "cascade" in told.out
        assert "adoption" not in told.out

    def test_many_points_are_not_printed(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = save_scenario(small(steps=1), tmp_path / "plain.toml")
        asked = ["--vary", f"{THRESHOLD}=0:1:30", "--outcome", "cascade", "--workers", "1"]
        assert main(["sweep", str(path), *asked, "--out", str(tmp_path / "s")]) == 0
        assert "30 points, too many to print: `datastrike report" in capsys.readouterr().out
