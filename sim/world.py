"""The world that a scenario and a seed make: the network, the creators' columns, who starts."""

from __future__ import annotations

import functools
import math
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import memory
from sim.creators.community import Community
from sim.creators.distributions import Constant, Distribution
from sim.errors import InputError
from sim.kernels import seeding
from sim.kernels.exposure import oppose
from sim.kernels.philox import fill_uniform
from sim.networks.base import NetworkSpec
from sim.networks.network import WEIGHT_UNIT
from sim.purposes import COLUMN, INITIATORS
from sim.scenario import Scenario
from sim.tactics import EFFECTS, named

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.networks.network import Network

    Floats = NDArray[np.float64]

CHECKED_FROM = 1_000_000
"""Creators, or numbers in the history, from which a run might not fit into memory."""
MOST_GROUPS = 2**16
"""Communities on platforms that can be told apart."""

WORKS = ("stock", "output")
"""Columns that count works."""


@dataclass(eq=False)
class World:
    """What stays fixed during a run; columns are drawn when they are first asked for."""

    scenario: Scenario
    seed: int
    network: Network
    communities: tuple[Community, ...]
    notes: tuple[str, ...]
    _columns: dict[str, float | Floats] = field(default_factory=dict)

    @functools.cached_property
    def size(self) -> int:
        """Creators in the world."""
        return sum(self.network.sizes)

    @functools.cached_property
    def bounds(self) -> tuple[int, ...]:
        """Where each community begins, and the end of the last: (communities + 1,)."""
        return tuple(int(end) for end in np.cumsum((0, *self.network.sizes)))

    @functools.cached_property
    def community(self) -> NDArray[np.uint16]:
        """Community of each creator (n,); of size 0 where there is only one."""
        if len(self.communities) == 1:
            return np.empty(0, dtype=np.uint16)
        return np.repeat(np.arange(len(self.communities), dtype=np.uint16), self.network.sizes)

    @functools.cached_property
    def link_weights(self) -> NDArray[np.int32] | None:
        """What links count for in 1/65536, below 0 between opponents (link ends,); None for 1."""
        names = [community.name for community in self.communities]
        against = [set(community.opposes) for community in self.communities]
        if not any(against):
            return self.network.weights
        sign = np.array([[-1 if t in whom else 1 for whom in against] for t in names], np.int8)
        stored = self.network.weights
        weights = np.array([WEIGHT_UNIT], dtype=np.int32) if stored is None else stored
        signed = np.empty(self.network.indices.size, dtype=np.int32)
        oppose(self.network.indptr, self.network.indices, weights, self.community, sign, signed)
        return signed

    @functools.cached_property
    def platform(self) -> NDArray[np.uint8]:
        """Number of each creator's platform from 1, 0 for none (n,); (0,) without platforms."""
        platforms = self.scenario.platforms
        if not platforms:
            return np.empty(0, dtype=np.uint8)
        draws = self.uniform(zlib.crc32(b"platform"))
        out = np.empty(self.size, dtype=np.uint8)
        for begin, end, community in zip(
            self.bounds, self.bounds[1:], self.communities, strict=False
        ):
            ends = np.cumsum([platform.share_of(community.name) for platform in platforms])
            place = np.searchsorted(ends, draws[begin:end], side="right")
            out[begin:end] = np.where(place < len(platforms), place + 1, 0)
        return out

    @functools.cached_property
    def group(self) -> NDArray[np.uint16]:
        """Who shares what institutions do to the cost of acting (n,); of size 0 for all.

        The community, or where there are platforms platform * communities + community.
        """
        if not self.platform.size:
            return self.community
        community = self.community if self.community.size else np.uint16(0)
        return self.platform.astype(np.uint16) * np.uint16(len(self.communities)) + community

    @property
    def groups(self) -> int:
        """Number of groups."""
        return len(self.communities) * (len(self.scenario.platforms) + 1)

    def column(self, name: str) -> float | Floats:
        """Return a quantity of the creators: float64 (n,), or one value that all share."""
        if name not in self._columns:
            self._columns[name] = self._drawn(name)
        return self._columns[name]

    def least(self, name: str) -> float:
        """Return the smallest value of a quantity."""
        column = self.column(name)
        return column if isinstance(column, float) else float(column.min())

    @property
    def drawn(self) -> dict[str, Floats]:
        """Columns drawn so far in which creators differ."""
        return {n: c for n, c in self._columns.items() if not isinstance(c, float)}

    def _drawn(self, name: str) -> float | Floats:
        quantities = [self._quantity(community, name) for community in self.communities]
        first = quantities[0].constant
        if first is not None and all(q.constant == first for q in quantities):
            self._check_works(name, np.array([first]))
            return first
        out = self.uniform(zlib.crc32(name.encode()))
        for begin, end, quantity, community in zip(
            self.bounds, self.bounds[1:], quantities, self.communities, strict=False
        ):
            shares = out[begin:end]
            if name == "stock" and community.stock_by_degree != 0.0:
                shares = self._correlated(shares, begin, end, community.stock_by_degree)
            try:
                out[begin:end] = quantity.quantile(shares)
            except InputError as error:
                raise InputError(f"communities.{community.name}.{name}: {error}") from None
        self._check_works(name, out)
        return out

    def _check_works(self, name: str, column: Floats) -> None:
        if name not in WORKS:
            return
        wrong = np.flatnonzero(~(np.isfinite(column) & (column >= 0.0)))
        if wrong.size:
            number = int(np.searchsorted(self.bounds, wrong[0], side="right")) - 1
            raise InputError(
                f"communities.{self.communities[number].name}.{name}: must not be negative or "
                f"infinite, got {column[wrong[0]]:g}; truncate the distribution"
            )

    def _quantity(self, community: Community, name: str) -> Distribution:
        if name in community.traits:
            return community.traits[name]
        own = {**self.scenario.rule.traits, **self.scenario.rule.memories}
        if name in own:
            return Constant(own[name])
        stated: Distribution = getattr(community, name)
        return stated

    def uniform(self, step: int, purpose: int = COLUMN) -> Floats:
        """Return one number in [0, 1) for each creator (n,) at a step of a purpose."""
        out = np.empty(self.size)
        high, low = np.empty(4096, dtype=np.uint32), np.empty(4096, dtype=np.uint32)
        fill_uniform(out, high, low, self.seed, purpose, step, 0, 0)
        return out

    def _correlated(self, shares: Floats, begin: int, end: int, correlation: float) -> Floats:
        """Mix a creator's rank by links into its rank by stock.

        Ranks of a Gaussian copula with parameter 2 sin(pi r / 6) correlate by r (Pearson 1907).
        """
        from scipy.special import ndtr, ndtri

        correlation = 2.0 * math.sin(math.pi * correlation / 6.0)
        ties = self.uniform(zlib.crc32(b"stock_by_degree"))[begin:end]
        order = np.lexsort((ties, self.network.degree[begin:end]))
        rank = np.empty(order.size)
        rank[order] = (np.arange(order.size) + 0.5) / order.size
        own = ndtri(shares.clip(2.0**-54))
        mixed = correlation * ndtri(rank) + np.sqrt(1.0 - correlation**2) * own
        ranks: Floats = ndtr(mixed)
        return ranks.clip(0.0, 1.0 - 2.0**-53)

    @functools.cached_property
    def repertoire(self) -> NDArray[np.uint8]:
        """Tactic that each creator uses when mobilised: (n,), or (1,) where all use the same."""
        mixes = [c.repertoire for c in self.communities]
        used = {tactic for mix in mixes for tactic, share in mix.items() if share > 0.0}
        if len(used) == 1:
            return np.array([named(used.pop())], dtype=np.uint8)
        draws = self.uniform(zlib.crc32(b"repertoire"))
        out = np.empty(self.size, dtype=np.uint8)
        for begin, end, mix in zip(self.bounds, self.bounds[1:], mixes, strict=False):
            codes = np.array([named(tactic) for tactic in mix], dtype=np.uint8)
            ends = np.cumsum(list(mix.values()))[:-1]
            out[begin:end] = codes[np.searchsorted(ends, draws[begin:end], side="right")]
        return out

    @functools.cached_property
    def visibility(self) -> Floats:
        """Probability that others see each tactic (tactics,)."""
        seen = np.array([effect.visibility for effect in EFFECTS.values()])
        for name, effect in self.scenario.tactics.items():
            seen[named(name)] = effect.visibility
        return seen

    def initiators(self) -> NDArray[np.int32]:
        """Return who starts, in ascending order (int32)."""
        seeds = self.scenario.seeds
        if not self.scenario.action:
            return np.empty(0, dtype=np.int32)
        if seeds.ids is not None:
            return self._listed(seeds.ids)
        begin, end = 0, self.size
        if seeds.community is not None:
            names = [community.name for community in self.communities]
            if seeds.community not in names:
                raise InputError(
                    f"seeds.community: no community {seeds.community!r} in the network; expected "
                    f"one of {', '.join(names)}"
                )
            begin, end = self.bounds[names.index(seeds.community) :][:2]
        count = round(seeds.share * (end - begin)) if seeds.share is not None else seeds.count
        count = 1 if count is None else count
        if count > end - begin:
            raise InputError(
                f"seeds.count: at most the {end - begin} creators there are, got {count}"
            )
        return self._chosen(seeds.who, begin, end, count)

    def _listed(self, ids: tuple[int | str, ...]) -> NDArray[np.int32]:
        known = self.network.ids
        try:
            text = known is not None and known.dtype.kind == "U"
            wanted = np.unique(np.array(ids, dtype=str if text else np.int64))
        except (ValueError, OverflowError):
            raise InputError("seeds.ids: creators of this network have numbers as ids") from None
        if known is not None:
            rows = np.flatnonzero(np.isin(known, wanted))
        else:
            rows = wanted[(wanted >= 0) & (wanted < self.size)]
        if rows.size < wanted.size:
            raise InputError(
                f"seeds.ids: {wanted.size - rows.size} of {wanted.size} are not creators of the "
                "network"
            )
        return rows.astype(np.int32)

    def _chosen(self, who: str, begin: int, end: int, count: int) -> NDArray[np.int32]:
        if who == "random":
            return self._at_random(begin, end, count)
        if who == "greedy":
            return np.sort(self._greedily(begin, end, count))
        return np.sort(self.ranked(who, begin, end)[:count])

    def ranked(self, who: str, begin: int, end: int) -> NDArray[np.int32]:
        """Return creators begin, ..., end - 1 in an order of `Seeds.who`, first first (int32)."""
        if who == "greedy":
            return self._greedily(begin, end, end - begin)
        ties = self.uniform(0, INITIATORS)[begin:end]
        if who == "random":
            return (np.argsort(ties, kind="stable") + begin).astype(np.int32)
        rank: NDArray[Any] = {"hubs": self._links, "largest": self._stock}.get(who, self._cores)()
        return (np.lexsort((ties, -rank[begin:end])) + begin).astype(np.int32)

    def _links(self) -> NDArray[np.int64]:
        return self.network.degree

    def _stock(self) -> Floats:
        return np.broadcast_to(self.column("stock"), (self.size,))

    def _cores(self) -> NDArray[np.int32]:
        network = self._stored_network("core")
        core, order, place = np.empty((3, self.size), dtype=np.int32)
        starts = np.zeros(network.longest_row + 2, dtype=np.int64)
        seeding.cores(network.indptr, network.indices, core, order, place, starts)
        return core

    def _greedily(self, begin: int, end: int, count: int) -> NDArray[np.int32]:
        network = self._stored_network("greedy")
        chosen = np.empty(count, dtype=np.int32)
        covered = np.zeros(self.size, dtype=np.uint8)
        head = np.full(network.longest_row + 2, -1, dtype=np.int32)
        following = np.empty(self.size, dtype=np.int32)
        size = seeding.cover(
            network.indptr, network.indices, begin, end, chosen, covered, head, following
        )
        left = np.setdiff1d(np.arange(begin, end, dtype=np.int32), chosen[:size])
        return np.concatenate((chosen[:size], left[: count - size]))

    def _stored_network(self, who: str) -> Network:
        if self.network.complete or (self.network.directed and who == "core"):
            raise InputError(
                f"seeds.who: {who!r} needs a network with links of its own"
                f"{', undirected' if who == 'core' else ''}; use 'random' or 'largest'"
            )
        return self.network

    def _at_random(self, begin: int, end: int, count: int) -> NDArray[np.int32]:
        """Draw distinct creators, or those left out where these are fewer."""
        among = end - begin
        drawn = np.empty(min(count, among - count), dtype=np.int32)
        taken = np.zeros(among, dtype=np.uint8)
        seeding.distinct(drawn, taken, self.seed, INITIATORS)
        if drawn.size == count:
            return np.sort(drawn) + np.int32(begin)
        return np.flatnonzero(taken == 0).astype(np.int32) + np.int32(begin)


