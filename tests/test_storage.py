"""What is saved comes back with the same numbers, whole or not at all."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.loading.files import RECEIPT, load_scenario
from sim.networks import Complete
from sim.result import LabRecord, Result
from sim.run_folder import ROUNDS, SERIES, TACTIC, save_comparison, save_result
from sim.runs.comparison import Comparison

ROOT = Path(__file__).parents[1]
SCENARIO = sim.Scenario(
    communities=[sim.Community("coders", 7, represents=0.1), sim.Community("artists", 3)],
    labs=[sim.Lab("Stability"), sim.Lab("Idle")],
    steps=4,
)


def a_run(seed: int, scenario: sim.Scenario = SCENARIO, notes: tuple[str, ...] = ()) -> Result:
    """Return a made-up run with awkward numbers."""
    random = np.random.default_rng(seed)
    steps = (1, 3)
    columns = {
        "step": list(steps),
        "date": [scenario.start + timedelta(days=step) for step in steps],
        "loss": [1.0 + random.random(), math.inf],
        "compute_equivalent": [math.nan, 0.1],
    }
    return Result(
        scenario=scenario,
        seed=seed,
        communities=("coders", "artists"),
        sizes=np.array([7, 3]),
        represents=np.array([0.1, 1.0]),
        counts=random.integers(0, 3, size=(scenario.steps + 1, 2, 2)),
        _tactic=random.integers(0, 8, size=10, dtype=np.uint8),
        labs={
            "Stability": LabRecord("Stability", "llm", "none", columns),
            "Idle": LabRecord("Idle", "code", "repeat_uniform", {name: [] for name in columns}),
        },
        notes=notes,
        steps_played=3,
        _digest=f"digest {seed}",
    )


def a_comparison(seeds: range = range(3)) -> Comparison:
    without = SCENARIO.without_action()
    return Comparison(
        tuple(a_run(seed) for seed in seeds),
        tuple(a_run(seed + 100, without, ("a note",)) for seed in seeds),
    )


def assert_same(loaded: Result, saved: Result) -> None:
    for name in ("scenario", "seed", "communities", "notes", "steps_played", "state_digest"):
        assert getattr(loaded, name) == getattr(saved, name), name
    for name in ("sizes", "represents", "counts", "tactic", "participation", "adoption"):
        np.testing.assert_array_equal(getattr(loaded, name), getattr(saved, name), name)
        assert getattr(loaded, name).dtype == getattr(saved, name).dtype, name
    assert loaded.labs.keys() == saved.labs.keys()
    for name, lab in saved.labs.items():
        again = loaded.labs[name]
        assert (again.preset, again.response) == (lab.preset, lab.response)
        assert list(again.columns) == list(lab.columns)
        np.testing.assert_equal(again.columns, lab.columns)
        assert [type(v) for c in again.columns.values() for v in c] == [
            type(v) for c in lab.columns.values() for v in c
        ]


class TestRoundTrip:
    @settings(max_examples=20)
    @given(seed=st.integers(0, 2**32 - 1))
    def test_of_a_run(self, seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
        run = a_run(seed)
        folder = run.save(tmp_path_factory.mktemp("run") / "out")
        loaded = sim.load(folder)
        assert isinstance(loaded, Result)
        assert_same(loaded, run)

    def test_of_a_comparison(self, tmp_path: Path) -> None:
        pair = a_comparison()
        loaded = sim.load(pair.save(tmp_path / "out"))
        assert isinstance(loaded, Comparison)
        for again, saved in zip(
            (*loaded.action, *loaded.counterfactual),
            (*pair.action, *pair.counterfactual),
            strict=True,
        ):
            assert_same(again, saved)

    def test_without_labs(self, tmp_path: Path) -> None:
        run = sim.run(SCENARIO.replace(labs=(), network=Complete()), 5)
        assert_same(sim.load(run.save(tmp_path / "out")), run)

    def test_a_user_reads_the_same_table(self, tmp_path: Path) -> None:
        import pandas as pd

        run = a_run(1)
        run.save(tmp_path / "out")
        read = pd.read_parquet(tmp_path / "out" / SERIES)
        assert set(read["arm"]) == {"action"}
        for name, values in run.series().items():
            np.testing.assert_array_equal(
                pd.to_datetime(read[name]) if name == "date" else read[name], values
            )

    def test_the_scenario_is_beside_it(self, tmp_path: Path) -> None:
        folder = a_run(1).save(tmp_path / "out")
        assert load_scenario(folder / "scenario.toml") == SCENARIO
        assert load_scenario(folder) == SCENARIO
        assert load_scenario(folder / RECEIPT) == SCENARIO

    def test_bytes_depend_on_numbers_alone(self, tmp_path: Path) -> None:
        folders = [a_comparison().save(tmp_path / name) for name in ("a", "b")]
        for name in (SERIES, ROUNDS, TACTIC, "scenario.toml"):
            first, second = ((folder / name).read_bytes() for folder in folders)
            assert first == second, name

    def test_receipt_says_what_it_was_made_with(self, tmp_path: Path) -> None:
        edges = tmp_path / "edges.csv"
        edges.write_text("1,2\n")
        scenario = SCENARIO.replace(network={"kind": "edge_list", "path": str(edges)})
        folder = save_result(a_run(4, scenario), tmp_path / "out")
        receipt = json.loads((folder / RECEIPT).read_text())
        assert receipt["seeds"] == [4]
        assert receipt["scenario_digest"] == scenario.digest
        assert receipt["versions"]["numpy"] == np.__version__
        assert list(receipt["inputs"]) == [str(edges)]

    def test_loading_plays_nothing(self, tmp_path: Path) -> None:
        folder = a_comparison().save(tmp_path / "out")
        code = (
            f"import sim, sys; sim.load({str(folder)!r}).effect('Stability', round=0);"
            "print(*{name.partition('.')[0] for name in sys.modules})"
        )
        told = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
        )
        heavy = {"numba", "mesa", "matplotlib", "scipy", "networkx"}
        assert heavy & set(told.stdout.split()) == set()


class TestAllOrNothing:
    def test_a_folder_is_never_overwritten(self, tmp_path: Path) -> None:
        (tmp_path / "out").mkdir()
        with pytest.raises(sim.InputError, match="exists already"):
            a_run(1).save(tmp_path / "out")
        assert list((tmp_path / "out").iterdir()) == []

    def test_folders_above_are_made(self, tmp_path: Path) -> None:
        assert a_run(1).save(tmp_path / "a" / "b" / "out").is_dir()

    @pytest.mark.parametrize("name", ["file/out", "/dev/null/out"])
    def test_unwritable(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(sim.InputError, match="cannot be written"):
            a_run(1).save(tmp_path / name)

    @pytest.mark.skipif(getattr(os, "geteuid", int)() == 0, reason="root may write anywhere")
    def test_without_permission(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o500)
        with pytest.raises(sim.InputError, match="cannot be written"):
            a_run(1).save(tmp_path / "out")

    @pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
    def test_what_fails_leaves_nothing(self, tmp_path: Path, error: type[BaseException]) -> None:
        def fail(draft: Path) -> None:
            assert draft.name.startswith(".")
            assert (draft / SERIES).exists()
            assert not (tmp_path / "out").exists()
            raise error

        with pytest.raises(error):
            save_comparison(a_comparison(), tmp_path / "out", fail)
        assert list(tmp_path.iterdir()) == []

    def test_a_full_disk_leaves_nothing(self, tmp_path: Path) -> None:
        def fill(draft: Path) -> None:
            raise OSError(28, "No space left on device")

        with pytest.raises(sim.InputError, match="No space left"):
            save_result(a_run(1), tmp_path / "out", fill)
        assert list(tmp_path.iterdir()) == []

    def test_what_is_added_appears_with_it(self, tmp_path: Path) -> None:
        def draw(draft: Path) -> None:
            (draft / "figure.svg").write_text("<svg/>")

        save_result(a_run(1), tmp_path / "out", draw)
        assert (tmp_path / "out" / "figure.svg").exists()
        assert [path.name for path in tmp_path.iterdir()] == ["out"]


def truncate(folder: Path) -> None:
    path = folder / SERIES
    path.write_bytes(path.read_bytes()[:-10])


def flip(folder: Path) -> None:
    path = folder / TACTIC
    content = bytearray(path.read_bytes())
    content[20] ^= 1
    path.write_bytes(content)


def rewrite(**changes: object) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        path = folder / RECEIPT
        receipt = json.loads(path.read_text()) | changes
        path.write_text(json.dumps({k: v for k, v in receipt.items() if v is not None}))

    return apply


class TestDamage:
    @pytest.mark.parametrize(
        ("harm", "said"),
        [
            (truncate, "series.parquet is not as it was written"),
            (flip, "tactic.parquet is not as it was written"),
            (lambda folder: (folder / ROUNDS).unlink(), "rounds.parquet is missing"),
            (lambda folder: (folder / RECEIPT).unlink(), "no saved run"),
            (lambda folder: (folder / RECEIPT).write_text('{"kind":'), "is not JSON"),
            (lambda folder: (folder / RECEIPT).write_text("{}"), "holds no receipt"),
            (rewrite(kind="zebra"), "holds no receipt"),
            (rewrite(format=99), "is of format 99, this version reads 1"),
            (rewrite(runs=None), r"is damaged \(runs\)"),
            (rewrite(seeds=[]), r"is damaged \(seeds\)"),
            (rewrite(runs=[{"arm": "action"}]), "receipt.json is damaged"),
            (rewrite(scenario={"steps": 3}), "communities: must be given"),
            (rewrite(crowds=[]), "receipt.json is damaged"),
        ],
    )
    def test_one_sentence(self, tmp_path: Path, harm: Callable[[Path], None], said: str) -> None:
        folder = a_comparison().save(tmp_path / "out")
        harm(folder)
        with pytest.raises(sim.InputError, match=said) as caught:
            sim.load(folder)
        assert str(caught.value).startswith(str(folder))
        assert "\n" not in str(caught.value)

    def test_nothing_there(self, tmp_path: Path) -> None:
        with pytest.raises(sim.InputError, match="does not exist"):
            sim.load(tmp_path / "out")
