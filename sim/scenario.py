"""The scenario: everything a run needs to know, frozen, validated and saved without loss."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from sim.creators.community import Community
from sim.creators.seeds import Seeds
from sim.decisions.base import Rule
from sim.decisions.threshold import Threshold
from sim.feedback import Feedback
from sim.institutions.bargaining import Bargaining
from sim.institutions.calendar import Broadcast, Deadline, Event, Ruling
from sim.institutions.lab import Lab
from sim.institutions.mandate import Mandate
from sim.institutions.market import Market
from sim.institutions.organiser import Organiser
from sim.institutions.platform import Platform
from sim.institutions.press import Press
from sim.institutions.references import mistakes
from sim.institutions.regulator import Regulator
from sim.networks.base import NetworkSpec
from sim.networks.erdos_renyi import ErdosRenyi
from sim.spec import Name, Probability, Spec
from sim.tactics import Effects


class Awareness(Spec):
    """How creators come to know of a campaign, and how it slips from their minds.

    A creator who does not know hears in a step with probability
    1 - (1 - p_news) (1 - p_peer)^k, where k visible others act; see `Broadcast` for p_news.
    """

    peer: Probability = 0.0
    """Probability of hearing from one visible mobilised creator in a step (p_peer)."""
    background: Probability = 0.0
    """Probability of hearing in a step without any news."""
    fading: Probability = 0.0
    """Probability that a creator who knows but does not act loses interest in a step."""


class Revision(Spec):
    """Who reconsiders in a step, and in which order."""

    order: Literal["simultaneous", "one_by_one"] | None = None
    """All at once from the same state, or one after another in a keyed random order; what the
    rule's source says unless stated."""
    share: Probability = 1.0
    """Probability that a creator reconsiders in a step."""


class Evidence(Spec):
    """Where a parameter's value comes from."""

    path: str
    mark: Literal["input", "calibrated", "predicted", "measured", "published", "assumed"]
    source: str = ""


