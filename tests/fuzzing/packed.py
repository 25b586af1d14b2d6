"""Files in other clothes: gzip, numbers one a line, points of a sweep, saved networks, scripts."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

from hypothesis import strategies as st

import sim
from sim.loading.files import save_scenario
from sim.networks import EdgeList, Network, WattsStrogatz
from tests.fuzzing.attempts import attempt, command
from tests.fuzzing.damage import damaged, numbers_in
from tests.fuzzing.descriptions import LABELS, LINKS
from tests.fuzzing.surfaces import Surface
from tests.fuzzing.tables import RATINGS, evidence
from tests.fuzzing.worlds import play, worlds

TABLES = {"ratings": RATINGS, "user_strikes": evidence()["user_strikes"], "runs": "D_a,loss\n1,2\n"}


def zipped(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def gzips(folder: Path) -> Surface:
    """Edge lists, labels, numbers and tables as gzip, cut off or damaged at random bytes."""
    data = folder / "data"
    data.mkdir()
    contents = {"links": LINKS, "labels": LABELS, "values": VALUES.encode()}
    contents |= {name: text.encode() for name, text in TABLES.items()}
    reading = {
        "ratings": lambda path: _trained("recommender", path),
        "user_strikes": lambda path: command("validate", "user_strikes", "--data", str(data)),
        "runs": lambda path: command("calibrate", str(path), "--draws", "2"),
        "values": lambda path: attempt(lambda: play(_valued(path))),
        "links": lambda path: attempt(lambda: play(_linked(path))),
        "labels": lambda path: attempt(lambda: play(_linked(path, path))),
    }

    def tried(given: tuple[str, bytes]) -> None:
        name, content = given
        path = data / f"{name}.csv.gz"
        path.write_bytes(content)
        try:
            reading[name](path)
        finally:
            path.unlink()

    def of(name: str) -> st.SearchStrategy[tuple[str, bytes]]:
        either = damaged(zipped(contents[name])) | damaged(contents[name]).map(zipped)
        return st.tuples(st.just(name), either)

    return Surface(st.sampled_from(list(contents)).flatmap(of), tried, costs=8)


def _trained(kind: str, path: Path) -> None:
    command("retrain-check", "--kind", kind, "--file", str(path), "--runs", "2")


def _linked(links: Path, labels: Path | None = None) -> sim.Scenario:
    network = EdgeList(str(links), labels=labels and str(labels))
    return sim.Scenario(communities=[sim.Community("a", 20, threshold=0.2)], network=network)


VALUES = "".join(f"{k / 10}\n" for k in range(12))


def _valued(path: Path) -> sim.Scenario:
    stock = sim.Empirical(path=str(path))
    return sim.Scenario(communities=[sim.Community("a", 20, stock=stock)], steps=2)


def values(folder: Path) -> Surface:
    """Numbers that creators' values are drawn from, one a line."""
    path = folder / "values.txt"

    def tried(content: bytes) -> None:
        path.write_bytes(content)
        attempt(lambda: play(_valued(path)))

    return Surface(damaged(VALUES.encode()) | st.binary(max_size=60), tried)


POINTS = "steps,network.mean_degree,labs.Lab.compliance\n" + "\n".join(
    f"{2 + k},{k}.5,0.{k}" for k in range(4)
)


def points(folder: Path) -> Surface:
    """Points of a sweep in a CSV file (``--design points.csv``)."""
    path, out = folder / "points.csv", folder / "out"
    world = folder / "world.json"
    save_scenario(worlds()["sweep_tactics"], world)

    def tried(content: bytes) -> None:
        path.write_bytes(content)
        shutil.rmtree(out, ignore_errors=True)
        asked = ("--design", str(path), "--replications", "1", "--workers", "1")
        command("sweep", str(world), *asked, "--out", str(out), unwritten=out)

    return Surface(numbers_in(POINTS).map(str.encode) | damaged(POINTS.encode()), tried, costs=8)


def networks(folder: Path) -> Surface:
    """Folders of saved networks with a file damaged at random bytes or gone."""
    whole, copied = folder / "whole", folder / "copied"
    WattsStrogatz(4, 0.2).build((30,), 1).save(whole)
    files = sorted(path.name for path in whole.iterdir())

    def tried(given: tuple[str, bytes | None]) -> None:
        name, content = given
        shutil.rmtree(copied, ignore_errors=True)
        shutil.copytree(whole, copied)
        (copied / name).unlink()
        if content is not None:
            (copied / name).write_bytes(content)
        attempt(lambda: repr(Network.load(copied)))

    def of(name: str) -> st.SearchStrategy[tuple[str, bytes | None]]:
        content = (whole / name).read_bytes()
        return st.tuples(st.just(name), st.none() | damaged(content) | st.binary(max_size=40))

    return Surface(st.sampled_from(files).flatmap(of), tried)


SCRIPT = b'''"""A small world."""

import sim

SCENARIO = sim.Scenario(
    communities=[sim.Community("a", 20, threshold=0.2), sim.Community("b", 10)],
    network=sim.WattsStrogatz(4, 0.1),
    steps=3,
)
SWEEP = {"vary": {"steps": [2, 3]}, "replications": 1}
'''


def scripts(folder: Path) -> Surface:
    """Scenarios in Python damaged at random bytes; what they do when executed is theirs."""
    path = folder / "own_world.py"

    def tried(content: bytes) -> None:
        path.write_bytes(content)
        world = attempt(lambda: sim.load_scenario(path))
        if world is not None:
            attempt(lambda: play(world))

    return Surface(damaged(SCRIPT), tried)


SURFACES = {
    "gzip": gzips,
    "values": values,
    "points": points,
    "network-folders": networks,
    "scripts": scripts,
}
