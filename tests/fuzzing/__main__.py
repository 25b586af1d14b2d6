"""Tries surfaces for some minutes each, guided by what their code does.

Coverage of `sim` and `analysis` steers libFuzzer (through atheris) towards inputs that reach new
lines; it changes the bytes from which Hypothesis draws, so that what is put in, and what may come
of it, is what ``tests/test_fuzz.py`` has.  Where there is no atheris, chance alone draws.

Each input that fails is printed with its traceback, once for each place it fails at.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings

from tests.fuzzing.surfaces import surfaces

INSTRUMENTED = ["sim", "analysis"]
ROOT = Path(__file__).parents[2]
KERNELS = ROOT / "sim" / "kernels"
"""Left as they are: loops that numba reads."""
LONGEST, BEGINNINGS = 4096, 64
MEMORY, PATIENCE = 8192, 1800
"""Megabytes and seconds after which libFuzzer itself gives up, where the surface has not failed."""
SHOWN, TOLD = 2000, 10
"""Characters of an input, and lines at each end of what a process said that broke off."""


class Tally:
    """What was tried of a surface, and what failed, written down as it comes."""

    def __init__(self, path: Path, seconds: float) -> None:
        self.path, self.seconds, self.end = path, seconds, math.inf
        self.tried = 0
        self.failed: dict[str, str] = {}

    def attempt(self, what: Callable[[Any], None], given_: Any) -> None:
        """Try once; keep the first failure at each place."""
        self.tried += 1
        try:
            what(given_)
        except Exception as error:  # noqa: BLE001 (each is a finding)
            told = "".join(traceback.format_exception(error))
            if self.failed.setdefault(_place(error), told) is told:
                print(f"\n{repr(given_)[:SHOWN]}\n{told}", flush=True)
        if self.tried == 1:  # until here kernels were compiled and imports watched
            self.end = time.monotonic() + self.seconds
        if time.monotonic() > self.end:
            self.write()
            os._exit(0)  # libFuzzer has no other way out

    def write(self) -> None:
        data = {"tried": self.tried, "failed": sorted(self.failed)}
        self.path.write_text(json.dumps(data), "utf-8")


def _place(error: Exception) -> str:
    """Return where it failed: the last line of the project's own that it came through."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "site-packages" not in f[0]]
    return f"{type(error).__name__} in {Path(frames[-1].filename).name}: {frames[-1].line}"


def main(arguments: list[str]) -> int:
    """Try the surfaces that are named, each in a process of its own; print what came of it."""
    parser = argparse.ArgumentParser(prog="python3 do.py fuzz", description=__doc__)
    parser.add_argument("surface", nargs="*", help="all unless named")
    parser.add_argument("--minutes", type=float, default=2.0, help="for each surface")
    parser.add_argument("--tally", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.tally is not None:  # before anything that is to be watched is imported
        guided(asked.surface[0], Tally(asked.tally, 60 * asked.minutes))
    known = list(surfaces())
    unknown = sorted(set(asked.surface) - set(known))
    if unknown:
        parser.error(f"no surface {unknown[0]!r}; expected one of {', '.join(known)}")
    steered = "guided by coverage" if _atheris() else "by chance alone, for want of atheris"
    print(f"{60 * asked.minutes:.0f} s each, {steered}", flush=True)
    found = {}
    for name in asked.surface or known:
        found[name] = outcome(name, asked.minutes)
        print(line(name, found[name]), flush=True)
    print(summary(found), flush=True)
    return int(any(each["failed"] for each in found.values()))


def outcome(name: str, minutes: float) -> dict[str, Any]:
    """Try a surface in a process of its own; return how many inputs were tried, and what failed."""
    with tempfile.TemporaryDirectory() as folder:
        tally = Path(folder) / "tally.json"
        command = [sys.executable, "-W", "ignore", "-m", "tests.fuzzing", name]
        done = subprocess.run(
            [*command, "--minutes", str(minutes), "--tally", str(tally)],
            cwd=ROOT, stdout=None, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
        if tally.exists():
            return dict(json.loads(tally.read_text("utf-8")))
    said = [each for each in done.stderr.splitlines() if not each.startswith("INFO:")]
    return {"tried": 0, "failed": ["\n".join(["broke off", *said[:TOLD], "...", *said[-TOLD:]])]}


def line(name: str, found: dict[str, Any]) -> str:
    """Tell what came of a surface."""
    return f"{name:18} {found['tried']:>9,} tried, {'; '.join(found['failed']) or 'none failed'}"


def summary(found: dict[str, dict[str, Any]]) -> str:
    """Tell what came of all, and how many inputs that once failed are kept as tests."""
    tried = sum(each["tried"] for each in found.values())
    failed = sum(len(each["failed"]) for each in found.values())
    return (
        f"{len(found)} surfaces: {tried:,} inputs tried, {failed} failed; "
        f"{kept()} that failed before are tests"
    )


def kept() -> int:
    """Return how many cases ``tests/test_fuzz_found.py`` has."""
    listed = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "tests/test_fuzz_found.py"],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return sum("::" in line for line in listed.stdout.splitlines())


def guided(name: str, tally: Tally) -> None:
    """Try a surface until its time is over, and end the process."""
    atheris = importlib.import_module("atheris") if _atheris() else None
    kernels = [f"sim.kernels.{path.stem}" for path in KERNELS.glob("*.py")]
    watched = atheris.instrument_imports(INSTRUMENTED, kernels) if atheris else None
    with watched or contextlib.nullcontext(), tempfile.TemporaryDirectory() as folder:
        surface = surfaces()[name](Path(folder))

        @settings(suppress_health_check=list(HealthCheck), database=None)
        @given(surface.inputs)
        def tried(given_: Any) -> None:
            tally.attempt(surface.tried, given_)

        draw = tried.hypothesis.fuzz_one_input
        chance = random.Random(0)
        if atheris is None:
            while True:
                draw(chance.randbytes(LONGEST))
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for k in range(BEGINNINGS):
            (corpus / str(k)).write_bytes(chance.randbytes(LONGEST >> k % 6))
        options = [
            f"-max_len={LONGEST}", f"-rss_limit_mb={MEMORY}", f"-timeout={PATIENCE}",
            f"-artifact_prefix={folder}/", "-len_control=0", "-verbosity=0",
        ]  # fmt: skip
        atheris.Setup([sys.argv[0], *options, str(corpus)], draw)
        atheris.Fuzz()


def _atheris() -> bool:
    return importlib.util.find_spec("atheris") is not None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
