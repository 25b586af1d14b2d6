"""Links read from a file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator

from sim.networks.base import NetworkSpec, named

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.networks.link_file import Links
    from sim.networks.network import Network

PEAK, SQUEEZED = 10, 4
"""Memory for each byte of text; bytes of text for each byte of gzip (both as measured)."""
SHOWN = 8


def _file_name(path: Any) -> str:
    name = os.fspath(path) if isinstance(path, os.PathLike) else path
    if not isinstance(name, str) or not name or "\0" in name:
        raise ValueError(f"must be the name of a file, got {name!r}")
    return name


FilePath = Annotated[str, BeforeValidator(_file_name)]


class EdgeList(NetworkSpec):
    """Links read from a file: comma, tab or space separated, plain or gzip, any ids.

    The file fixes the number of creators.  With ``labels`` each label names a community;
    without, the declared sizes are shares and creators are dealt to communities at random.
    """

    path: FilePath
    """File with two ids on each line."""

    labels: FilePath | None = None
    """File with an id and a label on each line; ids without links are isolates."""

    directed: bool = False
    """The first follows the second: only the first sees what the other does."""

    weights: bool = False
    """The third column says how much each link counts (1/65536 to 32,767, else 1 each)."""

    def build(
        self, sizes: tuple[int, ...], seed: int, names: tuple[str, ...] | None = None
    ) -> Network:
        import numpy as np

        from sim.networks.link_file import read_links
        from sim.networks.network import Network
        from sim.networks.rows import from_entries, from_links

        links = read_links(self.path, self.labels, self.weights)
        order, sizes, names, dealt = _deal(links, sizes, seed, names)
        number = np.empty_like(order)
        number[order] = np.arange(order.size, dtype=np.int32)
        sources, targets, weights = number[links.sources], number[links.targets], None
        if self.directed or self.weights:
            indptr, indices, weights = from_entries(
                order.size, sources, targets, links.weights, self.directed
            )
        else:
            indptr, indices = from_links(order.size, sources, targets)
        kept = indices.size if self.directed else indices.size // 2
        return Network(
            indptr,
            indices,
            sizes,
            names,
            notes=(*links.notes, *dealt, *_left_out(links, kept)),
            weights=weights,
            directed=self.directed,
            ids=links.ids[order],
        )

    def version(self) -> object:
        from sim.networks.link_file import file_stamp

        return tuple(file_stamp(path) for path in (self.path, self.labels) if path)

    def memory(self, creators: int) -> int:
        from sim.networks.link_file import file_stamp

        _, size = file_stamp(self.path)
        return size * PEAK * (SQUEEZED if self.path.endswith(".gz") else 1)


def _deal(
    links: Links, sizes: tuple[int, ...], seed: int, names: tuple[str, ...] | None
) -> tuple[NDArray[np.int32], tuple[int, ...], tuple[str, ...], list[str]]:
    """Return the order of the file's creators, sizes, names, and what is to be said."""
    import numpy as np

    from sim.networks.dealing import deal_at_random, deal_by_label, shares_of

    creators, declared = links.ids.size, sum(sizes)
    said = []
    if links.label is not None:
        order, sizes, names = deal_by_label(links.label, links.names, names)
        said.append(f"Communities come from the labels: {_listed(names, sizes)}.")
    elif len(sizes) > 1:
        order, sizes = deal_at_random(creators, seed), shares_of(creators, sizes)
        names = named(sizes, names)
        said.append(f"Creators were dealt to communities at random: {_listed(names, sizes)}.")
    else:
        order, sizes = np.arange(creators, dtype=np.int32), (creators,)
    if declared != creators:
        said.append(
            f"The edge list has {creators:,} creators instead of the {declared:,} declared."
        )
    return order, sizes, named(sizes, names), said


def _listed(names: tuple[str, ...], sizes: tuple[int, ...]) -> str:
    """Return communities and their sizes, the first few."""
    shown = [f"{name} {size:,}" for name, size in zip(names, sizes, strict=True)][:SHOWN]
    return ", ".join(shown) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")


def _left_out(links: Links, kept: int) -> list[str]:
    """Return what was left out of the list."""
    import numpy as np

    loops = int((links.sources == links.targets).sum())
    repeats = links.sources.size - loops - kept
    alone = np.ones(links.ids.size, dtype=bool)
    alone[links.sources] = alone[links.targets] = False
    isolates = int(alone.sum())
    said = [
        f"Links of creators to themselves, left out: {loops:,}." if loops else "",
        f"Lines that only repeat a link, or give it the other way round: {repeats:,}."
        if repeats
        else "",
        f"Creators that only the label file has, without links: {isolates:,}." if isolates else "",
    ]
    return [note for note in said if note]
