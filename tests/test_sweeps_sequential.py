"""Sequential calibration by pyABC: it finds what made the data, repeats itself, and goes on."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

import sim
from analysis.calibration import main
from sim.scenario import Observed
from sim.sweeps.saved import Sweep
from sim.sweeps.sequential import DATABASE, sequential
from sim.sweeps.targets import Target
from tests.calibration_cases import BETA, PRIOR, SHARE, data_of, prior, spreading

pyabc = pytest.importorskip("pyabc", reason="pyABC calibrates sequentially: extra calibrate")
OperationalError = pytest.importorskip("sqlalchemy.exc").OperationalError

DATA = {BETA: 0.08, SHARE: 0.05}
ASKED = {"population": 60, "generations": 4, "workers": 1, "allow_mixed": True}
FEW = {**ASKED, "population": 30, "generations": 2}


def observed() -> list[Target]:
    return data_of(DATA[BETA], DATA[SHARE], seed=2**31)


def test_finds_a_known_truth_in_populations_that_come_closer(tmp_path: Path) -> None:
    sweep = prior(tmp_path / "s", 100)
    found = sequential(sweep, observed(), seed=3, **ASKED)
    interval = found.interval()
    for path, value in DATA.items():
        assert interval.loc[path, "low"] < value < interval.loc[path, "high"]
    prior_width = 0.9 * 0.19
    assert interval.loc[BETA, "high"] - interval.loc[BETA, "low"] < 0.5 * prior_width
    tolerances = [met.tolerance for met in found.populations]
    assert len(tolerances) == 4
    assert tolerances == sorted(tolerances, reverse=True)
    assert (found.distances <= tolerances[-1]).all()
    predicted = found.predicted()
    assert predicted["fitted"].tolist() == [True, True, True, False]
    assert predicted.loc["12", "inside"]
    assert np.isclose(found.weights.sum(), 1.0)
    assert found.runs == Sweep(sweep.folder).status()["done"]
    with closing(sqlite3.connect(sweep.folder / DATABASE)) as record:
        kept = record.execute("select count(*) from particles").fetchone()[0]
    assert kept >= 4 * 60
    assert [path.name for path in sweep.folder.glob(".*")] == []


def test_the_same_seed_gives_the_same_posterior(tmp_path: Path) -> None:
    first = sequential(prior(tmp_path / "s", 60), observed(), seed=3, **FEW)
    again = sequential(prior(tmp_path / "t", 60), observed(), seed=3, **FEW)
    other = sequential(prior(tmp_path / "u", 60), observed(), seed=4, **FEW)
    assert np.array_equal(first.values, again.values)
    assert np.array_equal(first.weights, again.weights)
    assert np.array_equal(first.seeds, again.seeds)
    assert first.populations == again.populations
    assert not np.array_equal(first.values, other.values)


def test_leaves_the_global_generator_as_it_was(tmp_path: Path) -> None:
    sweep = prior(tmp_path / "s", 40)
    np.random.seed(5)  # noqa: NPY002 (pyABC draws from it)
    expected = np.random.random(3).tolist()  # noqa: NPY002
    np.random.seed(5)  # noqa: NPY002
    sequential(sweep, observed(), seed=3, **{**FEW, "generations": 1})
    assert np.random.random(3).tolist() == expected  # noqa: NPY002


def test_goes_on_from_where_it_was_stopped(tmp_path: Path) -> None:
    whole = sequential(prior(tmp_path / "s", 60), observed(), seed=3, **FEW)
    sweep, played = prior(tmp_path / "t", 60), []

    def count(_: int, __: int) -> None:
        played.append(1)
        if len(played) == 80:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sequential(sweep, observed(), seed=3, progress=count, **FEW)
    assert not (sweep.folder / DATABASE).exists()
    assert [path.name for path in sweep.folder.glob(".*")] == []
    found = sequential(Sweep(sweep.folder), observed(), seed=3, progress=count, **FEW)
    assert np.array_equal(found.values, whole.values)
    assert len(played) == Sweep(sweep.folder).status()["done"] - 60  # none was played twice


def test_refuses_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep = prior(tmp_path / "s", 60)
    with pytest.raises(sim.InputError, match="population: must be at least 30, got 4"):
        sequential(sweep, observed(), population=4)
    with pytest.raises(sim.InputError, match="generations: must be at least 1, got 0"):
        sequential(sweep, observed(), generations=0)
    monkeypatch.delitem(sys.modules, "sim.sweeps.populations", raising=False)
    monkeypatch.setitem(sys.modules, "pyabc", None)
    with pytest.raises(sim.InputError, match=r"pip install \"datastrike\[calibrate\]\""):
        sequential(sweep, observed())


def test_one_command_calibrates_draws_and_tells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    days = [spreading().date_of(target.step or 0) for target in observed()]
    counts = [target.middle for target in observed()]
    series = Observed("creators", days, counts, counts, "made up", days[-2])
    sweep = prior(
        tmp_path / "s", 60, world=spreading().replace(about=sim.About(observed=(series,)))
    )
    drawn = tmp_path / "drawn.svg"
    asked = [str(sweep.folder), "--population", "30", "--generations", "2", "--workers", "1"]
    with pytest.raises(SystemExit) as ended:
        main([*asked, "--method", "smc", "--allow-mixed", "--figure", str(drawn)])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert "population 2: 30 of " in told
    assert "90 % intervals of the last population, 30 of " in told
    assert "Held out: " in told
    assert "after 2 populations (pyABC), the last 30 of" in drawn.read_text("utf-8")
    with pytest.raises(SystemExit):
        main(asked)
    assert "--population: belongs to --method smc" in capsys.readouterr().err


def test_a_record_that_cannot_be_written_costs_no_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep = prior(tmp_path / "s", 40)

    def full(*_: object, **__: object) -> None:
        raise OperationalError("insert", {}, sqlite3.OperationalError("database or disk is full"))

    monkeypatch.setattr(pyabc.History, "append_population", full)
    with pytest.raises(sim.InputError, match=r"populations\.db: cannot be written .*disk is full"):
        sequential(sweep, observed(), seed=3, **FEW)
    assert [path.name for path in sweep.folder.glob(f"*{DATABASE}*")] == []
    assert Sweep(sweep.folder).status()["done"] > 40


@pytest.mark.slow
def test_intervals_cover_the_truth_as_often_as_they_say(tmp_path: Path) -> None:
    chance = np.random.default_rng(11)
    repeats = 40
    covered = {BETA: 0, SHARE: 0}
    for repeat in range(repeats):
        truth = {path: chance.uniform(spread.low, spread.high) for path, spread in PRIOR.items()}
        data = data_of(truth[BETA], truth[SHARE], 2**31 + repeat)
        sweep = prior(tmp_path / f"{repeat}", 100)
        interval = sequential(sweep, data, seed=repeat, **{**ASKED, "population": 100}).interval()
        for path, value in truth.items():
            covered[path] += interval.loc[path, "low"] <= value <= interval.loc[path, "high"]
    # of 40 intervals of 90 %, fewer than 31 or all 40 have a chance of .5 % and 1.5 %
    assert all(31 <= count <= 39 for count in covered.values()), covered
