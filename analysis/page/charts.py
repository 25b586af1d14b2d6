"""What the charts of a page show: the numbers behind its figures, one by one.

Each has its data in it, as rows of plain numbers; what is not finite is left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis import spread, style
from analysis.capability import trained
from analysis.communities import EVERYBODY, shown
from analysis.leverage import LABELS
from sim.words.numbers import whose

if TYPE_CHECKING:
    import altair as alt

    from analysis.page.live import Chart
    from sim.leverage.curve import LeverageCurve
    from sim.result import Result
    from sim.runs.comparison import Comparison

    Row = dict[str, Any]

MOST_TIMES = 300
"""Times at the most, so that a page stays small; the last is always among them."""
MOST_LINES = 20
"""Replications up to which each has a line of its own."""
SERIES = {"adoption": "ever acted", "participation": "acting then"}
NEAR, SEEN = 12, 7
"""Pixels across of what is pointed at: of points that lie unseen on lines, and of others."""


def participation(results: Sequence[Result]) -> Iterator[Chart]:
    """Yield who acts over time: the middle, its band, and each replication if they are few."""
    import altair as alt

    columns = shown(results[0])
    choice = alt.selection_point(
        fields=["community"], value=EVERYBODY, name="community",
        bind=alt.binding_select(options=list(columns), name="Community: "),
    )  # fmt: skip
    rows = [row for name, at in columns.items() for row in _shares(results, name, at)]
    base = alt.Chart().transform_filter(choice)
    colours = alt.Scale(domain=list(SERIES.values()), range=[style.BLUE, style.GREEN])
    base = base.encode(
        x=alt.X("date:T", title="date", axis=_dates()),
        color=alt.Color("what:N", title=None, scale=colours),
    )
    area = base.mark_area(opacity=0.2).encode(y="low:Q", y2="high:Q")
    told = [("date:T", "date"), ("what:N", "what"), ("middle:Q", "median (%)"),
            ("low:Q", "from (%)"), ("high:Q", "to (%)")]  # fmt: skip
    line = base.mark_line().encode(y=alt.Y("middle:Q", title="creators (%)"))
    layers = [area, line, _pointed(base, "middle:Q", told)]
    if 1 < len(results) <= MOST_LINES:
        layers.insert(1, _each(results, columns, choice))
    chart = alt.layer(*layers, data=alt.Data(values=rows)).add_params(choice).interactive()
    held = spread.told(len(results))
    yield f"Shares of creators by date: median, and {held}; each replication is a thin line.", chart


def losses(comparison: Comparison) -> Iterator[Chart]:
    """Yield the loss of each lab's models by training round, with and without the action."""
    import altair as alt

    rows = [row for lab in trained(comparison) for row in _rounds(comparison, lab)]
    if not rows:
        return
    labs = list(dict.fromkeys(row["lab"] for row in rows))
    choice = alt.selection_point(
        fields=["lab"], value=labs[0], name="lab",
        bind=alt.binding_select(options=labs, name="Lab: "),
    )  # fmt: skip
    base = alt.Chart().transform_filter(choice)
    base = base.encode(
        x=alt.X("date:T", title="data freeze", axis=_dates()),
        y=alt.Y("loss:Q", title="increase of the loss (%)"),
        color=alt.Color("domain:N", title=None),
    )
    told = [("date:T", "data freeze"), ("domain:N", "domain"), ("world:N", "world"),
            ("loss:Q", "median (%)"), ("low:Q", "from (%)"), ("high:Q", "to (%)")]  # fmt: skip
    line = base.mark_line().encode(strokeDash=alt.StrokeDash("world:N", title=None))
    chart = (
        alt.layer(line, _pointed(base, "loss:Q", told, 1.0), data=alt.Data(values=rows))
        .add_params(choice)
        .interactive()
    )
    held = spread.told(len(comparison.action))
    yield f"Loss of each model beside full participation at the start: median, and {held}.", chart


def leverage(curve: LeverageCurve) -> Iterator[Chart]:
    """Yield what a model loses by the size of the group, with the lab's best response."""
    import altair as alt

    (measure,) = curve.low
    rows = [
        {
            "share": 100.0 * float(curve.group["share_of_creators"][at]),
            "creators": float(curve.group["creators"][at]),
            "what": what,
            "response": response,
            **_finite(
                value=100.0 * values[measure][at],
                low=100.0 * curve.low[measure][at],
                high=100.0 * curve.high[measure][at],
            ),
        }
        for at in range(len(curve.response))
        for what, values, response in (
            ("lab does nothing", curve.none, "none"),
            ("lab's best response without paying", curve.best, curve.response[at]),
        )
    ]
    base = alt.Chart().encode(
        x=alt.X("share:Q", title="creators who act (% of all)"),
        y=alt.Y("value:Q", title=LABELS[measure]),
        color=alt.Color("what:N", title=None),
    )
    told = [("creators:Q", "creators"), ("share:Q", "share (%)"), ("value:Q", LABELS[measure]),
            ("response:N", "response"), ("low:Q", "90 % from, response none"),
            ("high:Q", "90 % to, response none")]  # fmt: skip
    known = alt.Data(values=[row for row in rows if "value" in row])
    chart = alt.layer(base.mark_line(), _pointed(base, "value:Q", told), data=known).interactive()
    yield f"What {whose(curve.lab)} model loses by the size of the group, point by point.", chart


