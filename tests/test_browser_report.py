"""Reports in a real browser: every figure is seen, nothing is loaded, and they can be printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import sim
from analysis.page import live
from sim.cli import DONE, main
from sim.loading.overrides import override
from tests.browser import SCREENSHOTS, Watched, chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def campaign(folder: Path) -> set[str]:
    scenario = sim.load_scenario("bigcode_opt_out").replace(steps=60)
    sim.compare(scenario, replications=2).save(folder)
    return {"campaign", "communities", "tactics", "order", "participants", "capability"}


def leverage(folder: Path) -> set[str]:
    from sim.leverage.saving import save_curve

    save_curve(sim.leverage_curve(sim.load_scenario("data_strikes_2019"), replications=1), folder)
    return {"leverage"}


def surface(folder: Path) -> set[str]:
    vary = {"network.mean_degree": [1, 4, 8], "communities.creators.threshold": [0.1, 0.2]}
    scenario = override(sim.load_scenario("watts_2002"), {"communities.creators.size": 300})
    sim.sweep(scenario, vary, out=folder, workers=1, outcomes=["adoption.final"])
    return {"map-1"}


CHARTS = {campaign: 2, leverage: 1, surface: 1}
"""Charts that answer to the pointer in each page."""


def _points_out(view: Watched, charts: int) -> None:
    """Charts are drawn, tell numbers where they are pointed at, and are left out of print."""
    if live.missing():
        assert view.page.get_by_text(live.HINT).is_visible()
        return
    drawn = view.page.locator("figure.live .chart svg")
    drawn.nth(charts - 1).wait_for()
    assert drawn.count() == charts
    for chart in drawn.all():
        assert chart.locator("path").count() > 10
    mark = drawn.first.locator(".mark-symbol.role-mark path, .mark-rect.role-mark path").last
    mark.hover(force=True)
    told = view.page.locator("#vg-tooltip-element")
    told.wait_for()
    assert re.search(r"\d", told.inner_text())
    view.page.mouse.move(0, 0)
    view.page.emulate_media(media="print")
    assert not drawn.first.is_visible()
    assert view.page.locator("figure[id]").first.is_visible()
    view.page.emulate_media(media="screen")


@pytest.mark.parametrize("study", [campaign, leverage, surface])
def test_shows_every_figure_and_loads_nothing(browser: Browser, tmp_path: Path, study) -> None:
    expected = study(tmp_path / "study")
    assert main(["report", str(tmp_path / "study")]) == DONE
    view = Watched(browser)
    address = (tmp_path / "study" / "report.html").as_uri()
    view.page.context.set_offline(True)
    view.page.goto(address)
    seen = {str(each.get_attribute("id")): each for each in view.page.locator("figure[id]").all()}
    assert set(seen) == expected
    for each in seen.values():
        box = each.locator("svg").bounding_box()
        assert box is not None
        assert box["width"] > 300
        assert box["height"] > 80
        assert each.locator("svg path").count() > 20
        assert len(each.locator("svg").screenshot()) > 5_000  # a blank one packs into less
    _points_out(view, CHARTS[study])
    view.keep(f"report-{study.__name__}")
    assert view.errors == []
    assert view.asked == [address]
    printed = view.page.pdf(path=SCREENSHOTS / f"report-{study.__name__}.pdf")
    assert printed.startswith(b"%PDF")
    view.page.close()
