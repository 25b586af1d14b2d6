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
        self.others = []
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
        """What the creator sees others do: how much acts, and how much could."""
        active = sum(other.weight for other in self.others if other.seen)
        return active, self.model.audience(self)

    def hear(self, news, peer, fading):
        """Lose interest when idle, or hear from the news or from somebody who acts."""
        if self.aware:
            if not self.mobilised and self.draw(AWARENESS) < fading:
                self.aware = False
            return
        met = self.community.attention * peer
        acting = sum(other.seen for other in self.others)
        chance = 1.0 - (1.0 - news) * math.pow(1.0 - met, float(acting)) if acting else news
        self.aware = self.draw(AWARENESS) < chance

    @property
    def decides(self):
        """Those who do not know do not decide, and the committed do not stop."""
        return (self.aware or self.mobilised) and not (self.committed and self.mobilised)

    def wants_to_act(self, active, degree):
        """Ask the rule's own function; remember what it wants remembered."""
        rule = self.model.rule
        situation = {
            **self.columns,
            **self.memories,
            **rule.parameters(),
            "mobilised": self.mobilised,
            "ever": self.ever,
            "active": active,
            "degree": degree,
            "exposure": active / degree if degree else 0.0,
            "creators": len(self.model.creators),
            "step": self.model.now,
            "duration": self.model.now - self.since,
            "weight": self.weight,
            "shift": 0.0,
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
