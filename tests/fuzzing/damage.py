"""Data, text and bytes changed at random."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import strategies as st

AWKWARD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 3, 0.5, -0.0, 1e-308, 1e308, 10**30, 2**31, 2**63, "", "x",
    "none", "nan", "inf", "-inf", "\0", "..", "/", "é" * 70, "2023-02-30", "9999-12-31",
    "0001-01-01", [], {}, [0], [None], [[]], {"kind": "normal"},
    {"kind": "values", "values": [1.0]},
    {"kind": ""}, {"x": 1}, {"kind": "truncated", "distribution": 1, "low": 0.0, "high": 1.0},
    {"kind": "uniform", "low": -1},
)  # fmt: skip
TOKENS = (
    b"nan", b"inf", b"-1", b"0", b"1e308", b"9" * 25, b"", b'"', b"\n", b"\0", b"\xff\xfe", b",",
    b"\t", b"x", b"#", b"{", b"]", b"1e-400", b"\r", b" ", b"True", b"null", b"\xef\xbb\xbf", b"=",
    b".",
)  # fmt: skip


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the paths of all values in plain data."""
    items: Any = ()
    if isinstance(data, dict):
        items = data.items()
    elif isinstance(data, list):
        items = enumerate(data)
    for key, value in items:
        yield (*path, key)
        yield from places(value, (*path, key))


@st.composite
def changed(draw: st.DrawFn, data: Any, most: int = 3) -> Any:
    """Return plain data with a few values replaced, removed, copied or renamed."""
    data = copy.deepcopy(data)
    for _ in range(draw(st.integers(1, most))):
        known = list(places(data))
        if not known:
            break
        if draw(st.booleans()):
            known = [path for path in known if len(path) <= 2]  # else most are details
        *way, last = draw(st.sampled_from(known))
        holder = found(data, way)
        change = draw(st.sampled_from(("replace", "replace", "replace", "remove", "copy", "swap")))
        if change == "replace":
            holder[last] = copy.deepcopy(draw(st.sampled_from(AWKWARD)))
        elif change == "remove":
            del holder[last]
        elif change == "copy" and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[last]))
        elif change == "copy":
            holder[draw(st.sampled_from(("kind", "x", "name", "é")))] = holder[last]
        else:
            holder[last] = copy.deepcopy(found(data, draw(st.sampled_from(known))))
    return data


def found(data: Any, path: Sequence[Any]) -> Any:
    """Return the value at a path."""
    for key in path:
        data = data[key]
    return data


@st.composite
def damaged(draw: st.DrawFn, content: bytes, most: int = 4) -> bytes:
    """Return bytes with a few changed, cut out, put in or copied."""
    content = bytearray(content)
    for _ in range(draw(st.integers(1, most))):
        begin = draw(st.integers(0, len(content)))
        end = min(len(content), begin + draw(st.sampled_from((0, 1, 2, 8, 64, 10**9))))
        change = draw(st.sampled_from(("token", "cut", "copy", "bytes")))
        if change == "token":
            content[begin:end] = draw(st.sampled_from(TOKENS))
        elif change == "cut":
            del content[begin:end]
        elif change == "copy":
            content[begin:begin] = content[begin : begin + 256]
        else:
            content[begin : begin + 4] = draw(st.binary(max_size=4))
    return bytes(content)


def numbers_in(text: str) -> st.SearchStrategy[str]:
    """Return text of columns with some of its cells replaced."""
    cells = st.sampled_from(
        ("nan", "inf", "-1", "0", "", "x", "1e308", "9" * 25, '"', "1e-320", "1")
    )

    @st.composite
    def replaced(draw: st.DrawFn) -> str:
        rows = [line.split(",") for line in text.splitlines()]
        for _ in range(draw(st.integers(1, 4))):
            row = draw(st.sampled_from(rows))
            if row:
                row[draw(st.integers(0, len(row) - 1))] = draw(cells)
        if draw(st.booleans()):
            rows = rows[: draw(st.integers(0, len(rows)))]
        return "\n".join(",".join(row) for row in rows)

    return replaced()
