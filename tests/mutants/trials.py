"""Asks the tests that reach a mistake, in a copy of the checkout."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Never

import pytest
from coverage import CoverageData

from tests.mutants.drawn import Mutant

ROOT = Path(__file__).parents[2]
LEFT_OUT = (".*", "__pycache__", "results", "_build", "build", "dist")
TESTS = {
    "decisions": [
        "test_decisions*.py", "test_own_rule.py", "test_twin_paths.py", "test_twin_compiled.py",
        "test_batch.py", "test_docs.py", "test_frozen.py",
    ],
    "capability": [
        "test_capability*.py", "test_retraining*.py", "test_cli_capability.py", "test_docs.py",
        "test_frozen.py",
    ],
    "leverage": ["test_leverage*.py", "test_cli_leverage.py", "test_frozen.py"],
}  # fmt: skip
"""Which tests are asked about a package."""
WRITTEN_AROUND = ("tests/test_twin_paths.py", "tests/test_twin_compiled.py", "tests/test_batch.py")
"""Asked about the loops that are written around rules: they run there as written, and compiled."""
LOOKING = ("tests/test_docs.py", "tests/test_frozen.py", "tests/test_retraining_specs.py")
"""Asked about lines that run once, on import: they look at constants, records, fields and
signatures without running a line of theirs."""
LIBRARIES = (
    "matplotlib.figure", "mesa", "networkx", "numba", "pandas", "pyarrow.parquet",
    "pydantic", "scipy.optimize", "scipy.stats",
)  # fmt: skip
"""What takes long to load, holds nothing of ours and is no plugin of pytest."""
QUIET = ["-q", "-p", "no:cacheprovider", "-p", "no:cov"]
LOOK = 0.05
"""Seconds between two looks at whether tests are done."""
COVERAGE = """[run]
source = sim/{package}
data_file = {data}
"""
TOLD = re.compile(r"^([\d.]+)s (?:call|setup|teardown) +(\S.*)$", re.M)
MOST = 60.0
"""Seconds that tests of one mutant may take where nothing is wrong: the quickest are asked."""
START, PATIENCE = 30.0, 4.0
"""A mutant may take this many seconds, and this many times what its tests take, before it is
given up."""


class TestsFailError(Exception):
    """The tests fail without any mistake."""


@dataclass
class Reach:
    """Which tests reach which lines of a package, and how long each takes."""

    lines: dict[str, dict[int, set[str]]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def tests(self, mutant: Mutant) -> list[str]:
        """Return the quickest tests of a mutant's line, or of its file where that is imported."""
        lines = self.lines.get(str(mutant.path), {})
        if mutant.start:
            return self.quickest(self._of(WRITTEN_AROUND))
        if not mutant.on_import and (asked := lines.get(mutant.line)):
            return self.quickest(asked)
        reaching = set().union(*lines.values()) or set(self.seconds)
        return self.quickest(reaching | self._of(LOOKING))

    def _of(self, files: tuple[str, ...]) -> set[str]:
        return {test for test in self.seconds if test.startswith(files)}

    def quickest(self, asked: set[str]) -> list[str]:
        """Return tests, the quickest first, that take a few seconds together."""
        chosen: list[str] = []
        total = 0.0
        for test in sorted(asked, key=lambda test: (self.seconds[test], test)):
            total += self.seconds[test]
            if chosen and total > MOST:
                break
            chosen.append(test)
        return chosen

    def timeout(self, tests: list[str]) -> float:
        return START + PATIENCE * sum(self.seconds[test] for test in tests)


def copy(folder: Path) -> Path:
    """Copy the checkout, so that no mistake is ever made in it."""
    return shutil.copytree(ROOT, folder / "checkout", ignore=shutil.ignore_patterns(*LEFT_OUT))


def reach(root: Path, package: str) -> Reach:
    """Run a package's tests as they are and note which lines each reaches.

    Raises
    ------
    TestsFailError
        If one of them fails.
    """
    files = sorted(
        {str(p.relative_to(root)) for g in TESTS[package] for p in root.glob(f"tests/{g}")}
    )
    data, settings = root / f".coverage-{package}", root / f".coveragerc-{package}"
    settings.write_text(COVERAGE.format(package=package, data=data))
    measured = ["--cov", f"--cov-config={settings}", "--cov-context=test", "--cov-report="]
    command = [
        sys.executable,
        "-m",
        "pytest",
        *QUIET[:-2],
        *measured,
        "--durations=0",
        "--durations-min=0",
        "-vv",
        *files,
    ]
    variables = {**os.environ, **_variables(root)}
    done = subprocess.run(
        command, cwd=root, env=variables, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise TestsFailError(done.stdout[-3000:])
    return _read(root, data, done.stdout)


def _read(root: Path, data: Path, told: str) -> Reach:
    found = Reach()
    for seconds, test in TOLD.findall(told):
        found.seconds[test] += float(seconds)
    measured = CoverageData(str(data))
    measured.read()
    for path in measured.measured_files():
        by_line = {
            line: {context.partition("|")[0] for context in contexts if context}
            for line, contexts in measured.contexts_by_lineno(path).items()
        }
        found.lines[str(Path(path).relative_to(root))] = by_line
    return found


def _variables(root: Path) -> dict[str, str]:
    cache = str(root / ".cache")
    return {"CI": "1", "DATASTRIKE_CACHE": cache, "PYTHONPATH": str(root)}  # for what tests start


def check(root: Path, known: Reach) -> None:
    """See that the tests pass without any mistake, asked in the way in which they will be.

    Raises
    ------
    TestsFailError
        If they do not.
    """
    tests = known.quickest(set(known.seconds))
    if _asked(root, tests, known.timeout(tests)) != "survived":
        raise TestsFailError("tests fail in a forked process")


def tried(root: Path, mutant: Mutant, known: Reach) -> str:
    """Put a mistake into the copy, ask the tests, take it out: killed, timeout or survived."""
    path = root / mutant.path
    source = path.read_text("utf-8")
    mutated = mutant.mutated(source)
    assert mutated is not None, "sampled mutants make a difference"
    tests = known.tests(mutant)
    path.write_text(mutated, "utf-8")
    try:
        return _asked(root, tests, known.timeout(tests))
    finally:
        path.write_text(source, "utf-8")


def _asked(root: Path, tests: list[str], timeout: float) -> str:
    """Ask tests in a process forked from this one, in which all libraries are loaded already."""
    for library in LIBRARIES:
        importlib.import_module(library)
    child = os.fork()
    if child == 0:
        _ask(root, tests)
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return "survived" if status == 0 else "killed"
        time.sleep(LOOK)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "timeout"


def _ask(root: Path, tests: list[str]) -> Never:
    """Leave with 0 if all tests pass."""
    code = 1
    try:
        os.setsid()
        os.chdir(root)
        os.environ.update(_variables(root), PYTHONDONTWRITEBYTECODE="1")
        for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
            del sys.modules[name]  # the copy's are asked
        sys.path[:] = [str(root), *(p for p in sys.path if Path(p or ".").resolve() != ROOT)]
        with open(os.devnull, "w") as nowhere:  # noqa: PTH123 (no path)
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        sys.dont_write_bytecode = True
        code = pytest.main([*QUIET, "-x", *tests])
    finally:
        os._exit(int(code))
