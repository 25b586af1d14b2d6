"""Indices, surfaces and discovery from saved sweeps, against closed forms and built-in truths."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from analysis.discovery import discover
from analysis.sensitivity import figure, sensitivity
from analysis.surfaces import boundary, emulator, phase_diagram, response, surface
from sim.cli import main
from sim.networks import Empty
from sim.sweeps.saved import Sweep
from tests.sweep_cases import THRESHOLD, ishigami, raising, small, swept, threshold_of

PATHS = tuple(f"communities.artists.{name}" for name in ("grievance", "cost", "efficacy"))
SPREAD = dict.fromkeys(PATHS, sim.Uniform(-math.pi, math.pi))


def still() -> sim.Scenario:
    """Return a scenario in which nothing happens, so that a function of its parameters counts."""
    return sim.Scenario([sim.Community("artists", size=2)], Empty(), steps=0)


def of_ishigami(out: Path, design: str, samples: int) -> Sweep:
    asked = {"vary": None, "uncertain": SPREAD, "outcomes": [ishigami], "replications": 1}
    return swept(out, still(), design=design, samples=samples, **asked)


class TestSobol:
    def test_ishigami_has_its_closed_form(self, tmp_path: Path) -> None:
        # Ishigami & Homma 1990, doi:10.1109/ISUMA.1990.151285
        a, b = 7.0, 0.1
        v1, v2 = 0.5 * (1.0 + b * math.pi**4 / 5.0) ** 2, a**2 / 8.0
        v13 = 8.0 * b**2 * math.pi**8 / 225.0
        total = v1 + v2 + v13
        first = dict(zip(PATHS, (v1 / total, v2 / total, 0.0), strict=True))
        whole = dict(zip(PATHS, ((v1 + v13) / total, v2 / total, v13 / total), strict=True))
        (found,) = sensitivity(of_ishigami(tmp_path / "s", "sobol", 512), "ishigami")
        assert found.points == 512 * 5
        for path in PATHS:
            row = found.table.loc[path]
            # 1.5 half-widths of the 95 % interval: missed by six indices at once in 2 % of cases
            assert abs(row["S1"] - first[path]) < 1.5 * row["S1_conf"]
            assert abs(row["ST"] - whole[path]) < 1.5 * row["ST_conf"]
            assert row["S1_conf"] < 0.2
        assert list(found.table.index[:2]) == [PATHS[0], PATHS[1]]

    def test_says_what_has_not_converged(self, tmp_path: Path) -> None:
        (found,) = sensitivity(of_ishigami(tmp_path / "s", "sobol", 16), "ishigami")
        assert any("not converged" in warning for warning in found.warnings)

    def test_refuses_what_is_not_complete_and_names_the_runs(self, tmp_path: Path) -> None:
        sweep = swept(
            tmp_path / "s",
            vary={THRESHOLD: "0.1:0.4", "network.mean_degree": "2:6"},
            outcomes=[raising],
            design="sobol",
            samples=4,
            replications=2,
        )
        assert sweep.status()["failed"] > 0
        with pytest.raises(sim.InputError, match=r"threshold=0\.\d+.*seed=1.*--rerun-failed"):
            sensitivity(sweep, "raising")

    def test_refuses_an_outcome_that_never_changes(self, tmp_path: Path) -> None:
        sweep = swept(
            tmp_path / "s", still(), vary=None, uncertain=SPREAD, design="sobol", samples=2
        )
        with pytest.raises(sim.InputError, match="at every point"):
            sensitivity(sweep, "adoption.final")

    def test_levers_have_indices_of_their_own(self, tmp_path: Path) -> None:
        sweep = swept(
            tmp_path / "s",
            vary={"steps": [1, 9]},
            uncertain={THRESHOLD: "0.1:0.4", "network.mean_degree": "2:6"},
            outcomes=[threshold_of],
            design="sobol",
            samples=8,
            replications=1,
        )
        found = sensitivity(sweep, "threshold_of")
        assert [one.levers for one in found] == [{"steps": 1}, {"steps": 9}]
        for one in found:
            assert one.table.loc[THRESHOLD, "S1"] == pytest.approx(1.0, abs=0.2)
            assert one.table.loc["network.mean_degree", "ST"] == 0.0


class TestOthers:
    def test_morris_of_a_linear_function_is_its_slope(self, tmp_path: Path) -> None:
        sweep = swept(
            tmp_path / "s",
            vary=None,
            uncertain={THRESHOLD: "0.1:0.4", "network.mean_degree": "2:6"},
            outcomes=[threshold_of],
            design="morris",
            samples=6,
            replications=1,
        )
        (found,) = sensitivity(sweep, "threshold_of")
        assert found.table.loc[THRESHOLD, "mu_star"] == pytest.approx(0.3)
        assert found.table.loc[THRESHOLD, "sigma"] == pytest.approx(0.0, abs=1e-12)
        assert found.table.loc["network.mean_degree", "mu_star"] == 0.0

    def test_says_what_is_too_few_and_what_the_columns_are(self, tmp_path: Path) -> None:
        sweep = of_ishigami(tmp_path / "s", "morris", 4)
        (found,) = sensitivity(sweep, "ishigami")
        unsure = found.table["mu_star_conf"] > 0.5 * found.table["mu_star"].max()
        said = [warning for warning in found.warnings if "too roughly" in warning]
        assert unsure.any()
        assert all(path in said[0] for path in found.table.index[unsure])
        told = "\n".join(found.lines())
        for column in found.table.columns:
            assert f"  {column}: " in told
        (found,) = sensitivity(of_ishigami(tmp_path / "t", "lhs", 20), "ishigami")
        assert found.warnings[0].startswith("20 points are too few")

    def test_counts_points_that_only_repeat_others(self, tmp_path: Path) -> None:
        sweep = swept(
            tmp_path / "s",
            vary=None,
            uncertain={"steps": "1:2", THRESHOLD: "0.1:0.4"},
            outcomes=[threshold_of],
            design="morris",
            samples=6,
            replications=1,
        )
        (found,) = sensitivity(sweep, "threshold_of")
        played = len(sweep.table())
        assert (found.points, found.distinct) == (18, played)
        assert played < 18
        assert f"18 points of which {played} differ" in found.lines()[0]

    def test_pawn_ranks_what_matters_first(self, tmp_path: Path) -> None:
        sweep = of_ishigami(tmp_path / "s", "lhs", 500)
        (found,) = sensitivity(sweep, "ishigami")
        assert found.method == "pawn"
        assert set(found.table.index[:2]) == {PATHS[0], PATHS[1]}

    def test_other_designs_have_no_indices(self, tmp_path: Path) -> None:
        with pytest.raises(sim.InputError, match="--design sobol"):
            sensitivity(swept(tmp_path / "s"), "adoption.final")
        with pytest.raises(sim.InputError, match="not sobol"):
            sensitivity(of_ishigami(tmp_path / "t", "lhs", 4), "ishigami", "sobol")

    def test_noise_is_told_from_effect(self, tmp_path: Path) -> None:
        asked = {"vary": None, "uncertain": {THRESHOLD: "0.1:0.4"}, "design": "lhs", "samples": 99}
        sweep = swept(tmp_path / "s", outcomes=[threshold_of, half_noise], **asked)
        assert sensitivity(sweep, "threshold_of")[0].noise == pytest.approx(0.0, abs=1e-12)
        # a Latin hypercube of 99 has the variance of its distribution within 1 %
        assert sensitivity(sweep, "half_noise")[0].noise == pytest.approx(0.5, abs=0.02)


def half_noise(result: sim.Result) -> float:
    """As much variance from seeds 0, 1, 2 as from thresholds even between 0.1 and 0.4."""
    return threshold_of(result) + result.seed * 0.3 / math.sqrt(12.0)


def beyond(result: sim.Result) -> float:
    """Whether a cascade would begin: below a line in threshold and degree, with some noise."""
    degree = result.scenario.network.mean_degree
    return float(threshold_of(result) < 0.1 * degree + 0.02 * (result.seed % 5 - 2))


class TestSurfaces:
    def test_means_and_boundary_are_where_they_should_be(self, tmp_path: Path) -> None:
        levels = [round(0.05 * k, 2) for k in range(1, 12)]
        sweep = swept(
            tmp_path / "s",
            vary={"network.mean_degree": [2.0, 4.0], THRESHOLD: levels},
            outcomes=[beyond],
            replications=10,
        )
        found = surface(sweep, "beyond", ["network.mean_degree", THRESHOLD])
        assert (found["runs"] == 10).all()
        edge = boundary(found, THRESHOLD).set_index("network.mean_degree")
        for degree in (2.0, 4.0):
            low, at, high = edge.loc[degree, ["low", "at", "high"]]
            # between two neighbouring levels nothing is known, hence half a level
            assert at == pytest.approx(0.1 * degree, abs=0.05)
            assert low <= 0.1 * degree <= high
        drawn = phase_diagram(sweep, "beyond", "network.mean_degree", THRESHOLD)
        assert drawn.axes[0].get_ylabel() == THRESHOLD
        assert response(sweep, "beyond", THRESHOLD, by="network.mean_degree").axes

    def test_shares_of_nothing_are_not_exact(self, tmp_path: Path) -> None:
        sweep = swept(tmp_path / "s", vary={THRESHOLD: [0.9]}, outcomes=[beyond], replications=8)
        row = surface(sweep, "beyond", [THRESHOLD]).iloc[0]
        assert row["mean"] == 0.0
        assert row["high"] == pytest.approx(0.3244, abs=1e-4)  # Wilson's interval of 0 in 8

    def test_what_else_varies_must_be_fixed(self, tmp_path: Path) -> None:
        sweep = swept(tmp_path / "s")
        with pytest.raises(sim.InputError, match=r"network\.mean_degree: varies as well"):
            surface(sweep, "adoption.final", [THRESHOLD])
        fixed = {"network.mean_degree": 4.0}
        assert len(surface(sweep, "adoption.final", [THRESHOLD], fixed)) == 2

    def test_effects_are_paired(self, tmp_path: Path) -> None:
        sweep = swept(tmp_path / "s", vary={THRESHOLD: [0.1]}, counterfactual=True)
        found = surface(sweep, "effect.adoption.final", [THRESHOLD])
        without = surface(sweep, "adoption.final", [THRESHOLD])
        assert found["mean"].item() == without["mean"].item()  # nobody acts without action

    def test_emulator_finds_a_smooth_function(self, tmp_path: Path) -> None:
        pytest.importorskip("sklearn")
        sweep = swept(
            tmp_path / "s",
            vary=None,
            uncertain={THRESHOLD: "0.1:0.4", "network.mean_degree": "2:6"},
            outcomes={"smooth": smooth},
            design="lhs",
            samples=40,
            replications=1,
        )
        found = emulator(sweep, "smooth")
        assert found.held_out > 0.95
        at = pd.DataFrame({THRESHOLD: [0.25], "network.mean_degree": [4.0]})
        told = found.predict(at).iloc[0]
        assert told["mean"] == pytest.approx(math.sin(1.0), abs=0.05)


def smooth(result: sim.Result) -> float:
    return math.sin(threshold_of(result) * result.scenario.network.mean_degree)


class TestDiscovery:
    def test_finds_the_corner_that_was_built_in(self, tmp_path: Path) -> None:
        pytest.importorskip("sklearn")
        sweep = swept(
            tmp_path / "s",
            vary=None,
            uncertain={THRESHOLD: "0:1", "network.mean_degree": "2:6"},
            outcomes={"corner": corner},
            design="lhs",
            samples=200,
            replications=1,
        )
        first = discover(sweep, "corner", lambda value: value > 0.5)[0]
        assert first.density > 0.9
        assert first.coverage > 0.8
        told = " ".join(first.conditions)
        assert f"{THRESHOLD} > 0.6" in told or f"{THRESHOLD} > 0.7" in told
        with pytest.raises(sim.InputError, match="no run is of interest"):
            discover(sweep, "corner", lambda value: value > 2.0)


def corner(result: sim.Result) -> float:
    return float(threshold_of(result) > 0.7 and result.scenario.network.mean_degree < 4.0)


class TestCommand:
    def test_prints_indices(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        out = tmp_path / "s"
        of_ishigami(out, "sobol", 16)
        drawn = tmp_path / "drawn.svg"
        assert main(["sensitivity", str(out), "--json", "--figure", str(drawn)]) == 0
        (found,) = json.loads(capsys.readouterr().out)
        assert {row["parameter"] for row in found["table"]} == set(PATHS)
        assert drawn.stat().st_size > 0
        assert main(["sensitivity", str(out), "--outcome", "ishigam"]) == 2
        assert "did you mean 'ishigami'" in capsys.readouterr().err

    def test_refuses_other_folders(self, tmp_path: Path) -> None:
        assert main(["sensitivity", str(tmp_path)]) == 2


def test_figure_has_a_bar_for_each_parameter(tmp_path: Path) -> None:
    (found,) = sensitivity(of_ishigami(tmp_path / "s", "sobol", 8), "ishigami")
    assert len(figure(found).axes[0].patches) == len(PATHS)
    assert np.isfinite(found.table["ST"]).all()


def test_small_is_small() -> None:
    assert small().creators < 100