def response(found: Any, outcome: str, x: str, by: str | None) -> alt.LayerChart | alt.Chart:
    """Return an outcome along one parameter, or over two numbers (`surfaces.surface`)."""
    import altair as alt

    names = {"mean": "value", "q00": "least", "q100": "most", x: "x", **({by: "by"} if by else {})}
    table = found.rename(columns=names)[[*names.values(), "runs"]]
    rows = [_plain(row) for row in table.to_dict("records")]
    base, data = alt.Chart().encode(x=alt.X("x:Q", title=x)), alt.Data(values=rows)
    told = [("x:Q", x), *([("by", by)] if by else []), ("value:Q", f"mean {outcome}"),
            ("least:Q", "lowest"), ("most:Q", "highest"), ("runs:Q", "replications")]  # fmt: skip
    numbers = bool(by) and all(isinstance(row["by"], (int, float)) for row in rows)
    told = [(n if n != "by" else f"by:{'Q' if numbers else 'N'}", t) for n, t in told]
    if numbers:
        shade = alt.Color("value:Q", title=outcome, scale=alt.Scale(scheme="cividis"))
        up = alt.Y("by:O", title=by, sort="descending")
        cells = base.mark_rect().encode(x=alt.X("x:O", title=x), y=up)
        return cells.encode(color=shade, tooltip=_tooltip(told)).properties(data=data)
    if by:
        base = base.encode(color=alt.Color("by:N", title=by))
    area = base.mark_area(opacity=0.2).encode(y="least:Q", y2="most:Q")
    line = base.mark_line().encode(y=alt.Y("value:Q", title=outcome))
    return alt.layer(area, line, _pointed(base, "value:Q", told, 1.0), data=data).interactive()


def _shares(results: Sequence[Result], name: str, column: int) -> Iterator[Row]:
    """Yield the spread of a community's shares at each time."""
    times = _times(results[0])
    dates = [str(results[0].scenario.date_of(int(step))) for step in times]
    for what, told in SERIES.items():
        values = 100.0 * np.array([getattr(each, what)[times, column] for each in results])
        low, high = spread.outer(values)
        rows = zip(dates, np.median(values, axis=0), low, high, strict=True)
        for when, *numbers in rows:
            found = dict(zip(("middle", "low", "high"), map(_short, numbers), strict=True))
            yield {"community": name, "what": told, "date": when, **found}


def _each(results: Sequence[Result], columns: dict[str, int], choice: Any) -> alt.Chart:
    """Return a thin line for each replication."""
    import altair as alt

    times = _times(results[0])
    dates = [str(results[0].scenario.date_of(int(step))) for step in times]
    rows = [
        {"community": name, "what": told, "date": when, "seed": run.seed, "share": _short(share)}
        for name, at in columns.items()
        for what, told in SERIES.items()
        for run in results
        for when, share in zip(dates, 100.0 * getattr(run, what)[times, at], strict=True)
    ]
    told = [("date:T", "date"), ("seed:N", "seed"), ("share:Q", "share (%)"), ("what:N", "what")]
    line = alt.Chart(alt.Data(values=rows)).transform_filter(choice)
    return line.mark_line(strokeWidth=0.7, opacity=0.5).encode(
        x="date:T", y="share:Q", color="what:N", detail="seed:N", tooltip=_tooltip(told)
    )


def _rounds(comparison: Comparison, lab: str) -> Iterator[Row]:
    """Yield a lab's losses by domain, training round and world."""
    dates = [str(comparison.scenario.date_of(int(step))) for step in comparison.rounds(lab)]
    for name in shown(comparison.action[0]):
        measure = "loss" if name == EVERYBODY else f"loss.{name}"
        arms = comparison.measured(lab, measure)
        for world, values in zip(("with action", "without"), arms, strict=True):
            found = 100.0 * (values - 1.0)
            rows = zip(dates, np.median(found, axis=0), *spread.outer(found), strict=True)
            for when, middle, low, high in rows:
                numbers = _finite(loss=middle, low=low, high=high)
                domain = "overall" if name == EVERYBODY else name
                if "loss" in numbers:
                    yield {"lab": lab, "domain": domain, "world": world, "date": when, **numbers}


def _pointed(base: Any, y: str, told: Sequence[tuple[str, str]], shown: float = 0.0) -> alt.Chart:
    """Return points that show their numbers where they are pointed at, seen or unseen."""
    points: alt.Chart = base.mark_point(
        size=SEEN**2 if shown else NEAR**2, opacity=shown, filled=True
    ).encode(y=y, tooltip=_tooltip(told))
    return points


def _dates() -> Any:
    import altair as alt

    return alt.Axis(format="%-d %b %Y", labelOverlap="greedy", tickCount=6)


def _tooltip(told: Sequence[tuple[str, str]]) -> list[Any]:
    import altair as alt

    forms = {"Q": {"format": ",.4~g"}, "T": {"format": "%-d %b %Y"}}
    return [alt.Tooltip(n, title=title, **forms.get(n[-1], {})) for n, title in told]


def _times(result: Result) -> np.ndarray:
    steps = result.scenario.steps
    return np.unique(np.linspace(0, steps, min(steps + 1, MOST_TIMES)).round().astype(int))


def _short(number: float) -> float:
    """Return a number with the digits that a chart can show."""
    return float(f"{number:.6g}")


def _finite(**numbers: float) -> Row:
    return {name: _short(value) for name, value in numbers.items() if math.isfinite(value)}


def _plain(row: Row) -> Row:
    """Return numpy's numbers as Python's, and what is not finite as nothing."""
    plain = {n: v.item() if hasattr(v, "item") else v for n, v in row.items()}
    return {
        n: None if isinstance(v, float) and not math.isfinite(v) else v for n, v in plain.items()
    }
