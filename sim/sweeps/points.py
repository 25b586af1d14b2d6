"""The points of a sweep: changes to a scenario, checked, with the digest of what they make."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.loading.overrides import override
from sim.sweeps.axes import cell

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.scenario import Scenario

    Digests = NDArray[np.void]

DIGEST_BYTES = 16
"""Of the 32 of a scenario's digest, which is enough to tell any number of scenarios apart."""
SHOWN = 5
STRUCTURE = ("size", "name")
"""Fields of a community that its network depends on."""


class Points:
    """Scenarios that differ from a base by values at some paths.

    Parameters
    ----------
    columns : dict of str to list
        Plain values by path, one for each point.
    digests : list of str
        Digest of the scenario at each point, hexadecimal.
    """

    def __init__(self, columns: Mapping[str, Sequence[Any]], digests: Sequence[str]) -> None:
        self.columns = {path: _compact(cells) for path, cells in columns.items()}
        self.digests = np.array([bytes.fromhex(d)[:DIGEST_BYTES] for d in digests], dtype="V16")

    def __len__(self) -> int:
        return len(self.digests)

    def changes(self, point: int) -> dict[str, Any]:
        """Return the changes that make a point of the base scenario."""
        return {path: _plain(cells[point]) for path, cells in self.columns.items()}

    def hexadecimals(self) -> list[str]:
        """Return the points' digests as text."""
        text, size = self.digests.tobytes().hex(), 2 * DIGEST_BYTES
        return [text[begin : begin + size] for begin in range(0, len(text), size)]

    @property
    def networks(self) -> NDArray[np.int64]:
        """Number of the network that each point is played on (points,), apart from its seed."""
        structure = [cells for path, cells in self.columns.items() if _shapes_network(path)]
        if not structure:
            return np.zeros(len(self), dtype=np.int64)
        met: dict[str, int] = {}
        rows = zip(*structure, strict=True)
        keys = (json.dumps([_plain(value) for value in row]) for row in rows)
        return np.array([met.setdefault(key, len(met)) for key in keys], dtype=np.int64)

    @property
    def distinct(self) -> NDArray[np.int64]:
        """The first point of each scenario, in order; others only repeat one of these."""
        return np.sort(np.unique(self.digests, return_index=True)[1])


def resolve(scenario: Scenario, stated: Sequence[Mapping[str, Any]]) -> Points:
    """Return the points, every one checked against the scenario before any is played.

    Raises
    ------
    InputError
        One line for each unknown path, or each value that cannot be; of many, the first few.
    """
    plain = [{path: cell(value) for path, value in point.items()} for point in stated]
    digests, wrong = [], []
    for point in plain:
        try:
            digests.append(override(scenario, point).digest)
        except InputError as error:
            wrong += [line for line in str(error).splitlines() if line not in wrong]
            if len(wrong) > SHOWN:
                wrong[SHOWN:] = ["and more like these"]
                break
    if wrong:
        raise InputError("\n".join(wrong))
    return Points({path: [point[path] for point in plain] for path in plain[0]}, digests)


def _compact(cells: Sequence[Any]) -> Any:
    """Keep numbers as an array, anything else as it is."""
    cells = [_plain(value) for value in cells]
    kinds = {type(value) for value in cells}
    if kinds == {float}:
        return np.array(cells, dtype=np.float64)
    return np.array(cells, dtype=np.int64) if kinds == {int} else cells


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _shapes_network(path: str) -> bool:
    first, _, rest = path.partition(".")
    if first == "communities":
        return not rest or "." not in rest or rest.rpartition(".")[2] in STRUCTURE
    return first in ("network", "network_seed")
