"""The live page in a real browser: it plays, obeys, says what is wrong, and keeps strangers out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser import Watched, chromium, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SETTINGS = ("--set", "communities.creators.size=2000", "--set", "seeds.count=20")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served("watts_2002", *SETTINGS) as found:
        yield found


@pytest.fixture
def view(browser: Browser, address: str) -> Iterator[Watched]:
    watched = Watched(browser)
    watched.page.goto(address)
    at(watched, 0)
    yield watched
    base = address.partition("?")[0]
    outside = [url for url in watched.asked if not url.startswith((base, "data:", "blob:"))]
    watched.page.close()
    assert outside == []
    assert watched.errors == []


def at(view: Watched, step: int) -> None:
    view.page.get_by_text(f"Step {step} of").wait_for()


def press(view: Watched, name: str) -> None:
    view.page.get_by_role("button", name=name, exact=True).click()


def steps(view: Watched, number: int) -> None:
    for step in range(1, number + 1):
        press(view, "Step")
        at(view, step)


def type_in(view: Watched, label: str, text: str) -> None:
    box = view.page.get_by_label(label, exact=True)
    box.fill(text)
    box.press("Enter")


def reset(view: Watched, told: str) -> None:
    """Press Reset once the server knows what was typed, which the page does not show."""
    view.page.wait_for_timeout(500)
    press(view, "Reset")
    view.page.get_by_text(told).first.wait_for()


def figures(view: Watched) -> list[bytes]:
    """Return the figures as they look."""
    view.page.wait_for_timeout(1500)
    images: list[Locator] = view.page.locator("img").all()
    assert len(images) >= 3
    return [image.screenshot() for image in images]


def shares(view: Watched) -> list[str]:
    worlds = view.page.get_by_text(re.compile(r"^(first|second) world: "))
    return [line.inner_text() for line in worlds.all()]


def test_plays_and_its_curves_grow(view: Watched) -> None:
    before, alike = figures(view), shares(view)
    steps(view, 2)
    assert shares(view)[0] != alike[0]
    assert shares(view)[1] == alike[1]
    press(view, "▶")
    view.page.get_by_text(re.compile(r"Step ([5-9]|\d\d+) of")).wait_for()
    press(view, "❚❚")
    after = figures(view)
    view.keep("view-played")
    assert all(one != other for one, other in zip(before, after, strict=True))


def test_a_changed_value_gives_other_curves(view: Watched) -> None:
    steps(view, 3)
    before = figures(view)
    type_in(view, "communities.creators.threshold", "0.01")
    reset(view, "communities.creators.threshold=0.01")
    at(view, 0)
    steps(view, 3)
    after = figures(view)
    view.keep("view-changed")
    assert all(one != other for one, other in zip(before, after, strict=True))


def test_reset_without_a_change_plays_the_same_again(view: Watched) -> None:
    steps(view, 2)
    before = figures(view)
    reset(view, "Step 0 of")
    assert figures(view) != before
    steps(view, 2)
    assert figures(view) == before


def test_two_settings_side_by_side(view: Watched) -> None:
    view.page.get_by_text("the same without action").click()
    view.page.get_by_role("option", name="other settings").click()
    type_in(view, "Second world: path=value; …", "communities.creators.threshold=0.01")
    reset(view, "Step 0 of")
    steps(view, 3)
    view.keep("view-two-settings")
    first, second = shares(view)
    assert first.partition(":")[2] != second.partition(":")[2]
    assert " 0 % of creators act" not in second


@pytest.mark.parametrize("typed", ["abc", "<img src=x onerror=alert(1)>", "nan"])
def test_a_bad_value_is_told_and_can_be_mended(view: Watched, typed: str) -> None:
    type_in(view, "communities.creators.threshold", typed)
    reset(view, "Nothing is played")
    view.keep("view-bad-value")
    view.page.get_by_text("communities.creators.threshold: ").wait_for()
    type_in(view, "communities.creators.threshold", "0.3")
    reset(view, "Step 0 of")
    steps(view, 1)


def test_strangers_are_refused(browser: Browser, address: str) -> None:
    base = address.partition("?")[0]
    stranger = browser.new_page()
    answer = stranger.goto(base)
    assert answer is not None
    assert answer.status == 403
    assert "datastrike view has printed" in stranger.content()
    stranger.close()


def test_another_site_cannot_talk_to_it(browser: Browser, address: str) -> None:
    context = browser.new_context()
    context.new_page().goto(address)
    place = address.partition("?")[0].partition("://")[2]
    other = context.new_page()
    other.goto("data:text/html,<p>another site</p>")
    opened = other.evaluate(
        """place => new Promise(done => {
            const socket = new WebSocket(`ws://${place}jupyter/api/kernels/a/channels?session_id=b`);
            socket.onopen = () => done(true);
            socket.onclose = () => done(false);
        })""",
        place,
    )
    assert opened is False
    context.close()


def test_a_million_creators(browser: Browser) -> None:
    with served("watts_2002", "--set", "communities.creators.size=1000000") as address:
        view = Watched(browser)
        view.page.goto(address)
        at(view, 0)
        press(view, "▶")
        view.page.get_by_text(re.compile(r"Step [3-9] of")).wait_for()
        view.keep("view-million")
        assert view.page.get_by_text("1,000,000 creators").is_visible()
        assert view.errors == []
        view.page.close()
