"""Command lines."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

from hypothesis import strategies as st

from tests.fuzzing.attempts import command
from tests.fuzzing.surfaces import Surface

NAMES = (
    "run", "show", "cite", "list", "report", "leverage", "sweep", "sensitivity", "map", "discover",
    "calibrate",
)  # fmt: skip
OPTIONS = (
    "--seed --replications --set --out --json --threads --no-figure --rule --lab --tactic --by "
    "--share --measure --target --step --vary --uncertain --design --samples --outcome --precision "
    "--most --shard --time-limit --status --method --figure --toml --help --where "
    "--level --depth -x --"
).split()
WORDS = (
    "-1", "0", "1", "2", "nan", "inf", "1e400", "", "x", "watts_2002", "sweep_tactics", "labs",
    "lab=", "network.mean_degree=1:2:2", "rule.of=count", "steps=2", "=", "1/2", "3/2", "loss",
    "random", "lhs", "sobol", "/dev/null", "nowhere/x.toml", "nowhere", "adoption.final",
    "adoption.final=0.1", "adoption.final > 0.5", "é",
)  # fmt: skip
SMALL = ("--set", "communities.artists.size=20", "--set", "steps=3", "--replications", "1")
BIG = {"watts_2002", "sweep_tactics"}


def command_lines(folder: Path) -> Surface:
    """Commands with a few words and options."""
    out = folder / "out"

    def tried(line: tuple[str, list[str]]) -> None:
        name, words = line
        shutil.rmtree(out, ignore_errors=True)
        tail = [*SMALL, "--no-figure"] if name == "run" else []
        where = ["--out", str(out)] if name in ("run", "leverage", "sweep") else []
        if not (BIG & set(words) and where):
            with contextlib.chdir(folder):
                command(name, *words, *tail, *where, unwritten=out)

    words = st.lists(st.sampled_from([*OPTIONS, *WORDS]) | st.text(max_size=6), max_size=4)
    return Surface(st.tuples(st.sampled_from(NAMES), words), tried)


SURFACES = {"command-lines": command_lines}
