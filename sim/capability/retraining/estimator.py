"""Any scikit-learn estimator, trained on a table in which every row has an owner."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from sim.capability.retraining.base import Retraining
from sim.spec import Probability

if TYPE_CHECKING:
    from sim.capability.retraining.trainers.trainer import Trainer


Settings = dict[str, bool | int | float | str | None]


def _usual(known: dict[str, Any]) -> Settings:
    digits = known.get("table") is None and known.get("estimator") == "LogisticRegression"
    return {"C": 0.01} if digits else {}


class Estimator(Retraining):
    """scikit-learn estimator over a table of works; loss by community on rows held out.

    Without a table it learns scikit-learn's handwritten digits (Alpaydin and Kaynak 1998,
    doi:10.24432/C50P49), whose owners are drawn by key: communities stand for pairs of digits
    and hold mostly those.
    """

    table: Path | None = None
    """CSV with one row for each work: features, target, owner."""
    target: str = "target"
    """Column to be predicted."""
    owner: str = "owner"
    """Column that names the creator."""
    community: str | None = None
    """Column that names the creator's community; a single community if not given."""
    estimator: str = "LogisticRegression"
    """Class name of a scikit-learn classifier or regressor."""
    settings: Settings = Field(default_factory=lambda known: _usual(known))
    """The estimator's own arguments; logistic regression learns the digits with C = 0.01."""
    metric: Literal["log_loss", "error", "rmse"] | None = None
    """Nats, share of wrong answers, or root mean square error; chosen by estimator if not given."""
    held_out_share: Annotated[float, Field(gt=0.0, lt=1.0)] = 0.25
    """Share of rows that measure the loss."""
    owners: Annotated[int, Field(ge=5)] = 50
    """Owners of the digits, as many for each pair of digits."""
    focus: Probability = 0.3
    """Share of its digits that go to a community's own members, the rest going to anybody."""

    def load(self, seed: int = 0) -> Trainer:
        from sim.capability.retraining.trainers.estimate import EstimatorTrainer

        return EstimatorTrainer(self, seed)
