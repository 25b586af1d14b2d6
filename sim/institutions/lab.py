"""A lab: when it crawls and trains, what it keeps and honours, how it answers lost data."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, field_validator

from sim.institutions.answers import Concession, Licensing, Retaliation
from sim.institutions.names import InstitutionName, Steps
from sim.spec import Name, NonNegative, Positive, Probability, Spec


class Sharing(Spec):
    """A lab that shares what it earns with the creators who give it their works.

    In each step a share of its profit is split evenly among those who give; to all who could,
    giving is worth that much more from the next step on.  Such symbiosis is what conscious data
    contribution hopes for (Vincent & Hecht 2021, doi:10.1145/3449177); the form is an assumption.
    """

    share: Probability
    """Share of the profit that is paid out."""
    worth: NonNegative = 1.0
    """Utility of a unit of money in a step."""


class Lab(Spec):
    """A lab whose model trains on the creators' works."""

    name: InstitutionName
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
    crawls: bool = True
    """Whether the lab takes what is public; a rival may train on what it is given alone."""
    receives: Literal["nobody", "everybody"] | tuple[Name, ...] = "nobody"
    """Communities to which this lab is the rival that works are given to."""
    curation: Positive = 1.0
    """What a given work counts for, against one that was crawled."""
    snapshots: Literal["fresh", "kept", "from_start"] = "fresh"
    """Whether works once crawled stay usable when they are taken down (not when a request is
    honoured): crawled afresh for each round; kept from the first round on; or from the start."""
    detection: Probability | None = None
    """Share of poisoned works that the lab finds; as the preset says unless stated."""
    progress: NonNegative = 0.0
    """Share of its loss by which a model gets better in a year through compute and methods,
    whatever the data: people see it in releases; losses in results leave it out."""
    concession: Concession | None = None
    """When the lab gives in, and what it offers."""
    licensing: Licensing | None = None
    """Whether the lab buys creators out one by one."""
    retaliation: Retaliation | None = None
    """What the lab does against creators who act."""
    sharing: Sharing | None = None
    """Whether the lab pays creators who give it their works."""

    @field_validator("preset")
    @classmethod
    def _known_preset(cls, name: str) -> str:
        if not name.endswith((".toml", ".json")):  # files are read when the lab is built
            from sim.capability import presets

            presets.load(name)
        return name

    @field_validator("response")
    @classmethod
    def _known_response(cls, name: str) -> str:
        from sim.capability.responses.base import Response

        Response.find(name.replace("-", "_"))
        return name

    def is_rival_of(self, community: str) -> bool:
        """Return whether works that a community's creators give away go to this lab."""
        if isinstance(self.receives, str):
            return self.receives == "everybody"
        return community in self.receives
