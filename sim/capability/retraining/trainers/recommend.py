"""Trains EASE or item neighbours on what people leave, and ranks items for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.capability.retraining.trainers.draws import places, some
from sim.capability.retraining.trainers.ratings import DIGITS, communities, read_ratings
from sim.capability.retraining.trainers.trainer import Floats, Trainer
from sim.errors import InputError

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from sim.capability.retraining.recommender import Recommender

TOP = 10
HIDDEN = 0.5
"""Share of a held-out person's likes that is to be guessed from the others."""

Booleans = NDArray[np.bool_]


class RecommenderTrainer(Trainer):
    """Recommender of what people leave of their ratings; the score is NDCG@10.

    Where strikers are no longer served, a community's score is ``(1 - s) f + s f0``: *s* is
    the share that its people withdraw, *f* the model's score, *f0* that of the same popular
    items for everybody.

    Parameters
    ----------
    spec : Recommender
    seed : int
    """

    unit = "liked items"
    metric = "NDCG@10"
    higher_is_better = True

    def __init__(self, spec: Recommender, seed: int) -> None:
        ratings = read_ratings(spec)
        names, group = communities(spec, ratings)
        everybody = np.arange(len(ratings.users))
        if spec.held_out == "users":
            judges = _judges(group, names, spec.held_out_share, seed)
            creators = np.setdiff1d(everybody, judges)
            learnt = ratings.liked[creators]
            shown, hidden = _halves(ratings.liked[judges], HIDDEN, seed)
        else:
            judges, creators = everybody, everybody
            shown, hidden = _halves(ratings.liked, spec.held_out_share, seed)
            learnt = shown
        popular = np.argsort(-_column_sums(learnt), kind="stable")
        self._learnt, self._shown = learnt[:, popular], shown[:, popular]
        self._hidden = hidden[:, popular].toarray() > 0
        self._judge_group = group[judges]
        self._owner = _owner(self._learnt)
        self._place = places(seed, "withdrawn", self._owner)
        self._spec = spec
        self.mode = "shared" if spec.serves_strikers else "recommender"
        super().__init__(
            names, [ratings.users[i] for i in creators], group[creators], _row_sums(learnt)
        )
        self._popular = self._gains(np.zeros(self._hidden.shape))

    def shares(self, kept: ArrayLike) -> Floats:
        return np.asarray(_row_sums(self._left(self._valid(kept))) / self.amounts)

    def _left(self, kept: Floats) -> csr_matrix:
        left = self._learnt.copy()
        left.data = (self._place <= kept[self._owner]).astype(np.float64)
        left.eliminate_zeros()
        return left

    def _train(self, kept: Floats) -> Floats:
        left = self._left(kept)
        known = self._shown if self._spec.held_out == "users" else left
        together = (left.T @ left).toarray()
        if self._spec.method == "ease":
            links = ease(together, self._spec.regularisation)
        else:
            links = item_neighbours(together, self._spec.neighbours)
        gains = self._gains(known @ links)
        if not self._spec.serves_strikers:
            served = self._served(kept)
            gains = served * gains + (1.0 - served) * self._popular
        return self._by_community(gains)

    def _served(self, kept: Floats) -> Floats:
        """Return the share of what each judge is recommended that still comes from the model."""
        if self._spec.held_out == "items":
            return kept
        count = len(self.communities)
        members = np.bincount(self.community, minlength=count)
        return np.asarray((np.bincount(self.community, kept, count) / members)[self._judge_group])

    def _by_community(self, gains: Floats) -> Floats:
        count = len(self.communities)
        judges = np.bincount(self._judge_group, minlength=count)
        return np.asarray(np.bincount(self._judge_group, gains, count) / judges)

    def _gains(self, scores: Floats) -> Floats:
        """Return NDCG@10 of each judge; ties go to the more popular item."""
        scores = np.round(scores, DIGITS)
        scores[self._shown.nonzero()] = -np.inf
        best = np.argsort(-scores, axis=1, kind="stable")[:, :TOP]
        hits = np.take_along_axis(self._hidden, best, axis=1)
        worth = 1.0 / np.log2(np.arange(2, best.shape[1] + 2))
        most = np.minimum(self._hidden.sum(axis=1), best.shape[1])
        return np.asarray(hits @ worth / np.cumsum(worth)[most - 1])


def ease(together: Floats, regularisation: float) -> Floats:
    """Return EASE's links between items (Steck 2019, doi:10.1145/3308558.3313710, eq. 8).

    Parameters
    ----------
    together : float64 (items, items)
        How many people like both items; on the diagonal, how many like the item.
    regularisation : float
        Strength of the ridge penalty, in people.
    """
    inverse = np.linalg.inv(together + regularisation * np.eye(len(together)))
    links = -inverse / np.diag(inverse)
    np.fill_diagonal(links, 0.0)
    return np.asarray(links)


def item_neighbours(together: Floats, neighbours: int) -> Floats:
    """Return each item's cosine to its nearest items, 0 elsewhere (Sarwar et al. 2001).

    Parameters
    ----------
    together : float64 (items, items)
        How many people like both items; on the diagonal, how many like the item.
    neighbours : int
        How many items count, and those that are equally near.
    """
    length = np.sqrt(np.maximum(np.diag(together), 1.0))
    cosine = np.round(together / np.outer(length, length), DIGITS)
    np.fill_diagonal(cosine, 0.0)
    if neighbours < len(cosine):
        least = -np.partition(-cosine, neighbours - 1, axis=0)[neighbours - 1]
        cosine[cosine < least] = 0.0
    return np.asarray(cosine)


def _judges(
    group: NDArray[np.int64], names: list[str], share: float, seed: int
) -> NDArray[np.int64]:
    """Return the numbers of the people held out, some of every community."""
    out = []
    for i, name in enumerate(names):
        members = np.flatnonzero(group == i)
        if members.size < 2:
            raise InputError(
                f"community {name!r} has one person who likes enough items: merge it with another"
            )
        out.append(members[some(seed, f"held out of {name}", members.size, share)])
    return np.sort(np.concatenate(out))


def _halves(liked: csr_matrix, share: float, seed: int) -> tuple[csr_matrix, csr_matrix]:
    """Split each person's likes into shown and hidden, at least one of each."""
    place = places(seed, "hidden", _owner(liked))
    one = np.repeat(1.0 / np.diff(liked.indptr), np.diff(liked.indptr))
    is_hidden = place >= np.maximum(np.minimum(1.0 - share, 1.0 - 0.5 * one), one)
    shown, hidden = liked.copy(), liked.copy()
    shown.data, hidden.data = (~is_hidden).astype(np.float64), is_hidden.astype(np.float64)
    shown.eliminate_zeros()
    hidden.eliminate_zeros()
    return shown, hidden


def _owner(liked: csr_matrix) -> NDArray[np.int64]:
    """Return whose each like is."""
    return np.repeat(np.arange(liked.shape[0]), np.diff(liked.indptr))


def _row_sums(liked: csr_matrix) -> Floats:
    return np.asarray(liked.sum(axis=1)).ravel()


def _column_sums(liked: csr_matrix) -> Floats:
    return np.asarray(liked.sum(axis=0)).ravel()
