"""Networks on disk: one array file each, so that they can be memory-mapped and shared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.folders import new_folder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.networks.network import Network

FORMAT = 1
ARRAYS = ("indptr", "indices", "weights", "ids", "modules")
FACTS = ("sizes", "names", "notes", "directed", "complete")


def save(network: Network, folder: str | Path) -> Path:
    """Write a network into a new folder: all of it, or nothing."""
    import numpy as np

    facts = {"format": FORMAT} | {name: getattr(network, name) for name in FACTS}
    with new_folder(folder) as draft:
        (draft / "network.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
        for name in ARRAYS:
            array = getattr(network, name)
            if array is not None:
                np.save(draft / f"{name}.npy", array, allow_pickle=False)
    return Path(folder)


def load(folder: str | Path, mmap: bool) -> dict[str, Any]:
    """Return the fields of a saved network."""
    folder = Path(folder)
    try:
        facts: dict[str, Any] = json.loads((folder / "network.json").read_text(encoding="utf-8"))
        if facts.pop("format") != FORMAT:
            raise InputError(f"network: {folder} was written by another version; build it again")
        facts |= {name: tuple(facts[name]) for name in ("sizes", "names", "notes")}
        paths = {name: folder / f"{name}.npy" for name in ARRAYS}
        facts |= {name: _array(path, mmap) for name, path in paths.items() if path.exists()}
        _check(facts)
    except (OSError, LookupError, ValueError, TypeError, AttributeError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"network: {folder} holds no network that was saved") from None
    return facts


def _check(facts: dict[str, Any]) -> None:
    """Refuse arrays that belong to no network of these sizes; what links are is not read."""
    indptr, indices = facts["indptr"], facts["indices"]
    rows = 0 if facts["complete"] else sum(facts["sizes"]) + 1
    if (indptr.dtype, indices.dtype) != ("int64", "int32") or indptr.shape != (rows,):
        raise ValueError("rows")
    if indices.shape != ((int(indptr[-1]) if rows else 0),) or (rows and indptr[0] != 0):
        raise ValueError("links")


def _array(path: Path, mmap: bool) -> NDArray[np.generic]:
    """Return an array; a mapped one may be written to without a change on disk."""
    import numpy as np

    try:
        return np.asarray(np.load(path, mmap_mode="c" if mmap else None, allow_pickle=False))
    except Exception as error:  # noqa: BLE001 (whatever reading a damaged header raises)
        raise ValueError(f"{path.name}: {error}") from None
