"""What creators own that a lab can use, and what a tactic takes away: nobody decides here."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.capability import presets
from sim.capability.supply import Supply
from sim.creators.seeds import Seeds
from sim.errors import InputError
from sim.kernels import portfolio as kernels
from sim.leverage.case import Case, remaining
from sim.leverage.redrawn import Redrawn
from sim.networks.edge_list import EdgeList
from sim.networks.empty import Empty
from sim.purposes import COMPLIANCE
from sim.scenario import Scenario
from sim.supply import Corpus
from sim.tactics import Tactic, named
from sim.world import World, build

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.capability.preset import Preset
    from sim.capability.surrogate import Surrogate
    from sim.institutions.lab import Lab

    Floats = NDArray[np.float64]
    Cells = tuple[NDArray[np.int64], tuple[int, int]]
    """Number of the cell of a table (cases + 1, communities) for each creator, and its shape."""


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
    worth : float64 (6, creators)
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
        """Effective data that each creator takes away by acting (creators,), in corpora.

        Less than nothing where acting gives the lab more.
        """
        lost: Floats = self._had(kernels.FULL) - self.worth[kernels.LEFT]
        lost -= self.corpus.lab.curation * self.worth[kernels.GIVEN]
        lost *= self.represents / self.corpus.unit_data
        return lost

    @cached_property
    def available(self) -> Supply:
        """What there is at the round with everybody taking part."""
        return self.corpus.everything(self.step)

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
        corpus, cells = self.corpus, self._cells(order, sizes)
        poison = self._sums(kernels.POISON, cells) * (1.0 - corpus.detection)
        given = self._sums(kernels.GIVEN, cells) * corpus.lab.curation
        works, data = corpus.made(self.step)
        live = self._without(kernels.FULL, kernels.LEFT, data, cells) / corpus.unit_data
        raw = self._without(kernels.WORKS, kernels.LEFT_WORKS, works, cells) / corpus.unit_works
        return Supply(
            live=live,
            raw=raw + corpus.legacy_works,
            poison=poison / corpus.unit_data,
            donated=given / corpus.unit_data,
            legacy=np.broadcast_to(corpus.legacy, live.shape),
        )

    def case(self, order: NDArray[np.int64], sizes: NDArray[np.int64]) -> Case:
        """Return what the first of an order do to the lab by acting (cases, communities)."""
        return Case(
            self.supplies(order, sizes),
            self.unserved(order, sizes),
            self.corpus.full,
            self.available,
        )

    def redrawn(self, order: NDArray[np.int64], sizes: NDArray[np.int64]) -> Redrawn:
        """Return the same, to be counted anew as draws of the constants have it."""
        return Redrawn.of(self, self.case(order, sizes), self._cells(order, sizes))

    def unserved(self, order: NDArray[np.int64], sizes: NDArray[np.int64]) -> Floats:
        """Return the share of each community that acts and is not served any more, as above."""
        if self.corpus.consumes[self.tactic]:
            return np.zeros((sizes.size, self.corpus.legacy.size))
        cells = self._cells(order, sizes)
        acting = self._added(None, cells)
        return np.asarray(acting[:-1].cumsum(axis=0) / acting.sum(axis=0))

    def group(self, order: NDArray[np.int64], sizes: NDArray[np.int64]) -> dict[str, Floats]:
        """Return what a group is: real creators, works and effective data, and shares (cases,)."""
        cells = self._cells(order, sizes)
        found = {}
        for name, row in (("creators", None), ("works", kernels.WORKS), ("data", kernels.FULL)):
            parts = self._added(row, cells).sum(axis=1)
            sums = parts[:-1].cumsum()
            found[name] = sums if name != "data" else sums / self.corpus.unit_data
            found[f"share_of_{name}"] = sums / parts.sum()
        return found

    def _had(self, row: int) -> Floats:
        """Return what the lab has of each creator who contributes (creators,)."""
        return self.worth[row] if self.corpus.lab.crawls else np.zeros(self.world.size)

    def _without(self, whole: int, left: int, total: Floats, cells: Cells) -> Floats:
        """Return what is left of the ``total`` that the lab has when everybody contributes."""
        kept, full = self._added(left, cells), self._added(whole, cells)
        return remaining(kept, full, total, self.corpus.lab.crawls)

    def _sums(self, row: int, cells: Cells) -> Floats:
        """Return sums of a row over those who act, by community (cases, communities)."""
        return self._added(row, cells)[:-1].cumsum(axis=0)

    def _cells(self, order: NDArray[np.int64], sizes: NDArray[np.int64]) -> Cells:
        """Return for each creator its community and the first case in which it acts, as one."""
        case = np.full(self.world.size, sizes.size)
        begin = 0
        for number, end in enumerate(sizes):
            case[order[begin:end]] = number
            begin = end
        communities = self.corpus.legacy.size
        return case * communities + self.community, (sizes.size + 1, communities)

    def _added(self, row: int | None, cells: Cells) -> Floats:
        """Add up a row over who begins to act in each case, or never (cases + 1, communities).

        In real creators; without a row, the creators themselves.
        """
        cell, shape = cells
        values = None if row is None else self.worth[row]
        added = np.bincount(cell, weights=values, minlength=shape[0] * shape[1])
        real: Floats = added.reshape(shape) * self.corpus.represents
        return real


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
    when = step if step is not None else first_round(scenario, spec)
    return Portfolio(world, corpus, preset, code, when, _worth(corpus, code, when, seed))


def _worth(corpus: Corpus, tactic: Tactic, step: int, seed: int) -> Floats:
    lab, size = corpus.lab, corpus.world.size
    worth, since = np.empty((kernels.ROWS, size)), np.zeros(size, np.int32)
    kept = (np.zeros(0, np.int32), corpus.snapshot.copy())
    for c, (begin, end) in enumerate(itertools.pairwise(corpus.world.bounds)):
        terms = (lab.compliance, lab.reach, corpus.number, lab.crawls, corpus.receives[c])
        kernels.appraise(
            begin, end, (step, step - lab.lag), terms, corpus.kappa, seed, COMPLIANCE, since,
            kept, corpus.stock, corpus.output, corpus.effects[tactic], worth,
        )  # fmt: skip
    return worth


def first_round(scenario: Scenario, lab: Lab) -> int:
    """Return the step of a lab's first training round."""
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
    near = get_close_matches(name, names)
    return f" (did you mean {near[0]!r}?)" if near else ""
