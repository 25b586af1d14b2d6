"""Links and labels as files give them, numbered but not yet dealt to communities."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.networks.base import check_ends
from sim.networks.dealing import UNLABELLED, name_labels
from sim.networks.network import WEIGHT_UNIT
from sim.networks.text_file import TextFile

if TYPE_CHECKING:
    import numpy as np
    import pyarrow
    from numpy.typing import NDArray

    Places = NDArray[np.int32]

SPARSE = 4
"""Ids up to so many times their number apart are looked up in a table."""


@dataclass(frozen=True, eq=False)
class Links:
    """The links of a file, between places in ``ids``, which are sorted and all different.

    Parameters
    ----------
    ids : (creators,)
        Whole numbers or text.
    sources, targets : int32 (links,)
        As the file has them, repetitions and loops included.
    weights : int32 (links,), optional
        Weights times 2**16.
    label : int64 (creators,), optional
        The place in ``names`` of each creator's community.
    names : tuple of str
        The communities that the label file names.
    notes : tuple of str
        What was dealt with.
    """

    ids: NDArray[Any]
    sources: Places
    targets: Places
    weights: Places | None
    label: NDArray[np.int64] | None
    names: tuple[str, ...]
    notes: tuple[str, ...]


def read_links(path: str, labels: str | None, weighted: bool) -> Links:
    """Return the links of a file; it is read once as long as it does not change.

    Raises
    ------
    InputError
        Names the file and, where there is one, the line that cannot be used.
    """
    stamps = tuple(file_stamp(name) for name in (path, labels) if name)
    return _read(path, labels, weighted, stamps)


def file_stamp(path: str) -> tuple[int, int]:
    """Return when a file was changed and its bytes; (0, 0) when there is none."""
    try:
        status = Path(path).stat()
    except OSError:
        return (0, 0)
    return status.st_mtime_ns, status.st_size


@functools.lru_cache(maxsize=4)
def _read(
    path: str, labels: str | None, weighted: bool, stamps: tuple[tuple[int, int], ...]
) -> Links:
    columns, weights, notes = _read_list(path, weighted)
    if labels is None:
        ids, (sources, targets) = _number(columns)
        check_ends(ids.size, 2.0 * sources.size)
        return Links(ids, sources, targets, weights, None, (), notes)
    table = TextFile(labels, "label file", "an id and a label", ("id", "text"))
    (labelled, texts), more = table.columns()
    ids, (sources, targets, who) = _number([*columns, labelled])
    check_ends(ids.size, 2.0 * sources.size)
    label, names = _label(who, texts, ids, labels)
    notes = (*notes, *more)
    missing = label < 0
    if missing.any():
        names = names if UNLABELLED in names else (*names, UNLABELLED)
        label[missing] = names.index(UNLABELLED)
        number = int(missing.sum())
        notes = (*notes, f"Creators without a label, in community {UNLABELLED}: {number:,}.")
    return Links(ids, sources, targets, weights, label, names, notes)


def _read_list(
    path: str, weighted: bool
) -> tuple[list[pyarrow.Array[Any]], Places | None, tuple[str, ...]]:
    """Return the columns of ids, the weights, and notes."""
    import numpy as np

    expected = "two ids and a weight above 0" if weighted else "two ids"
    kinds = ("id", "id", "number") if weighted else ("id", "id")
    file = TextFile(path, "edge list", expected, kinds)
    columns, notes = file.columns()
    if not weighted:
        return columns, None, notes
    given = columns.pop().to_numpy(zero_copy_only=False)
    units = np.rint(given * WEIGHT_UNIT)
    wrong = np.flatnonzero(~((units >= 1) & (units < 2**31)))
    if wrong.size:
        raise file.refuse(int(wrong[0]))
    return columns, units.astype(np.int32), notes


def _number(columns: list[pyarrow.Array[Any]]) -> tuple[NDArray[Any], list[Places]]:
    """Return all the different ids, sorted, and each column as places among them."""
    import numpy as np
    import pyarrow

    ends = np.cumsum([len(column) for column in columns])
    if any(column.type == pyarrow.string() for column in columns):
        columns = [column.cast(pyarrow.string()) for column in columns]
    together = pyarrow.chunked_array(columns).combine_chunks()
    if together.type != pyarrow.string():
        numbers = together.to_numpy()
        least, span = int(numbers.min()), int(numbers.max()) - int(numbers.min()) + 1
        if span <= SPARSE * numbers.size:
            seen = np.zeros(span, dtype=bool)
            seen[numbers - least] = True
            place = np.cumsum(seen, dtype=np.int32) - np.int32(1)
            return np.flatnonzero(seen) + least, np.split(place[numbers - least], ends[:-1])
    coded = together.dictionary_encode()
    ids = coded.dictionary.to_numpy(zero_copy_only=False)
    ids = ids.astype(np.str_) if ids.dtype == object else ids
    order = np.argsort(ids, kind="stable")
    place = np.empty(ids.size, dtype=np.int32)
    place[order] = np.arange(ids.size, dtype=np.int32)
    return ids[order], np.split(place[coded.indices.to_numpy()], ends[:-1])


def _label(
    who: Places, texts: pyarrow.Array[Any], ids: NDArray[Any], path: str
) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Return the place of each creator's community among the names, and the names.

    Creators without a label have place -1.
    """
    import numpy as np

    coded = texts.dictionary_encode()
    place, names = name_labels(coded.dictionary.to_pylist())
    code = place[coded.indices.to_numpy()]
    label = np.full(ids.size, -1, dtype=np.int64)
    label[who] = code
    twice = np.flatnonzero(label[who] != code)
    if twice.size:
        raise InputError(
            f"network: label file {path} gives two labels to {ids[who[twice[0]]]}; keep one"
        )
    return label, names
