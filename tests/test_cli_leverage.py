"""The commands around leverage: what they print, write, read back and refuse."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.capability import presets
from sim.cli import BAD_INPUT, DONE, main
from sim.cli.leverage_report import LeverageReport
from sim.leverage import LeverageCurve
from sim.leverage.curve import SHARES
from sim.loading.files import RECEIPT, save_scenario
from sim.networks import Complete

SCENARIO = sim.Scenario(
    communities=[
        sim.Community("coders", 120, stock=sim.LogNormal(1.0, 1.0)),
        sim.Community("artists", 80, represents=3.0),
    ],
    network=Complete(),
    labs=[sim.Lab("Stability"), sim.Lab("Other", preset="cifar10")],
    steps=30,
)


@pytest.fixture
def strike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return save_scenario(SCENARIO, Path("strike.toml"))


def leverage(*arguments: str) -> int:
    return main(["leverage", "strike.toml", "--replications", "2", *arguments])


class TestLeverage:
    def test_says_x_y_and_z_and_writes_nothing(
        self, strike: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert leverage("--lab", "Other", "--share", "0.2") == DONE
        out, err = capsys.readouterr()
        assert err == ""
        assert re.search(r"X: [67]\d creators \(\d+ %, drawn at random\)", out)  # 72 of 360 wanted
        for said in ("Y: Other's model", "preset cifar10", "Z: if the lab does nothing"):
            assert said in out
        assert out.index("90 % interval +") < out.index("its best response")
        assert [path.name for path in Path().iterdir()] == ["strike.toml"]

    def test_the_table_is_whole_and_says_what_its_columns_are(
        self, strike: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert leverage("--share", "0.2") == DONE
        out = capsys.readouterr().out
        rows = [line.split() for line in out.splitlines()]
        row = next(row for row in rows if row[:1] == ["0"])
        assert row == ["0", "0", "%", "0", "%", "0", "%", "0", "%", "nothing", "100", "%", "0"]
        for column in ("loss", "data left", "months behind"):
            assert f"  {column}: " in out
        assert "repeat_" not in out

    def test_names_what_nobody_asked_for(
        self, strike: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert leverage("--lab", "Other") == DONE
        out = capsys.readouterr().out
        for said in ("unless --share asks", "its first, --step asks"):
            assert said in out
        assert "not drawn" not in out
        assert leverage("--lab", "Other", "--share", "0.2", "--step", "9") == DONE
        out = capsys.readouterr().out
        assert "--share" not in out
        assert "--step" not in out

    def test_a_rival_is_set_beside_a_lab_that_has_everything(
        self, strike: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rival = sim.Lab("Small", preset="cifar10", crawls=False, receives="everybody")
        save_scenario(SCENARIO.replace(labs=[rival]), Path("rival.toml"))
        asked = ["leverage", "rival.toml", "--tactic", "donate", "--replications", "1"]
        assert main([*asked, "--measure", "leverage_power"]) == DONE
        said = capsys.readouterr().out
        assert "everybody else gives it nothing" in said
        assert "its loss changes, beside a lab that has everybody's works, by +" in said
        assert "…" not in said  # no column is cut short

    def test_says_what_it_leaves_aside(
        self, strike: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert leverage("--share", "0.2") == DONE
        assert "left aside" not in capsys.readouterr().out
        platforms = [sim.Platform("Hub", {"coders": 1.0})]
        save_scenario(SCENARIO.replace(platforms=platforms), Path("hub.toml"))
        assert main(["leverage", "hub.toml", "--replications", "1"]) == DONE
        said = "everybody else contributes, and what platforms' defaults take out is left aside."
        assert said in capsys.readouterr().out

    def test_json_agrees_with_the_call(
        self, strike: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert leverage("--by", "largest", "--share", "0.25", "--json") == DONE
        told = json.loads(capsys.readouterr().out)
        curve = sim.leverage_curve(SCENARIO, by="largest", replications=2)
        losses = {row["share_of_creators"]: row["loss.none"] for row in told["curve"]}
        for share, loss in zip(curve.group["share_of_creators"], curve.none["loss"], strict=True):
            assert losses[share] == loss

    def test_the_smallest_group_reaches_the_target(
        self, strike: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert leverage("--target", "0.02", "--json") == DONE
        told = json.loads(capsys.readouterr().out)
        size = told["smallest_group"]
        assert size["reached"]
        rows = pd.DataFrame(told["curve"])
        nearest = rows.iloc[(rows["share_of_creators"] - size["share"]).abs().argmin()]
        assert nearest["loss.none"] == pytest.approx(0.02, rel=0.05)  # one creator is 1/200
        assert "Back from Z to X" in told["sentences"][-1]

    def test_what_is_saved_is_opened_and_repeated(
        self, strike: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert leverage("--seed", "5", "--by", "greedy", "--measure", "rollback", "--out", "a") == 0
        assert sorted(path.name for path in Path("a").iterdir()) == [
            "leverage.parquet", "leverage.png", RECEIPT, "scenario.toml",
        ]  # fmt: skip
        opened = sim.load("a")
        assert isinstance(opened, LeverageCurve)
        assert (opened.seeds, opened.by, list(opened.low)) == ((5, 6), "greedy", ["rollback"])
        fresh = sim.leverage_curve(
            SCENARIO, by="greedy", measure="rollback", seed=5, replications=2,
            shares=np.append(SHARES, _place(0.1)),
        )  # fmt: skip
        pd.testing.assert_frame_equal(opened.table(), fresh.table(), check_exact=True)
        capsys.readouterr()
        assert main(["leverage", f"a/{RECEIPT}", "--out", "b", "--no-figure"]) == DONE
        pd.testing.assert_frame_equal(sim.load("b").table(), opened.table(), check_exact=True)

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["--lab", "Stabilty"], "did you mean 'Stability'"),
            (["--tactic", "sulk"], "expected one of"),
            (["--by", "chance"], "by: expected one of random"),
            (["--measure", "luck"], "measure: expected one of loss"),
            (["--share", "2"], "--share: must be from 0 to 1, got 2"),
            (["--target", "-1"], "target: must be above 0"),
            (["--replications", "0"], "--replications: must be from 1"),
            (["--out", "strike.toml"], "exists already"),
        ],
    )
    def test_refuses_in_one_sentence(
        self,
        strike: Path,
        arguments: list[str],
        said: str,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        assert leverage(*arguments) == BAD_INPUT
        out, err = capsys.readouterr()
        assert out == ""
        assert said in err
        assert err.count("\n") == 1

    def test_a_receipt_keeps_share_and_target(
        self, strike: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        asked = ["--share", "0.37", "--target", "0.2", "--measure", "rollback", "--no-figure"]
        assert leverage(*asked, "--out", "a") == DONE
        first = capsys.readouterr().out.partition("Written")[0]
        assert "a fall by 20 % of the share of all data that would do as well" in first
        assert main(["leverage", "a"]) == DONE
        assert capsys.readouterr().out.partition("Nothing was written")[0] == first

    def test_a_damaged_table_is_refused(self, strike: Path) -> None:
        assert leverage("--out", "a", "--no-figure") == DONE
        Path("a/leverage.parquet").write_bytes(b"nothing")
        with pytest.raises(sim.InputError, match="not as it was written"):
            sim.load("a")


def test_what_is_hard_to_read_as_a_share_is_told_as_a_multiple() -> None:
    curve = sim.leverage_curve(SCENARIO, replications=1, shares=np.array([0.0, 0.9]))
    extreme = dataclasses.replace(
        curve,
        none={**curve.none, "loss": np.array([0.0, 1038686.0])},
        months=np.array([-1.6e-16, 12.0]),
    )
    told = LeverageReport(extreme, 0.9, None, None).as_text()
    assert "its loss changes by +1.04 million times" in told
    assert "103868600" not in told
    assert "e-16" not in told
    assert "(1 replication, seed 0)" in told


def test_all_creators_may_leave_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = save_scenario(SCENARIO, tmp_path / "all.toml")
    assert main(["leverage", str(path), "--share", "1", "--replications", "1"]) == DONE
    out, err = capsys.readouterr()
    assert err == ""
    assert "X: 360 creators (100 %, drawn at random)" in out  # 120 and 80 who stand for three each
    assert "Z: whatever the lab answers, nothing is left to train on: no bound to its loss." in out
    assert "not known" not in out


def _place(share: float) -> float:
    from sim.leverage.places import simulated_share

    return simulated_share(SCENARIO, share, None, "withhold", "greedy", seed=5)


def test_the_figure_shows_both_responses_and_the_interval() -> None:
    from analysis.leverage import leverage as draw

    curve = sim.leverage_curve(SCENARIO, replications=1)
    left, right = draw(curve).axes
    none, best = left.lines[:2]
    shares = 100.0 * curve.group["share_of_creators"]
    np.testing.assert_array_equal(none.get_xdata(), shares)
    np.testing.assert_array_equal(none.get_ydata(), 100.0 * curve.none["loss"])
    np.testing.assert_array_equal(best.get_ydata(), 100.0 * curve.best["loss"])
    band = left.collections[0].get_paths()[0].vertices[:, 1]
    assert band.max() == pytest.approx(100.0 * curve.high["loss"].max())
    assert left.get_xlabel() == right.get_xlabel() == "creators who act (% of all)"
    assert presets.load(curve.preset).name in left.figure.texts[0].get_text()
