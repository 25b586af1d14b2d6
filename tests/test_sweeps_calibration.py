"""Calibration finds the parameters that made the data, and says how sure it is."""

from __future__ import annotations

import importlib
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import sim
from analysis.calibration import as_data, calibration, figure, main, paths_of
from sim.loading.overrides import override
from sim.networks import RandomRegular
from sim.scenario import Observed
from sim.sweeps.asking import ask
from sim.sweeps.axes import Axis
from sim.sweeps.calibration import calibrate, implausible
from sim.sweeps.columns import Design
from sim.sweeps.posterior import weighted_quantiles
from sim.sweeps.saved import Sweep
from sim.sweeps.targets import Target, targets
from tests.calibration_cases import BETA, HELD_OUT, PRIOR, SHARE, STEPS, data_of, prior, spreading
from tests.sweep_cases import swept


def test_finds_a_known_truth_and_predicts_the_rest(tmp_path: Path) -> None:
    sweep = prior(tmp_path / "s", 600)
    found = calibrate(sweep, data_of(0.08, 0.05, seed=2**31), accepted=0.1)
    interval = found.interval()
    assert interval.loc[BETA, "low"] < 0.08 < interval.loc[BETA, "high"]
    assert interval.loc[SHARE, "low"] < 0.05 < interval.loc[SHARE, "high"]
    prior_width = 0.9 * 0.19
    assert interval.loc[BETA, "high"] - interval.loc[BETA, "low"] < 0.5 * prior_width
    predicted = found.predicted()
    assert predicted["fitted"].tolist() == [True, True, True, False]
    assert predicted.loc["12", "inside"]
    assert abs(predicted.loc["12", "error"]) < 0.25
    assert found.correlation[0, 1] < 0.0  # more initiators make up for slower spreading
    points = found.drawn(50)
    assert len(points) == 50
    assert all(0.01 <= point[BETA] <= 0.2 for point in points)
    after = swept(tmp_path / "t", spreading(), vary=None, design=points, replications=1)
    assert after.status()["done"] == len({tuple(point.values()) for point in points})


def test_correction_makes_intervals_narrower(tmp_path: Path) -> None:
    sweep, data = prior(tmp_path / "s", 600), data_of(0.08, 0.05, seed=2**31)
    widths = []
    for correct in (False, True):
        found = calibrate(sweep, data, accepted=0.3, correct=correct).interval()
        widths.append(found.loc[BETA, "high"] - found.loc[BETA, "low"])
    assert widths[1] < 0.8 * widths[0]


@pytest.mark.slow
def test_intervals_cover_the_truth_as_often_as_they_say(tmp_path: Path) -> None:
    sweep = prior(tmp_path / "s", 6000)
    chance = np.random.default_rng(7)
    repeats = 60
    covered = {BETA: 0, SHARE: 0}
    for repeat in range(repeats):
        truth = {path: chance.uniform(spread.low, spread.high) for path, spread in PRIOR.items()}
        found = calibrate(sweep, data_of(truth[BETA], truth[SHARE], 2**31 + repeat), 0.02)
        interval = found.interval(0.9)
        for path, value in truth.items():
            covered[path] += interval.loc[path, "low"] <= value <= interval.loc[path, "high"]
    # of 60 intervals of 90 %, fewer than 48 or all 60 have a chance of 1 % and 0.2 %
    assert all(48 <= count <= 59 for count in covered.values()), covered


def test_implausible_points_are_far_from_the_truth(tmp_path: Path) -> None:
    sweep = prior(tmp_path / "s", 100, replications=8)
    missed = implausible(sweep, data_of(0.08, 0.05, seed=2**31))
    table = sweep.table([BETA, SHARE]).iloc[::8]
    near = (np.abs(table[BETA] - 0.08) < 0.02) & (np.abs(table[SHARE] - 0.05) < 0.015)
    far = (table[BETA] > 0.17) & (table[SHARE] > 0.08)
    assert near.any()
    assert far.any()
    assert (missed[near.to_numpy()] < 3.0).mean() > 0.5
    assert (missed[far.to_numpy()] > 3.0).all()


