"""What creators own that a lab can use, and what a tactic takes away: nobody decides here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.capability import presets
from sim.capability.supply import Supply
from sim.errors import InputError
from sim.kernels import portfolio as kernels
from sim.networks.edge_list import EdgeList
from sim.networks.empty import Empty
from sim.purposes import COMPLIANCE
from sim.scenario import Scenario
from sim.seeds import Seeds
from sim.supply import Corpus
from sim.tactics import Tactic, named
from sim.world import World, build

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.capability.preset import Preset
    from sim.capability.surrogate import Surrogate
    from sim.institutions.lab import Lab

    Floats = NDArray[np.float64]


ROUNDING = 1e-12
"""Share of a sum below which what is left of it is rounding error."""


@dataclass(frozen=True, eq=False)
class Portfolio:
    """Everybody's works at one training round of one lab, contributing or using a tactic.

    Parameters
    ----------
    world : World
        Whose works.
    corpus : Corpus
        The lab's unit of data.
    preset : Preset
        The lab's surrogate, and what is known of its constants.
    tactic : Tactic
        What those who act use.
    step : int
        Step of the training round.
    worth : float64 (5, creators)
        See `sim.kernels.portfolio.appraise`.
    """

    world: World
    corpus: Corpus
    preset: Preset
    tactic: Tactic
    step: int
    worth: Floats

    @property
    def surrogate(self) -> Surrogate:
        """The lab's surrogate."""
        return self.preset.surrogate

    @cached_property
    def community(self) -> NDArray[np.int64]:
        """Community of each creator (creators,)."""
        sizes = self.world.network.sizes
        return np.repeat(np.arange(len(sizes)), sizes)

    @cached_property
    def represents(self) -> Floats:
        """Real creators for each simulated one (creators,)."""
        return self.corpus.represents[self.community]

    @cached_property
    def taken(self) -> Floats:
        """Effective data that each creator takes away by acting (creators,), in corpora."""
        lost: Floats = self.worth[kernels.FULL] - self.worth[kernels.LEFT]
        lost *= self.represents / self.corpus.unit_data
        return lost

    @cached_property
    def everyone(self) -> Supply:
        """What the lab can use when everybody contributes."""
        return self.supplies(np.zeros(self.world.size, dtype=np.int64), np.array([0]))

    def supplies(self, order: NDArray[np.int64], sizes: NDArray[np.int64]) -> Supply:
        """Return what the lab can use when the first of an order act (cases, communities).

        Parameters
        ----------
        order : int64 (creators,)
            Creators, first to act first.
        sizes : int64 (cases,)
            How many of them act, ascending.
        """
        full, left, works, left_works, poison = self.worth * self.represents
        corpus = self.corpus
        undetected = (1.0 - corpus.detection) * poison
        legacy = np.broadcast_to(corpus.legacy, (sizes.size, corpus.legacy.size))
        live = self._without(full, full - left, order, sizes) / corpus.unit_data
        raw = self._without(works, works - left_works, order, sizes) / corpus.unit_works
        return Supply(
            live=live,
            raw=raw + corpus.legacy_works,
            poison=self._sums(undetected, order, sizes) / corpus.unit_data,
            donated=np.zeros_like(live),
            legacy=legacy,
        )

    def group(self, order: NDArray[np.int64], sizes: NDArray[np.int64]) -> dict[str, Floats]:
        """Return what a group is: real creators, works and effective data, and shares (cases,)."""
        full, _, works, *_ = self.worth * self.represents
        measures = {"creators": self.represents, "works": works, "data": full}
        found = {}
        for name, values in measures.items():
            sums = self._sums(values, order, sizes).sum(axis=1)
            found[name] = sums if name != "data" else sums / self.corpus.unit_data
            found[f"share_of_{name}"] = sums / values.sum()
        return found

    def _without(
        self, whole: Floats, lost: Floats, order: NDArray[np.int64], sizes: NDArray[np.int64]
    ) -> Floats:
        total = np.bincount(self.community, weights=whole, minlength=self.corpus.legacy.size)
        left = total - self._sums(lost, order, sizes)
        return np.where(left > ROUNDING * total, left, 0.0)

    def _sums(self, values: Floats, order: NDArray[np.int64], sizes: NDArray[np.int64]) -> Floats:
        """Add up values over the first of an order, by community (cases, communities)."""
        communities = self.corpus.legacy.size
        parts = np.zeros((sizes.size, communities))
        begin = 0
        for case, end in enumerate(sizes):
            chosen = order[begin:end]
            parts[case] = np.bincount(
                self.community[chosen], weights=values[chosen], minlength=communities
            )
            begin = end
        return parts.cumsum(axis=0)


def appraise(
    scenario: Scenario,
    lab: str | None,
    tactic: str,
    step: int | None,
    seed: int,
    linked: bool = False,
) -> Portfolio:
    """Return everybody's works at a training round of a lab.

    Parameters
    ----------
    scenario : Scenario
        Whose creators.
    lab : str or None
        Name of the lab; the scenario's first unless given.
    tactic : str
        Tactic of those who act, for example ``withhold``.
    step : int or None
        Step of the training round; the lab's first unless given.
    seed : int
        Random seed of the creators.
    linked : bool
        Whether the links matter; the network is not built otherwise.

    Raises
    ------
    InputError
        If there is no such lab or tactic.
    """
    number = _lab_number(scenario, lab)
    spec = scenario.labs[number]
    code = _tactic(tactic)
    world = build(scenario if linked or _needs_links(scenario) else _unlinked(scenario), seed)
    preset = presets.load(spec.preset).for_communities([c.name for c in world.communities])
    corpus = Corpus(world, spec, number, preset.surrogate.kappa, preset.surrogate.detection)
    worth = np.empty((5, world.size))
    when = step if step is not None else _first_round(scenario, spec)
    terms = (spec.compliance, spec.reach, number)
    kernels.appraise(
        when, terms, corpus.kappa, seed, COMPLIANCE, corpus.stock, corpus.output,
        corpus.effects[code], worth,
    )  # fmt: skip
    return Portfolio(world, corpus, preset, code, when, worth)


def _first_round(scenario: Scenario, lab: Lab) -> int:
    if lab.dates:
        return max(1, scenario.step_of(min(lab.dates)))
    return lab.every if lab.first is None else lab.first


def _needs_links(scenario: Scenario) -> bool:
    by_links = any(community.stock_by_degree for community in scenario.communities)
    return by_links or isinstance(scenario.network, EdgeList)


def _unlinked(scenario: Scenario) -> Scenario:
    return scenario.replace(network=Empty(), seeds=Seeds(count=0))


def _lab_number(scenario: Scenario, lab: str | None) -> int:
    names = [spec.name for spec in scenario.labs]
    if not names:
        raise InputError("labs: leverage needs a lab whose model is harmed; the scenario has none")
    if lab is None:
        return 0
    if lab not in names:
        raise InputError(
            f"lab: no lab {lab!r}; expected one of {', '.join(names)}{_near(lab, names)}"
        )
    return names.index(lab)


def _tactic(name: str) -> Tactic:
    names = [tactic.name.lower() for tactic in Tactic if tactic != Tactic.CONTRIBUTE]
    if name not in names:
        raise InputError(
            f"tactic: unknown tactic {name!r}; expected one of {', '.join(names)}"
            f"{_near(name, names)}"
        )
    return named(name)


def _near(name: str, names: Sequence[str]) -> str:
    near = get_close_matches(name, names, n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""
