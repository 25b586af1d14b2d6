"""Descriptions of worlds: scenario files, settings, presets, networks in files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import tomli_w
from hypothesis import strategies as st

import sim
from sim.loading.files import save_scenario
from sim.loading.overrides import override, parse, paths
from sim.networks import EdgeList
from tests.fuzzing.attempts import attempt
from tests.fuzzing.damage import AWKWARD, changed, damaged
from tests.fuzzing.surfaces import Surface
from tests.fuzzing.worlds import play, worlds


def scenarios(folder: Path) -> Surface:
    """Scenarios with values replaced, removed, copied or renamed."""
    data = {name: world.to_data() for name, world in worlds().items()}
    path = folder / "scenario.json"

    def tried(content: dict[str, Any]) -> None:
        path.write_text(json.dumps(content), "utf-8")
        scenario = attempt(lambda: sim.load_scenario(path))
        if scenario is not None:
            assert sim.Scenario.from_data(scenario.to_data()) == scenario
            attempt(lambda: play(scenario))

    return Surface(st.sampled_from(list(data)).flatmap(lambda name: changed(data[name])), tried)


def files(ending: str, folder: Path) -> Surface:
    """Scenario files damaged at random bytes."""
    whole, path = folder / f"whole.{ending}", folder / f"damaged.{ending}"
    save_scenario(worlds()["crowded"], whole)

    def tried(content: bytes) -> None:
        path.write_bytes(content)
        attempt(lambda: sim.load_scenario(path))

    return Surface(damaged(whole.read_bytes()) | st.binary(max_size=200), tried)


def settings(_: Path) -> Surface:
    """Values set at the places of a scenario (``--set``)."""
    world = worlds()["crowded"]
    places = [*paths(world), "network", "rule", "labs", "communities", "calendar.0"]
    values = st.sampled_from([json.dumps(value) for value in AWKWARD]) | st.text(max_size=12)

    def tried(setting: tuple[str, str]) -> None:
        attempt(lambda: play(override(world, dict([parse("=".join(setting))]))))

    return Surface(st.tuples(st.sampled_from(places) | st.text(max_size=20), values), tried)


def presets(folder: Path) -> Surface:
    """Files of a surrogate's constants."""
    from sim.capability import presets as known

    data, path = known.load("image_text").to_data(), folder / "lab.toml"
    world = sim.Scenario(
        communities=[sim.Community("a", 20, threshold=0.0)], steps=3,
        labs=[sim.Lab("Lab", preset=str(path), every=2)],
    )  # fmt: skip

    def tried(content: dict[str, Any] | bytes) -> None:
        if not isinstance(content, bytes):
            try:
                content = tomli_w.dumps(content).encode()
            except (TypeError, ValueError):  # what TOML cannot hold
                return
        path.write_bytes(content)
        attempt(lambda: play(world))

    return Surface(changed(data) | damaged(tomli_w.dumps(data).encode()), tried)


LINKS = "".join(f"{i} {(i * 7 + 1) % 40} {1 + i % 3}\n" for i in range(40)).encode()
LABELS = "".join(f"{i},{'ab'[i % 2]}\n" for i in range(40)).encode()


def edge_lists(folder: Path) -> Surface:
    """Edge lists and their label files."""
    links, labels = folder / "links.txt", folder / "labels.csv"
    world = sim.Scenario(
        communities=[sim.Community("a", 20, threshold=0.2), sim.Community("b", 20)], steps=5
    )

    def tried(contents: tuple[bytes, bytes | None, bool, bool]) -> None:
        linked, labelled, weights, directed = contents
        links.write_bytes(linked)
        labels.write_bytes(labelled or b"")
        named = None if labelled is None else str(labels)
        network = EdgeList(str(links), labels=named, weights=weights, directed=directed)
        attempt(lambda: play(world.replace(network=network)))

    contents = st.tuples(
        damaged(LINKS) | st.binary(max_size=100),
        st.none() | st.just(LABELS) | damaged(LABELS),
        st.booleans(),
        st.booleans(),
    )
    return Surface(contents, tried)


SURFACES = {
    "scenarios": scenarios,
    "toml": lambda folder: files("toml", folder),
    "json": lambda folder: files("json", folder),
    "settings": settings,
    "presets": presets,
    "edge-lists": edge_lists,
}
