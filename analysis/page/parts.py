"""HTML that cannot be broken by what it shows: text is escaped unless it was built here."""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Iterable, Sequence
from hashlib import sha256
from html import escape

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""What a browser may load for the page: nothing, so that it is the same without a network."""
STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; color: #222; background: #fff;
  max-width: 56rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; line-height: 1.25; } h2 { font-size: 1.15rem; margin-top: 2rem; }
.lead { font-size: 1.1rem; } .quiet { color: #595959; font-size: .9rem; }
figure { margin: 1.5rem 0; } figure svg { width: 100%; height: auto; }
figcaption, caption { color: #595959; font-size: .9rem; text-align: left; }
time { white-space: nowrap; } .wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; margin: .8rem 0; }
th, td { border-bottom: 1px solid #ddd; padding: .25rem .6rem; text-align: left;
  vertical-align: top; overflow-wrap: break-word; }
td:last-child { overflow-wrap: anywhere; }
th { border-bottom-color: #767676; } td:has(data) { text-align: right; white-space: nowrap; }
pre { background: #f5f5f5; padding: .8rem; overflow-x: auto; font-size: .85rem; }
summary { cursor: pointer; }
.chart { width: 100%; } .chart svg { width: auto; } .vega-bind { font-size: .9rem; }
@media print {
  .screen { display: none; }
  body { font-size: 10pt; max-width: none; margin: 0; } h2 { break-after: avoid; }
  figure, tr { break-inside: avoid; } pre { white-space: pre-wrap; }
  details::details-content { content-visibility: visible; height: auto; }
}
"""


class Html(str):
    """Text that is HTML already; what is cut or joined from it counts as plain text again."""

    __slots__ = ()


def element(tag: str, *content: str, **attributes: str) -> Html:
    """Return an element; its attributes and what is plain text inside it are escaped."""
    named = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for name, value in attributes.items()
    )
    return Html(f"<{tag}{named}>{together(content)}</{tag}>")


def together(content: Iterable[str]) -> Html:
    """Return parts one after another, with plain text escaped."""
    return Html("".join(part if isinstance(part, Html) else escape(part) for part in content))


def section(head: str, *content: str) -> Html:
    """Return a section under its heading, or nothing where there is nothing to say."""
    inside = together(content)
    return element("section", element("h2", head), inside) if inside else inside


def paragraphs(lines: Iterable[str], **attributes: str) -> Html:
    """Return a paragraph for each line."""
    return together(element("p", line, **attributes) for line in lines)


def items(lines: Sequence[str]) -> Html:
    """Return a list, or nothing."""
    return element("ul", *(element("li", line) for line in lines)) if lines else Html()


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "") -> Html:
    """Return a table that scrolls by itself where the page is narrow."""
    top = element("tr", *(element("th", head, scope="col") for head in heads))
    body = (element("tr", *(element("td", cell) for cell in row)) for row in rows)
    inside = [element("thead", top), element("tbody", *body)]
    if caption:
        inside.insert(0, element("caption", caption))
    return element("div", element("table", *inside), class_="wide")


def folded(head: str, *content: str) -> Html:
    """Return what is only shown when it is asked for, and in print."""
    return element("details", element("summary", head), *content)


def exact(value: float, text: str) -> Html:
    """Return a number as people read it, with all its digits for machines."""
    return element("data", text, value=repr(float(value))) if math.isfinite(value) else _plain(text)


def document(title: str, content: Iterable[str], scripts: Sequence[str] = ()) -> Html:
    """Return a whole page that loads nothing and runs no script but those given."""
    head = [
        Html('<meta charset="utf-8">'),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{_policy(scripts)}">'),
        Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        element("title", title),
        element("style", Html(STYLE)),
    ]
    run = (Html(f"<script>{text}</script>") for text in scripts)
    body = element("body", element("main", *content), *run)
    page = element("html", element("head", *head), body, lang="en")
    return Html(f"<!DOCTYPE html>\n{page}\n")


def _policy(scripts: Sequence[str]) -> str:
    """Return what a browser may load and run: scripts are known by their digests."""
    digests = (b64encode(sha256(text.encode()).digest()).decode() for text in scripts)
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    return f"{POLICY}; script-src {allowed}" if allowed else POLICY


def _plain(text: str) -> Html:
    return Html(escape(text))
