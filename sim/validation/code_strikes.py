"""Models retrained on what strikes leave: whole communities foretold from other strikes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from sim.errors import InputError
from sim.validation.foretold import foretold
from sim.validation.tables import read_runs

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sim.capability.fit_result import Fit

    Floats = NDArray[np.float64]

FITTED = ("full", "random", "mixed")
"""Designs whose runs are fitted; of a table without ``design``, all but community strikes."""


class Strikes(NamedTuple):
    """Tables of runs with data in columns ``D_NAME`` and losses in columns ``MEASURE_NAME``."""

    tables: tuple[Path, ...]
    names: tuple[str, ...]
    measure: str


class Effects(NamedTuple):
    """What a whole community's leaving costs its own domain and, on average, the others."""

    own: tuple[float, ...]
    other: tuple[float, ...]


def strike_score(strikes: Strikes, form: str = "surrogate") -> float:
    """Return R2 over the fitted strikes, each predicted without its own part of the runs."""
    return float(_fit(strikes).rivals()["r2"][form])


def worst_own_error(
    strikes: Strikes, measured: Effects | None = None, form: str = "surrogate"
) -> float:
    """Return the largest error of a whole community's harm to its own domain, as a share of it.

    Parameters
    ----------
    strikes : Strikes
        The surrogate is fitted to those that are random and mixed.
    measured : Effects, optional
        What was measured, in the order of ``names``; what the tables say unless given.
    form : str
        ``surrogate`` or a rival form; see `foretold`.
    """
    real = np.array((measured or measured_effects(strikes)).own)
    found = np.array(foretold_effects(strikes, form).own)
    return float(np.abs(found / real - 1.0).max())


def effect_error(
    strikes: Strikes, measured: Effects | None = None, form: str = "surrogate"
) -> float:
    """Return the root mean square error of whole communities' harm, in the measure of the runs.

    Over communities and domains, the others' domains counted by their mean.
    """
    real, found = measured or measured_effects(strikes), foretold_effects(strikes, form)
    own, other = (np.subtract(getattr(found, w), getattr(real, w)) for w in Effects._fields)
    others = len(strikes.names) - 1
    return float(np.sqrt((own**2 + others * other**2).mean() / (1 + others)))


def together_over_apart(
    strikes: Strikes, which: Literal["least", "most"] = "least", form: str = "surrogate"
) -> float:
    """Return how much more a community's leaving does than ten times a tenth of it leaving."""
    _, full = _runs(strikes)
    tenth = full * (1.0 - 0.1 * np.eye(full.size))
    found = _fit(strikes)
    part = np.diag(foretold(found, tenth, form) - foretold(found, full[None, :], form))
    ratios = np.array(foretold_effects(strikes, form).own) / (10.0 * part)
    return float(ratios.min() if which == "least" else ratios.max())


def foretold_effects(strikes: Strikes, form: str = "surrogate") -> Effects:
    """Return what a fit to random and mixed strikes foretells of whole communities' leaving."""
    _, full = _runs(strikes)
    cases = np.array([full, *(full * (1.0 - np.eye(full.size)))])
    base, *gone = foretold(_fit(strikes), cases, form)
    return _effects(np.array(gone) - base)


def measured_effects(strikes: Strikes) -> Effects:
    """Return what the tables say of whole communities' leaving, beside their full runs.

    Raises
    ------
    InputError
        If they have no run in which just that community is gone.
    """
    runs, full = _runs(strikes)
    losses = runs[[f"{strikes.measure}_{name}" for name in strikes.names]].to_numpy()
    gone = _gone(runs, strikes, full)
    base = losses[_whole(runs, strikes, full)]
    missing = [name for i, name in enumerate(strikes.names) if not (gone == i).any()]
    if missing or not len(base):
        lacking = f"just {missing[0]} gone" if missing else "all communities whole"
        raise InputError(f"{strikes.tables[0]} has no run with {lacking}")
    mean = np.array([losses[gone == i].mean(axis=0) for i in range(len(strikes.names))])
    return _effects(mean - base.mean(axis=0))


def has_communities_leaving(strikes: Strikes) -> bool:
    """Return whether the tables have runs in which just one whole community is gone."""
    runs, full = _runs(strikes)
    return {*range(full.size)} <= {*_gone(runs, strikes, full).tolist()}


def _effects(harm: Floats) -> Effects:
    own = np.diag(harm)
    other = (harm.sum(axis=1) - own) / max(1, len(harm) - 1)
    return Effects(tuple(own.tolist()), tuple(other.tolist()))


def _gone(runs: pd.DataFrame, strikes: Strikes, full: Floats) -> NDArray[np.int64]:
    """Return for each run the one community that is gone while the others are whole, or -1."""
    share = _data(runs, strikes) / full
    alone = (share < 1e-9).sum(axis=1) == 1
    whole = (share > 0.999).sum(axis=1) == full.size - 1
    clean = _clean(runs)
    return np.where(alone & whole & clean, share.argmin(axis=1), -1)


def _whole(runs: pd.DataFrame, strikes: Strikes, full: Floats) -> NDArray[np.bool_]:
    return np.asarray((_data(runs, strikes) / full > 0.999).all(axis=1) & _clean(runs))


def _clean(runs: pd.DataFrame) -> NDArray[np.bool_]:
    poisoned = runs["poison"].fillna(0.0).to_numpy() if "poison" in runs else np.zeros(len(runs))
    return np.asarray(poisoned == 0.0)


def _data(runs: pd.DataFrame, strikes: Strikes) -> Floats:
    return runs[[f"D_{name}" for name in strikes.names]].to_numpy()


@lru_cache(maxsize=8)
def _runs(strikes: Strikes) -> tuple[pd.DataFrame, Floats]:
    """Return all runs, and the data of each community when nobody strikes."""
    import pandas as pd

    needed = [f"{what}_{name}" for what in ("D", strikes.measure) for name in strikes.names]
    runs = pd.concat([read_runs(path, needed) for path in strikes.tables], ignore_index=True)
    return runs, _data(runs[_clean(runs)], strikes).max(axis=0)


@lru_cache(maxsize=8)
def _fit(strikes: Strikes) -> Fit:
    from sim.capability import fit

    runs, full = _runs(strikes)
    chosen = _gone(runs, strikes, full) < 0
    if "design" in runs:
        chosen &= runs["design"].isin(FITTED).to_numpy()
    shown = runs[chosen & _clean(runs)]
    losses = shown[[f"{strikes.measure}_{name}" for name in strikes.names]]
    return fit(_data(shown, strikes), losses.to_numpy(), names=strikes.names)
