"""Columns of a text file that somebody else wrote: found out, read fast, blamed by line."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.folders import unpacked

if TYPE_CHECKING:
    import pyarrow

COMMENT = ("#", "%")
WHOLE = re.compile(r"[+-]?\d+")
HEADERS = frozenset(
    "id id1 id2 id_1 id_2 source target from to src dst node node1 node2 node_1 node_2 user "
    "user_id follower followee label community weight name".split()
)
LONE_RETURN = re.compile(rb"\r(?!\n)")
UNREADABLE = "\ufffd"
SNIFFED = 65536
SHOWN = 40


@dataclass(frozen=True)
class Layout:
    """How a file is laid out, as its first lines show it."""

    delimiter: str
    width: int
    header: bool
    whole: bool
    """Ids are whole numbers, not text."""


@dataclass(frozen=True)
class TextFile:
    """A text file of columns: plain or gzip; parted by commas, semicolons, tabs or spaces.

    Blank lines, lines that begin with # or %, and one header line are skipped.

    Parameters
    ----------
    path : str
        The file.
    what, expected : str
        For messages: what the file is and what each line holds ("edge list", "two ids").
    kinds : tuple of str
        What the columns hold, of which there may be more: "id", "text" or "number".  Ids are
        whole numbers on every line, or text.
    """

    path: str
    what: str
    expected: str
    kinds: tuple[str, ...]

    def columns(self) -> tuple[list[pyarrow.Array[Any]], tuple[str, ...]]:
        """Return the columns, and notes on what was left out: a header, further columns.

        Raises
        ------
        InputError
            Names the file and, where there is one, the line that cannot be used.
        """
        data = self._load()
        layout = self._layout(data)
        columns = self._parsed(data, layout)
        if not len(columns[0]):
            raise self._error(f"is empty; expected {self.expected} on each line")
        if any(_has_gaps(column) for column in columns):
            self._blame(data, layout)
        if any(_has(column, "\n") for column in columns):
            raise self._error("has a quotation mark that is not closed on its line")
        return columns, tuple(self._left_out(data, layout))

    def _left_out(self, data: bytes, layout: Layout) -> Iterator[str]:
        if layout.header:
            shown = self._shown(next(_lines(data, layout.delimiter))[1], layout.delimiter)
            yield f"The first line of the {self.what}, {shown!r}, was taken for a header."
        if layout.width > len(self.kinds):
            yield f"The {self.what} has further columns, which were not used."

    def _parsed(self, data: bytes, layout: Layout) -> list[pyarrow.Array[Any]]:
        import pyarrow

        try:
            return self._parse(data, layout)
        except pyarrow.ArrowInvalid as error:
            self._blame(data, layout)
            if not layout.whole:
                raise self._error(f"cannot be read: {error}") from None
        return self._parsed(data, replace(layout, whole=False))

    def refuse(self, place: int) -> InputError:
        """Return the error for the line that holds entry ``place`` (from 0)."""
        data = self._load()
        layout = self._layout(data)
        line, fields = next(islice(_lines(data, layout.delimiter), place + layout.header, None))
        return self._wrong(line, fields, layout.delimiter)

    def _load(self) -> bytes:
        try:
            data = unpacked(Path(self.path).read_bytes())
        except FileNotFoundError:
            raise self._error("does not exist") from None
        except OSError as error:
            raise self._error(f"cannot be read: {error.strerror}") from None
        except ValueError as error:
            raise self._error(str(error)) from None
        if b"\0" in data[:SNIFFED]:
            raise self._error(f"is not a text file; expected {self.expected} on each line")
        if LONE_RETURN.search(data):
            data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return data.removeprefix(b"\xef\xbb\xbf")

    def _layout(self, data: bytes) -> Layout:
        first = next(_lines(data, " "), None)
        if first is None:
            raise self._error(f"is empty; expected {self.expected} on each line")
        text = " ".join(first[1])
        delimiter = next((part for part in ",;" if part in text), " ")
        if delimiter == " " and b"\t" in data[:SNIFFED].splitlines()[first[0] - 1].strip():
            delimiter = "\t"
        lines = list(islice(_lines(data, delimiter), 2))
        fields = lines[0][1]
        if len(fields) < len(self.kinds):
            raise self._wrong(*lines[0], delimiter)
        whole = [self._ids_whole(line) for _, line in lines]
        header = not whole[0] and (whole[-1] or {field.lower() for field in fields} <= HEADERS)
        if header and len(lines[-1][1]) != len(fields):
            raise self._wrong(*lines[0], delimiter)
        return Layout(delimiter, len(fields), header, whole[-1] if header else whole[0])

    def _ids_whole(self, fields: list[str]) -> bool:
        ids = [field for kind, field in zip(self.kinds, fields, strict=False) if kind == "id"]
        return all(WHOLE.fullmatch(field) for field in ids)

    def _parse(self, data: bytes, layout: Layout) -> list[pyarrow.Array[Any]]:
        import pyarrow
        from pyarrow import compute
        from pyarrow import csv as reader

        names = [str(column) for column in range(layout.width)]
        types = {
            "id": pyarrow.int64() if layout.whole else pyarrow.string(),
            "text": pyarrow.string(),
            "number": pyarrow.float64(),
        }
        needed = {name: types[kind] for name, kind in zip(names, self.kinds, strict=False)}
        table = reader.read_csv(
            pyarrow.BufferReader(_regular(data, layout.delimiter)),
            reader.ReadOptions(column_names=names, skip_rows=int(layout.header)),
            reader.ParseOptions(delimiter=layout.delimiter),
            reader.ConvertOptions(
                column_types=needed, include_columns=list(needed), null_values=[]
            ),
        )
        columns = [column.combine_chunks() for column in table.columns]
        return [
            compute.utf8_trim_whitespace(column) if column.type == pyarrow.string() else column
            for column in columns
        ]

    def _blame(self, data: bytes, layout: Layout) -> None:
        for line, fields in islice(_lines(data, layout.delimiter), int(layout.header), None):
            good = len(fields) == layout.width and all(fields[: len(self.kinds)])
            good = good and not any(UNREADABLE in field for field in fields)
            good = good and (self._ids_whole(fields) or not layout.whole)
            for kind, field in zip(self.kinds, fields, strict=False):
                good = good and (kind != "number" or _is_number(field))
            if not good:
                raise self._wrong(line, fields, layout.delimiter)

    def _wrong(self, line: int, fields: list[str], delimiter: str) -> InputError:
        shown = self._shown(fields, delimiter)
        return self._error(f"line {line}: expected {self.expected}, got {shown!r}", ", ")

    def _shown(self, fields: list[str], delimiter: str) -> str:
        text = delimiter.join(fields)
        return text if len(text) <= SHOWN else text[:SHOWN] + "..."

    def _error(self, problem: str, join: str = " ") -> InputError:
        return InputError(f"network: {self.what} {self.path}{join}{problem}")


def _lines(data: bytes, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the fields of each line that is neither blank nor a comment."""
    for number, line in enumerate(BytesIO(data), start=1):
        text = line.decode("utf-8", errors="replace").strip()
        if text and not text.startswith(COMMENT):
            if delimiter == " ":
                yield number, text.split()
            else:
                yield number, _parted(text, delimiter)


