"""Figures of sweeps and of leverage: what bands hold is told, and nothing lies over anything."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.collections import PolyCollection

import sim
from analysis.leverage import leverage
from analysis.surfaces import phase_diagram, response, surface
from docs import gallery
from tests.seen import fits
from tests.sweep_cases import THRESHOLD, small, swept

OUTCOME, DEGREE = "adoption.final", "network.mean_degree"


@pytest.mark.parametrize(
    ("replications", "low", "high", "told"),
    [(3, "q00", "q100", "lowest to highest of 3"), (12, "q05", "q95", "90 % of replications")],
)
def test_bands_say_what_they_hold(
    tmp_path: Path, replications: int, low: str, high: str, told: str
) -> None:
    vary = {THRESHOLD: [0.1, 0.2, 0.3], DEGREE: [2.0, 4.0]}
    sweep = swept(tmp_path / "s", vary=vary, outcomes=[OUTCOME], replications=replications)
    found = surface(sweep, OUTCOME, [DEGREE, THRESHOLD])
    drawn = response(sweep, OUTCOME, THRESHOLD, by=DEGREE)
    axes = drawn.axes[0]
    labels = axes.get_legend_handles_labels()[1]
    assert labels == [f"{DEGREE} = 2.0", f"areas: {told}", f"{DEGREE} = 4.0"]
    areas = [each for each in axes.collections if isinstance(each, PolyCollection)]
    for area, (_, rows) in zip(areas, found.groupby(DEGREE), strict=True):
        corners = {(round(x, 6), round(y, 6)) for x, y in area.get_paths()[0].vertices}
        for end in (low, high):
            edge = zip(rows[THRESHOLD], rows[end], strict=True)
            assert {(round(x, 6), round(y, 6)) for x, y in edge} <= corners
    fits(drawn)
    assert "Only the points were played" in " ".join(text.get_text() for text in drawn.texts)
    fits(phase_diagram(sweep, OUTCOME, THRESHOLD, DEGREE))


def test_one_replication_has_no_band(tmp_path: Path) -> None:
    sweep = swept(tmp_path / "s", vary={THRESHOLD: [0.1, 0.2]}, outcomes=[OUTCOME], replications=1)
    axes = response(sweep, OUTCOME, THRESHOLD).axes[0]
    assert axes.get_legend_handles_labels()[1] == ["one replication"]
    assert not [each for each in axes.collections if isinstance(each, PolyCollection)]
    assert np.isfinite(axes.lines[0].get_ydata()).all()


def test_a_curve_of_leverage_fits() -> None:
    lab = small().replace(labs=[sim.Lab("Lens", every=4)], steps=4)
    fits(leverage(sim.leverage_curve(lab, replications=1, shares=[0.0, 0.2, 0.5])))


def test_one_command_draws_and_reports_scenarios(tmp_path: Path) -> None:
    (page,) = gallery.play(tmp_path, ["granovetter_1978"])
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert (tmp_path / "granovetter_1978" / "campaign.png").read_bytes().startswith(b"\x89PNG")
