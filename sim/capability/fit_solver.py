"""How the law is fitted: robust least squares, each target inside, what they share outside.

Given the shared constants the targets do not touch one another.  So the outer search moves
only what is shared and refits every target inside (variable projection: Golub and Pereyra
1973, doi:10.1137/0710036; Kaufman 1975, doi:10.1007/BF01932995).  Errors count by soft L1 in
units of each target's ordinary error; priors are further errors of that kind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import leastsq

from sim.capability.fit_forms import (
    START_PRIOR,
    TRANSFER_PRIOR,
    Floats,
    Form,
    Own,
    Shared,
    Slopes,
    Target,
    powers,
    predict,
)

LARGE = 3.0
"""Ordinary errors from which on an error counts as an outlier."""

SIZE_WIDTH = 3.0
"""How far the logarithm of B strays from that of the losses' standard deviation."""

OWN_WIDTH = 0.7
"""How far a target's own beta and d0 stray from the shared ones, in logits and logs."""

LOGIT_PRIOR = (0.0, 2.0)
GENERALITY_PRIOR = (0.0, 1.0)


@dataclass(frozen=True, eq=False)
class Solution:
    """Constants found, and what an ordinary error of each target is."""

    form: Form
    shared: Shared
    own: tuple[Own, ...]
    scales: Floats


def solve(targets: list[Target], start: Solution, rounds: int = 30) -> Solution:
    """Return the best constants of a form, searched from a start."""
    search = _Search(targets, start)
    found = leastsq(
        search.errors,
        search.pack(start.shared),
        Dfun=search.slopes,
        maxfev=rounds,
        ftol=1e-6,
        xtol=1e-6,
        full_output=True,
    )[0]
    search.errors(found)
    return replace(start, shared=search.unpack(found), own=tuple(search.own))


def ordinary_errors(targets: list[Target], solution: Solution, errors: Floats) -> Floats:
    """Return what an ordinary error of each target is, (targets,), from ``errors``.

    1.4826 times the median absolute error, which is the standard deviation of a normal one,
    more as constants are many for the runs, and no less than 1/200 of the losses' spread.
    """
    search = _Search(targets, solution)
    constants = search.pack(solution.shared).size + sum(
        _pack(target, solution.form, own).size
        for target, own in zip(targets, solution.own, strict=True)
    )
    free = errors.size / max(errors.size - constants, 1)
    spread = np.array([target.loss.std() for target in targets])
    ordinary = 1.4826 * np.sqrt(free) * np.median(np.abs(errors), axis=0)
    return np.asarray(np.maximum(np.maximum(ordinary, 0.005 * spread), 1e-12))


class _Search:
    """The outer search; remembers the targets' constants at the last place."""

    def __init__(self, targets: list[Target], start: Solution) -> None:
        self.targets, self.form, self.first = targets, start.form, start.shared
        self.own = list(start.own)
        self.place: bytes = b""
        self.inner: list[tuple[Floats, Floats, Floats]] = []

    def pack(self, shared: Shared) -> Floats:
        values = [shared.rho]
        if self.form != "dense_own":
            values += [shared.beta, shared.start]
        if self.form in {"flat", "rank_one"}:
            values += np.atleast_1d(shared.transfer).tolist()
        return np.array(values)

    def unpack(self, values: Floats) -> Shared:
        shared = replace(self.first, rho=float(values[0]))
        if self.form != "dense_own":
            shared = replace(shared, beta=float(values[1]), start=float(values[2]))
        if self.form == "flat":
            shared = replace(shared, transfer=float(values[3]))
        elif self.form == "rank_one":
            shared = replace(shared, transfer=values[3:])
        return shared

    def errors(self, values: Floats) -> Floats:
        self._refit(values)
        return np.concatenate([*(inner[0] for inner in self.inner), self._priors(values)[0]])

    def slopes(self, values: Floats) -> Floats:
        self._refit(values)
        blocks = []
        for _, by_own, by_shared in self.inner:
            basis = np.linalg.qr(by_own)[0]
            blocks.append(by_shared - basis @ (basis.T @ by_shared))
        return np.concatenate([*blocks, self._priors(values)[1]])

    def _priors(self, values: Floats) -> tuple[Floats, Floats]:
        priors = [LOGIT_PRIOR]
        if self.form != "dense_own":
            priors += [LOGIT_PRIOR, START_PRIOR]
        rest = TRANSFER_PRIOR if self.form == "flat" else GENERALITY_PRIOR
        priors += [rest] * (values.size - len(priors))
        middle, width = np.array(priors).T
        return (values - middle) / width, np.diag(1.0 / width)

    def _refit(self, values: Floats) -> None:
        if values.tobytes() == self.place:
            return
        shared = self.unpack(values)
        power = powers(self.targets[0], shared)
        places = [_Place(target, self.form, shared, power) for target in self.targets]
        self.own = [place.fit(own) for place, own in zip(places, self.own, strict=True)]
        self.inner = [self._both(place, own) for place, own in zip(places, self.own, strict=True)]
        self.place = values.tobytes()

    def _both(self, place: _Place, own: Own) -> tuple[Floats, Floats, Floats]:
        target, slopes = place.target, place.slopes(own)
        errors, by_own = _errors(target, self.form, place.shared, own, slopes)
        columns = [slopes.rho]
        if self.form != "dense_own":
            columns += [slopes.beta, slopes.start]
        if self.form == "flat":
            columns.append(slopes.transfer.sum(axis=1))
        elif self.form == "rank_one":
            columns += list(slopes.transfer.T)
        damp = _robust((slopes.value - target.loss) / target.scale)[1] / target.scale
        by_shared = np.zeros((errors.size, len(columns)))
        by_shared[: damp.size] = damp[:, None] * np.column_stack(columns)
        return errors, by_own, by_shared


