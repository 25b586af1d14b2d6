"""Vincent, Hecht & Sen 2019: users of a film recommender withdraw their ratings."""

from __future__ import annotations

from sim.validation import model_strikes as model
from sim.validation.check import Check, but
from sim.validation.expected import Near

SOURCE = "Vincent, Hecht & Sen 2019, doi:10.1145/3308558.3313742"
BEST, LEFT = 0.7935, 0.7659
"""NDCG@10 with everybody, and with a tenth of the users."""

CHECKS = tuple(
    Check(
        f"{share:.0%} of the users strike, at random: NDCG@10",
        Near(score, 4, near * (BEST - LEFT), f"{near:.1%} of the range"),
        model.boycott_score,
        {"share": share},
        but("strikers are served all the same", served=True),
        SOURCE,
        "F",
    )
    for share, score, near in (
        (0.05, 0.7917, 0.03),
        (0.2, 0.7867, 0.03),
        (0.4, 0.7805, 0.03),
        (0.6, 0.7749, 0.03),
        (0.8, 0.7697, 0.045),
    )
)
"""Shares that the preset was not fitted to.  Together they are right within 3 % root mean square;
one point may lie further off."""
