"""The network itself: who hears of whom, as compressed sparse rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Network:
    """Links between creators; row *i* lists, in ascending order, those who see creator *i*.

    Creators are numbered community by community: the first ``sizes[0]`` belong to the first.

    Parameters
    ----------
    indptr : int64 (creators + 1,)
        Where each row begins in ``indices``.
    indices : int32 (link ends,)
        Undirected links are stored both ways; no self-loops, no duplicates.
    sizes : tuple of int
        Creators in each community.
    names : tuple of str
        The communities' names, as declared or as found in a label file.
    """

    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]
    sizes: tuple[int, ...]
    names: tuple[str, ...]
