"""A lab as it meets the creators: when it crawls, and what each creator's works come to."""

from __future__ import annotations

import math
from dataclasses import dataclass

import mesa

from sim.capability import presets
from sim.purposes import COMPLIANCE
from tests.twin.philox import uniform

QUANTITIES = ("live", "raw", "poison", "given", "asked", "held", "donated", "poisoned")


@dataclass
class Crawl:
    """What one training round finds, by community; ``unit_*`` is the full corpus at the start."""

    step: int
    released: int
    live: list
    raw: list
    poison: list
    donated: list
    legacy: list
    totals: dict


class TwinLab(mesa.Agent):
    def __init__(self, model, spec, number):
        super().__init__(model)
        self.spec, self.number = spec, number
        surrogate = presets.load(spec.preset).surrogate
        self.kappa, self.detection = surrogate.kappa, surrogate.detection
        self.rounds = []
        self.detection = self.detection if spec.detection is None else spec.detection
        self.snapshot = None
        start = self.everything()
        self.full_data = add(start["live"]) * (1.0 + spec.legacy)
        self.full_works = add(start["raw"]) * (1.0 + spec.legacy)
        self.legacy = [spec.legacy * d / self.full_data for d in start["live"]]
        self.legacy_works = [spec.legacy * w / self.full_works for w in start["raw"]]
        if spec.snapshots != "fresh":
            known = spec.snapshots == "from_start"
            self.snapshot = [c.columns["stock"] if known else 0.0 for c in model.creators]

    @property
    def due(self):
        scenario, now = self.model.scenario_spec, self.model.now
        if self.spec.dates:
            return now in [max(1, scenario.step_of(day)) for day in self.spec.dates]
        first = self.spec.every if self.spec.first is None else self.spec.first
        return now >= max(first, 1) and (now - first) % self.spec.every == 0

    def train(self):
        if not self.due:
            return
        found = self.add_up(self.takes)
        undetected = [p * (1.0 - self.detection) for p in found["poison"]]
        self.rounds.append(
            Crawl(
                step=self.model.now,
                released=self.model.now + self.spec.delay,
                live=[d / self.full_data for d in found["live"]],
                raw=[
                    w / self.full_works + old
                    for w, old in zip(found["raw"], self.legacy_works, strict=True)
                ],
                poison=[p / self.full_data for p in undetected],
                donated=[d * self.spec.curation / self.full_data for d in found["donated"]],
                legacy=self.legacy,
                totals=found,
            )
        )

    def everything(self):
        """Effective data and works of everybody at the start."""
        return self.add_up(self.has_made)

    def has_made(self, creator):
        works = creator.columns["stock"]
        return {"live": math.pow(works, self.kappa), "raw": works}

    def add_up(self, amounts):
        """Totals of real creators by quantity and community, summed creator by creator."""
        communities = self.model.communities
        totals = {name: [0.0] * len(communities) for name in QUANTITIES}
        for creator in self.model.creators:
            for name, amount in amounts(creator).items():
                totals[name][creator.home] += amount
        return {
            name: [a * c.represents for a, c in zip(amounts, communities, strict=True)]
            for name, amounts in totals.items()
        }

    def takes(self, creator):
        """What the lab gets of one creator's works."""
        stock, output = creator.columns["stock"], creator.columns["output"]
        made = stock + output * self.model.now
        effect = self.model.effect(creator.tactic)
        past = stock + output * creator.since if creator.mobilised else made
        new = made - past
        asked = past * (1.0 - effect.past_kept) + new * (1.0 - effect.new_kept)
        past_kept, new_kept = effect.past_kept, effect.new_kept
        if effect.needs_compliance:
            covered = self.spec.reach if self.honours(creator) else 0.0
            past_kept = 1.0 - covered * (1.0 - past_kept)
            new_kept = 1.0 - covered * (1.0 - new_kept)
        poisoned = effect.poisoned * new_kept * new
        usable = past_kept * past + new_kept * new
        if not self.spec.crawls:
            poisoned = usable = 0.0
        clean = usable - poisoned
        has = self.remembered(creator, effect, past, new, clean)
        given = effect.past_given * past + effect.new_given * new
        rival = self.spec.is_rival_of(creator.community.name) and given > 0.0
        if rival:
            has = max(has, given)
        usable += has - clean
        worth = math.pow(given, self.kappa)
        return {
            "live": math.pow(has, self.kappa) - (worth if rival else 0.0),
            "raw": usable,
            "poison": math.pow(poisoned, self.kappa),
            "given": worth,
            "asked": asked,
            "held": made - usable,
            "donated": worth if rival else 0.0,
            "poisoned": poisoned,
        }

    def remembered(self, creator, effect, past, new, clean):
        """Works that the lab has, with its snapshot of what could once be crawled."""
        if self.snapshot is None:
            return clean
        if effect.needs_compliance:
            public = past + new - effect.poisoned * new
        else:
            kept = effect.past_kept * past + effect.new_kept * new
            public = kept - effect.poisoned * effect.new_kept * new
        works = max(self.snapshot[creator.number], public)
        self.snapshot[creator.number] = works
        return clean if effect.needs_compliance else max(clean, works)

    def honours(self, creator):
        """Filed early enough, and one of those whom the lab obliges."""
        filed = creator.since <= self.model.now - self.spec.lag
        draw = uniform(self.model.seed, COMPLIANCE, self.number, creator.number)
        return filed and draw < self.spec.compliance


def add(amounts):
    """From left to right, unlike `sum`, which may compensate for rounding."""
    total = 0.0
    for amount in amounts:
        total += amount
    return total
