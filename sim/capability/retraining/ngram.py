"""A language model of program text that anybody can retrain in a fraction of a second."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from sim.capability.retraining.base import Retraining

if TYPE_CHECKING:
    from sim.capability.retraining.trainers.trainer import Trainer


class NGram(Retraining):
    """Byte n-gram model with Dirichlet backoff; loss in bits per byte of held-out works.

    Without a folder the creators are the standard library's packages and the Python projects
    installed beside it; nothing of theirs is kept or passed on.  In a folder they are
    ``folder/community/creator``, or ``folder/creator`` when communities are declared.

    The strengths of the priors are tuned anew at every training, as a lab would.

    References
    ----------
    MacKay, D. J. C. and Peto, L. C. B. (1995). A hierarchical Dirichlet language model.
    Natural Language Engineering 1(3), 289-308. doi:10.1017/S1351324900000218
    """

    folder: Path | None = None
    """Where the works are; the Python environment if not given."""
    communities: dict[str, tuple[str, ...]] | None = None
    """Names of the creators in each community; by folder or topic if not given."""
    order: Annotated[int, Field(ge=1, le=12)] = 8
    """How many bytes of context count."""
    held_out: Literal["creators", "works"] = "creators"
    """Text that measures the loss: of creators that are never trained on, or of everybody."""
    held_out_share: Annotated[float, Field(gt=0.0, lt=1.0)] = 0.2
    """Share of the creators (or of every creator's works) that is held out."""
    suffix: str = ".py"
    """Only files with this ending are read."""
    creators: Annotated[int, Field(ge=2)] = 24
    """At most so many creators in a community: those with the most works."""
    creator_bytes: Annotated[int, Field(ge=1)] = 400_000
    """At most so much of one creator."""
    held_out_bytes: Annotated[int, Field(ge=1)] = 100_000
    """At most so much held-out text in a community."""

    def load(self, seed: int = 0) -> Trainer:
        from sim.capability.retraining.trainers.text import NGramTrainer

        return NGramTrainer(self, seed)
