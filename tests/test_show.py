"""What ``datastrike show`` prints of parameters and of what stands behind them."""

from __future__ import annotations

import re

import pytest

import sim
from sim.cli import DONE, main
from sim.loading.files import save_scenario
from sim.loading.overrides import values

WORLD = sim.Scenario(
    communities=[
        sim.Community("coders", 60, grievance=sim.Normal(2.0, 0.5), stock=3.0),
        sim.Community("artists", 50, grievance=sim.Normal(2.0, 0.5), stock=3.0),
        sim.Community("others", 50, stock=3.0),
    ],
    about=sim.About(evidence=(sim.Evidence("communities.others.size", "published", "a census"),)),
    steps=7,
)


@pytest.fixture
def shown(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> dict[str, list[str]]:
    """Value and mark of each path."""
    monkeypatch.chdir(tmp_path_factory.mktemp("shown"))
    save_scenario(WORLD, "world.toml")
    assert main(["show", "world.toml"]) == DONE
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    cells = [re.split(r"  +", line.strip()) for line in rows]
    return {path: rest for path, *rest in cells}


def test_paths_can_be_given_to_set(shown: dict[str, list[str]]) -> None:
    known = values(WORLD)
    assert [p for p in shown if not any(f"{k}.".startswith(f"{p}.") for k in known)] == []


def test_communities_alike_are_told_once(shown: dict[str, list[str]]) -> None:
    assert shown["communities.coders.stock"] == ["3.0", "in every community"]
    assert shown["communities.coders.grievance"] == ["normal mean=2.0, sd=0.5", "also artists"]
    assert shown["communities.artists.size"] == ["50"]
    assert shown["communities.others.size"] == ["50", "published: a census"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("bigcode_opt_out", "stock.*mean_log .assumed.: ten times"),
        ("bigcode_opt_out", "reach=0.0255 +reach .calibrated.: eight .*; on .input.: "),
    ],
)
def test_parts_of_a_value_have_marks_of_their_own(
    name: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", name]) == DONE
    assert re.search(told, capsys.readouterr().out)