class Observed(Spec):
    """A published series that a run is compared with; never read by the run itself."""

    outcome: str
    """What was counted, in words; drawn as cumulative adoption."""
    dates: tuple[date, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    source: str
    fitted_until: date | None = None
    """Last date used for calibration; later points are predictions."""

    @model_validator(mode="after")
    def _same_length(self) -> Self:
        if not len(self.dates) == len(self.low) == len(self.high) > 0:
            raise ValueError("dates, low and high must have the same number of entries")
        return self


class About(Spec):
    """What the scenario is for: read by people, never by the engine."""

    title: str = ""
    question: str = ""
    finding: str = ""
    """The expected finding, stated before the run."""
    sources: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    observed: tuple[Observed, ...] = ()


class Scenario(Spec):
    """Creators in communities, the network between them, their rule and their institutions."""

    communities: Annotated[tuple[Community, ...], Field(min_length=1, max_length=1000)]
    network: NetworkSpec = ErdosRenyi(10.0)
    rule: Rule = Threshold()
    seeds: Seeds = Seeds(count=1)
    steps: Annotated[int, Field(ge=0, le=10**7)] = 52
    step_days: Annotated[float, Field(ge=1e-6, le=36_525)] = 7
    start: date = date(2023, 1, 1)
    labs: tuple[Lab, ...] = ()
    platforms: Annotated[tuple[Platform, ...], Field(max_length=255)] = ()
    organisers: tuple[Organiser, ...] = ()
    regulators: tuple[Regulator, ...] = ()
    press: Press | None = None
    market: Market | None = None
    bargaining: tuple[Bargaining, ...] = ()
    mandate: Mandate | None = None
    calendar: tuple[Event, ...] = ()
    awareness: Awareness | None = None
    feedback: Feedback | None = None
    revision: Revision = Revision()
    tactics: Effects = Field(default={})
    """Effects that differ from the presets in `sim.tactics`."""
    seen_for: Annotated[int, Field(ge=1)] | None = None
    """Steps for which others see that a creator acts; as long as it acts unless stated."""
    feed: Probability = 0.0
    """How much of the exposure comes from a public feed, in which all see all, instead of from
    neighbours."""
    action: bool = True
    """False in the counterfactual, where every creator is held at contribute."""
    network_seed: Annotated[int, Field(ge=0, lt=2**32)] | None = None
    """Draws one network for all replications; each has its own unless stated."""
    name: Name = "scenario"
    about: About = About()

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        for field in ("communities", "labs", "platforms", "organisers", "regulators"):
            names = [part.name for part in getattr(self, field)]
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"{field}: names must be unique, got {', '.join(twice)} twice")
        return self

    @model_validator(mode="after")
    def _ends_in_the_calendar(self) -> Self:
        if self.steps * self.step_days > (date.max - self.start).days:
            raise ValueError(
                f"steps: {self.steps} steps of {self.step_days:g} days from {self.start} lead "
                f"beyond {date.max}, the last date there is"
            )
        return self

    @model_validator(mode="after")
    def _outsiders_come_last(self) -> Self:
        linked = [community.linked for community in self.communities]
        if not linked[0] or linked != sorted(linked, reverse=True):
            raise ValueError(
                "communities: those outside the network (linked = false) come last, and at least "
                "one is inside it"
            )
        return self

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        for mistake in mistakes(self):
            raise ValueError(mistake)
        return self

    @model_validator(mode="after")
    def _rule_finds_its_columns(self) -> Self:
        from sim.decisions.base import COLUMNS

        for name in self.rule.columns():
            missing = [c.name for c in self.communities if name not in c.traits]
            if name not in (*COLUMNS, *self.rule.traits) and missing:
                raise ValueError(
                    f"communities.{missing[0]}.traits.{name}: needed by rule "
                    f"{self.rule.kind()}, not given"
                )
        return self

    @model_validator(mode="after")
    def _feed_is_read(self) -> Self:
        if self.feed > 0.0 and not self.rule.sees_shares():
            raise ValueError(
                f"feed: shows what share of all act, but by rule {self.rule.kind()} creators go "
                "by how many neighbours act; leave it at 0 or take a rule that reads exposure"
            )
        return self

    @property
    def creators(self) -> int:
        """Declared number of simulated creators (an edge list may bring another)."""
        return sum(community.size for community in self.communities)

    @property
    def one_by_one(self) -> bool:
        """Whether creators revise one after another; pledges bind all at once."""
        order = self.revision.order or self.rule.order
        return order == "one_by_one" and self.rule.when != "pledge"

    @property
    def has_institutions(self) -> bool:
        """Whether anybody acts beside the creators, so that a run needs the Mesa model."""
        beyond = any(not isinstance(event, Broadcast) for event in self.calendar)
        acting = (self.labs, self.platforms, self.organisers, self.regulators, self.bargaining)
        single = (self.press, self.market, self.mandate)
        return any(acting) or beyond or any(each is not None for each in single)

    @property
    def withholds(self) -> bool:
        """Whether works can be out through a default or the law."""
        ruled = any(isinstance(event, Ruling) for event in self.calendar)
        return bool(self.platforms or self.regulators or ruled) or self.mandate is not None

    @property
    def has_committed(self) -> bool:
        """Whether some creators may never stop."""
        return self.seeds.committed or any(each.committed for each in self.organisers)

    @property
    def directs_creators(self) -> bool:
        """Whether institutions can make creators start, or stop and stay away from acting."""
        barring = any(platform.bans_members for platform in self.platforms)
        dealing = any(lab.concession or lab.licensing for lab in self.labs)
        return bool(self.organisers or self.bargaining) or barring or dealing

    @property
    def moves_creators(self) -> bool:
        """Whether anything but other creators moves what they want in the course of a run."""
        paying = any(organiser.fund for organiser in self.organisers)
        urging = any(isinstance(event, Deadline) and event.urgency for event in self.calendar)
        moving = any(platform.moves_members for platform in self.platforms)
        deterring = any(lab.retaliation and lab.retaliation.sanction for lab in self.labs)
        moved = self.feedback is not None and self.feedback.on
        sharing = any(lab.sharing is not None for lab in self.labs)
        return moved or paying or urging or moving or deterring or sharing

    @property
    def digest(self) -> str:
        """Hexadecimal SHA-256 of everything that can change a number of the run."""
        import hashlib
        import json

        data = self.to_data()
        for unread in ("about", "name"):
            del data[unread]
        text = json.dumps(data, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def date_of(self, step: int) -> date:
        """Return the date on which a step begins."""
        return self.start + timedelta(days=round(step * self.step_days))

    def step_of(self, day: date) -> int:
        """Return the first step that begins on a date or after it."""
        days = (day - self.start).days
        step = int(days // self.step_days)
        return step if round(step * self.step_days) >= days else step + 1

    def chosen(self) -> dict[str, Any]:
        """Return as plain data what differs from its default, always with network and rule."""
        parts = {"network": self.network.chosen(), "rule": self.rule.chosen(), **super().chosen()}
        return {name: parts[name] for name in type(self).model_fields if name in parts}

    def without_action(self) -> Scenario:
        """Return the counterfactual: the same world in which every creator contributes."""
        return self.replace(action=False)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Scenario:
        """Return the scenario that plain data describe; see `to_data`."""
        return cls.model_validate(data)
