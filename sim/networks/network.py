"""The network itself: who hears of whom, as compressed sparse rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from sim.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    import networkx
    import numpy as np
    from numpy.typing import NDArray

WEIGHT_UNIT = 2**16
"""Weights are stored as whole numbers of 1/65536, so that sums do not depend on their order."""


@dataclass(frozen=True, eq=False)
class Network:
    """Links between creators; row *i* lists, in ascending order, those who see creator *i*.

    Creators are numbered community by community: the first ``sizes[0]`` belong to the first.

    Parameters
    ----------
    indptr : int64 (creators + 1,)
        Where each row begins in ``indices``; empty when ``complete``.
    indices : int32 (link ends,)
        Undirected links are stored both ways; no self-loops, no duplicates.
    sizes : tuple of int
        Creators in each community.
    names : tuple of str
        The communities' names, as declared or as found in a label file.
    notes : tuple of str
        Sentences about what was dealt with while the network was built.
    weights : int32 (link ends,), optional
        The weight of each link times 2**16, rounded; without them every link weighs 1.
    directed : bool
        Whether *j* in row *i* says nothing about *i* in row *j*.
    complete : bool
        Everyone sees everyone; no link is stored and the arrays are empty.
    ids : (creators,), optional
        What the creators are called in the file that the network was read from.
    modules : int64 (modules + 1,), optional
        Where each module of consecutive creators begins, and where the last ends.
    """

    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]
    sizes: tuple[int, ...]
    names: tuple[str, ...]
    notes: tuple[str, ...] = ()
    weights: NDArray[np.int32] | None = None
    directed: bool = False
    complete: bool = False
    ids: NDArray[Any] | None = None
    modules: NDArray[np.int64] | None = None

    @property
    def creators(self) -> int:
        """Number of creators."""
        return sum(self.sizes)

    @property
    def links(self) -> int:
        """Number of links; an undirected link counts once."""
        if self.complete:
            return self.creators * (self.creators - 1) // 2
        return self.indices.size if self.directed else self.indices.size // 2

    @property
    def mean_degree(self) -> float:
        """How many others a creator sees on average."""
        ends = self.links if self.directed else 2 * self.links
        return ends / self.creators if self.creators else 0.0

    @cached_property
    def degree(self) -> NDArray[np.int64]:
        """How many others each creator sees (creators,)."""
        import numpy as np

        if self.complete:
            return np.full(self.creators, self.creators - 1, dtype=np.int64)
        if self.directed:
            return np.bincount(self.indices, minlength=self.creators)
        return np.diff(self.indptr)

    @cached_property
    def row_sizes(self) -> NDArray[np.int32]:
        """How long each row is (creators,)."""
        import numpy as np

        from sim.kernels.exposure import row_sizes

        sizes = np.empty(self.creators, dtype=np.int32)
        row_sizes(self.indptr, sizes)
        return sizes

    @cached_property
    def longest_row(self) -> int:
        """How many see the creator whom most see."""
        import numpy as np

        from sim.kernels.exposure import row_sizes

        return int(row_sizes(self.indptr, np.empty(0, dtype=np.int32))) if self.creators else 0

    @cached_property
    def strength(self) -> NDArray[np.int64]:
        """The weights of all whom each creator sees, added up, times 2**16 (creators,)."""
        import numpy as np

        if self.weights is None:
            return self.degree * WEIGHT_UNIT
        total = np.bincount(self.indices, weights=self.weights, minlength=self.creators)
        return total.astype(np.int64)

    @property
    def bytes(self) -> int:
        """Memory that the stored arrays take."""
        arrays = (self.indptr, self.indices, self.weights, self.ids, self.modules)
        return sum(array.nbytes for array in arrays if array is not None)

    def neighbours(self, i: int) -> NDArray[np.int32]:
        """Return those who see creator ``i``, ascending."""
        import numpy as np

        if not 0 <= i < self.creators:
            raise IndexError(f"no creator {i} among {self.creators}")
        if self.complete:
            others = np.arange(self.creators - 1, dtype=np.int32)
            return others + (others >= i)
        return self.indices[self.indptr[i] : self.indptr[i + 1]]

    def with_isolates(self, sizes: tuple[int, ...], names: tuple[str, ...]) -> Self:
        """Return the network with further communities, after the others, that nobody sees.

        Raises
        ------
        InputError
            When everyone sees everyone.
        """
        import numpy as np

        if not sizes:
            return self
        if self.complete:
            raise InputError("network: where everyone sees everyone no community is outside it")
        indptr = np.concatenate((self.indptr, np.full(sum(sizes), self.indptr[-1])))
        return replace(self, indptr=indptr, sizes=self.sizes + sizes, names=self.names + names)

    def save(self, folder: str | Path) -> Path:
        """Write the network into a new folder, from which it can be memory-mapped.

        Raises
        ------
        InputError
            When the folder exists or cannot be written.
        """
        from sim.networks.storage import save

        return save(self, folder)

    @classmethod
    def load(cls, folder: str | Path, mmap: bool = True) -> Self:
        """Return a saved network; with ``mmap`` its arrays stay on disk until they are read.

        Raises
        ------
        InputError
            When the folder holds no network.
        """
        from sim.networks.storage import load

        return cls(**load(folder, mmap))

    @classmethod
    def from_networkx(
        cls, graph: networkx.Graph[Any], community: str | None = None, weight: str | None = None
    ) -> Self:
        """Return the network of a graph; creators come in the order of its nodes.

        Parameters
        ----------
        graph : networkx.Graph or networkx.DiGraph
            Self-loops and repeated links are dropped; in a directed graph a follows b when a
            link leads from a to b.
        community : str, optional
            Attribute of the nodes that names their community; creators are grouped by it.
        weight : str, optional
            Attribute of the links that holds their weight (1 where it is missing).

        Raises
        ------
        InputError
            When a weight is not a number above 0, or nodes lack their community.
        """
        from sim.networks.exchange import from_networkx

        return cls(**from_networkx(graph, community, weight))

    def to_networkx(self) -> networkx.Graph[Any]:
        """Return a graph of the creators' numbers, with ``community`` and ``weight`` if any."""
        from sim.networks.exchange import to_networkx

        return to_networkx(self)
