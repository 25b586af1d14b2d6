"""The model as a textbook would write it: Mesa agents, one loop, nothing kept up to date.

Only what a run starts from is taken from the package (the world's columns, rows of the
network, repertoires and initiators), and each rule's plain function.
"""

from __future__ import annotations

import mesa

from sim.institutions.calendar import Broadcast
from sim.tactics import EFFECTS, Tactic
from tests.twin.creator import Creator
from tests.twin.feedback import TwinFeedback
from tests.twin.lab import TwinLab
from tests.twin.revision import in_keyed_order, largest_group, reconsidering

WHOLE = 2**20
"""Whole units in which creators' weights are counted, so that sums are exact."""
LINK = 2.0**-16
WHOLE_LINK = 2**16
"""What one unit of a link's weight counts for."""


class TwinModel(mesa.Model):
    def __init__(self, world):
        super().__init__()
        self.world, self.seed, self.communities = world, world.seed, world.communities
        self.scenario_spec = world.scenario
        self.rule = world.scenario.rule
        self.now = 0
        self.creators = self._creators()
        self.all_see_all = self.rule.everyone or world.network.complete
        self.unit = 1
        self._let_see()
        self.labs = [TwinLab(self, spec, k) for k, spec in enumerate(world.scenario.labs)]
        for i in world.initiators().tolist():
            starter = self.creators[i]
            starter.aware = True
            starter.committed = world.scenario.seeds.committed
            starter.turn()
        self.feedback = TwinFeedback(self) if world.scenario.feedback else None
        self.history = [self.counts()]

    def step(self):
        self.now += 1
        # 1. Calendar: which news falls due is asked for in `news`.
        # 2. Institutions act: labs do not, before they train.
        if self.scenario_spec.action:
            # 3. Exposure, from the state at the end of the previous step; then the unaware hear.
            for creator in self.creators:
                creator.view = creator.look()
            self.spread_the_word()
            # 4. Decision, and 5. Supply: tactics say what labs may take.
            self.decide()
        # 6. Training.
        for lab in self.labs:
            lab.train()
        # 7. Feedback: labs of the twin publish nothing.
        if self.feedback:
            self.feedback.update()
        # 8. Record.
        self.history.append(self.counts())

    def spread_the_word(self):
        awareness = self.scenario_spec.awareness
        peer = awareness.peer if awareness else 0.0
        fading = awareness.fading if awareness else 0.0
        acting = [creator.seen for creator in self.creators]
        for creator in self.creators:
            creator.hear(self.news(creator.community), peer, fading)
        assert acting == [creator.seen for creator in self.creators]

    def news(self, community):
        """Probability of hearing the news of this step: all of it has to be missed not to hear."""
        scenario, missed = self.scenario_spec, 1.0
        if scenario.awareness:
            missed *= 1.0 - scenario.awareness.background * community.attention
        for event in scenario.calendar:
            if not isinstance(event, Broadcast):
                continue
            if event.communities and community.name not in event.communities:
                continue
            days = (self.now - max(1, scenario.step_of(event.on))) * scenario.step_days
            if days == 0:
                missed *= 1.0 - event.reach * community.attention
            elif days > 0 and event.half_life > 0.0:
                reach = event.reach * 0.5 ** (days / event.half_life)
                missed *= 1.0 - reach * community.attention
        return 1.0 - missed

    def decide(self):
        revision = self.scenario_spec.revision
        able = [c for c in reconsidering(self, revision.share) if c.decides]
        if self.rule.when == "pledge":
            for creator in largest_group(able):
                creator.turn()
        elif (revision.order or self.rule.order) == "one_by_one":
            for creator in in_keyed_order(able):
                if creator.wants_to_act(*creator.look()) != creator.mobilised:
                    creator.turn()
        else:
            turning = [c for c in able if c.wants_to_act(*c.view) != c.mobilised]
            for creator in turning:
                creator.turn()

    def effect(self, code):
        tactic = Tactic(code)
        return self.scenario_spec.tactics.get(tactic.name.lower(), EFFECTS[tactic])

    def counts(self):
        """Mobilised now and ever, by community."""
        return [
            [
                sum(getattr(creator, what) for creator in self.creators if creator.home == c)
                for c in range(len(self.communities))
            ]
            for what in ("mobilised", "ever")
        ]

    def _creators(self):
        world, rule = self.world, self.rule
        wanted = {"stock", "output", "cost", *rule.columns()} | ({rule.weighs} - {None})
        columns = {name: spread(world.column(name), world.size) for name in wanted}
        memories = {name: spread(world.column(name), world.size) for name in rule.memories}
        tactics = spread(world.repertoire, world.size)
        creators = []
        for c, size in enumerate(world.network.sizes):
            for i in range(len(creators), len(creators) + size):
                creator = Creator(self, i, c, tactics[i])
                creator.columns = {name: column[i] for name, column in columns.items()}
                creator.memories = {name: column[i] for name, column in memories.items()}
                if rule.weighs is not None:
                    creator.weight = round(creator.columns[rule.weighs] * WHOLE)
                creators.append(creator)
        return creators

    def _let_see(self):
        """Say whom each creator sees: all others, or those in whose row it stands."""
        network = self.world.network
        if self.all_see_all:
            for creator in self.creators:
                creator.sees = [(o, o.weight) for o in self.creators if o is not creator]
            return
        if network.weights is not None or any(c.opposes for c in self.communities):
            self.unit = LINK
        for creator in self.creators:
            begin, end = network.indptr[creator.number], network.indptr[creator.number + 1]
            for place in range(begin, end):
                audience = self.creators[network.indices[place]]
                whole = 1 if self.unit == 1 else WHOLE_LINK
                weight = whole if network.weights is None else int(network.weights[place])
                against = audience.community.name in creator.community.opposes
                audience.sees.append((creator, -weight if against else weight))


def spread(column, size):
    """One plain value for each creator."""
    if isinstance(column, float):
        return [column] * size
    values = column.tolist()
    return values * size if len(values) == 1 else values
