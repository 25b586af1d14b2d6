"""Which runs a sweep consists of, in which order: runs on the same network follow one another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.sweeps.points import DIGEST_BYTES, Points

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Keys = NDArray[np.bytes_]
    Places = NDArray[np.int64]

ARMS = ("action", "counterfactual")
OK = "ok"
BLOCK = 4096
"""Runs that are laid out at once."""
UNITS_PER_PART = 4
"""Networks that each part has at least, if networks are not to be divided between parts."""
KEY = np.dtype(f"S{DIGEST_BYTES + 5}")


class Run(NamedTuple):
    """One run: the number of its point, its random seed, the number of its arm."""

    point: int
    seed: int
    arm: int


class Row(NamedTuple):
    """What came of a run: ``ok`` with its outcomes, or why there are none."""

    status: str
    error: str | None
    seconds: float
    values: tuple[Any, ...]


def failed(status: str, error: str, seconds: float = 0.0) -> Row:
    """Return the row of a run that has no outcomes."""
    return Row(status, error, seconds, ())


def keys(digests: NDArray[np.void], seeds: NDArray[np.int64], arms: NDArray[np.int64]) -> Keys:
    """Return what tells runs apart, in any sweep: digest, seed and arm (runs,)."""
    parts = np.empty((len(digests), KEY.itemsize), dtype=np.uint8)
    parts[:, :DIGEST_BYTES] = np.frombuffer(digests.tobytes(), np.uint8).reshape(len(digests), -1)
    parts[:, DIGEST_BYTES:-1] = np.asarray(seeds).astype(">u4").view(np.uint8).reshape(-1, 4)
    parts[:, -1] = np.asarray(arms) + 1  # trailing zeros do not count in such strings
    return parts.view(KEY).ravel()


@dataclass(frozen=True, eq=False)
class Plan:
    """All runs of a design: every point, with every seed, in every arm.

    Parameters
    ----------
    points : Points
        What is played.
    seeds : list of int
        Random seeds, the same for every point and arm.
    arms : list of int
        Numbers in `ARMS`.
    one_network : bool
        Whether all seeds are played on the same network.
    independent : bool
        Whether every point has seeds of its own: those of the first, counted on.
    part : (int, int)
        Which part of how many this process plays; parts share no network if that can be.
    """

    points: Points
    seeds: Sequence[int]
    arms: Sequence[int] = (0,)
    one_network: bool = False
    independent: bool = False
    part: tuple[int, int] = (0, 1)

    def count(self, done: Keys) -> int:
        """Return how many runs of this part are missing; ``done`` is sorted."""
        return sum(int(missing.sum()) for _, _, missing in self._blocks(done))

    def missing(self, done: Keys) -> Iterator[Run]:
        """Yield the runs of this part that are not done; ``done`` is sorted."""
        for points, seeds, missing in self._blocks(done):
            for place, arm in np.argwhere(missing).tolist():
                yield Run(int(points[place]), int(seeds[place]), self.arms[arm])

    @property
    def all_keys(self) -> Keys:
        """What tells the runs of all parts apart, each once (runs,)."""
        blocks = [self._keys(points, seeds).ravel() for points, seeds in self._ordered()]
        return np.concatenate(blocks) if blocks else np.empty(0, KEY)

    @property
    def networks(self) -> int:
        """How many networks the runs of all parts are played on."""
        shared = int(self.points.networks.max(initial=0)) + 1
        own = len(self.points) if self.independent else shared
        return shared if self.one_network else own * len(self.seeds)

    def first_seeds(self, points: Places) -> Places:
        """Return the first seed of each point."""
        own = points if self.independent else np.zeros_like(points)
        return own * len(self.seeds) + min(self.seeds)

    def _blocks(self, done: Keys) -> Iterator[tuple[Places, Places, NDArray[np.bool_]]]:
        """Yield points and seeds (pairs,), and which arms of them are missing (pairs, arms)."""
        networks, (part, parts) = self.points.networks, self.part
        shared = networks.max(initial=0) + 1
        for points, seeds in self._ordered():
            missing = ~contained(self._keys(points, seeds), done)
            if parts > 1:
                unit = points * len(self.seeds) + seeds - self.first_seeds(points)
                if self.networks >= UNITS_PER_PART * parts and not self.independent:
                    unit = networks[points] + (0 if self.one_network else shared * seeds)
                missing &= (unit % parts == part)[:, None]
            yield points, seeds, missing

    def _ordered(self) -> Iterator[tuple[Places, Places]]:
        """Yield points and seeds (pairs,) in blocks, those on one network together."""
        first = np.arange(len(self.points)) if self.independent else self.points.distinct
        order = first[np.argsort(self.points.networks[first], kind="stable")]
        if not self.one_network:
            first, later = self.first_seeds(order), np.asarray(self.seeds) - min(self.seeds)
            yield from ((order, first + replication) for replication in later)
            return
        at_once = max(1, BLOCK // max(1, len(self.seeds)))
        for begin in range(0, order.size, at_once):
            some = np.repeat(order[begin : begin + at_once], len(self.seeds))
            later = np.tile(np.asarray(self.seeds) - min(self.seeds), some.size // len(self.seeds))
            yield some, self.first_seeds(some) + later

    def _keys(self, points: Places, seeds: Places) -> Keys:
        """Return the keys of pairs of points and seeds (pairs, arms)."""
        arms = np.asarray(self.arms)
        repeated = np.repeat(self.points.digests[points], arms.size)
        every = keys(repeated, np.repeat(seeds, arms.size), np.tile(arms, points.size))
        return every.reshape(-1, arms.size)


def contained(wanted: Keys, among: Keys) -> NDArray[np.bool_]:
    """Return which keys are among others, which are sorted."""
    if not among.size:
        return np.zeros(wanted.shape, dtype=bool)
    places = np.searchsorted(among, wanted).clip(max=among.size - 1)
    same: NDArray[np.bool_] = among[places] == wanted
    return same
