"""A preset: a surrogate for one kind of model, and what is known about each of its constants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Self

from pydantic import model_validator

from sim.capability.surrogate import Surrogate
from sim.spec import Finite, Name, Spec

Evidence = Literal["measured", "published", "assumed"]
Shape = Literal["normal", "log", "logit", "uniform"]


class Constant(Spec):
    """Range, source and evidence of one constant of a surrogate.

    The value itself stands in the surrogate and is the median of the draws (except of a
    uniform one); no draw is below ``low`` or above ``high``.  For a constant with a value for
    each community they are factors of that value, or of its odds where the shape is logit.
    """

    low: Finite
    high: Finite
    source: str
    evidence: Evidence
    shape: Shape = "log"
    """normal; log: of the logarithm; logit: of the log odds; each cut to its middle 95 %;
    uniform: all of the range alike."""


class Preset(Spec):
    """Surrogate, evidence and question of one kind of model."""

    name: Name
    question: str
    """What it suits."""
    surrogate: Surrogate
    constants: dict[str, Constant]
    """What is known of each constant, by its path in the surrogate."""
    source: str
    """Where the numbers come from as a whole."""
    limits: str = ""
    """Where not to use it."""
    aliases: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _known_constants(self) -> Self:
        for path, constant in self.constants.items():
            value = self.value(path)
            low, high = constant.low, constant.high
            if not isinstance(value, tuple) and not low <= value <= high:
                raise ValueError(f"{path} is {value} and its range {low} to {high}")
        return self

    def for_communities(self, names: Sequence[str]) -> Preset:
        """Return the preset with its surrogate for a scenario's communities, in their order.

        Raises
        ------
        InputError
            If the preset is for named communities and one of these is not among them.
        """
        return self.replace(surrogate=self.surrogate.for_communities(names))

    def value(self, path: str) -> float | tuple[Any, ...]:
        """Return a constant of the surrogate by its path, for example ``transfer.tau``."""
        found: Any = self.surrogate
        for part in path.split("."):
            if part not in getattr(type(found), "model_fields", ()):
                raise ValueError(f"the surrogate has no constant {path}")
            found = getattr(found, part)
        return found  # type: ignore[no-any-return]
