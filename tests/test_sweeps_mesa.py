"""Mesa's own batch runner plays the model, with the same numbers as a sweep."""

from __future__ import annotations

import inspect
from pathlib import Path

import mesa
import numpy as np
import pytest

import sim
from sim.loading.files import save_scenario
from sim.loading.overrides import override
from sim.sweeps.batch_model import BatchModel
from tests.sweep_cases import THRESHOLD, small

QUIET = {"display_progress": False, "number_processes": 1}


def played(parameters: dict, **more: object) -> list[dict]:
    rows: list[dict] = mesa.batch_run(BatchModel, parameters, **QUIET, **more)
    return rows


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
class TestBatchRun:
    def test_rows_are_those_of_a_run(self, tmp_path: Path) -> None:
        scenario = small(labs=[sim.Lab("Lab", preset="image-text", every=5)])
        file = str(save_scenario(scenario, tmp_path / "own.toml"))
        for source in (file, [scenario]):
            rows = played({"scenario": source, THRESHOLD: [0.1, 0.3], "replication": range(2)})
            assert len(rows) == 4
            for row in rows:
                changed = override(scenario, {THRESHOLD: row[THRESHOLD]})
                result = sim.run(changed, row["replication"])
                assert row["adoption"] == result.adoption[-1, -1]
                assert row["lab.Lab.trained"] == result.labs["Lab"].columns["loss"][-1]

    def test_every_step_can_be_collected(self) -> None:
        rows = played({"scenario": [small()]}, data_collection_period=1)
        result = sim.run(small(), 0)
        assert [row["participation"] for row in rows] == result.participation[1:, -1].tolist()

    def test_numbers_of_numpy_and_seeds_of_mesa_are_taken(self) -> None:
        rows = played({"scenario": [small()], THRESHOLD: np.array([0.1]), "replication": [3]})
        wanted = sim.run(override(small(), {THRESHOLD: 0.1}), 3).adoption[-1, -1]
        assert rows[0]["adoption"] == wanted
        if "rng" in inspect.signature(mesa.batch_run).parameters:
            rows = played({"scenario": [small()], THRESHOLD: [0.1]}, rng=[3])
            assert rows[0]["adoption"] == wanted

    def test_a_scenario_without_steps_has_a_row(self) -> None:
        (row,) = played({"scenario": [small(steps=0)]})
        assert row["mobilised"] == 1

    def test_unknown_paths_are_named(self) -> None:
        with pytest.raises(sim.InputError, match=r"did you mean 'network\.mean_degree'"):
            played({"scenario": [small()], "network.men_degree": [2]})
