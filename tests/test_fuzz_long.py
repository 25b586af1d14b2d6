"""How much was tried of what users can put in, and what failed; each surface for a while.

``.venv/bin/pytest -m slow tests/test_fuzz_long.py`` prints the table.  ``DATASTRIKE_FUZZ_MINUTES``
says how long each surface is tried, half a minute unless it is stated.
"""

from __future__ import annotations

import itertools
import os
import sys

import pytest

from tests.fuzzing.__main__ import kept, line, outcome, summary
from tests.fuzzing.surfaces import surfaces

pytestmark = pytest.mark.slow

MINUTES = float(os.environ.get("DATASTRIKE_FUZZ_MINUTES", "0.5"))


def test_what_failed_before_is_counted() -> None:
    assert kept() > 20


def test_nothing_fails(capsys: pytest.CaptureFixture[str]) -> None:
    found = {name: outcome(name, MINUTES) for name in surfaces()}
    with capsys.disabled():
        sys.stdout.write(
            "\n".join(["", *itertools.starmap(line, found.items()), summary(found), ""])
        )
    assert {name: each["failed"] for name, each in found.items() if each["failed"]} == {}
    assert [name for name, each in found.items() if not each["tried"]] == []


def test_what_breaks_off_is_told() -> None:
    told = line("no-such-surface", outcome("no-such-surface", 0.01))
    assert "broke off" in told
    assert "KeyError" in told
