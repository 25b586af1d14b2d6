"""What can be asked of retraining, and what is asked unless told."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
from pydantic import ValidationError

from sim.capability.retraining.base import Retraining
from sim.capability.retraining.estimator import Estimator
from sim.capability.retraining.ngram import NGram
from sim.capability.retraining.recommender import Recommender


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (
            NGram(),
            {"folder": None, "communities": None, "order": 8, "held_out": "creators",
             "held_out_share": 0.2, "suffix": ".py", "creators": 24, "creator_bytes": 400_000,
             "held_out_bytes": 100_000},
        ),
        (
            Recommender(Path("u.data")),
            {"file": Path("u.data"), "labels": None, "method": "ease", "held_out": "users",
             "serves_strikers": False, "positive": 4.0, "tastes": 4, "held_out_share": 0.2,
             "items": 2000, "regularisation": 300.0, "neighbours": 100},
        ),
        (
            Estimator(),
            {"table": None, "target": "target", "owner": "owner", "community": None,
             "estimator": "LogisticRegression", "settings": {"C": 0.01}, "metric": None,
             "held_out_share": 0.25, "owners": 50, "focus": 0.3},
        ),
    ],
    ids=["ngram", "recommender", "estimator"],
)  # fmt: skip
def test_fields_unless_told(asked: Retraining, told: dict[str, object]) -> None:
    assert {name: getattr(asked, name) for name in type(asked).model_fields} == told


@pytest.mark.parametrize(
    ("kind", "field", "least", "most"),
    [
        (NGram, "order", 1, 12), (NGram, "creators", 2, None), (NGram, "creator_bytes", 1, None),
        (NGram, "held_out_bytes", 1, None), (Recommender, "tastes", 1, None),
        (Recommender, "items", 2, None), (Recommender, "neighbours", 1, None),
        (Estimator, "owners", 5, None),
    ],
)  # fmt: skip
def test_counts_have_ends(kind: type[Retraining], field: str, least: int, most: int | None) -> None:
    other = {"file": Path("u.data")} if kind is Recommender else {}
    assert getattr(kind(**other, **{field: least}), field) == least
    with pytest.raises(ValidationError):
        kind(**other, **{field: least - 1})
    if most is not None:
        assert getattr(kind(**other, **{field: most}), field) == most
        with pytest.raises(ValidationError):
            kind(**other, **{field: most + 1})


@pytest.mark.parametrize("kind", [NGram, Recommender, Estimator])
def test_what_is_held_out_is_a_part(kind: type[Retraining]) -> None:
    other = {"file": Path("u.data")} if kind is Recommender else {}
    assert kind(**other, held_out_share=0.999).held_out_share == 0.999
    for share in (0.0, 1.0):
        with pytest.raises(ValidationError):
            kind(**other, held_out_share=share)


@pytest.mark.parametrize("kind", [Retraining, NGram, Recommender, Estimator])
def test_the_seed_is_nought_unless_told(kind: type[Retraining]) -> None:
    assert inspect.signature(kind.load).parameters["seed"].default == 0
