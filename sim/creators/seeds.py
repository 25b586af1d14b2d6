"""Who starts: the initiators."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sim.spec import Name, Probability, Spec


class Seeds(Spec):
    """The initiators, who are mobilised before the first step.

    Exactly one of ``count``, ``share`` and ``ids`` is given; none of them means one initiator.
    """

    count: Annotated[int, Field(ge=0)] | None = None
    """How many."""
    share: Probability | None = None
    """Which share of the creators (rounded to the nearest number)."""
    ids: tuple[int | str, ...] | None = None
    """Exactly these creators (ids of the edge list, where there is one)."""
    who: Literal["random", "hubs", "largest", "core", "greedy"] = "random"
    """How they are chosen: at random; by links, portfolio or k-core, highest first (ties by a
    keyed draw); or greedily, so that together they are seen by as many as possible."""
    community: Name | None = None
    """Chosen from one community only."""
    committed: bool = False
    """Whether initiators never stop."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = [name for name in ("count", "share", "ids") if getattr(self, name) is not None]
        if len(given) > 1:
            raise ValueError(f"give one of count, share and ids, got {' and '.join(given)}")
        if self.ids is not None and (self.community is not None or self.who != "random"):
            raise ValueError("ids say who starts already; leave out community and who")
        return self