def build(scenario: Scenario, seed: int) -> World:
    """Return the world of a scenario for one random seed (0 <= seed < 2**32)."""
    if not (isinstance(seed, (int, np.integer)) and 0 <= seed < 2**32):
        raise InputError(f"seed: expected a whole number from 0 to {2**32 - 1}, got {seed!r}")
    seed = int(seed)
    if max(scenario.creators, scenario.steps * len(scenario.communities)) >= CHECKED_FROM:
        memory.check(scenario)
    drawn = seed if scenario.network_seed is None else scenario.network_seed
    linked = tuple(community for community in scenario.communities if community.linked)
    outside = scenario.communities[len(linked) :]
    spec = scenario.network
    network = _network(spec, spec.version(), *_crowds(linked), drawn)
    communities, notes = _settled(linked, network)
    _check_groups(len(communities + outside), len(scenario.platforms))
    network = network.with_isolates(*_crowds(outside))
    return World(scenario, seed, network, communities + outside, network.notes + notes)


def _check_groups(communities: int, platforms: int) -> None:
    if communities * (platforms + 1) > MOST_GROUPS:
        raise InputError(
            f"platforms: {communities:,} communities on {platforms} platforms are too many to "
            f"tell apart; at most {MOST_GROUPS // (platforms + 1):,} communities are possible there"
        )


