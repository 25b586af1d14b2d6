"""What random input once made fail, and may not again."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

import sim
from sim.cli import main
from sim.networks import EdgeList, Network, WattsStrogatz
from tests.fuzzing.attempts import command
from tests.fuzzing.saved import save
from tests.fuzzing.tables import RATINGS, evidence
from tests.fuzzing.worlds import play
from tests.institution_worlds import world

NAN = {"kind": "constant", "value": "nan"}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save("run", tmp_path_factory.mktemp("saved"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"communities": [{"name": "a", "size": 5, "threshold": NAN}]}, "got nan"),
        ({"step_days": 1e308}, "step_days: must be at most 36525"),
        ({"steps": 10**6, "step_days": 30}, "beyond 9999-12-31"),
        ({"network": {"kind": "edge_list", "path": "\0"}}, "must be the name of a file"),
        ({"network": {"kind": "edge_list", "path": 5}}, "must be the name of a file"),
        ({"kind": []}, "kind"),
        ({"communities": [{"name": "a", "size": 5, "represents": 1e308}]}, "at most 10{12}"),
    ],
)
def test_in_scenarios(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    data = {"communities": [{"name": "a", "size": 5}], **changes}
    (tmp_path / "s.json").write_text(json.dumps(data))
    with pytest.raises(sim.InputError, match=said):
        sim.load_scenario(tmp_path / "s.json")


@pytest.mark.parametrize("seeds", [[None], ["1"], [True], [-1], [2**32]])
def test_in_receipts(tmp_path: Path, run: Path, seeds: list[Any]) -> None:
    receipt = json.loads((run / "receipt.json").read_text("utf-8"))
    (tmp_path / "r.json").write_text(json.dumps({**receipt, "seeds": seeds}))
    assert command("run", str(tmp_path / "r.json"), "--no-figure") == 2


def test_scores_that_are_no_numbers(tmp_path: Path) -> None:
    (tmp_path / "runs.csv").write_text(evidence()["user_strikes"].replace("0.29,", "x,"))
    assert command("validate", "user_strikes", "--data", str(tmp_path)) == 2


def test_dates_before_the_first_year() -> None:
    first = world(platforms=[sim.Platform("Hub", reversed_on=date(1, 1, 1))])
    assert first.step_of(date(1, 1, 1)) < 0
    play(first)


@pytest.mark.parametrize(
    ("links", "said"),
    [
        (b"0\r 1 1\n1 2 2\n2 0 3\n", "line 1"),
        (b"a,b\rc,d,\n", "line 2"),
        (b"a,b\nx," + b"y" * 200_000 + b",z", "line 2"),
        (b'a,"b\nc,d\n', "not closed"),
    ],
)
def test_lines_of_an_edge_list(tmp_path: Path, links: bytes, said: str) -> None:
    (tmp_path / "links.txt").write_bytes(links)
    with pytest.raises(sim.InputError, match=said):
        sim.run(world(network=EdgeList(str(tmp_path / "links.txt"))))


@pytest.mark.parametrize("text", ["surrogate = 1", "\0", "[" * 10_000, "name = 'x'"])
def test_in_presets(tmp_path: Path, text: str) -> None:
    (tmp_path / "lab.toml").write_text(text)
    with pytest.raises(sim.InputError, match="preset file"):
        sim.run(world(labs=[sim.Lab("Lab", preset=str(tmp_path / "lab.toml"))]))


def test_constants_of_parts_that_are_not_there() -> None:
    from sim.capability import presets

    preset = presets.load("movielens")
    constants = {**preset.constants, "style.own": preset.constants["beta"]}
    with pytest.raises(ValidationError, match=r"no constant style\.own"):
        preset.replace(constants=constants)


@pytest.mark.parametrize("more", ["u1,i1,1,2,3\n", "a,b,c,d,e,f\n", '"\n'])
def test_in_ratings(tmp_path: Path, more: str) -> None:
    path = tmp_path / "ratings.csv"
    path.write_text("user,item,rating\nu1,i1,5\n" + more)
    assert command("retrain-check", "--kind", "recommender", "--file", str(path)) == 2


def test_works_without_a_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("sklearn")
    path = tmp_path / "works.csv"
    path.write_text("a,b,target,owner\n")
    assert main(["retrain-check", "--kind", "estimator", "--file", str(path)]) == 2
    assert "has no rows" in capsys.readouterr().err


PACKED = gzip.compress(RATINGS.encode(), mtime=0)
READERS: dict[str, Callable[[Path], list[str]]] = {
    "calibrate": lambda path: ["calibrate", str(path)],
    "ratings": lambda path: ["retrain-check", "--kind", "recommender", "--file", str(path)],
    "works": lambda path: ["retrain-check", "--kind", "estimator", "--file", str(path)],
    "evidence": lambda path: ["validate", "user_strikes", "--data", str(path.parent)],
}


@pytest.mark.parametrize("read", READERS.values(), ids=list(READERS))
@pytest.mark.parametrize(
    "content",
    [PACKED[:40], PACKED[:30] + b"\0\xff" * 20 + PACKED[70:]],
    ids=["cut-off", "damaged"],
)
def test_in_gzip(tmp_path: Path, read: Callable[[Path], list[str]], content: bytes) -> None:
    pytest.importorskip("sklearn")
    (tmp_path / "table.csv.gz").write_bytes(content)
    assert command(*read(tmp_path / "table.csv.gz")) == 2


BOMB = gzip.compress(b"1,1,1\n" * (2**25 // 6), mtime=0) * 16


@pytest.mark.parametrize("kind", ["links", "values"])
def test_that_unpacks_to_far_more(tmp_path: Path, kind: str) -> None:
    (path := tmp_path / "bomb.gz").write_bytes(BOMB)
    how: dict[str, Any] = {"network": EdgeList(str(path))}
    if kind == "values":
        how = {"communities": [sim.Community("a", 50, stock=sim.Empirical(path=str(path)))]}
    with pytest.raises(sim.InputError, match="holds more than 100 times its size"):
        sim.run(world(**how))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("indices.npy", None),
        ("indices.npy", b""),
        ("indptr.npy", b"\x93NUMPY"),
        ("indptr.npy", b"\x93NUMPY\1\0\x40\0{'descr': '<i8', 'fortran_o\0" + b" " * 38),
        ("network.json", b"[" * 100_000),
        ("network.json", b"{}"),
    ],
)
def test_in_saved_networks(tmp_path: Path, name: str, content: bytes | None) -> None:
    folder = WattsStrogatz(4, 0.2).build((30,), 1).save(tmp_path / "network")
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    with pytest.raises(sim.InputError, match="holds no network that was saved"):
        Network.load(folder)


def test_saved_networks_of_another_size(tmp_path: Path) -> None:
    folder, other = tmp_path / "network", tmp_path / "other"
    WattsStrogatz(4, 0.2).build((30,), 1).save(folder)
    WattsStrogatz(4, 0.2).build((31,), 1).save(other)
    (other / "indptr.npy").replace(folder / "indptr.npy")
    with pytest.raises(sim.InputError, match="holds no network that was saved"):
        Network.load(folder)
