"""A recommender that learns from ratings and serves, or no longer serves, those who strike."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from sim.capability.retraining.base import Retraining
from sim.spec import Positive

if TYPE_CHECKING:
    from sim.capability.retraining.trainers.trainer import Trainer


class Recommender(Retraining):
    """Recommender over a ratings file; score is NDCG@10 by community of the people who rate.

    Each person who rates is a creator.  The file has columns user, item and optionally rating
    and timestamp, with a header, or without one as in MovieLens' ``u.data`` (tabs) and
    ``ratings.dat`` (double colons).

    References
    ----------
    Steck, H. (2019). Embarrassingly shallow autoencoders for sparse data. WWW '19.
    doi:10.1145/3308558.3313710

    Sarwar, B. et al. (2001). Item-based collaborative filtering recommendation algorithms.
    WWW '01. doi:10.1145/371920.372071

    Vincent, N., Hecht, B. and Sen, S. (2019). "Data strikes": evaluating the effectiveness of
    a new form of collective action against technology companies. WWW '19.
    doi:10.1145/3308558.3313742
    """

    file: Path
    """Who rated what."""
    labels: Path | None = None
    """CSV with columns user and community; groups of similar taste if not given."""
    method: Literal["ease", "item_knn"] = "ease"
    """Closed-form linear autoencoder, or weighted cosine neighbours between items."""
    held_out: Literal["users", "items"] = "users"
    """Measured on people who are never trained on, or on items that everybody kept back."""
    serves_strikers: bool = False
    """Whether those who withdraw are still recommended to; otherwise they see what is popular."""
    positive: float = 4.0
    """Ratings from here on count as liked."""
    tastes: Annotated[int, Field(ge=1)] = 4
    """How many groups of similar taste."""
    held_out_share: Annotated[float, Field(gt=0.0, lt=1.0)] = 0.2
    """Share of the people (or of everybody's items) that is held out."""
    items: Annotated[int, Field(ge=2)] = 2_000
    """At most so many items: those liked most."""
    regularisation: Positive = 300.0
    """Strength of EASE's ridge penalty, in people."""
    neighbours: Annotated[int, Field(ge=1)] = 100
    """Neighbours of each item for item_knn."""

    def load(self, seed: int = 0) -> Trainer:
        from sim.capability.retraining.trainers.recommend import RecommenderTrainer

        return RecommenderTrainer(self, seed)
