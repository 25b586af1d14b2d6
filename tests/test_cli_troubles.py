"""What commands do when they are stopped, when a disk is full, when a figure fails."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

import sim
from sim.cli import DONE, INTERRUPTED, main
from sim.loading.files import save_scenario
from sim.sweeps import sweep as sweeping
from sim.sweeps.store import UnwritableError
from tests.sweep_cases import small, swept


def failing(call: Callable[..., Any], error: BaseException) -> Callable[..., NoReturn]:
    """Return what is called in place of something, and fails."""

    @functools.wraps(call)
    def called(*_: Any, **__: Any) -> NoReturn:
        raise error

    return called


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (KeyboardInterrupt(), "stopped; 2 runs are kept in "),
        (UnwritableError("s: no space is left"), "s: no space is left"),
    ],
)
def test_a_sweep_that_stops_keeps_its_runs(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    said: str,
) -> None:
    world, out = save_scenario(small(), tmp_path / "world.toml"), tmp_path / "s"
    swept(out, vary={"steps": [2]}, replications=2)
    monkeypatch.setattr(sweeping, "sweep", failing(sweeping.sweep, error))
    asked = ["sweep", str(world), "--vary", "steps=2", "--replications", "9", "--out", str(out)]
    assert main(asked) == INTERRUPTED
    told = capsys.readouterr().err
    assert told.startswith(said)
    assert told.count("\n") == 1
    assert sim.load(out).status()["done"] == 2


def test_a_sweep_that_stops_before_it_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world = save_scenario(small(), tmp_path / "world.toml")
    monkeypatch.setattr(sweeping, "sweep", failing(sweeping.sweep, KeyboardInterrupt()))
    asked = ["sweep", str(world), "--vary", "steps=2", "--out", str(tmp_path / "s")]
    assert main(asked) == INTERRUPTED
    assert "stopped; 0 runs are kept" in capsys.readouterr().err


def test_a_figure_that_fails_does_not_cost_the_study(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import analysis.leverage as figures

    labs = [sim.Lab("Lab", preset="image-text", every=5)]
    world = save_scenario(small(labs=labs), tmp_path / "world.toml")
    broken = failing(figures.leverage, RuntimeError("no\nink"))
    monkeypatch.setattr(figures, "leverage", broken)
    out = tmp_path / "study"
    asked = ["leverage", str(world), "--share", "0.5", "--replications", "1", "--out", str(out)]
    assert main(asked) == DONE
    assert "the figure was not drawn (RuntimeError: no ink)" in capsys.readouterr().err
    assert list(out.glob("*.png")) == []
    assert len(sim.load(out).table()) > 0


def test_a_group_that_is_never_large_enough(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labs = [sim.Lab("Lab", preset="image-text", every=5, legacy=3.0)]
    world = save_scenario(small(labs=labs), tmp_path / "world.toml")
    asked = ["leverage", str(world), "--share", "0.5", "--replications", "1", "--target", "0.9"]
    assert main([*asked, "--measure", "rollback"]) == DONE
    assert "not even all creators reach" in capsys.readouterr().out