def _parted(text: str, delimiter: str) -> list[str]:
    try:
        return [field.strip() for field in next(csv.reader([text], delimiter=delimiter))]
    except csv.Error:  # longer than any id
        return [text]


def _regular(data: bytes, delimiter: str) -> bytes:
    """Return the text without comments, and with single spaces where these part columns."""
    if any(sign.encode() in data for sign in COMMENT):
        data = re.sub(rb"(?m)^[ \t]*[#%][^\n]*(?:\n|\Z)", b"", data)
    if delimiter == " ":
        data = data.replace(b"\t", b" ")
        if b"  " in data or b"\n " in data or data.startswith(b" ") or re.search(rb" \r?\n", data):
            data = re.sub(rb"(?m)^ +| +(?=\r?$)| +(?= )", b"", data)
    return data


def _has_gaps(column: pyarrow.Array[Any]) -> bool:
    import pyarrow
    from pyarrow import compute

    if column.type != pyarrow.string():
        return False
    return bool(compute.any(compute.equal(column, "")).as_py())


def _has(column: pyarrow.Array[Any], sign: str) -> bool:
    import pyarrow
    from pyarrow import compute

    if column.type != pyarrow.string():
        return False
    return bool(compute.any(compute.match_substring(column, sign)).as_py())


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
