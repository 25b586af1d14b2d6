"""Who belongs to which community when a file says how many creators there are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sim.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

UNLABELLED = "unlabelled"


def shares_of(creators: int, sizes: tuple[int, ...]) -> tuple[int, ...]:
    """Return sizes in the given proportions that add up to ``creators`` (largest remainder)."""
    total = sum(sizes)
    if total == 0:
        return (creators,) + (0,) * (len(sizes) - 1) if sizes else ()
    floors = [creators * size // total for size in sizes]
    rest = sorted(range(len(sizes)), key=lambda c: (-(creators * sizes[c] % total), c))
    for c in rest[: creators - sum(floors)]:
        floors[c] += 1
    return tuple(floors)


def deal_at_random(creators: int, seed: int) -> NDArray[np.int32]:
    """Return a random order of the creators: which one of the file comes at which number."""
    import numpy as np

    from sim.kernels.graph_stubs import shuffle
    from sim.purposes import NETWORK

    order = np.arange(creators, dtype=np.int32)
    shuffle(order, seed, NETWORK)
    return order


def deal_by_label(
    labels: NDArray[Any], declared: tuple[str, ...] | None
) -> tuple[NDArray[np.int32], tuple[int, ...], tuple[str, ...]]:
    """Group creators by label.

    Parameters
    ----------
    labels : text (creators,)
        The community that each creator of the file belongs to.
    declared : tuple of str, optional
        The communities' order, when it has all the labels; otherwise they come by name.

    Returns
    -------
    order : int32 (creators,)
        Which creator of the file comes at which number.
    sizes, names : tuple
        Of the communities.
    """
    import numpy as np

    found, code = np.unique(labels, return_inverse=True)
    known = declared is not None and set(found) <= set(declared)
    names = declared if declared is not None and known else tuple(str(name) for name in found)
    place = np.array([names.index(name) for name in found], dtype=np.int32)[code]
    order = np.argsort(place, kind="stable").astype(np.int32)
    sizes = np.bincount(place, minlength=len(names))
    return order, tuple(int(size) for size in sizes), names


def name_of(label: str) -> str:
    """Return a label as the name of a community: small letters, digits and underscores."""
    name = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")
    return name if name[:1].isalpha() else f"label_{name}"


def names_of(labels: list[str], path: str) -> list[str]:
    """Return the names of different labels; refuse two labels that become the same name."""
    names: dict[str, str] = {}
    for label in labels:
        name = name_of(label)
        if name in names:
            raise InputError(
                f"network: labels {names[name]!r} and {label!r} in {path} both name the "
                f"community {name!r}; rename one of them"
            )
        names[name] = label
    return list(names)
