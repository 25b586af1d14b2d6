"""Runs to fit: checked, scaled, grouped by mixture, split into folds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.capability.fit_forms import Floats, Target
from sim.errors import InputError
from sim.kernels.philox import fill_uniform
from sim.purposes import BOOTSTRAP

Mode = Literal["shared", "recommender"]
Own = Sequence[int | str | None]


@dataclass(frozen=True, eq=False)
class Problem:
    """Checked runs; losses are turned so that lower is better, data are in units of ``unit``."""

    data: Floats
    losses: Floats
    own: tuple[int | None, ...]
    names: tuple[str, ...]
    targets: tuple[str, ...]
    mode: Mode
    ceiling: float | None
    """Where higher is better: the score that counts as loss 0."""
    unit: float
    floor: tuple[float | None, ...]
    floor_prior: tuple[float, float]
    unserved: float | None
    groups: NDArray[np.intp]
    """Number of each run's mixture."""

    def shown(self, losses: Floats) -> Floats:
        """Return losses as the user gave them: scores where higher is better."""
        return losses if self.ceiling is None else self.ceiling - losses

    def target_list(self, scales: Floats, data: Floats | None = None) -> list[Target]:
        """Return each target's runs, or those of other ``data`` (same unit) without losses."""
        known = data is None
        data = self.data if data is None else data
        logs = np.log(np.where(data > 0.0, data, 1.0))
        middle, width = self.floor_prior
        lowest = self.losses.min(axis=0)
        return [
            Target(
                data=data,
                log_data=logs,
                loss=self.losses[:, i] if known else np.zeros(len(data)),
                own=self.own[i],
                served=self._served(data, self.own[i]),
                scale=float(scales[i]),
                floor=self.floor[i],
                floor_prior=(middle * lowest[i], width * abs(lowest[i]) + 1e-12),
                spread=float(np.log(self.losses[:, i].std() + 1e-12)),
                unserved=self.unserved,
            )
            for i in range(len(self.own))
        ]

    def _served(self, data: Floats, own: int | None) -> Floats:
        if self.mode == "shared":
            return np.ones(len(data))
        if own is None:
            now, full = data.sum(axis=1), self.data.sum(axis=1).max()
        else:
            now, full = data[:, own], self.data[:, own].max()
        served: Floats = np.minimum(now / full, 1.0)
        return served

    def folds(self, count: int | None, seed: int) -> NDArray[np.intp]:
        """Return each run's fold; runs of one mixture share it."""
        mixtures = int(self.groups.max()) + 1
        count = count or (mixtures if mixtures <= 30 else 10 if mixtures <= 100 else 5)
        draws = uniforms(mixtures, seed, 0)
        fold = np.empty(mixtures, dtype=np.intp)
        fold[np.argsort(draws, kind="stable")] = np.arange(mixtures) % min(count, mixtures)
        return fold[self.groups]


def uniforms(count: int, seed: int, step: int) -> Floats:
    """Return keyed draws in [0, 1) for resampling."""
    room = count + -count % 4
    out = np.empty(room)
    high, low = np.empty(room, dtype=np.uint32), np.empty(room, dtype=np.uint32)
    fill_uniform(out, high, low, seed, BOOTSTRAP, step, 0, 0)
    return out[:count]


def pose(
    data: ArrayLike,
    losses: ArrayLike,
    own: Own | None,
    names: Sequence[str] | None,
    mode: Mode,
    higher_is_better: bool,
    floor: float | Sequence[float] | None,
    floor_prior: tuple[float, float],
    unserved: float | None,
) -> Problem:
    """Return checked runs; raise `InputError` with the first thing wrong."""
    amounts, values = _matrix(data, "data"), _matrix(losses, "losses")
    _check(amounts, values, mode)
    labels = _names(data, names, amounts.shape[1])
    matched = _matched(own, labels, values.shape[1])
    ceiling = _ceiling(values) if higher_is_better else None
    turned = values if ceiling is None else ceiling - values
    unit = float(amounts.sum(axis=1).max())
    stated = _floor(floor, ceiling, values.shape[1])
    return Problem(
        data=amounts / unit,
        losses=turned,
        own=matched,
        names=labels,
        targets=_target_names(losses, matched, labels),
        mode=mode,
        ceiling=ceiling,
        unit=unit,
        floor=stated,
        floor_prior=floor_prior,
        unserved=unserved if unserved is None or ceiling is None else ceiling - unserved,
        groups=_mixtures(amounts),
    )


