"""Ratings as a file has them, and the communities of those who rate."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.capability.tables import read_csv
from sim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd
    from scipy.sparse import csr_matrix

    from sim.capability.retraining.recommender import Recommender

NAMES = {
    "user": ("user", "user_id", "userid"),
    "item": ("item", "item_id", "itemid", "movie", "movie_id", "movieid"),
    "rating": ("rating", "score", "stars"),
}
LEAST_LIKED = 2
DIGITS = 9
"""Numbers that agree so far are a tie, so that rounding in linear algebra decides nothing."""


@dataclass(frozen=True)
class Ratings:
    """Who likes what: ``liked`` is CSR float64 (users, items) of ones, ids are texts."""

    users: tuple[str, ...]
    items: tuple[str, ...]
    liked: csr_matrix


def read_ratings(spec: Recommender) -> Ratings:
    """Return who likes what, of people who like at least two of the items.

    Raises
    ------
    InputError
        The file is missing, lacks a column, or has no liked items.
    """
    from scipy.sparse import csr_matrix

    table = _table(spec.file)
    if "rating" in table:
        table = table[table["rating"] >= spec.positive]
    table = table[["user", "item"]].drop_duplicates()
    liked_by = table["item"].value_counts()
    ranked = sorted(liked_by.index, key=lambda item: (-liked_by[item], item))
    table = table[table["item"].isin(ranked[: spec.items])]
    likes = table["user"].value_counts()
    table = table[table["user"].isin(likes.index[likes >= LEAST_LIKED])]
    users, items = sorted(set(table["user"])), sorted(set(table["item"]))
    if len(users) < 2:
        raise InputError(
            f"{spec.file} has fewer than two people who like {LEAST_LIKED} items: expected ratings "
            f"of {spec.positive:g} and more, or a lower value of positive"
        )
    row = np.searchsorted(users, table["user"].to_numpy(dtype=str))
    column = np.searchsorted(items, table["item"].to_numpy(dtype=str))
    liked = csr_matrix((np.ones(row.size), (row, column)), shape=(len(users), len(items)))
    return Ratings(tuple(users), tuple(items), liked)


def _table(path: Path) -> pd.DataFrame:
    """Return columns user, item (text) and, where there is one, rating (float64)."""
    import pandas as pd

    if not path.is_file():
        raise InputError(f"ratings file {path} does not exist: give a table of user, item, rating")
    with path.open(encoding="utf-8", errors="replace") as file:
        first = file.readline()
    if not first.strip():
        raise InputError(f"ratings file {path} has no lines: give a table of user, item, rating")
    separator = next((mark for mark in ("::", "\t", ";") if mark in first), ",")
    headless = any(cell.strip().isdigit() for cell in first.split(separator))
    raw = _read(
        path,
        sep=separator,
        header=None if headless else 0,
        dtype=str,
        engine="python" if len(separator) > 1 else "c",
        encoding_errors="replace",
    )
    if headless:
        raw = raw.iloc[:, :4]
        raw.columns = ["user", "item", "rating", "timestamp"][: raw.shape[1]]
    else:
        raw.columns = [_plain(str(name)) for name in raw.columns]
        raw = raw.loc[:, ~raw.columns.duplicated()]
    for needed in ("user", "item"):
        if needed not in raw:
            raise InputError(
                f"{path} has no {needed} column but {', '.join(map(str, raw.columns))}: expected "
                "user, item and optionally rating"
            )
    if "rating" in raw:
        raw["rating"] = pd.to_numeric(raw["rating"], errors="coerce")
    return raw.dropna(subset=[name for name in NAMES if name in raw])


def _read(path: Path, **options: Any) -> pd.DataFrame:
    try:
        return read_csv(path, **options)
    except (OSError, ValueError) as error:
        raise InputError(f"{path} is not a table: {str(error).splitlines()[0]}") from None


def _plain(column: str) -> str:
    lower = column.strip().lower()
    return next((name for name, others in NAMES.items() if lower in others), lower)


def communities(spec: Recommender, ratings: Ratings) -> tuple[list[str], NDArray[np.int64]]:
    """Return the names of communities and each person's, as declared or by taste.

    Raises
    ------
    InputError
        The labels are missing for somebody, or there are fewer people than tastes.
    """
    if spec.labels is None:
        return _tastes(spec.tastes, ratings)
    if not spec.labels.is_file():
        raise InputError(f"labels file {spec.labels} does not exist: give a CSV of user,community")
    table = _read(spec.labels, dtype=str)
    if not {"user", "community"} <= set(table.columns):
        raise InputError(
            f"{spec.labels} has columns {', '.join(table.columns)}: expected user,community"
        )
    label = dict(zip(table["user"], table["community"], strict=True))
    missing = [user for user in ratings.users if not isinstance(label.get(user), str)]
    if missing:
        raise InputError(
            f"{spec.labels} names no community for user {missing[0]!r} "
            f"({len(missing)} in all): add a line for each"
        )
    names = sorted({label[user] for user in ratings.users})
    return names, np.array([names.index(label[user]) for user in ratings.users])


def _tastes(count: int, ratings: Ratings) -> tuple[list[str], NDArray[np.int64]]:
    """Cut people into equal groups along the leading axis of taste (second singular vector)."""
    from scipy.sparse.linalg import norm, svds

    people, items = ratings.liked.shape
    names = [f"taste_{i + 1}" for i in range(count)]
    if count == 1:
        return names, np.zeros(people, np.int64)
    if people < 2 * count or min(people, items) < 3:
        raise InputError(
            f"{people} people and {items} items are too few for {count} tastes: lower tastes"
        )
    rows = ratings.liked.multiply(1.0 / norm(ratings.liked, axis=1)[:, None]).tocsr()
    left, size, _ = svds(rows, k=2, v0=np.ones(min(people, items)))
    axis = left[:, int(np.argmin(size))]
    axis *= np.sign(axis[np.argmax(np.abs(axis))])
    group = np.empty(people, np.int64)
    group[np.argsort(axis.round(DIGITS), kind="stable")] = np.arange(people) * count // people
    return names, group
