"""What moves creators beside others: the equations of `Feedback`, one community at a time."""

from __future__ import annotations


class TwinFeedback:
    def __init__(self, model):
        self.model = model
        self.terms = model.scenario_spec.feedback
        self.weight = self.terms.weight if model.rule.scales_pull else 1.0
        self.seen = self.look()

    def pull_on(self, creator):
        """Net utility that acting has gained for a creator since the start."""
        terms, w = self.terms, self.weight
        spared = w * (1.0 - (1.0 - terms.safety * self.seen[creator.home]))
        pull = spared * creator.columns["cost"]
        if terms.fatigue > 0.0 and creator.mobilised:
            pull -= w * terms.fatigue * (self.model.now - creator.since)
        return pull

    def update(self):
        self.seen = self.look()

    def look(self):
        """Share of each community seen acting."""
        creators = self.model.creators
        shares = []
        for c in range(len(self.model.communities)):
            members = [creator for creator in creators if creator.home == c]
            acting = sum(creator.seen for creator in members)
            shares.append(acting / max(len(members), 1))
        return shares
