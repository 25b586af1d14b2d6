"""What every scenario of the library has: a question, sources, evidence, a sweep that plays."""

from __future__ import annotations

import importlib
import re
from types import ModuleType

import pytest

from sim.cli import DONE, main
from sim.loading.overrides import override, values
from sim.loading.scripts import library

SCRIPTS = [importlib.import_module(f"scenarios.{name}") for name in library()]
every_script = pytest.mark.parametrize("script", SCRIPTS, ids=list(library()))


def swept(script: ModuleType) -> dict[str, list[object]]:
    """Return the values of each path that the script's own sweep varies one by one."""
    vary = getattr(script, "SWEEP", {}).get("vary", {})
    return {path: each for path, each in vary.items() if isinstance(each, list)}


@every_script
def test_says_what_it_asks_expects_and_rests_on(script: ModuleType) -> None:
    about = script.SCENARIO.about
    assert script.SCENARIO.name == script.__name__.removeprefix("scenarios.")
    assert about.title
    assert about.question.endswith("?")
    assert about.finding.endswith(".")
    assert about.evidence or about.observed
    assert script.__doc__


@every_script
def test_says_of_existing_values_where_they_come_from(script: ModuleType) -> None:
    known = [f"{path}." for path in (*values(script.SCENARIO), "about.observed.0")]
    for each in script.SCENARIO.about.evidence:
        assert any(path.startswith(f"{each.path}.") for path in known), each.path


@every_script
def test_shows_and_cites_what_stands_behind_its_values(
    script: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", script.SCENARIO.name]) == DONE
    shown = capsys.readouterr().out
    for each in script.SCENARIO.about.evidence:
        if each.source:
            assert re.search(rf"\b{each.mark}\)?: {re.escape(each.source)}", shown)
    assert main(["cite", script.SCENARIO.name]) == DONE
    assert "@" in capsys.readouterr().out


@every_script
def test_its_sweep_can_be_played(script: ModuleType) -> None:
    for path, choices in swept(script).items():
        for value in choices:
            override(script.SCENARIO, {path: value})


def test_most_have_a_sweep() -> None:
    assert sum(bool(swept(script)) for script in SCRIPTS) > len(SCRIPTS) / 2
