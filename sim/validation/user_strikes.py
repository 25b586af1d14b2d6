"""Strikes of a recommender's users: groups against as many users drawn at random."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import InputError
from sim.validation.tables import read_runs

if TYPE_CHECKING:
    import pandas as pd

RANDOM, MATCHED = ("full", "random"), "matched"
"""Designs of strikes at random: of all users, and of as many as a group has."""


def random_strike_error(table: Path, score: str, form: str = "surrogate") -> float:
    """Return the error at inner points, each predicted without itself, as a share of the range.

    Parameters
    ----------
    table : Path
        CSV with columns ``design``, ``s`` (share of the users who strike), ``pos_left`` (what is
        left to train on) and the score; strikes of the same share are averaged.
    score : str
        Column; of errors (``rmse``) less is better.
    form : str
        ``surrogate`` or a rival form: linear, log_linear, exponential.
    """
    from sim.capability import fit
    from sim.capability.rivals import held_out

    runs = _read(table, score)
    mean = runs[runs["design"].isin(RANDOM)].groupby("s").mean(numeric_only=True)
    found = fit(mean["pos_left"], mean[score], higher_is_better=not score.startswith("rmse"))
    problem = found.problem
    out = found.held_out["flat"] if form == "surrogate" else held_out(problem, found.split)[form]
    errors = (out - problem.losses)[1:-1, 0]
    return float(np.sqrt((errors**2).mean()) / np.ptp(problem.losses))


def group_over_random(table: Path, preset: str = "movielens", pooled: bool = False) -> float:
    """Return how much more a group's strike harms its own than a random one, by a preset.

    Mean over the groups of the table that strike as a whole, each with its share of the data.

    Parameters
    ----------
    table : Path
        CSV as above, with ``group`` and ``pos_struck`` (how much of the data left).
    preset : str
        Surrogate.
    pooled : bool
        Whether everybody's data are worth the same to everybody.
    """
    from sim.capability import Supply, presets
    from sim.capability.transfer import Flat

    surrogate = presets.load(preset).surrogate
    if pooled:
        surrogate = surrogate.replace(transfer=Flat(1.0), rho=1.0)
    ratios = []
    for share in _shares(table):
        full = Supply.of([share, 1.0 - share])
        cases = Supply.of([[0.0, 1.0 - share], [share * (1.0 - share), (1.0 - share) ** 2]])
        group, random = surrogate.evaluate(cases, full).loss[:, 0] - 1.0
        ratios.append(group / random)
    return float(np.mean(ratios))


def measured_group_over_random(table: Path, score: str, design: str) -> float:
    """Return how much more a group's strike harmed its own than one of as many at random did.

    Parameters
    ----------
    table : Path
        CSV as above, with ``side`` (``in`` or ``out`` of the group) and ``base_`` scores.
    score : str
        Column.
    design : str
        Of the strikes of whole groups.
    """
    return _harm(table, score, design) / _harm(table, score, MATCHED)


def group_designs(table: Path) -> list[str]:
    """Return the designs of strikes of groups that the table has beside those at random."""
    runs = _read(table)
    known = {*RANDOM, MATCHED}
    return sorted({*runs[(runs["side"] == "in") & (runs["s"] == 1.0)]["design"]} - known)


def _harm(table: Path, score: str, design: str) -> float:
    runs = _read(table, score, f"base_{score}")
    inside = runs[(runs["design"] == design) & (runs["s"] == 1.0) & (runs["side"] == "in")]
    if not len(inside):
        raise InputError(f"{table} has no strikes of design {design!r} measured in a group")
    change = inside[score] / inside[f"base_{score}"] - 1.0
    return float(change.groupby(inside["group"]).mean().mean())


def _shares(table: Path) -> list[float]:
    runs = _read(table)
    whole = runs[(runs["side"] == "in") & (runs["s"] == 1.0)]
    if not len(whole):
        raise InputError(f"{table} has no strikes of whole groups")
    struck = whole.groupby("group")["pos_struck"].mean() / runs["pos_left"].max()
    return [float(share) for share in struck]


@lru_cache(maxsize=4)
def _read(table: Path, *scores: str) -> pd.DataFrame:
    return read_runs(table, ("s", "pos_left", "pos_struck", *scores))
