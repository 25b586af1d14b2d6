"""A lab: when it crawls and trains, what it keeps and honours, how it answers lost data."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from sim.spec import NonNegative, Probability, Spec

LabName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.\- ]*$", max_length=64)]
Steps = Annotated[int, Field(ge=0)]


class Lab(Spec):
    """A lab whose model trains on the creators' works."""

    name: LabName
    preset: str = "llm"
    """Capability surrogate: a preset's name or a preset file."""
    every: Annotated[int, Field(ge=1)] = 26
    """Steps between training rounds."""
    compliance: Probability = 1.0
    """Probability that the lab honours a creator's request."""
    response: str = "none"
    """What the lab does about lost data: `sim.capability.responses`."""
    first: Steps | None = None
    """Step of the first training round; one full interval in unless stated."""
    dates: tuple[date, ...] = ()
    """Training dates, instead of ``every`` and ``first``."""
    lag: Steps = 0
    """Steps before a freeze by which a request must be filed to count."""
    delay: Steps = 0
    """Steps from training to release."""
    reach: Probability = 1.0
    """Share of a creator's copies that its request covers."""
    legacy: NonNegative = 0.0
    """Data that nobody can withdraw, as a share of what the creators' works amount to."""
    open_weights: bool = False
    """Whether releases cannot be taken back: the deployed model is then the best so far."""
