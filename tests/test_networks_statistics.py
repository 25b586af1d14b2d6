"""Whether generated networks have the distributions of the models they are named after.

Seeds are fixed, so nothing here fails by chance; tolerances are four standard errors, and
chi-square tests ask for p > 0.001.  Each way of testing is shown to fail on a wrong model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import networkx
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats
from scipy.sparse import csgraph

from sim.networks import (
    LFR,
    BarabasiAlbert,
    Configuration,
    ErdosRenyi,
    HolmeKim,
    Network,
    NetworkSpec,
    RandomRegular,
    StochasticBlock,
    WattsStrogatz,
)
from tests.network_checks import share_within
from tests.twins.networks import holme_kim

P_VALUE = 0.001


def p_value(degrees: NDArray[np.int64], probabilities: NDArray[np.float64]) -> float:
    """Chi-square p-value of degrees 0, 1, ...; rare ones are pooled with their neighbours."""
    observed = np.bincount(degrees, minlength=probabilities.size)[: probabilities.size]
    expected = probabilities * degrees.size
    keep = expected >= 10
    return float(
        stats.chisquare(
            np.append(observed[keep], degrees.size - observed[keep].sum()),
            np.append(expected[keep], degrees.size - expected[keep].sum()),
        ).pvalue
    )


def how_often(spec: NetworkSpec, creators: int, draws: int) -> Counter[tuple[int, ...]]:
    """How often each network occurs among many seeds."""
    return Counter(
        tuple(network.indptr) + tuple(network.indices)
        for network in (spec.build((creators,), seed) for seed in range(draws))
    )


def test_erdos_renyi_degrees_are_poisson() -> None:
    degrees = ErdosRenyi(7.0).build((40_000,), seed=11).degree
    k = np.arange(60)
    assert p_value(degrees, stats.poisson.pmf(k, 7.0)) > P_VALUE
    assert p_value(degrees, stats.poisson.pmf(k, 7.15)) < P_VALUE
    assert p_value(degrees, stats.nbinom.pmf(k, 70, 70 / 77)) < P_VALUE


def test_erdos_renyi_networks_are_equally_likely() -> None:
    seen = how_often(ErdosRenyi(1.5), creators=4, draws=6400)
    assert len(seen) == 64
    assert stats.chisquare(list(seen.values())).pvalue > P_VALUE


@pytest.mark.parametrize(("degree", "networks"), [(2, 70), (3, 70), (4, 15)])
def test_regular_networks_are_equally_likely(degree: int, networks: int) -> None:
    seen = how_often(RandomRegular(degree), creators=6, draws=100 * networks)
    assert len(seen) == networks
    assert stats.chisquare(list(seen.values())).pvalue > P_VALUE


def test_regular_degrees() -> None:
    for degree in (0, 1, 3, 10, 60, 99):
        assert set(RandomRegular(degree).build((40, 60), seed=degree).degree) == {degree}


def test_regular_is_locally_a_tree() -> None:
    """A large random regular network has about (d - 1)**3 / 6 triangles (Bollobas 1980)."""
    triangles = [
        sum(networkx.triangles(RandomRegular(4).build((600,), seed).to_networkx()).values()) / 3
        for seed in range(100)
    ]
    assert np.mean(triangles) == pytest.approx(27 / 6, abs=4 * np.sqrt(27 / 6 / 100))


def test_ring_without_rewiring() -> None:
    network = WattsStrogatz(6, 0.0).build((50,), seed=1)
    for i in range(50):
        assert network.neighbours(i).tolist() == sorted((i + s) % 50 for s in (-3, -2, -1, 1, 2, 3))


@pytest.mark.parametrize("rewiring", [0.05, 0.3, 0.7])
def test_small_world_moves_its_share_of_links(rewiring: float) -> None:
    n, width = 20_000, 4
    network = WattsStrogatz(2 * width, rewiring).build((n,), seed=5)
    rows = np.repeat(np.arange(n), np.diff(network.indptr))
    distance = np.abs(rows - network.indices)
    near = (np.minimum(distance, n - distance) <= width).sum() / 2
    se = np.sqrt(rewiring * (1 - rewiring) / (n * width))
    assert network.links == n * width
    assert 1 - near / network.links == pytest.approx(rewiring, abs=4 * se + 2 * width / n)
    assert not abs(1 - near / network.links - 1.1 * rewiring) < 4 * se


def test_small_world_clustering() -> None:
    """C(p) = C(0) (1 - p)**3 up to 1/n (Barrat & Weigt 2000, doi:10.1007/s100510050067)."""
    for rewiring in (0.0, 0.1, 0.3):
        graph = WattsStrogatz(10, rewiring).build((5000,), seed=2).to_networkx()
        expected = 3 * 8 / (4 * 9) * (1 - rewiring) ** 3
        assert networkx.transitivity(graph) == pytest.approx(expected, abs=0.01)


def test_barabasi_albert_degrees() -> None:
    """P(k) = 2m(m + 1) / (k(k + 1)(k + 2)) (Dorogovtsev et al. 2000, PhysRevLett.85.4633)."""
    links = 3
    network = BarabasiAlbert(links).build((60_000,), seed=4)
    assert network.links == links * (60_000 - links)
    k = np.arange(links, 2000, dtype=float)
    cubic = np.append(np.zeros(links), 2 * links * (links + 1) / (k * (k + 1) * (k + 2)))
    square = np.append(np.zeros(links), k**-2.5 / (k**-2.5).sum())
    assert p_value(network.degree, cubic) > P_VALUE
    assert p_value(network.degree, square) < P_VALUE


def test_barabasi_albert_spreads_hubs_over_communities() -> None:
    network = BarabasiAlbert(4).build((4000, 16_000), seed=6)
    hubs = np.argsort(network.degree)[-200:]
    first = int((hubs < 4000).sum())
    assert first == pytest.approx(40, abs=4 * np.sqrt(200 * 0.2 * 0.8))


def test_exchanged_ends_keep_degrees() -> None:
    n, width = 20_000, 3
    for rewiring in (0.05, 0.4):
        network = WattsStrogatz(2 * width, rewiring, keep_degrees=True).build((n,), seed=5)
        assert set(network.degree) == {2 * width}
        rows = np.repeat(np.arange(n), np.diff(network.indptr))
        distance = np.abs(rows - network.indices)
        far_share = (np.minimum(distance, n - distance) > width).mean()
        error = 4 * np.sqrt(rewiring * (1 - rewiring) / (n * width))
        assert far_share == pytest.approx(rewiring, abs=error + 2 * width / n)


def power_law(exponent: float, least: int, most: int) -> NDArray[np.float64]:
    weights = np.append(np.zeros(least), np.arange(least, most + 1.0) ** -exponent)
    return weights / weights.sum()


def test_configuration_degrees_follow_the_power_law() -> None:
    network = Configuration(2.2, 3, 150).build((40_000,), seed=9)
    assert network.degree.max() <= 151
    assert p_value(network.degree, power_law(2.2, 3, 150)) > P_VALUE
    assert p_value(network.degree, power_law(2.3, 3, 150)) < P_VALUE


def test_configuration_stops_at_the_root_unless_told() -> None:
    assert Configuration(2.1).build((10_000,), seed=1).degree.max() in (99, 100, 101)


@pytest.mark.parametrize(
    "degrees",
    [(2, 2, 2, 1, 1), (3, 2, 2, 2, 1), (4, 2, 2, 2, 2), (3, 3, 2, 2, 2), (0, 3, 3, 3, 3)],
)
def test_networks_with_given_degrees_are_equally_likely(degrees: tuple[int, ...]) -> None:
    pairs = [(i, j) for i in range(5) for j in range(i)]
    chosen = (np.arange(2**10)[:, None] >> np.arange(10)) & 1
    ends = np.array([[i in pair for i in range(5)] for pair in pairs])
    networks = int((chosen @ ends == degrees).all(axis=1).sum())
    seen = how_often(Configuration(degrees=degrees), creators=5, draws=200 * networks)
    assert len(seen) == networks
    if networks > 1:
        assert stats.chisquare(list(seen.values())).pvalue > P_VALUE


def test_given_degrees_are_kept_however_uneven() -> None:
    star = (999,) + (1,) * 999
    hubs = (60,) * 30 + (2,) * 900
    for degrees in (star, hubs, (5,) * 400 + (0,) * 30):
        assert Configuration(degrees=degrees).build((len(degrees),), 1).degree.tolist() == list(
            degrees
        )


def test_configuration_neighbours_are_uncorrelated() -> None:
    """Up to the root of n the degrees of neighbours are independent (Catanzaro et al. 2005)."""
    network = Configuration(2.5, 2).build((40_000,), seed=3)
    rows = np.repeat(np.arange(40_000), np.diff(network.indptr))
    first, second = network.degree[rows], network.degree[network.indices]
    r = np.corrcoef(first, second)[0, 1]
    assert abs(r) < 4 / np.sqrt(network.links)


def test_holme_kim_without_triads_is_barabasi_albert() -> None:
    k = np.arange(3, 2000, dtype=float)
    cubic = np.append(np.zeros(3), 24 / (k * (k + 1) * (k + 2)))
    network = HolmeKim(3, 0.0).build((60_000,), seed=4)
    assert network.links == 3 * (60_000 - 3)
    assert p_value(network.degree, cubic) > P_VALUE


@pytest.mark.parametrize(("links", "triads"), [(2, 1.0), (4, 0.5), (4, 1.0)])
def test_holme_kim_is_like_its_twin(links: int, triads: float) -> None:
    spec = HolmeKim(links, triads)
    ours = [spec.build((150,), seed).to_networkx() for seed in range(SAMPLES)]
    theirs = [holme_kim(150, links, triads, seed) for seed in range(SAMPLES)]
    fewer = [holme_kim(150, links, 0.8 * triads, seed) for seed in range(SAMPLES)]
    for measure in (networkx.transitivity, degree_variance, far):
        assert difference(measure, ours, theirs) < 4
    assert difference(networkx.transitivity, ours, fewer) > 4


@pytest.mark.parametrize("mixing", [0.0, 0.3, 1.0])
def test_modules_keep_their_share_of_links(mixing: float) -> None:
    spec = LFR(8.0, mixing, min_module=10, max_module=60, max_degree=40)
    network = spec.build((15_000, 5000), seed=2)
    assert network.modules is not None
    module = np.repeat(np.arange(network.modules.size - 1), np.diff(network.modules))
    rows = np.repeat(np.arange(20_000), np.diff(network.indptr))
    outside = (module[rows] != module[network.indices]).mean()
    parity = (network.modules.size + 1) / network.indices.size
    assert outside == pytest.approx(mixing, abs=4 * 0.5 / np.sqrt(network.indices.size) + parity)
    each = np.bincount(rows, module[rows] != module[network.indices]) / network.degree
    assert (np.abs(each - mixing) <= 2 / network.degree).mean() > 0.999
    assert network.mean_degree == pytest.approx(8.0, abs=4 * network.degree.std() / 20_000**0.5)


def test_sizes_of_modules_follow_the_power_law() -> None:
    network = LFR(4.0, 0.5, min_module=10, max_module=80).build((60_000,), seed=7)
    assert network.modules is not None
    room = np.diff(network.modules)
    assert room.sum() == 60_000
    assert p_value(room[:-1], power_law(1.5, 10, 80)) > P_VALUE
    assert p_value(room[:-1], power_law(1.9, 10, 80)) < P_VALUE


@pytest.mark.parametrize("homophily", [0.0, 0.5, 0.9])
def test_block_shares(homophily: float) -> None:
    sizes = (2000, 6000, 12_000)
    network = StochasticBlock(8.0, homophily=homophily).build(sizes, seed=8)
    expected = homophily + (1 - homophily) * np.array(sizes) / sum(sizes)
    error = 4 * np.sqrt(expected * (1 - expected) / (8 * np.array(sizes) / 2))
    assert (np.abs(share_within(network) - expected) < error + 1e-3).all()
    for part in np.split(network.degree, np.cumsum(sizes)[:-1]):
        assert part.mean() == pytest.approx(8.0, abs=4 * np.sqrt(16.0 / part.size))


def test_block_matrix() -> None:
    matrix = np.array([[4.0, 2.0, 0.0], [1.0, 3.0, 0.5], [0.0, 1.0, 6.0]])
    sizes = (3000, 6000, 3000)
    spec = StochasticBlock(matrix=tuple(map(tuple, matrix.tolist())))
    network = spec.build(sizes, seed=3)
    community = np.repeat(np.arange(3), sizes)
    rows = np.repeat(community, np.diff(network.indptr))
    found = np.zeros((3, 3))
    np.add.at(found, (rows, community[network.indices]), 1)
    found /= np.array(sizes)[:, None]
    assert (np.abs(found - matrix) <= 4 * np.sqrt(2 * matrix / 3000)).all()


def test_blocks_without_homophily_are_erdos_renyi() -> None:
    degrees = StochasticBlock(6.0).build((10_000, 20_000), seed=2).degree
    assert p_value(degrees, stats.poisson.pmf(np.arange(60), 6.0)) > P_VALUE


Measure = Callable[[networkx.Graph], float]
SAMPLES = 60


def degree_variance(graph: networkx.Graph) -> float:
    return float(np.var([degree for _, degree in graph.degree]))


def far(graph: networkx.Graph) -> float:
    """Mean distance between creators who are connected."""
    lengths = csgraph.shortest_path(networkx.to_scipy_sparse_array(graph), unweighted=True)
    return float(lengths[np.isfinite(lengths)].mean())


AGAINST = {
    "erdos_renyi": (ErdosRenyi(6.0), lambda s: networkx.gnp_random_graph(100, 6 / 99, s)),
    "random_regular": (RandomRegular(4), lambda s: networkx.random_regular_graph(4, 100, s)),
    "watts_strogatz": (
        WattsStrogatz(6, 0.3),
        lambda s: networkx.watts_strogatz_graph(100, 6, 0.3, s),
    ),
    "barabasi_albert": (BarabasiAlbert(3), lambda s: networkx.barabasi_albert_graph(100, 3, s)),
    "dense_small_world": (
        WattsStrogatz(12, 1.0),
        lambda s: networkx.watts_strogatz_graph(100, 12, 1.0, s),
    ),
}


def difference(measure: Measure, ours: list[networkx.Graph], theirs: list[networkx.Graph]) -> float:
    """Difference of means in standard errors."""
    first = np.array([measure(graph) for graph in ours])
    second = np.array([measure(graph) for graph in theirs])
    error = np.sqrt((first.var(ddof=1) + second.var(ddof=1)) / len(ours))
    return float(abs(first.mean() - second.mean()) / max(error, 1e-12))


@pytest.mark.parametrize("name", AGAINST)
def test_like_networkx(name: str) -> None:
    spec, generate = AGAINST[name]
    ours = [spec.build((100,), seed).to_networkx() for seed in range(SAMPLES)]
    theirs = [generate(seed) for seed in range(SAMPLES)]
    for measure in (networkx.transitivity, degree_variance, far):
        assert difference(measure, ours, theirs) < 4


def test_comparison_with_networkx_can_fail() -> None:
    ours = [WattsStrogatz(6, 0.25).build((100,), seed).to_networkx() for seed in range(SAMPLES)]
    theirs = [networkx.watts_strogatz_graph(100, 6, 0.3, seed) for seed in range(SAMPLES)]
    assert difference(networkx.transitivity, ours, theirs) > 4


def test_block_shares_can_fail() -> None:
    network: Network = StochasticBlock(8.0, homophily=0.5).build((2000, 2000), seed=1)
    assert (np.abs(share_within(network) - 0.5) > 0.2).all()
