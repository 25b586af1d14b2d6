"""The mistakes that `do.py mutants` puts in: which there are, and which tests are asked."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("cosmic_ray")

from tests.mutants import __main__ as command
from tests.mutants.drawn import mutants, sample
from tests.mutants.trials import LOOKING, MOST, Reach

SOURCE = """from __future__ import annotations

LOOP = '''
def many(n):
    return n + 1
'''


def less(x: int | None, y: int = 0) -> bool | int:
    local: int | None = x
    return local < y


@dataclass
class Told:
    much: int | None
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    package = tmp_path / "sim" / "small"
    package.mkdir(parents=True)
    (package / "module.py").write_text(SOURCE)
    return tmp_path


def test_every_mistake_is_made_once(root: Path) -> None:
    changed = Counter(mutant.mutated(SOURCE) for mutant in mutants(root, "small"))
    assert set(changed.values()) - {changed[None]} == {1}
    made = [source for source in changed if source is not None]
    assert {"x < y" in s or "local <= y" in s or "local >= y" in s for s in made} == {True, False}
    assert any("return n - 1" in source for source in made), "in the source within the source too"
    for source in made:
        ast.parse(source)
        assert "x: int | None, y" in source, "annotations mean nothing when the program runs"
        assert "local: int | None" in source
        assert "much: int | None" in source


def test_places_are_lines_of_the_file(root: Path) -> None:
    lines = SOURCE.splitlines()
    for mutant in sample(root, "small", 99, 1):
        assert any(sign in lines[mutant.line - 1] for sign in ("+ 1", "< y", "= 0", "@dataclass"))
        assert mutant.diff(root).count("\n+") >= 1


def test_samples_are_drawn_by_their_seed(root: Path) -> None:
    one, same, other = (sample(root, "small", 4, seed) for seed in (1, 1, 2))
    assert one == same != other
    assert len({*one}) == 4


def test_the_quickest_tests_of_a_line_are_asked(root: Path) -> None:
    mutant = next(m for m in mutants(root, "small") if m.line == 11)
    known = Reach({str(mutant.path): {11: {"slow", "quick", "slower"}, 10: {"other", "quick"}}})
    known.seconds |= {"slow": 0.6 * MOST, "quick": 0.1, "slower": 0.7 * MOST, "other": 0.0}
    assert known.tests(mutant) == ["quick", "slow"]
    del known.lines[str(mutant.path)][11]
    assert known.tests(mutant) == ["other", "quick"], "all that reach the file"
    assert known.timeout(["quick", "slow"]) > 0.6 * MOST


def test_lines_that_run_on_import_are_asked_about_whoever_runs_them(root: Path) -> None:
    """Which test is the first to import a module is chance."""
    line = SOURCE.splitlines().index("@dataclass") + 1
    mutant = next(m for m in mutants(root, "small") if m.line == line)
    looking = f"{LOOKING[0]}::test"
    known = Reach({str(mutant.path): {mutant.line: {"first"}, 10: {"other"}}})
    known.seconds |= {"first": 0.2, "other": 0.1, looking: 0.3, "elsewhere": 0.0}
    assert known.tests(mutant) == ["other", "first", looking]


def test_the_score_has_wilsons_interval() -> None:
    """8 of 10: (.8 + 1.92 / 10 -+ 1.96 sqrt(.016 + .0096)) / 1.384 (Wilson 1927)."""
    told = command._score("some", Counter(killed=7, timeout=1, survived=2))
    assert told.startswith("some: 8 of 10 noticed (1 by time), 80.0 % (49.0 to 94.3); ")
