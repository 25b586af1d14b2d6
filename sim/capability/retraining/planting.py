"""A group plants a signal in a real classifier; theory says how well it must do at least.

Each member marks its own works (one pixel becomes black) and labels them as the group wants.
The group succeeds where the trained classifier answers a marked stranger's work that way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

SHARES = (0.01, 0.02, 0.03, 0.05, 0.1, 0.2)
MARK = 6
"""Pixel (row 0, column 6): black in one of a hundred digits, so that the signal is not unique."""
WANTED = 8
HELD_OUT = 0.25


@dataclass(frozen=True)
class PlantingCheck:
    """Success of planting by the group's share, against its lower bound.

    Parameters
    ----------
    rows : tuple of dict
        ``share``, ``success`` (mean over replications), ``error`` (its standard error) and
        ``bound``, which supposes the worst gap (1) and an optimal classifier.
    uniqueness : float
        Share of the untouched works that carry the signal anyway (xi).
    sentences : tuple of str
        What was found, in words.
    """

    rows: tuple[dict[str, float], ...]
    uniqueness: float
    sentences: tuple[str, ...]


def planting_check(
    shares: Sequence[float] = SHARES,
    estimator: str = "LogisticRegression",
    settings: Mapping[str, Any] | None = None,
    replications: int = 5,
    seed: int = 0,
) -> PlantingCheck:
    """Plant a signal in scikit-learn's digits and train a classifier on them.

    Parameters
    ----------
    shares : sequence of float
        The group's shares of the training data, above 0 and at most 1.
    estimator : str
        Class name of a scikit-learn classifier.
    settings : mapping, optional
        The classifier's own arguments.
    replications : int
        Keyed splits into group, others and strangers, at least 2.
    seed : int
        Decides the splits.

    Raises
    ------
    InputError
        scikit-learn is missing, or an argument is out of range.

    References
    ----------
    Hardt, M., Mazumdar, E., Mendler-Dünner, C. and Zrnic, T. (2023). Algorithmic collective
    action in machine learning. ICML. arXiv:2302.04262, theorem on feature-label signals.
    """
    import numpy as np

    from sim.capability.collective_action import planting_bound
    from sim.capability.retraining.trainers.estimate import make_estimator
    from sim.capability.retraining.trainers.table import load_digits
    from sim.capability.retraining.trainers.trainer import one_thread

    _check(shares, replications)
    features, target = load_digits()
    model = make_estimator(estimator, settings or {}, seed)
    uniqueness = float(np.mean(features[:, MARK] == 1.0))
    rows = []
    for share in shares:
        with one_thread():
            tries = [_success(features, target, model, share, seed, r) for r in range(replications)]
        rows.append(
            {
                "share": share,
                "success": float(np.mean(tries)),
                "error": float(np.std(tries, ddof=1) / np.sqrt(replications)),
                "bound": planting_bound(share, 1.0, uniqueness),
            }
        )
    return PlantingCheck(tuple(rows), uniqueness, tuple(_sentences(rows, uniqueness)))


def _check(shares: Sequence[float], replications: int) -> None:
    if not shares or not all(0.0 < share <= 1.0 for share in shares):
        raise InputError(f"shares are {list(shares)}: give at least one above 0 and at most 1")
    if replications < 2:
        raise InputError(f"replications is {replications}: give at least 2 for a standard error")


def _success(
    features: Floats, target: Integers, model: Any, share: float, seed: int, replication: int
) -> float:
    from sklearn.base import clone

    from sim.capability.retraining.trainers.draws import order

    keyed = order(seed, "planting", target.size, replication)
    strangers, learnt = keyed[: int(HELD_OUT * target.size)], keyed[int(HELD_OUT * target.size) :]
    members = learnt[: round(share * learnt.size)]
    planted, answers = features.copy(), target.copy()
    planted[members, MARK], answers[members] = 1.0, WANTED
    planted[strangers, MARK] = 1.0
    trained = clone(model).fit(planted[learnt], answers[learnt])
    return float((trained.predict(planted[strangers]) == WANTED).mean())


def _sentences(rows: list[dict[str, float]], uniqueness: float) -> list[str]:
    below = [row for row in rows if row["success"] + 2.0 * row["error"] < row["bound"]]
    said = [
        f"The signal stands in {uniqueness:.1%} of the works anyway; "
        + ", ".join(
            f"{row['share']:.1%} of them planted gives {row['success']:.0%}" for row in rows
        )
        + " success."
    ]
    if below:
        shares = ", ".join(f"{row['share']:.1%}" for row in below)
        said.append(
            f"Success is below the bound at {shares}: this classifier is not optimal there."
        )
    else:
        said.append(
            "Success is nowhere below the bound for an optimal classifier (beyond two errors)."
        )
    return said
