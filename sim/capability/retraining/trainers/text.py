"""Trains the n-gram model: counts once, then adds and tunes at every strike."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.capability.retraining.trainers.corpus import Creator, read_creators
from sim.capability.retraining.trainers.draws import part_of, some
from sim.capability.retraining.trainers.trainer import Floats, Trainer
from sim.errors import InputError
from sim.kernels import ngram

if TYPE_CHECKING:
    from sim.capability.retraining.ngram import NGram

PARCELS = 8
TUNING_BLOCK, TUNING_EVERY = 2048, 4
TUNING_BYTES = 40_000
PRIOR_BOUNDS = (1e-2, 1e4)

Integers = NDArray[np.int64]


class NGramTrainer(Trainer):
    """Byte n-gram model of the creators' works; a strike costs additions of counts.

    Parameters
    ----------
    spec : NGram
    seed : int
    """

    unit = "bytes"
    metric = "bits per byte"
    concavity = 0.7  # measured for this model on 65 packages; range 0.6 to 0.8

    def __init__(self, spec: NGram, seed: int) -> None:
        creators = read_creators(spec, seed)
        names = tuple(dict.fromkeys(creator.community for creator in creators))
        kept, held_out = _split(creators, spec, seed)
        super().__init__(
            names,
            [creator.name for creator in kept],
            [names.index(creator.community) for creator in kept],
            [creator.size for creator in kept],
        )
        self._domain, self._tuning = _roles([names.index(c.community) for c in held_out], held_out)
        self._count(kept, held_out, spec.order)
        self._priors = np.ones(spec.order + 1)
        self._priors = self._tuned(self._totals(np.ones(len(kept))))

    def shares(self, kept: ArrayLike) -> Floats:
        nearest = map(lambda cut, q: cut[_nearest(cut, q)], self._cuts, self._valid(kept))
        return np.array([*nearest])

    def _count(self, creators: list[Creator], held_out: list[Creator], order: int) -> None:
        text, ends = _joined([work for creator in held_out for work in creator.works])
        longest = order + 1
        slots = 1 << (text.size * longest).bit_length()
        keys, children = np.full(slots, ngram.EMPTY, np.int64), np.empty(slots, np.int32)
        self._ngrams = np.full((text.size, longest), ngram.NO_NGRAM, np.int32)
        known = ngram.number_ngrams(text, ends, self._ngrams, keys, children)
        self._all = np.zeros(known, np.int32)
        self._cuts: list[Floats] = []
        self._parcels: list[list[tuple[NDArray[np.int32], NDArray[np.int32]]]] = []
        for creator in creators:
            parcels = _parcels(creator)
            sizes = np.cumsum([0, *(sum(map(len, parcel)) for parcel in parcels)])
            self._cuts.append(sizes / sizes[-1])
            self._parcels.append([])
            for parcel in parcels:
                counts = np.zeros(known, np.int32)
                ngram.count_ngrams(*_joined(parcel), longest, keys, children, counts)
                self._all += counts
                used = np.flatnonzero(counts).astype(np.int32)
                self._parcels[-1].append((used, counts[used]))

    def _totals(self, kept: Floats) -> NDArray[np.int32]:
        stay = map(_nearest, self._cuts, kept)
        most_stay = np.average(kept, weights=self.amounts) > 0.5
        total = self._all.copy() if most_stay else np.zeros_like(self._all)
        for parcels, first in zip(self._parcels, stay, strict=True):
            for numbers, counts in parcels[first:] if most_stay else parcels[:first]:
                ngram.add_counts(total, numbers, counts, -1 if most_stay else 1)
        return total

    def _tuned(self, total: NDArray[np.int32]) -> Floats:
        from scipy.optimize import minimize

        chain, slope = np.empty(self._priors.size), np.empty(self._priors.size)

        def loss(log_priors: Floats) -> tuple[float, Floats]:
            found = ngram.tuning_loss(
                self._ngrams, total, np.exp(log_priors), self._tuning, chain, slope
            )
            return float(found), slope.copy()

        bounds = [tuple(np.log(PRIOR_BOUNDS))] * self._priors.size
        best = minimize(loss, np.log(self._priors), jac=True, method="L-BFGS-B", bounds=bounds)
        return np.asarray(np.exp(best.x))

    def _train(self, kept: Floats) -> Floats:
        total = self._totals(kept)
        priors = self._tuned(total)
        bits = np.zeros(len(self.communities))
        scored = np.zeros(len(self.communities), np.int64)
        ngram.bits(self._ngrams, total, priors, self._domain, np.empty(priors.size), bits, scored)
        return np.asarray(bits / scored)


def _nearest(cut: Floats, share: float) -> int:
    return int(np.argmin(np.abs(cut - share)))


def _split(creators: list[Creator], spec: NGram, seed: int) -> tuple[list[Creator], list[Creator]]:
    """Return what is trained on and what is held out, community by community."""
    kept: list[Creator] = []
    held_out: list[Creator] = []
    for name in dict.fromkeys(creator.community for creator in creators):
        group = [creator for creator in creators if creator.community == name]
        if spec.held_out == "creators":
            out = set(some(seed, f"held out of {name}", len(group), spec.held_out_share))
            kept += [creator for i, creator in enumerate(group) if i not in out]
            unseen = [group[i] for i in sorted(out)]
        else:
            pairs = [_part(creator, spec.held_out_share) for creator in group]
            kept += [stays for stays, _ in pairs]
            unseen = [out for _, out in pairs if out.works]
        if not unseen:
            raise InputError(
                f"community {name!r} has nothing to hold out: each of its creators has one work; "
                "hold out creators instead"
            )
        held_out += [_cut(creator, spec.held_out_bytes // len(unseen)) for creator in unseen]
    return kept, held_out


def _part(creator: Creator, share: float) -> tuple[Creator, Creator]:
    """Split a creator's works, the last ``share`` of them (at least one of two) held out."""
    works = creator.works
    stays = len(works) - (part_of(len(works), share) if len(works) > 1 else 0)
    return (
        Creator(creator.name, creator.community, creator.works[:stays]),
        Creator(creator.name, creator.community, creator.works[stays:]),
    )


