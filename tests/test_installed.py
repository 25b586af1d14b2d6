"""Installed from what is published, outside of the checkout, everything works."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
from pathlib import Path

import pytest

from sim.loading.scripts import library

ROOT = Path(__file__).parents[1]
SIZES = ("--set", "communities.creators.size=300", "--set", "steps=20", "--replications", "2")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the source archive."""
    sdist = pytest.importorskip("hatchling.builders.sdist")
    wheels = pytest.importorskip("hatchling.builders.wheel")
    folder = tmp_path_factory.mktemp("build")
    archive = next(iter(sdist.SdistBuilder(str(ROOT)).build(directory=str(folder))))
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    (source,) = (path for path in folder.iterdir() if path.is_dir())
    return Path(next(iter(wheels.WheelBuilder(str(source)).build(directory=str(folder)))))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """A folder elsewhere with an environment of its own; dependencies are those of this one."""
    folder = tmp_path_factory.mktemp("elsewhere")
    environment = folder / "env"
    venv.create(environment)
    python = environment / "bin" / "python"
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps"]
    options = ["--no-index", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(
        [*command, *options, str(wheel)], capture_output=True, text=True, check=False
    )
    if "No module named pip" in done.stderr:
        pytest.skip("this environment has no pip")
    assert done.returncode == 0, done.stderr
    (own,) = environment.glob("lib/python*/site-packages")
    (own / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return folder


def datastrike(place: Path, *arguments: str) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        [str(place / "env" / "bin" / "datastrike"), *arguments], cwd=place,
        env={**environment, "HOME": str(place), "MPLBACKEND": "Agg"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_is_not_the_checkout(place: Path) -> None:
    code = "import sim, scenarios, analysis; print(sim.__file__, scenarios.__file__)"
    python = str(place / "env" / "bin" / "python")
    said = subprocess.run(
        [python, "-c", code], cwd=place, capture_output=True, text=True, check=True
    )
    assert said.stdout.count(str(place)) == 2


def test_finds_its_scenarios(place: Path) -> None:
    listed = datastrike(place, "list")
    assert [name for name in library() if name not in listed] == []
    assert "Watts" in datastrike(place, "show", "watts_2002")
    assert "watts" in datastrike(place, "cite", "watts_2002").lower()


def test_plays_sweeps_and_reports(place: Path) -> None:
    datastrike(place, "run", "watts_2002", *SIZES, "--out", "run")
    datastrike(place, "report", "run")
    assert "<html" in (place / "run" / "report.html").read_text("utf-8")
    receipt = json.loads((place / "run" / "receipt.json").read_text("utf-8"))
    assert receipt["versions"]["datastrike"] != "unknown"
    vary = ("--vary", "network.mean_degree=2,4", "--outcome", "adoption.final", "--workers", "1")
    datastrike(place, "sweep", "watts_2002", *SIZES, *vary, "--out", "sweep")
    assert json.loads(datastrike(place, "sweep", "--status", "sweep", "--json"))["done"] == 4
