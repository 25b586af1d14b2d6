"""``calibrate`` and ``retrain-check``: what they print, write and refuse."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from sim.capability import presets
from sim.cli import BAD_INPUT, DONE, main

BETA, RHO, FLOOR = 0.4, 0.8, 1.0
"""Constants of the law that the runs of the table follow exactly."""


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table of runs of two communities that follow the surrogate's law, with transfer .3."""
    monkeypatch.chdir(tmp_path)
    data = np.random.default_rng(0).uniform(0.05, 1.0, (40, 2))
    powers = data**RHO
    loss = FLOOR + (powers + 0.3 * powers[:, ::-1]) ** (-BETA / RHO)
    rows = ["D_a,D_b,nats_a,nats_b", *(",".join(map(str, row)) for row in np.hstack([data, loss]))]
    path = Path("runs.csv")
    path.write_text("\n".join(rows))
    return path


def test_calibrates_and_writes_a_preset_that_loads(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["calibrate", "runs.csv", "--floor", str(FLOOR), "--draws", "3"]
    assert main([*asked, "--out", "mine.toml", "--unit", "nats", "--json"]) == DONE
    told = json.loads(capsys.readouterr().out)
    assert told["held_out_r2"] > 0.999  # the law itself is fitted, without noise
    surrogate = presets.load("mine.toml").surrogate
    assert (surrogate.unit, told["file"]) == ("nats", "mine.toml")
    assert surrogate.beta == pytest.approx(BETA, rel=0.02)
    assert surrogate.rho == pytest.approx(RHO, rel=0.02)
    assert main(asked) == DONE
    said = capsys.readouterr().out
    assert "40 runs of runs.csv" in said
    (full,) = re.findall(r"d0 +\[(.*?), (.*?)\]  each times ", said)
    assert [float(each) for each in full] == pytest.approx(surrogate.d0, rel=0.02)
    assert "Nothing was written" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.csv"], "table none.csv cannot be read"),
        (["runs.csv", "--out", "runs.csv"], "exists already"),
        (["runs.csv", "--out", "preset.yml"], "must end in .toml or .json"),
        (["runs.csv", "--data", "D_a,D_c"], "no column 'D_c'"),
        (["runs.csv", "--draws", "1"], "--draws: must be from 2"),
    ],
)
def test_calibrate_refuses_in_one_sentence(
    runs: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["calibrate", *arguments]) == BAD_INPUT
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert said in err


def test_retrain_check_trains_and_tells(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("sklearn", reason="the estimator needs scikit-learn")
    asked = ["retrain-check", "--kind", "estimator", "--runs", "10", "--set", "owners=20"]
    assert main(asked) == DONE
    text = capsys.readouterr().out
    assert main([*asked, "--json"]) == DONE
    told = json.loads(capsys.readouterr().out)
    assert told["kind"] == "estimator"
    for row in told["rows"]:
        assert f"{row['own']:.4g}" in text
    for sentence in told["sentences"]:
        assert sentence in text
    assert "--repeats 6" in text


def test_retrain_check_repeats_with_the_seeds_that_follow(
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("sklearn", reason="the estimator needs scikit-learn")
    asked = ["retrain-check", "--kind", "estimator", "--runs", "8", "--set", "owners=10"]
    asked += ["--seed", "4", "--repeats", "2"]
    assert main([*asked, "--json"]) == DONE
    told = json.loads(capsys.readouterr().out)
    assert [each["seed"] for each in told["repeats"]] == [4, 5]
    first, second = (each["rows"] for each in told["repeats"])
    assert first == told["rows"] != second
    assert main(asked) == DONE
    text = capsys.readouterr().out
    assert text.splitlines()[-1] == told["over_seeds"]
    assert "\nseed 5: " in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--kind", "ngrm"], "did you mean 'ngram'"),
        (["--kind", "recommender"], "file: must be given"),
        (["--kind", "recommender", "--folder", "x"], "--folder: recommender takes none"),
        (["--set", "oder=3"], "did you mean 'order'"),
        (["--set", "order=99"], "order: must be at most 12, got 99"),
        (["--runs", "2"], "give at least 8"),
    ],
)
def test_retrain_check_refuses_in_one_sentence(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["retrain-check", *arguments]) == BAD_INPUT
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert said in err
