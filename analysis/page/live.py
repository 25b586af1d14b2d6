"""Charts that answer to the pointer, inside a page that loads nothing.

The scripts that draw them (Vega-Lite: Satyanarayan et al. 2017, doi:10.1109/TVCG.2016.2599030) are
in the page itself; its policy names them by their digests, so that a browser runs no other.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import json
from typing import TYPE_CHECKING, Any

from analysis import style
from analysis.page.parts import Html, element, paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable

    import altair as alt

    Chart = tuple[str, alt.LayerChart | alt.Chart]

MODULES = ("altair", "vl_convert")
"""What the extra ``report`` installs."""
HINT = "Charts to point at come with an extra: pip install 'datastrike[report]'."
FIRST = "Point at curves for their numbers; drag and scroll to look closer, double-click to reset."
LIVE = '<figure class="live">'
HEIGHT = 260
DRAW = """
for (const chart of document.querySelectorAll(".chart")) {
  const spec = JSON.parse(chart.nextElementSibling.textContent);
  vegaEmbed(chart, spec, {actions: false, ast: true, renderer: "svg"});
}
"""
CONFIG: dict[str, Any] = {
    "font": "system-ui, sans-serif",
    "axis": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"},
    "legend": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "orient": "bottom",
        "labelLimit": 300,
        "symbolOpacity": 1.0,
    },
    "range": {"category": list(style.CYCLE)},
    "view": {"stroke": None},
}


def charts(shown: Iterable[Chart]) -> Html:
    """Return charts, each with its caption, or how to get them where the extra is missing."""
    if missing():
        return paragraphs([HINT], class_="quiet screen")
    found = [_placed(caption, chart) for caption, chart in shown]
    if not found:
        return Html()
    head = (element("h2", "Look closer"), paragraphs([FIRST], class_="quiet"))
    return element("section", *head, *found, class_="screen")


def missing() -> bool:
    """Return whether the extra is not installed."""
    return any(importlib.util.find_spec(name) is None for name in MODULES)


def scripts(content: Iterable[str]) -> tuple[str, ...]:
    """Return the scripts that draw a page's charts, if it has any."""
    return (_bundle(), DRAW) if any(LIVE in part for part in content) else ()


@functools.cache
def _bundle() -> str:
    altair, convert = map(importlib.import_module, MODULES)
    major, minor, _ = altair.SCHEMA_VERSION.removeprefix("v").split(".")
    text: str = convert.javascript_bundle(vl_version=f"{major}.{minor}")
    assert "</script" not in text
    return text


def _placed(caption: str, chart: Any) -> Html:
    drawn = chart.properties(width="container", height=HEIGHT, config=CONFIG).to_dict()
    spec = json.dumps(drawn, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    return element(
        "figure",
        element("div", "Drawn by a script, which this browser does not run.", class_="chart"),
        Html(f'<script type="application/json">{spec}</script>'),
        element("figcaption", caption),
        class_="live",
    )
