"""Folders that another version wrote are answered in a sentence, whatever is asked of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import sim
from sim.cli import BAD_INPUT, main
from sim.networks import ErdosRenyi, Network
from tests.fuzzing.saved import save

FILES = {"sweep": "sweep.json", "leverage": "receipt.json", "comparison": "receipt.json"}
MORE = ("--vary", "labs.Lab.compliance=0,0.5,1", "--replications", "2")
ASKED = {
    "sweep": (
        ("report", "{}"), ("sensitivity", "{}"), ("sweep", "--status", "{}"),
        ("sweep", "sweep_tactics", *MORE, "--out", "{}"),
    ),
    "leverage": (("report", "{}"), ("run", "{}"), ("run", "{}/receipt.json")),
    "comparison": (("report", "{}"), ("run", "{}"), ("run", "{}/receipt.json")),
}  # fmt: skip


@pytest.mark.parametrize("kind", ASKED)
def test_folders(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = save(kind, tmp_path)
    path = folder / FILES[kind]
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"format": 99}), "utf-8")
    before = sorted(folder.rglob("*"))
    for asked in ASKED[kind]:
        capsys.readouterr()
        assert main([word.format(folder) for word in asked]) == BAD_INPUT
        said = capsys.readouterr().err
        assert "is of format 99, this version reads 1; read it with the version that" in said
        assert said.count("\n") == 1
    assert sorted(folder.rglob("*")) == before


def test_networks(tmp_path: Path) -> None:
    folder = ErdosRenyi(2.0).build((20,), 1).save(tmp_path / "links")
    facts = folder / "network.json"
    facts.write_text(facts.read_text("utf-8").replace('"format": 1', '"format": 2'), "utf-8")
    with pytest.raises(sim.InputError, match="was written by another version; build it again"):
        Network.load(folder)