def test_a_published_series_becomes_targets() -> None:
    scenario = spreading()
    days = [date(2022, 1, 1), date(2023, 1, 15), date(2023, 2, 5), date(2033, 1, 1)]
    series = Observed("requests", days, [1, 2, 3, 4], [1, 4, 3, 4], "made up", date(2023, 1, 20))
    found = targets(scenario, series)
    assert [(t.step, t.low, t.high, t.fitted) for t in found] == [
        (2, 2.0, 4.0, True),
        (5, 3.0, 3.0, False),
    ]


def test_points_that_repeat_one_another_have_runs_of_their_own(tmp_path: Path) -> None:
    """Whole numbers are drawn more than once; with independent seeds each draw is played."""
    scenario = spreading().replace(network=RandomRegular(4))
    sweep = swept(
        tmp_path / "s",
        scenario,
        vary=None,
        uncertain={"network.degree": sim.Uniform(2, 5)},
        design="lhs",
        samples=40,
        replications=2,
        independent_seeds=True,
        outcomes=["adopters.series"],
    )
    assert sweep.status()["done"] == 80
    found = calibrate(sweep, [Target("8", 90, 110, "adopters.series", 8)], accepted=1.0)
    assert len(set(found.seeds.tolist())) == 80
    assert np.array_equal(paths_of(sweep, found)[:, [8]], found.simulated)


def test_refuses_what_cannot_be_calibrated(tmp_path: Path) -> None:
    grid = swept(tmp_path / "s", spreading(), vary={BETA: [0.1]}, outcomes=["adopters.series"])
    with pytest.raises(sim.InputError, match="draws uncertain parameters"):
        calibrate(grid, data_of(0.08, 0.05, 1))
    sweep = prior(tmp_path / "t", 40)
    with pytest.raises(sim.InputError, match="none is to be fitted"):
        calibrate(sweep, [Target("12", 1, 2, "adopters.series", 12, fitted=False)])
    with pytest.raises(sim.InputError, match=r"did you mean 'adopters\.series'"):
        calibrate(sweep, [Target("12", 1, 2, "adopter.series", 12)])
    with pytest.raises(sim.InputError, match="at least two replications"):
        implausible(sweep, data_of(0.08, 0.05, 1))


def test_weighted_quantiles_of_equal_weights_are_plain_ones() -> None:
    values = np.array([3.0, 1.0, 2.0, 4.0, 5.0])
    assert weighted_quantiles(values, np.ones(5), [0.5]).tolist() == [3.0]
    heavy = weighted_quantiles(np.array([0.0, 1.0]), np.array([0.01, 0.99]), [0.5])
    assert heavy[0] > 0.5


def test_a_scenario_is_calibrated_to_its_own_series(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    adopters = sim.run(override(spreading(), {BETA: 0.08, SHARE: 0.05}), 2**31).adopters
    days = [spreading().date_of(step) for step in (*STEPS, HELD_OUT)]
    counts = [float(adopters[step]) for step in (*STEPS, HELD_OUT)]
    series = Observed("creators", days, counts, counts, "made up", days[-2])
    scenario = spreading().replace(about=sim.About(observed=(series,)))
    out = tmp_path / "s"
    prior(out, 300, world=scenario)
    sweep = Sweep(out)
    found = calibration(sweep, 0.2)
    paths = paths_of(sweep, found)
    assert paths.shape == (60, 13)
    assert np.allclose(paths[:, list(STEPS)], found.simulated[:, :3])
    drawn = figure(sweep, found)
    assert len(drawn.axes) == 2
    told = as_data(found)
    assert told["held_out_inside"] == 1.0
    with pytest.raises(SystemExit) as ended:
        main([str(out), "--accept", "0.2"])
    assert ended.value.code == 0
    assert "Held out: 100% inside" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main([str(tmp_path)])
    assert "is not the folder of a sweep" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["bandwagon_rule", "--out", str(tmp_path / "t")])
    assert "declares no SWEEP" in capsys.readouterr().err


def test_the_campaign_can_be_calibrated_by_its_script() -> None:
    module = importlib.import_module("scenarios.calibrate_bigcode")
    design = ask(module.SCENARIO, None, module.SWEEP["uncertain"], "lhs", 4, 0, 1)
    assert [axis.path for axis in axes_of_design(design)] == list(module.SWEEP["uncertain"])
    found = targets(module.SCENARIO, module.SCENARIO.about.observed[0])
    assert [target.fitted for target in found] == [True] * 8 + [False] * 4


def axes_of_design(design: Design) -> list[Axis]:
    return [Axis(about["path"]) for about in design.about["axes"]]