def _cut(creator: Creator, room: int) -> Creator:
    works: list[bytes] = []
    for work in creator.works:
        if room > 0:
            works.append(work[:room])
            room -= len(work)
    return Creator(creator.name, creator.community, tuple(works))


def _parcels(creator: Creator) -> list[list[bytes]]:
    """Return a creator's works in up to ``PARCELS`` runs of similar size."""
    sizes = np.cumsum([len(work) for work in creator.works])
    before = np.concatenate(([0], sizes[:-1]))
    runs = (before + sizes) * PARCELS // (2 * sizes[-1])
    edges = np.flatnonzero(np.diff(runs)) + 1
    bounds = [0, *edges.tolist(), len(creator.works)]
    return [list(creator.works[begin:end]) for begin, end in pairwise(bounds)]


def _joined(works: list[bytes]) -> tuple[NDArray[np.uint8], Integers]:
    ends = np.cumsum([len(work) for work in works], dtype=np.int64)
    return np.frombuffer(b"".join(works), np.uint8), ends


def _roles(communities: list[int], held_out: list[Creator]) -> tuple[Integers, Integers]:
    """Return the community of each byte that is scored (-1: not), and the bytes for tuning.

    Of every community's held-out text, each fourth block tunes the priors and is not scored.
    """
    domain = np.repeat(communities, [creator.size for creator in held_out])
    tunes = np.zeros(domain.size, np.bool_)
    for community in set(communities):
        numbers = np.flatnonzero(domain == community)
        block = max(1, min(TUNING_BLOCK, numbers.size // (2 * TUNING_EVERY)))
        tunes[numbers] = np.arange(numbers.size) // block % TUNING_EVERY == 0
    tuning = np.flatnonzero(tunes)
    return np.where(tunes, -1, domain), tuning[:: -(-tuning.size // TUNING_BYTES)]
