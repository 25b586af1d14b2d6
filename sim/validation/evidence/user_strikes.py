"""Strikes of a recommender's users: at random, and of groups against as many at random."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sim.validation import user_strikes as model
from sim.validation.check import Check, but
from sim.validation.evidence.files import NoTableError, headers, with_columns
from sim.validation.expected import Below, Between

SOURCE = "runs: MovieLens-100K (Harper & Konstan 2015, doi:10.1145/2827872), strikes of its users"
SCORES = ("ndcg10_ease", "ndcg10_knn", "rmse_bias")
FACTOR = Between(2.0, 5.0)
"""A group's strike over one of as many at random, in harm to the group's own: 3.3 measured over
20 groups with EASE; 2 to 9 over four groups of MovieLens-1M (doi:10.1145/3308558.3313742)."""


def checks(folder: Path) -> tuple[Check, ...]:
    """Return the checks of every table in a folder."""
    tables = with_columns(folder, "design", "s", "side", "group", "pos_left", "pos_struck")
    if not tables:
        raise NoTableError("no table with design, s, side, group, pos_left and pos_struck")
    columns = dict(headers(folder))
    return tuple(row for path in tables for row in _checks(path, columns[path]))


def _checks(path: Path, columns: tuple[str, ...]) -> Iterator[Check]:
    scores = [score for score in SCORES if score in columns]
    for score in scores:
        yield Check(
            f"{path.name}: {score}, left out",
            Below(0.03),
            model.random_strike_error,
            {"table": path, "score": score},
            but("linear in the data", form="linear"),
            SOURCE,
            "R",
        )
    yield Check(
        f"{path.name}: group over random, preset",
        FACTOR,
        model.group_over_random,
        {"table": path},
        but("everybody's data are worth the same to all", pooled=True),
        SOURCE,
        "R",
    )
    for design in model.group_designs(path):
        yield Check(
            f"{path.name}: group over random, {design}",
            FACTOR,
            model.measured_group_over_random,
            {"table": path, "score": scores[0], "design": design},
            but("as many at random instead", design=model.MATCHED),
            SOURCE,
            "R",
        )