def _crowds(communities: tuple[Community, ...]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    return tuple(c.size for c in communities), tuple(c.name for c in communities)


@functools.lru_cache(maxsize=2)
def _network(
    spec: NetworkSpec, version: object, sizes: tuple[int, ...], names: tuple[str, ...], seed: int
) -> Network:
    return spec.build(sizes, seed, names)


def _settled(
    declared: tuple[Community, ...], network: Network
) -> tuple[tuple[Community, ...], tuple[str, ...]]:
    """Fit the declared communities to those that the network brings.

    Each creator stands for `represents` real ones, or for more where fewer came than declared.
    """
    by_name = {community.name: community for community in declared}
    if network.names == tuple(by_name) and network.sizes == tuple(c.size for c in declared):
        return declared, ()
    notes = []
    settled = []
    represented = sum(c.size * c.represents for c in declared)
    for name, size in zip(network.names, network.sizes, strict=True):
        model = by_name.get(name, declared[0])
        if size == 0:
            raise InputError(
                f"communities.{name}: nobody in the network belongs to it; leave it out"
            )
        if name in by_name:
            standing = model.size * model.represents / size
        else:
            standing = represented / sum(network.sizes)
            notes.append(f"Community {name} behaves as {model.name} does.")
        standing = max(standing, model.represents)
        settled.append(model.replace(name=name, size=size, represents=standing))
    told = ", ".join(f"{c.name} {c.represents:.3g}" for c in settled)
    notes.append(
        "The network brings its own number of creators; each stands for itself (or for as many as "
        "`represents` says), or for more where fewer came than declared, so that no total is below "
        f"the declared one: {told}."
    )
    return tuple(settled), tuple(notes)
