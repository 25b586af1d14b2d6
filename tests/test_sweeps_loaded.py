"""A sweep's folder opens like every other saved study, and gives arrays beside tables."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import sim
from tests.sweep_cases import THRESHOLD, VARY, swept


def test_load_opens_a_sweep(tmp_path: Path) -> None:
    played = swept(tmp_path / "sweep", vary={THRESHOLD: [0.1, 0.4]}, replications=2)
    opened = sim.load(tmp_path / "sweep")
    assert opened.status() == played.status()
    assert opened.table().equals(played.table())
    assert len(opened.table()) == 4


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> sim.Sweep:
    return swept(tmp_path_factory.mktemp("swept") / "sweep", replications=2)


class TestArrays:
    def test_have_a_place_for_each_run(self, sweep: sim.Sweep) -> None:
        pytest.importorskip("xarray")
        arrays = sweep.to_xarray("adoption.final")
        sizes = {**{path: len(values) for path, values in VARY.items()}, "seed": 2, "arm": 1}
        assert dict(arrays.sizes) == sizes
        for _, row in sweep.table().iterrows():
            at = {name: row[name] for name in sizes}
            assert arrays["adoption.final"].sel(at).item() == row["adoption.final"]

    def test_hold_all_single_outcomes_unless_some_are_named(self, sweep: sim.Sweep) -> None:
        pytest.importorskip("xarray")
        assert list(sweep.to_xarray()) == list(sweep.outcomes)

    def test_need_xarray(self, sweep: sim.Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "xarray", None)
        with pytest.raises(sim.InputError, match="not installed: pip install xarray"):
            sweep.to_xarray()
