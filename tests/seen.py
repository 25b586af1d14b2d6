"""What holds of every figure: nothing sticks out or lies over anything else that is to be read."""

from __future__ import annotations

from io import BytesIO
from itertools import combinations

from matplotlib.figure import Figure
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

TOUCHING = 0.5
"""Pixels that rounding may make texts or boxes overlap by."""


def fits(figure: Figure) -> None:
    """Fail if anything is cut off, a legend lies over data, or two numbers over each other."""
    figure.savefig(BytesIO())
    nothing_sticks_out(figure)
    no_legend_hides_data(figure)
    no_texts_overlap(figure)


def nothing_sticks_out(figure: Figure) -> None:
    page = figure.get_window_extent()
    parts = [*figure.axes, *figure.texts, *figure.legends]
    for part in parts:
        extent = part.get_tightbbox() if part in figure.axes else part.get_window_extent()
        inside = page.x0 <= extent.x0 and extent.x1 <= page.x1 + TOUCHING
        assert inside, f"{part} is cut at a side: {extent}"
        assert page.y0 <= extent.y0, f"{part} is cut below: {extent}"
        assert extent.y1 <= page.y1 + TOUCHING, f"{part} is cut above: {extent}"


def no_legend_hides_data(figure: Figure) -> None:
    legends = [*figure.legends, *filter(None, (axes.get_legend() for axes in figure.axes))]
    for legend in legends:
        box = legend.get_window_extent()
        for axes in figure.axes:
            assert not overlap(box, axes.get_window_extent()), f"a legend lies over {axes}"
        for other in legends:
            assert other is legend or not overlap(box, other.get_window_extent())
        for text in figure.texts:
            assert not overlap(box, text.get_window_extent()), f"a legend lies over {text}"


def no_texts_overlap(figure: Figure) -> None:
    """Of the numbers beside data, and of the labels along each axis."""
    titles = [text for axes in figure.axes for text in (axes.title, axes._left_title)]
    _apart([text.get_window_extent() for text in titles if text.get_text()], "titles")
    for axes in figure.axes:
        told = [text for text in axes.texts if isinstance(text, Annotation) and text.get_visible()]
        for ticks in (axes.get_xticklabels(), axes.get_yticklabels()):
            _apart([tick.get_window_extent() for tick in ticks if tick.get_text()], str(axes))
        _apart([Bbox(Annotation.get_window_extent(text)) for text in told], str(axes))


def overlap(one: Bbox, other: Bbox) -> bool:
    both = Bbox.intersection(one, other)
    return both is not None and min(both.width, both.height) > TOUCHING


def _apart(boxes: list[Bbox], where: str) -> None:
    for one, other in combinations(boxes, 2):
        assert not overlap(one, other), f"texts overlap in {where}: {one}, {other}"
