"""Values of a scenario that its observed series may or may not tell apart.

Two are tried freely: how readily a typical creator acts alone, and how much it conforms.  How
fast interest fades is stated.  The rest follows from the quiet time before the second news.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from analysis.series import Counts
from sim.creators.distributions import Normal
from sim.decisions.logit_choice import LogitChoice
from sim.errors import InputError
from sim.institutions.calendar import Broadcast
from sim.scenario import Awareness, Scenario


@dataclass(frozen=True)
class Candidate:
    """One choice of values."""

    alone: float
    """Log-odds of acting, on reconsidering, of a typical creator who sees nobody act."""
    conformity: float
    """In units of the temperature."""
    fading: float
    """Probability of losing interest in a day."""


@dataclass(frozen=True)
class Question:
    """A scenario of daily steps with a series, a logit choice and news on at least two dates.

    Raises
    ------
    InputError
        If it is not such a scenario.
    """

    scenario: Scenario

    def __post_init__(self) -> None:
        scenario = self.scenario
        observed = scenario.about.observed
        if not (
            observed
            and observed[0].fitted_until
            and isinstance(scenario.rule, LogitChoice)
            and isinstance(scenario.communities[0].grievance, Normal)
            and scenario.step_days == 1
            and len(self.news) >= 2
        ):
            raise InputError(
                f"{scenario.name}: needs daily steps, a logit_choice rule, normal grievances, two "
                "broadcasts and an observed series with fitted_until"
            )

    @cached_property
    def news(self) -> list[Broadcast]:
        """Broadcasts in the order of their dates."""
        news = [event for event in self.scenario.calendar if isinstance(event, Broadcast)]
        return sorted(news, key=lambda event: event.on)

    @property
    def release(self) -> date:
        """When the series stops being quiet: the last news but one."""
        return self.news[-2].on

    @property
    def until(self) -> date:
        """Last date of the counts that are fitted to."""
        until = self.scenario.about.observed[0].fitted_until
        assert until is not None
        return until

    @cached_property
    def counts(self) -> Counts:
        """The whole series."""
        return Counts.of(self.scenario.about.observed[0], self.scenario.start)

    @property
    def fitted(self) -> Counts:
        """Counts that are fitted to."""
        return self.counts.among(0.0, self.day(self.until))

    @property
    def wave(self) -> Counts:
        """Counts that are fitted to since the release."""
        return self.counts.among(self.day(self.release), self.day(self.until))

    @property
    def held_out(self) -> Counts:
        """Counts that are only predicted."""
        return self.counts.among(self.day(self.until) + 1.0, np.inf)

    @property
    def days(self) -> int:
        """Days played from the release on: until three days after the last count."""
        return int(self.counts.days[-1] - self.day(self.release)) + 3

    def day(self, when: date) -> float:
        """Return a date as days since the scenario's start."""
        return float((when - self.scenario.start).days)

    def date(self, day: float) -> date:
        """Return the date of a day."""
        return self.scenario.start + timedelta(days=day)

    def with_values(self, values: Candidate) -> Scenario:
        """Return the scenario with these values, and with those that follow from quiet months.

        Until the second news requests come at a steady rate, whose likelihood is highest at
        their mean; the first count is what the first news brought.  Both are divided by the
        creators who file alone among those who hear.  All news but the last reach as many.
        """
        scenario, rule, spread = self.scenario, self.scenario.rule, self._spread
        assert isinstance(rule, LogitChoice)
        crowd = sum(c.size for c in scenario.communities if c.attention > 0.0)
        filing = crowd * share_filing(values, spread / rule.temperature, scenario.revision.share)
        quiet = self.counts.among(0.0, float(self.wave.days[0]))
        rate = (quiet.middle[-1] - quiet.middle[0]) / (quiet.days[-1] - quiet.days[0])
        reach = min(1.0, float(quiet.middle[0]) / filing)
        grievance = Normal(rule.temperature * (values.conformity + values.alone), spread)
        return scenario.replace(
            communities=tuple(
                c.replace(grievance=grievance) if c.attention > 0.0 else c
                for c in scenario.communities
            ),
            rule=rule.replace(conformity=rule.temperature * values.conformity),
            awareness=Awareness(background=min(1.0, float(rate) / filing), fading=values.fading),
            calendar=(*(event.replace(reach=reach) for event in self.news[:-1]), self.news[-1]),
        )

    def from_release(self, values: Candidate) -> Scenario:
        """Return the scenario from its release to a few days after the last count, without labs.

        As many are interested at the start as the quiet months leave interested.
        """
        whole = self.with_values(values)
        assert whole.awareness is not None
        aware = whole.awareness.background / (whole.awareness.background + values.fading)
        return whole.replace(
            communities=tuple(
                c.replace(aware=aware) if c.attention > 0.0 else c for c in whole.communities
            ),
            labs=(),
            start=self.release,
            steps=self.days,
            calendar=tuple(event for event in whole.calendar if event.on >= self.release),
        )

    @property
    def _spread(self) -> float:
        grievance = self.scenario.communities[0].grievance
        assert isinstance(grievance, Normal)
        return grievance.sd


def share_filing(values: Candidate, spread: float, share: float) -> float:
    """Return the share of those who hear that files before losing interest, seeing nobody.

    Parameters
    ----------
    values : Candidate
        How readily they act alone, and how fast interest fades.
    spread : float
        Standard deviation of their grievances, in units of the temperature.
    share : float
        Probability of reconsidering in a day.
    """
    from scipy.special import expit, ndtri

    tastes = values.alone + spread * ndtri((np.arange(2000) + 0.5) / 2000)
    chance = share * expit(tastes)
    return float(np.mean(chance / (chance + values.fading - chance * values.fading)))
