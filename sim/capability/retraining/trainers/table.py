"""Tables of works, one row each, with the owners of the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.capability.retraining.trainers.draws import some, uniforms
from sim.capability.tables import read_csv
from sim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from sim.capability.retraining.estimator import Estimator

DIGIT_GROUPS = 5

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rows:
    """What is known of some works: features (rows, columns), answers, communities (rows,)."""

    features: Floats
    target: NDArray[Any]
    community: Integers


@dataclass(frozen=True)
class Table:
    """Works to learn from, their creators, and works held out.

    Parameters
    ----------
    learnt, held_out : Rows
        The community of a row is the one on whose domain it is learnt or measured.
    creator : int64 (rows learnt,)
        Number of each row's creator.
    creators, communities : tuple of str
        Names.
    community : int64 (creators,)
        Community of each creator.
    """

    learnt: Rows
    held_out: Rows
    creator: Integers
    creators: tuple[str, ...]
    communities: tuple[str, ...]
    community: Integers


def read_table(spec: Estimator, seed: int) -> Table:
    """Return a user's table, its rows split by key.

    Raises
    ------
    InputError
        The file or a column is missing, a value is missing, or an owner has two communities.
    """
    frame = _frame(spec)
    owners = frame[spec.owner].astype(str)
    groups = frame[spec.community].astype(str) if spec.community else owners.map(lambda _: "all")
    names = sorted(set(groups))
    member_of = dict(zip(owners, groups, strict=True))
    for owner, group in zip(owners, groups, strict=True):
        if member_of[owner] != group:
            raise InputError(
                f"{spec.table}: owner {owner!r} is in communities {group!r} and "
                f"{member_of[owner]!r}: give each owner one community"
            )
    rows = Rows(
        _features(frame, spec),
        frame[spec.target].to_numpy(),
        np.array([names.index(group) for group in groups], dtype=np.int64),
    )
    return _split(rows, list(owners), member_of, names, spec.held_out_share, seed)


def digits_table(spec: Estimator, seed: int) -> Table:
    """Return scikit-learn's digits with owners drawn by key.

    Community *g* stands for the digits 2g and 2g + 1; of their rows a share ``focus`` goes to
    its own members, the rest to owners of any community.
    """
    features, target = load_digits()
    names = [f"digits_{2 * g}_{2 * g + 1}" for g in range(DIGIT_GROUPS)]
    domain = target // 2
    count = target.size
    mine = uniforms(seed, "focus", count) < spec.focus
    anywhere = (uniforms(seed, "community", count) * DIGIT_GROUPS).astype(np.int64)
    group = np.where(mine, domain, anywhere)
    member = (uniforms(seed, "owner", count) * (spec.owners // DIGIT_GROUPS)).astype(np.int64)
    owners = [f"{names[g]}_owner_{m + 1}" for g, m in zip(group, member, strict=True)]
    member_of = {owner: names[g] for owner, g in zip(owners, group, strict=True)}
    rows = Rows(features, target, domain)
    return _split(rows, owners, member_of, names, spec.held_out_share, seed)


def load_digits() -> tuple[Floats, Integers]:
    """Return scikit-learn's handwritten digits: pixels from 0 to 1, and which digit each is."""
    need_scikit_learn()
    from sklearn.datasets import load_digits as bundled

    pixels, target = bundled(return_X_y=True)
    return np.asarray(pixels / 16.0), np.asarray(target, dtype=np.int64)


def need_scikit_learn() -> None:
    """Raise `InputError` where scikit-learn is not installed."""
    try:
        import sklearn  # noqa: F401
    except ImportError as error:
        raise InputError(
            'scikit-learn is not installed: it trains estimators; pip install "datastrike[retrain]"'
        ) from error


def _split(
    rows: Rows,
    owners: list[str],
    member_of: dict[str, str],
    names: list[str],
    share: float,
    seed: int,
) -> Table:
    out = np.zeros(len(owners), dtype=np.bool_)
    for i, name in enumerate(names):
        members = np.flatnonzero(rows.community == i)
        if members.size < 2:
            raise InputError(
                f"community {name!r} has one row: one to learn and one to hold out "
                "are needed; merge it with another"
            )
        out[members[some(seed, f"held out of {name}", members.size, share)]] = True
    learnt_owners = [owner for owner, gone in zip(owners, out, strict=True) if not gone]
    creators = sorted(set(learnt_owners))
    number = {creator: i for i, creator in enumerate(creators)}
    return Table(
        learnt=_chosen(rows, ~out),
        held_out=_chosen(rows, out),
        creator=np.array([number[owner] for owner in learnt_owners], dtype=np.int64),
        creators=tuple(creators),
        communities=tuple(names),
        community=np.array([names.index(member_of[c]) for c in creators], dtype=np.int64),
    )


def _chosen(rows: Rows, which: NDArray[np.bool_]) -> Rows:
    return Rows(rows.features[which], rows.target[which], rows.community[which])


def _frame(spec: Estimator) -> pd.DataFrame:

    assert spec.table is not None
    if not spec.table.is_file():
        raise InputError(
            f"table {spec.table} does not exist: give a CSV with one row for each work"
        )
    try:
        frame = read_csv(spec.table)
    except (OSError, ValueError) as error:
        raise InputError(
            f"{spec.table} is not a CSV table: {str(error).splitlines()[0]}"
        ) from error
    needed = {"target": spec.target, "owner": spec.owner, "community": spec.community}
    for field, column in needed.items():
        if column is not None and column not in frame:
            raise InputError(
                f"{spec.table} has no column {column!r} but {', '.join(map(str, frame.columns))}: "
                f"say which one is the {field}"
            )
    if frame.empty:
        raise InputError(f"{spec.table} has no rows: give one for each work")
    for column in frame.columns[frame.isna().any()]:
        line = int(frame[column].isna().to_numpy().argmax()) + 2
        raise InputError(f"{spec.table}: {column!r} is empty in line {line}: fill it in or drop it")
    return frame


def _features(frame: pd.DataFrame, spec: Estimator) -> Floats:
    import pandas as pd

    said = [column for column in (spec.target, spec.owner, spec.community) if column is not None]
    features = frame.drop(columns=said)
    if features.shape[1] == 0:
        raise InputError(f"{spec.table} has no column besides {', '.join(said)}: add features")
    return pd.get_dummies(features, dtype=float).to_numpy(dtype=np.float64)
