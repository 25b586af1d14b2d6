"""What a page says of a study of leverage."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analysis.leverage import LABELS, leverage
from analysis.page import charts, live
from analysis.page.assumptions import assumptions
from analysis.page.drawing import drawn
from analysis.page.parts import Html, exact, paragraphs, section, table
from analysis.page.receipts import facts_of, made, repeat
from sim.cli.leverage_report import LeverageReport
from sim.leverage.curve import LeverageCurve
from sim.leverage.size import GroupSize
from sim.words.numbers import count, percent, whose

SHARE = 0.1
"""Share of the creators that the sentences speak of unless a smallest group was found."""


def leverage_page(curve: LeverageCurve, folder: Path, receipt: dict[str, Any]) -> Iterator[Html]:
    """Yield what there is to say of a leverage curve."""
    found = receipt["study"]["smallest_group"]
    size = GroupSize(**found) if found else None
    share = size.share if size is not None and size.reached else SHARE
    report = LeverageReport(curve, share, size, None)
    yield section("Answer", paragraphs(report.sentences, class_="lead"))
    caption = (
        f"What {whose(curve.lab)} model loses by the size of the group that acts: if the lab does "
        "nothing, and at its best response without paying for data."
    )
    yield drawn(leverage(curve), "leverage", caption)
    yield live.charts(charts.leverage(curve))
    yield _sizes(curve, report.measure)
    yield assumptions(curve.scenario)
    yield made(curve.scenario, facts_of(receipt), repeat("leverage", folder, receipt))


def _sizes(curve: LeverageCurve, measure: str) -> Html:
    heads = ("creators", "share", "none", "90 % interval", "best", "best response", "from assumed")
    rows = [
        (
            exact(curve.group["creators"][at], count(curve.group["creators"][at])),
            exact(*_share(curve.group["share_of_creators"][at])),
            exact(*_share(curve.none[measure][at])),
            " to ".join(percent(end[measure][at]) for end in (curve.low, curve.high)),
            exact(*_share(curve.best[measure][at])),
            curve.response[at].replace("_", " "),
            percent(round(float(curve.assumed[measure][at]), 2)),
        )
        for at in range(len(curve.response))
    ]
    what = LABELS[measure].removesuffix(" (%)")
    caption = (
        f"Means over replications: {what}, with response none and with the best one; the last "
        "column is the share of the squared interval that comes from assumed constants."
    )
    return section("By size of the group", table(heads, rows, caption))


def _share(value: float) -> tuple[float, str]:
    return value, percent(value)