def _matrix(values: ArrayLike, name: str) -> Floats:
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as problem:
        raise InputError(f"{name} must be numbers, one row for each run: {problem}") from problem
    if array.ndim == 1:
        array = array[:, None]
    if array.ndim != 2 or array.size == 0:
        raise InputError(f"{name} must be a table with one row for each run, not {array.shape}")
    if not np.isfinite(array).all():
        row, column = np.argwhere(~np.isfinite(array))[0]
        raise InputError(
            f"{name} has no finite number in run {row + 1}, column {column + 1}: leave that run "
            "out or fill it in"
        )
    return array


def _check(data: Floats, losses: Floats, mode: str) -> None:
    if len(data) != len(losses):
        raise InputError(
            f"data have {len(data)} runs and losses {len(losses)}: give one row of each for "
            "every run"
        )
    if (data < 0.0).any():
        raise InputError("data must not be negative: they are amounts by community")
    if not (data.sum(axis=1) > 0.0).all():
        run = int(np.argmin(data.sum(axis=1))) + 1
        raise InputError(f"run {run} has no data at all: leave it out")
    if len(np.unique(data, axis=0)) < 4:
        raise InputError("fewer than four different amounts of data: add runs")
    if not (np.ptp(losses, axis=0) > 0.0).all():
        target = int(np.argmin(np.ptp(losses, axis=0))) + 1
        raise InputError(f"target {target} is the same in every run: leave it out")
    if mode not in {"shared", "recommender"}:
        raise InputError(f"unknown mode {mode!r}; known: shared, recommender")


def _names(data: ArrayLike, names: Sequence[str] | None, communities: int) -> tuple[str, ...]:
    columns = getattr(data, "columns", None)
    if names is None and columns is not None:
        names = [str(column) for column in columns]
    if names is None:
        names = [f"community_{i + 1}" for i in range(communities)]
    if len(names) != communities:
        raise InputError(f"{len(names)} names for {communities} communities: give one for each")
    return tuple(names)


def _matched(own: Own | None, names: tuple[str, ...], targets: int) -> tuple[int | None, ...]:
    if own is None:
        return tuple(range(targets)) if targets == len(names) else (None,) * targets
    if len(own) != targets:
        raise InputError(f"own has {len(own)} entries for {targets} targets: give one for each")
    found: list[int | None] = []
    for place in own:
        if isinstance(place, str):
            if place not in names:
                raise InputError(f"own names {place!r}, which is not among {', '.join(names)}")
            found.append(names.index(place))
        elif place is not None and not 0 <= int(place) < len(names):
            raise InputError(f"own is {place}: give a number from 0 to {len(names) - 1} or None")
        else:
            found.append(None if place is None else int(place))
    return tuple(found)


def _target_names(
    losses: ArrayLike, own: tuple[int | None, ...], names: tuple[str, ...]
) -> tuple[str, ...]:
    columns = getattr(losses, "columns", None)
    if columns is not None:
        return tuple(str(column) for column in columns)
    return tuple(
        f"target_{i + 1}" if place is None else names[place] for i, place in enumerate(own)
    )


def _ceiling(scores: Floats) -> float:
    high, low = float(scores.max()), float(scores.min())
    return 1.0 if high <= 1.0 and low >= 0.0 else high + (high - low)


def _floor(
    floor: float | Sequence[float] | None, ceiling: float | None, targets: int
) -> tuple[float | None, ...]:
    if floor is None:
        return (None,) * targets
    stated = np.broadcast_to(np.asarray(floor, dtype=np.float64), targets)
    return tuple(float(one if ceiling is None else ceiling - one) for one in stated)


def _mixtures(data: Floats) -> NDArray[np.intp]:
    """Return a number for each run: runs with the same proportions have the same one.

    Checkpoints of one training run are not independent, so folds must not split them.  With
    one community every run is a mixture of its own.
    """
    if data.shape[1] == 1:
        return np.unique(data[:, 0], return_inverse=True)[1]
    shares = np.round(data / data.sum(axis=1, keepdims=True), 6)
    return np.unique(shares, axis=0, return_inverse=True)[1].ravel()
