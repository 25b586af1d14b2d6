"""What real retraining offers: creators, communities, and a loss for whatever is left."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from importlib.util import find_spec
from typing import Literal, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import InputError

Floats = NDArray[np.float64]


def one_thread() -> AbstractContextManager[object]:
    """Keep linear algebra to one thread where that can be done: same bits, no contention."""
    if find_spec("threadpoolctl") is None:
        return nullcontext()
    limits = import_module("threadpoolctl").threadpool_limits(1)
    return cast("AbstractContextManager[object]", limits)


class Trainer(ABC):
    """Trains a model on the works that creators leave to it and measures its losses.

    Parameters
    ----------
    communities : sequence of str
        Names; each is also a domain on which the model is measured.
    creators : sequence of str
        Names.
    community : int64 (creators,)
        Community of each creator.
    amounts : float64 (creators,)
        Works of each creator, in ``unit``.
    """

    unit = "works"
    metric = "loss"
    higher_is_better = False
    mode: Literal["shared", "recommender"] = "shared"
    concavity = 1.0
    """Effective data of a creator is works to this power."""

    def __init__(
        self,
        communities: Sequence[str],
        creators: Sequence[str],
        community: ArrayLike,
        amounts: ArrayLike,
    ) -> None:
        self.communities = tuple(communities)
        self.creators = tuple(creators)
        self.community: NDArray[np.int64] = np.asarray(community, dtype=np.int64)
        self.amounts: Floats = np.asarray(amounts, dtype=np.float64)
        self._full: Floats | None = None

    @abstractmethod
    def _train(self, kept: Floats) -> Floats:
        """Return the measure by community after training on the kept shares (validated)."""

    def train(self, kept: ArrayLike) -> Floats:
        """Train on what is kept and return the measure of each community's domain.

        Parameters
        ----------
        kept : bool or float64 (creators,)
            Share of each creator's works that stays in the training data.

        Returns
        -------
        float64 (communities,)
            In units of ``metric``; a score where ``higher_is_better``.

        Raises
        ------
        InputError
            The shares are not one number from 0 to 1 for each creator.
        """
        shares = self._valid(kept)
        with one_thread():
            return self._train(shares)

    def full(self) -> Floats:
        """Return the measure of each community's domain when everything stays."""
        if self._full is None:
            self._full = self.train(np.ones(len(self.creators)))
        return self._full.copy()

    def shares(self, kept: ArrayLike) -> Floats:
        """Return what is really kept of each creator, as works are withdrawn whole."""
        return self._valid(kept)

    def data(self, kept: ArrayLike) -> Floats:
        """Return the effective data left in each community; the sum is 1 when all stays."""
        whole = self.amounts**self.concavity
        left = (self.shares(kept) * self.amounts) ** self.concavity
        by_community = np.bincount(self.community, left, len(self.communities))
        return np.asarray(by_community / whole.sum())

    def _valid(self, kept: ArrayLike) -> Floats:
        shares = np.asarray(kept, dtype=np.float64)
        if shares.shape != self.amounts.shape:
            raise InputError(
                f"kept has shape {shares.shape}, but there are {len(self.creators)} creators: "
                "give one share from 0 to 1 for each"
            )
        wrong = np.flatnonzero(~((shares >= 0.0) & (shares <= 1.0)))
        if wrong.size:
            raise InputError(
                f"kept of {self.creators[wrong[0]]!r} is {shares[wrong[0]]}: "
                "give a share from 0 to 1"
            )
        return shares
