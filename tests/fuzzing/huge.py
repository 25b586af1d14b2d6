"""Little that asks for much: huge numbers, deep nesting, files that unpack to far more."""

from __future__ import annotations

import gzip
from pathlib import Path

from hypothesis import strategies as st

import sim
from sim import memory
from sim.loading.overrides import override, parse
from tests.fuzzing.attempts import attempt, command
from tests.fuzzing.packed import _linked, _trained, _valued
from tests.fuzzing.surfaces import Surface
from tests.fuzzing.tables import RATINGS, evidence
from tests.fuzzing.worlds import play, worlds

HUGE = st.sampled_from((10**6, 2**31 - 1, 2**31, 10**12, 2**63, 10**30)) | st.integers(
    10**5, 10**19
)
FIRST = "communities.0"
NUMBERS = (
    f"{FIRST}.size", "steps", "network.degree", "network.mean_degree", "seen_for",
    "labs.Lab.every", "labs.Lab.lag", "labs.Lab.delay", f"{FIRST}.represents", "seeds.count",
)  # fmt: skip
NETWORKS = (
    '{kind = "complete"}', '{kind = "erdos_renyi", mean_degree = N}',
    '{kind = "watts_strogatz", degree = N}', '{kind = "barabasi_albert", links = N}',
    '{kind = "random_regular", degree = N}', '{kind = "holme_kim", links = N, triad = 0.5}',
    '{kind = "stochastic_block", mean_degree = N}', '{kind = "lfr", mean_degree = N}',
    '{kind = "configuration", exponent = 2.5, min_degree = N}',
)  # fmt: skip


def sizes(_: Path) -> Surface:
    """Huge numbers of creators, steps, links, replications and runs."""
    world = worlds()["sweep_tactics"]

    def tried(given: tuple[str, int, int, str]) -> None:
        what, number, size, network = given
        settings = [f"communities.*.size={size}", f"network={network.replace('N', str(number))}"]
        settings = settings if what == "network" else [f"{what}={number}"]
        found = attempt(lambda: override(world, dict(map(parse, settings))))
        if found is not None:
            attempt(lambda: memory.check(found))  # what fits may take long to play
            attempt(lambda: play(found))

    whats = st.sampled_from(("network", *NUMBERS))
    return Surface(st.tuples(whats, HUGE, HUGE, st.sampled_from(NETWORKS)), tried)


DEPTHS = st.integers(1, 200_000)
BRACKETS = (("[", "]"), ('{"a":', "}"), ("[[", "]]"), ('[{"communities":', "}]"))


def nested(folder: Path) -> Surface:
    """Descriptions, receipts and settings nested deeply, closed or not."""

    def tried(given: tuple[str, int, tuple[str, str], bool]) -> None:
        kind, depth, (left, right), closed = given
        text = left * depth + "1" + right * (depth if closed else 0)
        path = folder / f"deep.{'toml' if 'toml' in kind else 'json'}"
        path.write_text(f"communities = {text}" if "toml" in kind else text, "utf-8")
        if kind == "set":
            attempt(lambda: override(worlds()["crowded"], dict([parse(f"labs={text}")])))
        elif kind.startswith("preset"):
            labs = [sim.Lab("Lab", preset=str(path))]
            world = sim.Scenario(communities=[sim.Community("a", 5)], labs=labs)
            attempt(lambda: sim.run(world))
        else:
            attempt(lambda: sim.load_scenario(path))

    kinds = st.sampled_from(("toml", "json", "set", "preset toml", "preset json"))
    return Surface(st.tuples(kinds, DEPTHS, st.sampled_from(BRACKETS), st.booleans()), tried)


MEMBER = 2**24
"""Bytes that one part of a file unpacks to; parts of a gzip file follow one another."""


def bombs(folder: Path) -> Surface:
    """Files of some kilobytes that unpack to gigabytes, as everything that may be gzip."""
    parts: dict[bytes, bytes] = {}

    def part(line: bytes) -> bytes:
        if line not in parts:
            parts[line] = gzip.compress(line * (MEMBER // len(line)), mtime=0)
        return parts[line]

    def tried(given: tuple[str, bytes, int]) -> None:
        kind, line, many = given
        path = folder / "packed" / "bomb.csv.gz"
        path.parent.mkdir(exist_ok=True)
        head = {"ratings": RATINGS, "strikes": evidence()["user_strikes"]}.get(kind, "")
        path.write_bytes(gzip.compress(head.encode() + b"\n") + part(line) * many)
        if kind in ("links", "labels"):
            attempt(lambda: sim.run(_linked(path, path if kind == "labels" else None)))
        elif kind == "values":
            attempt(lambda: sim.run(_valued(path)))
        elif kind == "ratings":
            _trained("recommender", path)
        elif kind == "strikes":
            command("validate", "user_strikes", "--data", str(path.parent))
        else:
            command("calibrate", str(path), "--draws", "2")

    kinds = st.sampled_from(("links", "labels", "values", "ratings", "strikes", "runs"))
    lines = st.sampled_from((b"0", b"1 2\n", b"1,1,1\n", b"\n", b"\0", b'"'))
    return Surface(st.tuples(kinds, lines, st.sampled_from((64, 512))), tried, costs=32)


SURFACES = {"sizes": sizes, "nested": nested, "bombs": bombs}