@dataclass(frozen=True, eq=False)
class _Place:
    """One target while what is shared stands still."""

    target: Target
    form: Form
    shared: Shared
    power: Floats

    def slopes(self, own: Own) -> Slopes:
        return predict(self.target, self.form, self.shared, own, self.power)

    def fit(self, own: Own) -> Own:
        seen: dict[bytes, tuple[Floats, Floats]] = {}

        def both(values: Floats) -> tuple[Floats, Floats]:
            key = values.tobytes()
            if key not in seen:
                candidate = _unpack(self.target, self.form, own, values)
                seen.clear()
                seen[key] = _errors(
                    self.target, self.form, self.shared, candidate, self.slopes(candidate)
                )
            return seen[key]

        found = leastsq(
            lambda values: both(values)[0], _pack(self.target, self.form, own),
            Dfun=lambda values: both(values)[1], maxfev=60, ftol=1e-7, full_output=True,
        )[0]  # fmt: skip
        return _unpack(self.target, self.form, own, found)


def _pack(target: Target, form: Form, own: Own) -> Floats:
    values = [own.size]
    if target.floor is None:
        values.append(own.floor)
    if target.fits_unserved:
        values.append(own.unserved)
    if form == "dense_own":
        values += [own.beta, own.start]
    if form != "flat":
        values += np.atleast_1d(own.transfer).tolist()
    return np.array(values)


def _unpack(target: Target, form: Form, own: Own, values: Floats) -> Own:
    rest = list(values)
    own = replace(own, size=rest.pop(0))
    if target.floor is None:
        own = replace(own, floor=rest.pop(0))
    if target.fits_unserved:
        own = replace(own, unserved=rest.pop(0))
    if form == "dense_own":
        own = replace(own, beta=rest.pop(0), start=rest.pop(0))
    if form == "rank_one":
        own = replace(own, transfer=rest[0])
    elif form != "flat":
        own = replace(own, transfer=np.array(rest))
    return own


def _errors(
    target: Target, form: Form, shared: Shared, own: Own, slopes: Slopes
) -> tuple[Floats, Floats]:
    """Return robust errors and priors of a target, and their derivatives by its constants."""
    columns, priors = [slopes.size], [(target.spread, SIZE_WIDTH, own.size)]
    if target.floor is None:
        columns.append(slopes.floor)
        priors.append((*target.floor_prior, own.floor))
    if target.fits_unserved:
        columns.append(slopes.unserved)
        priors.append((0.0, np.inf, own.unserved))
    if form == "dense_own":
        columns += [slopes.beta, slopes.start]
        priors += [(shared.beta, OWN_WIDTH, own.beta), (shared.start, OWN_WIDTH, own.start)]
    if form == "rank_one":
        columns.append(slopes.transfer.sum(axis=1))
        priors.append((*TRANSFER_PRIOR, float(own.transfer)))
    elif form != "flat":
        columns += list(slopes.transfer.T)
        priors += [(*TRANSFER_PRIOR, value) for value in np.asarray(own.transfer)]
    middle, width, value = np.array(priors).T
    errors, damp = _robust((slopes.value - target.loss) / target.scale)
    by_own = (damp / target.scale)[:, None] * np.column_stack(columns)
    return (
        np.concatenate([errors, (value - middle) / width]),
        np.concatenate([by_own, np.diag(1.0 / width)]),
    )


def _robust(errors: Floats) -> tuple[Floats, Floats]:
    """Return errors of which the squares add to the soft-L1 loss, and their slope.

    The loss 2 c^2 (sqrt(1 + (e / c)^2) - 1) is e^2 for small errors and grows like |e| beyond
    c = ``LARGE``.
    """
    long = np.sqrt(1.0 + (errors / LARGE) ** 2)
    factor = np.sqrt(2.0 / (long + 1.0))
    return errors * factor, 1.0 / (long * factor)
