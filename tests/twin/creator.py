"""A creator as an ordinary Mesa agent: looks, hears, decides, acts."""

from __future__ import annotations

import math

import mesa

from sim.purposes import AWARENESS, DECISION, VISIBLE
from tests.twin.philox import uniform

CONTRIBUTE = 0


class Creator(mesa.Agent):
    def __init__(self, model, number, home, tactic):
        super().__init__(model)
        self.number = number
        self.home = home
        self.community = model.communities[home]
        self.when_mobilised = tactic
        self.columns = {}
        self.memories = {}
        self.weight = 1
        self.sees = []
        self.tactic = CONTRIBUTE
        self.ever = False
        self.aware = self.draw(AWARENESS) < self.community.aware
        self.committed = False
        self.noticed = False
        self.since = 0
        self.view = None

    @property
    def mobilised(self):
        return self.tactic != CONTRIBUTE

    @property
    def seen(self):
        """Whether others see that this creator acts: for as long as the scenario says."""
        lasting = self.model.scenario_spec.seen_for
        worn = lasting is not None and self.model.now - self.since > lasting
        return self.mobilised and self.noticed and not worn

    def draw(self, purpose):
        return uniform(self.model.seed, purpose, self.model.now, self.number)

    def look(self):
        """What the creator sees others do: how much acts, how much could, and the public feed."""
        active = sum(weight for other, weight in self.sees if other.seen)
        return max(active, 0) * self.model.unit, self.audience, self.feed

    @property
    def audience(self):
        """What all whom the creator could see count for; in a crowd, itself included."""
        own = self.weight if self.model.rule.everyone else 0
        return (sum(abs(weight) for _, weight in self.sees) + own) * self.model.unit

    @property
    def feed(self):
        """Share of all the others who are seen acting, where there is a public feed."""
        if self.model.scenario_spec.feed == 0.0 or self.model.all_see_all:
            return None
        acting = sum(other.seen for other in self.model.creators if other is not self)
        return acting / max(len(self.model.creators) - 1, 1)

    def hear(self, news, peer, fading):
        """Lose interest when idle, or hear from the news or from somebody who acts."""
        if self.aware:
            if not self.mobilised and self.draw(AWARENESS) < fading:
                self.aware = False
            return
        met = self.community.attention * peer
        if self.model.all_see_all:
            acting = sum(other.seen for other, _ in self.sees)
        else:
            acting, _, _ = self.look()
        chance = 1.0 - (1.0 - news) * math.pow(1.0 - met, acting) if acting else news
        self.aware = self.draw(AWARENESS) < chance

    @property
    def decides(self):
        """Those who do not know do not decide, and the committed do not stop."""
        return (self.aware or self.mobilised) and not (self.committed and self.mobilised)

    def wants_to_act(self, active, degree, feed):
        """Ask the rule's own function; remember what it wants remembered."""
        rule, share = self.model.rule, self.model.scenario_spec.feed
        exposure = active / degree if degree else 0.0
        if feed is not None:
            exposure = (1.0 - share) * exposure + share * feed
        situation = {
            **self.columns,
            **self.memories,
            **rule.parameters(),
            "mobilised": self.mobilised,
            "ever": self.ever,
            "active": active,
            "degree": degree,
            "exposure": exposure,
            "creators": len(self.model.creators),
            "step": self.model.now,
            "duration": self.model.now - self.since,
            "weight": self.weight,
            "shift": self.model.feedback.pull_on(self) if self.model.feedback else 0.0,
            "draw": self.draw(DECISION)
            if rule.form() != "decide" or "draw" in rule.reads()
            else None,
        }
        answer = rule.function()(**{name: situation[name] for name in rule.reads()})
        if rule.form() == "probability":
            return situation["draw"] < answer
        if rule.form() == "log_odds":
            return situation["draw"] < logistic(answer)
        if rule.memories:
            answer, *kept = answer
            self.memories = dict(zip(rule.memories, kept, strict=True))
        return bool(answer)

    def turn(self):
        """Start when idle, stop when acting."""
        self.since = self.model.now
        if self.mobilised:
            self.tactic = CONTRIBUTE
            return
        self.tactic = self.when_mobilised
        self.ever = True
        visibility = self.model.effect(self.tactic).visibility
        self.noticed = visibility >= 1.0 or self.draw(VISIBLE) < visibility


def logistic(x):
    """1 / (1 + exp(-x)) without overflow."""
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    return math.exp(x) / (1.0 + math.exp(x))
