"""Links read from a file."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.networks.base import END, POINTER, NetworkSpec, check_ends, named

if TYPE_CHECKING:
    import numpy as np
    import pyarrow
    from numpy.typing import NDArray

    from sim.networks.network import Network

BYTES_PER_LINE, SQUEEZED = 10, 4


@dataclass(frozen=True, eq=False)
class Links:
    """The links of a file between positions in ``ids``, which are sorted and all different."""

    ids: NDArray[Any]
    sources: NDArray[np.int32]
    targets: NDArray[np.int32]
    labels: NDArray[Any] | None
    notes: tuple[str, ...]


class EdgeList(NetworkSpec):
    """Links read from a file: comma, tab or space separated, plain or gzip, any ids.

    The file fixes the number of creators.  With ``labels`` each label names a community;
    without, the declared sizes are shares and creators are dealt to communities at random.
    """

    path: str
    """File with two ids on each line."""

    labels: str | None = None
    """File with an id and a label on each line; ids without links are isolates."""

    def build(
        self, sizes: tuple[int, ...], seed: int, names: tuple[str, ...] | None = None
    ) -> Network:
        import numpy as np

        from sim.networks.dealing import deal_at_random, deal_by_label, shares_of
        from sim.networks.network import Network
        from sim.networks.rows import from_links

        links = self._read()
        creators = links.ids.size
        notes = list(links.notes)
        if links.labels is not None:
            order, sizes, names = deal_by_label(links.labels, names)
        elif len(sizes) > 1:
            sizes = shares_of(creators, sizes)
            order = deal_at_random(creators, seed)
            dealt = ", ".join(f"{n} {s:,}" for n, s in zip(named(sizes, names), sizes, strict=True))
            notes.append(f"creators were dealt to communities at random, by share: {dealt}")
        else:
            order, sizes = np.arange(creators, dtype=np.int32), (creators,)
        number = np.empty(creators, dtype=np.int32)
        number[order] = np.arange(creators, dtype=np.int32)
        rows = from_links(creators, number[links.sources], number[links.targets])
        notes += _count(links, rows[1].size // 2)
        return Network(*rows, sizes, named(sizes, names), notes=tuple(notes), ids=links.ids[order])

    def memory(self, creators: int) -> int:
        _, size = _stamp(self.path)
        size *= SQUEEZED if self.path.endswith(".gz") else 1
        return size + size // BYTES_PER_LINE * (2 * POINTER + 6 * END)

    def _read(self) -> Links:
        stamps = tuple(_stamp(path) for path in (self.path, self.labels) if path)
        return _read(self.path, self.labels, stamps)


def _stamp(path: str) -> tuple[int, int]:
    try:
        status = Path(path).stat()
    except OSError:
        return (0, 0)
    return status.st_mtime_ns, status.st_size


@functools.lru_cache(maxsize=4)
def _read(path: str, labels: str | None, stamps: tuple[tuple[int, int], ...]) -> Links:
    """Return the links of a file; read once as long as the files do not change."""
    from sim.networks.text_file import TextFile

    file = TextFile(path, "edge list", "two ids", ("id", "id"))
    (sources, targets), more = file.columns()
    notes = [f"edge list {path}: further columns were not used"] if more else []
    columns = [sources, targets]
    if labels is not None:
        table = TextFile(labels, "label file", "an id and a label", ("id", "text"))
        (labelled, texts), _ = table.columns()
        columns.append(labelled)
    ids, (first, second, *rest) = _numbered(columns)
    check_ends(ids.size, 2.0 * first.size)
    found = None
    if labels is not None:
        found, more_notes = _label(rest[0], texts, ids, labels)
        notes += more_notes
    return Links(ids, first, second, found, tuple(notes))


def _numbered(
    columns: list[pyarrow.Array[Any]],
) -> tuple[NDArray[Any], list[NDArray[np.int32]]]:
    """Return all the different ids, sorted, and each column as positions among them."""
    import numpy as np
    import pyarrow

    if any(column.type == pyarrow.string() for column in columns):
        columns = [column.cast(pyarrow.string()) for column in columns]
    coded = pyarrow.chunked_array(columns).combine_chunks().dictionary_encode()
    ids = coded.dictionary.to_numpy(zero_copy_only=False)
    ids = ids.astype(np.str_) if ids.dtype == object else ids
    order = np.argsort(ids, kind="stable")
    place = np.empty(ids.size, dtype=np.int32)
    place[order] = np.arange(ids.size, dtype=np.int32)
    codes = place[coded.indices.to_numpy()]
    return ids[order], np.split(codes, np.cumsum([len(column) for column in columns])[:-1])


def _label(
    who: NDArray[np.int32], texts: pyarrow.Array[Any], ids: NDArray[Any], path: str
) -> tuple[NDArray[Any], list[str]]:
    """Return the name of each creator's community, and notes."""
    import numpy as np

    from sim.networks.dealing import UNLABELLED, names_of

    coded = texts.dictionary_encode()
    names = np.array([*names_of(coded.dictionary.to_pylist(), path), UNLABELLED])
    label = np.full(ids.size, names.size - 1, dtype=np.int64)
    label[who] = coded.indices.to_numpy()
    twice = np.flatnonzero(label[who] != coded.indices.to_numpy())
    if twice.size:
        raise InputError(
            f"network: label file {path} gives two labels to {ids[who[twice[0]]]}; keep one"
        )
    missing = int((label == names.size - 1).sum())
    note = f"{missing:,} creators without a label form the community {UNLABELLED}"
    return names[label], [note] if missing else []


def _count(links: Links, kept: int) -> list[str]:
    """Return what was left out of the list."""
    import numpy as np

    loops = int((links.sources == links.targets).sum())
    repeats = links.sources.size - loops - kept
    alone = links.ids.size - int(np.union1d(links.sources, links.targets).size)
    said = [
        f"{loops:,} links of creators to themselves were left out" if loops else "",
        f"{repeats:,} lines repeat a link or give it in the other direction" if repeats else "",
        f"{alone:,} creators occur only in the label file and have no links" if alone else "",
    ]
    return [note for note in said if note]
