"""Figures inside a page: as SVG, so that they print well and need no other file."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from analysis import style
from analysis.page.parts import Html, element

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAMED = re.compile(r'(\bid="|\burl\(#|href="#)')
"""Where SVG gives or uses the name of a part, which must be one in the whole page."""


@style.styled
def drawn(figure: Figure, name: str, caption: str) -> Html:
    """Return a figure with its caption; ``name`` tells its parts from those of other figures."""
    text = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(text, format="svg", metadata=nothing)
    svg = text.getvalue()
    svg = NAMED.sub(rf"\g<1>{name}-", svg[svg.index("<svg") :])
    wide = min(100, round(100 * figure.get_figwidth() / style.PAGE))
    svg = svg.replace("<svg", f'<svg role="img" style="width: {wide}%"', 1)
    return element("figure", Html(svg), element("figcaption", caption), id=name)
