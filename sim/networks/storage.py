"""Networks on disk: one array file each, so that they can be memory-mapped and shared."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError

if TYPE_CHECKING:
    from sim.networks.network import Network

FORMAT = 1
ARRAYS = ("indptr", "indices", "weights", "ids", "modules")
FACTS = ("sizes", "names", "notes", "directed", "complete")


def save(network: Network, folder: str | Path) -> Path:
    """Write a network into a new folder: all of it, or nothing."""
    import numpy as np

    folder = Path(folder)
    if folder.exists():
        raise InputError(f"network: {folder} exists; choose a new folder")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            for name in ARRAYS:
                array = getattr(network, name)
                if array is not None:
                    with (draft / f"{name}.npy").open("wb") as file:
                        np.save(file, array, allow_pickle=False)
                        os.fsync(file.fileno())
            facts = {"format": FORMAT} | {name: getattr(network, name) for name in FACTS}
            (draft / "network.json").write_text(json.dumps(facts, indent=1) + "\n")
            draft.chmod(0o755)
            draft.rename(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise InputError(f"network: {folder} cannot be written: {error.strerror}") from None
    return folder


def load(folder: str | Path, mmap: bool) -> dict[str, Any]:
    """Return the fields of a saved network."""
    import numpy as np

    folder = Path(folder)
    try:
        facts: dict[str, Any] = json.loads((folder / "network.json").read_text())
        if facts.pop("format") != FORMAT:
            raise InputError(f"network: {folder} was written by another version; build it again")
        facts |= {name: tuple(facts[name]) for name in ("sizes", "names", "notes")}
        arrays = {
            name: np.load(path, mmap_mode="r" if mmap else None, allow_pickle=False)
            for name in ARRAYS
            if (path := folder / f"{name}.npy").exists()
        }
    except (OSError, KeyError, ValueError, TypeError, AttributeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"network: {folder} holds no network that was saved") from None
    return facts | arrays
