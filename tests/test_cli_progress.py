"""The bar on the terminal, on a clock that the tests move."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest

from sim.cli import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    now = SimpleNamespace(seconds=100.0)
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: now.seconds))
    return now


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    screen = Terminal()
    monkeypatch.setattr(progress, "sys", SimpleNamespace(stderr=screen))
    return screen


def task(shown: progress._Bar):
    (only,) = shown._progress.tasks
    return only


def test_is_for_terminals_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "sys", SimpleNamespace(stderr=io.StringIO()))
    with progress.bar("playing", many=True) as tell:
        assert tell is None


def test_gives_the_bars_own_function_and_takes_it_away(terminal: Terminal) -> None:
    with progress.bar("playing", many=True) as tell:
        shown = tell.__self__
        tell(3, 12)
        assert not shown._progress.finished
        assert shown._progress.live.is_started
    assert not shown._progress.live.is_started


class TestOneRun:
    def test_shows_nothing_of_what_is_over_at_once(self, terminal, clock) -> None:
        shown = progress._Bar("playing", many=False)
        clock.seconds += 0.9 * progress.PATIENCE
        shown.tell(9, 10)
        assert shown._progress is None
        shown.close()

    def test_shows_what_takes_long(self, terminal, clock) -> None:
        shown = progress._Bar("playing", many=False)
        clock.seconds += progress.PATIENCE
        shown.tell(4, 10)
        assert (task(shown).completed, task(shown).total) == (4, 10)
        shown.close()


class TestManyRuns:
    def test_tells_how_many_a_second(self, terminal, clock) -> None:
        shown = progress._Bar("playing", many=True)
        assert task(shown).fields["rate"] == "?"
        clock.seconds += 2.0
        shown.tell(3000, 9000)
        assert task(shown).fields["rate"] == "1,500"
        shown.close()

    def test_looks_now_and_then_and_at_the_end(self, terminal, clock) -> None:
        shown = progress._Bar("playing", many=True)
        for after, done, seen in ((0.1, 1, 0), (0.15, 2, 2), (0.1, 3, 2), (0.0, 9, 9)):
            clock.seconds += after
            shown.tell(done, 9)
            assert task(shown).completed == seen
        shown.close()
