"""Who belongs to which community when a file says how many creators there are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sim.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

UNLABELLED = "unlabelled"
LONGEST = 64
MOST_LABELS = 2**16 - 2
"""One community is for creators without a label."""
NUMBER = re.compile(r"minus_\d")


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
    code: NDArray[np.int64], names: tuple[str, ...], declared: tuple[str, ...] | None
) -> tuple[NDArray[np.int32], tuple[int, ...], tuple[str, ...]]:
    """Group creators by label.

    Parameters
    ----------
    code : int64 (creators,)
        The place in ``names`` of the community that each creator of the file belongs to.
    names : tuple of str
        The communities' names.
    declared : tuple of str, optional
        The communities in another order, which holds when it has them all.

    Returns
    -------
    order : int32 (creators,)
        Which creator of the file comes at which number.
    sizes, names : tuple
        Of the communities.
    """
    import numpy as np

    if declared is not None and set(names) <= set(declared):
        code = np.array([declared.index(name) for name in names], dtype=np.int64)[code]
        names = declared
    order = np.argsort(code, kind="stable").astype(np.int32)
    sizes = np.bincount(code, minlength=len(names))
    return order, tuple(int(size) for size in sizes), names


def name_of(label: str) -> str:
    """Return a label as the name of a community: small letters, digits and underscores."""
    label = re.sub(r"^-(?=\d)", "minus_", label.strip().lower())
    name = re.sub(r"[^a-z0-9]+", "_", label).strip("_")
    plain = name[:1].isalpha() and not NUMBER.match(name)
    return (name if plain else f"label_{name}")[:LONGEST]


def name_labels(labels: list[str]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Name communities by labels that are all different.

    Returns
    -------
    code : int64 (labels,)
        The place of each label's name in ``names``.
    names : tuple of str
        In the order of the labels, as numbers when they all are whole ones.

    Raises
    ------
    InputError
        When there are too many, or two of them become the same name.
    """
    import numpy as np

    if len(labels) > MOST_LABELS:
        raise InputError(
            f"network: the label file has {len(labels):,} labels, and at most {MOST_LABELS:,} "
            "communities are possible; give several of them one label"
        )
    whole = all(re.fullmatch(r"[+-]?\d+", label) for label in labels)
    ordered = sorted(labels, key=int if whole else str)
    first: dict[str, str] = {}
    for label in ordered:
        earlier = first.setdefault(name_of(label), label)
        if earlier != label:
            raise InputError(
                f"network: labels {earlier!r} and {label!r} both name the community "
                f"{name_of(label)!r}; rename one of them"
            )
    place = {label: i for i, label in enumerate(ordered)}
    return np.array([place[label] for label in labels], dtype=np.int64), tuple(first)
