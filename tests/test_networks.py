"""What every kind of network inherits: structure, sizes, seeds, storage, exchange."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import networkx
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.errors import InputError
from sim.kernels.graphs import linked
from sim.networks import (
    LFR,
    BarabasiAlbert,
    Complete,
    Configuration,
    EdgeList,
    Empty,
    ErdosRenyi,
    HolmeKim,
    Layers,
    Network,
    NetworkSpec,
    RandomRegular,
    StochasticBlock,
    WattsStrogatz,
)
from tests.network_checks import assert_well_formed, rows_of, same

ROOT = Path(__file__).parents[1]
EXAMPLES: list[NetworkSpec] = [
    Complete(),
    Empty(),
    ErdosRenyi(4.0),
    RandomRegular(4),
    WattsStrogatz(4, 0.3),
    WattsStrogatz(4, 0.3, keep_degrees=True),
    BarabasiAlbert(2),
    HolmeKim(3, 0.6),
    Configuration(),
    Configuration(exponent=1.8, min_degree=1, max_degree=20),
    LFR(mean_degree=6.0, max_module=30),
    Layers((WattsStrogatz(4, 0.1), ErdosRenyi(2.0)), (1.0, 0.25)),
    StochasticBlock(4.0, homophily=0.6),
    StochasticBlock(matrix=((3.0, 1.0), (0.5, 2.0))),
]
RANDOM = [spec for spec in EXAMPLES if not isinstance(spec, Complete | Empty)]
SMALL = st.tuples(st.integers(0, 30), st.integers(0, 30))
SEEDS = st.integers(0, 2**32 - 1)


def kind_of(spec: NetworkSpec) -> str:
    return spec.kind()


def test_every_kind_has_an_example() -> None:
    covered = {type(spec) for spec in EXAMPLES} | {EdgeList}
    assert covered == set(NetworkSpec.kinds().values())


@pytest.mark.parametrize("spec", EXAMPLES, ids=kind_of)
def test_goes_through_a_file(spec: NetworkSpec) -> None:
    assert NetworkSpec.model_validate(spec.to_data()) == spec


@pytest.mark.parametrize("spec", EXAMPLES, ids=kind_of)
def test_structure(spec: NetworkSpec) -> None:
    network = spec.build((40, 80), seed=3, names=("a", "b"))
    assert_well_formed(network)
    assert network.sizes == (40, 80)
    assert network.names == ("a", "b")
    assert network.creators == 120
    rows = rows_of(network)
    assert network.links == sum(map(len, rows)) // 2
    assert network.degree.tolist() == [len(row) for row in rows]
    assert network.mean_degree == pytest.approx(np.mean(network.degree))


@pytest.mark.parametrize("spec", RANDOM, ids=kind_of)
def test_seed_decides(spec: NetworkSpec) -> None:
    first = spec.build((100, 200), seed=7)
    assert same(first, spec.build((100, 200), seed=7))
    assert not same(first, spec.build((100, 200), seed=8))
    assert same(spec.build((100, 200), seed=2**32 - 1), spec.build((100, 200), seed=2**32 - 1))


@pytest.mark.parametrize(
    "make",
    [
        lambda n: ErdosRenyi(min(3.0, n / 3)),
        lambda n: RandomRegular(2 * (n // 4)),
        lambda n: WattsStrogatz(2 * (n // 3), 0.5),
        lambda n: BarabasiAlbert(1 + n // 3),
        lambda n: HolmeKim(1 + n // 3, 0.7),
        lambda n: Configuration(2.0, 1, max(1, n // 2)),
        lambda n: Configuration(degrees=(2, 2) * (n // 2) + (0,) * (n % 2)),
        lambda n: LFR(max(1.0, n / 16), 0.4, min_module=2, max_module=12),
        lambda n: WattsStrogatz(2 * (n // 4), 0.5, keep_degrees=True),
        lambda n: StochasticBlock(min(2.0, n / 8), homophily=0.5),
    ],
    ids=[
        "erdos_renyi",
        "random_regular",
        "watts_strogatz",
        "barabasi_albert",
        "holme_kim",
        "configuration",
        "given_degrees",
        "lfr",
        "kept_degrees",
        "stochastic_block",
    ],
)
@given(sizes=SMALL, seed=SEEDS)
@example(sizes=(6, 30), seed=101413)
@settings(max_examples=60, deadline=None)
def test_any_small_size(
    make: Callable[[int], NetworkSpec], sizes: tuple[int, int], seed: int
) -> None:
    spec = make(sum(sizes))
    try:
        network = spec.build(sizes, seed)
    except InputError as error:
        if "no network" in str(error) and isinstance(spec, Configuration):
            degrees = spec._degrees(sum(sizes), seed).tolist()
            assert not networkx.is_graphical(degrees)  # as chance may draw them
        else:
            assert sum(sizes) < 10 or min(sizes) < 5
        return
    assert_well_formed(network)
    assert network.sizes == sizes


@pytest.mark.parametrize("creators", [0, 1, 2, 3])
def test_tiny(creators: int) -> None:
    for spec in (Complete(), Empty(), ErdosRenyi(0), RandomRegular(0), WattsStrogatz(0, 0.5)):
        network = spec.build((creators,), seed=1)
        assert_well_formed(network)
        full = creators * (creators - 1) // 2
        assert network.links == (full if spec == Complete() else 0)
    if creators:
        assert (
            ErdosRenyi(creators - 1.0).build((creators,), 1).links == creators * (creators - 1) // 2
        )


@pytest.mark.parametrize(
    ("spec", "sizes", "what"),
    [
        (ErdosRenyi(10.0), (10,), "mean_degree must be below the number of creators"),
        (RandomRegular(10), (10,), "degree must be below the number of creators"),
        (RandomRegular(3), (11,), "odd number of link ends"),
        (WattsStrogatz(10, 0.1), (10,), "degree must be below the number of creators"),
        (BarabasiAlbert(5), (5,), "links must be below the number of creators"),
        (HolmeKim(5, 0.5), (5,), "links must be below the number of creators"),
        (Configuration(min_degree=5), (5,), "degrees must be below the number of creators"),
        (Configuration(degrees=(1, 2)), (3,), "a number for each of the 3 creators, got 2"),
        (Configuration(degrees=(1, 2, 2)), (3,), "add up to an odd number"),
        (Configuration(degrees=(3, 3, 1, 1)), (4,), "no network without loops"),
        (LFR(), (10,), "min_module must not be above the number of creators"),
        (LFR(mean_degree=0.5), (100,), "mean_degree must be from 1 to the highest degree"),
        (StochasticBlock(8.0, homophily=0.9), (5, 100), "community_0 has too few creators"),
        (StochasticBlock(matrix=((1.0,),)), (5, 5), "a row for each of the 2 communities"),
        (StochasticBlock(matrix=((1, 4), (1, 1))), (50, 50), r"matrix\[1\]\[0\] must be 4"),
        (ErdosRenyi(100.0), (100_000_000,), "at most 4,294,967,295 link ends"),
    ],
)
def test_refused_in_one_sentence(spec: NetworkSpec, sizes: tuple[int, ...], what: str) -> None:
    with pytest.raises(InputError, match=f"^network: .*{what}") as refused:
        spec.build(sizes, seed=1)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "bad",
    [
        {"kind": "watts_strogatz", "degree": 3, "rewiring": 0.1},
        {"kind": "watts_strogatz", "degree": 4, "rewiring": 1.1},
        {"kind": "erdos_renyi", "mean_degree": -1},
        {"kind": "erdos_renyi", "mean_degree": float("nan")},
        {"kind": "barabasi_albert", "links": 0},
        {"kind": "configuration", "exponent": 1.0},
        {"kind": "configuration", "min_degree": 0},
        {"kind": "configuration", "min_degree": 5, "max_degree": 4},
        {"kind": "layers", "layers": []},
        {"kind": "layers", "layers": [{"kind": "empty"}], "weights": [1, 2]},
        {"kind": "layers", "layers": [{"kind": "empty"}], "weights": [0]},
        {"kind": "lfr", "min_module": 30, "max_module": 20},
        {"kind": "stochastic_block"},
        {"kind": "stochastic_block", "mean_degree": 3, "matrix": [[1]]},
        {"kind": "stochastic_block", "matrix": [[1, 2]]},
        {"kind": "erdos_reny", "mean_degree": 1},
    ],
)
def test_bad_specs(bad: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        NetworkSpec.model_validate(bad)


def test_unknown_names_are_missing_attributes() -> None:
    import sim.networks

    assert "ErdosRenyi" in dir(sim.networks)
    with pytest.raises(AttributeError, match="Erdos"):
        _ = sim.networks.Erdos


def test_layers_add_up() -> None:
    ring, random = WattsStrogatz(4, 0.0), ErdosRenyi(6.0)
    spec = Layers((ring, random, random), (1.0, 0.5, 0.25))
    network = spec.build((60, 40), seed=1)
    alone = Layers((ring,)).build((60, 40), seed=1)
    assert same(alone, ring.build((60, 40), seed=1))
    assert set(np.array(alone.weights)) == {2**16}
    assert network.weights is not None
    assert network.weights.dtype == np.int32
    found = {0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75}
    assert set(network.weights / 2**16) <= found
    seen = np.repeat(np.arange(100), np.diff(network.indptr))
    steps = np.abs(seen - network.indices)
    on_ring = np.minimum(steps, 100 - steps) <= 2
    assert on_ring.sum() == 400
    assert np.array_equal(network.weights / 2**16 >= 1.0, on_ring)
    halves = (np.floor(network.weights / 2**15) % 2 == 1).sum() / 2
    quarters = (np.floor(network.weights / 2**14) % 2 == 1).sum() / 2
    assert halves == pytest.approx(300, abs=4 * 300**0.5)
    assert quarters == pytest.approx(300, abs=4 * 300**0.5)
    assert halves != quarters


def test_layers_refuse(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a complete network cannot be a layer"):
        Layers((Complete(), ErdosRenyi(1.0))).build((10,), 1)
    with pytest.raises(InputError, match="stay between 1/65536 and 32,767"):
        Layers((ErdosRenyi(3.0),), (1e-9,)).build((10,), 1)
    with pytest.raises(InputError, match="add up to more than 32,767"):
        Layers((ErdosRenyi(9.0), ErdosRenyi(9.0)), (30_000.0, 30_000.0)).build((10,), 1)
    (tmp_path / "a.csv").write_text("1,2\n")
    (tmp_path / "b.csv").write_text("1,3\n")
    lists = [EdgeList(str(tmp_path / name)) for name in ("a.csv", "b.csv")]
    with pytest.raises(InputError, match="all layers need the same creators, got 2 and 3"):
        Layers((lists[0], ErdosRenyi(1.0))).build((3,), 1)
    with pytest.raises(InputError, match="have other ids or another order"):
        Layers(tuple(lists)).build((2,), 1)


def test_complete_stores_no_links() -> None:
    network = Complete().build((10**9,), seed=1)
    assert network.bytes == 0
    assert network.links == 10**9 * (10**9 - 1) // 2


@pytest.mark.parametrize("mmap", [True, False])
@pytest.mark.parametrize("spec", EXAMPLES, ids=kind_of)
def test_save_and_load(spec: NetworkSpec, mmap: bool, tmp_path: Path) -> None:
    network = spec.build((30, 60), seed=2, names=("a", "b"))
    loaded = Network.load(network.save(tmp_path / "deep" / "net"), mmap=mmap)
    assert same(network, loaded)
    assert type(loaded.indices) is np.ndarray
    if not loaded.complete:
        assert all(linked(loaded.indptr, loaded.indices, 1, j) for j in loaded.neighbours(1))
    for fact in ("sizes", "names", "notes", "directed", "complete"):
        assert getattr(loaded, fact) == getattr(network, fact)
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["net"]


def test_storage_refuses(tmp_path: Path) -> None:
    network = ErdosRenyi(2.0).build((10,), seed=1)
    network.save(tmp_path / "net")
    with pytest.raises(InputError, match="exists"):
        network.save(tmp_path / "net")
    with pytest.raises(InputError, match="holds no network"):
        Network.load(tmp_path)
    for name, content in (("json", "{}"), ("json", "[]"), ("npy", "x")):
        broken = network.save(tmp_path / f"broken {content} {name}")
        file = "network.json" if name == "json" else "indices.npy"
        (broken / file).write_text(content)
        with pytest.raises(InputError, match="holds no network"):
            Network.load(broken)
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be written"):
        network.save(tmp_path / "file" / "net")


@pytest.mark.parametrize("spec", EXAMPLES, ids=kind_of)
def test_networkx_and_back(spec: NetworkSpec) -> None:
    network = spec.build((20, 40), seed=5, names=("b", "a"))
    graph = network.to_networkx()
    assert graph.number_of_edges() == network.links
    back = Network.from_networkx(graph)
    assert rows_of(back) == rows_of(network)
    weighted = Network.from_networkx(graph, weight="weight")
    if network.weights is not None:
        assert np.array_equal(weighted.weights, network.weights)
    grouped = Network.from_networkx(graph, community="community")
    assert grouped.names == ("a", "b")
    assert grouped.sizes == (40, 20)
    assert sorted(grouped.degree) == sorted(network.degree)


INTERPRETED = """
from sim.networks import (
    LFR, BarabasiAlbert, Configuration, ErdosRenyi, HolmeKim, Layers, RandomRegular, WattsStrogatz
)
for spec in (
    ErdosRenyi(4), BarabasiAlbert(2), WattsStrogatz(4, .2), WattsStrogatz(4, .2, True),
    RandomRegular(4), Configuration(), HolmeKim(3, .5), LFR(5, .3, min_module=5, max_module=12),
    Layers((ErdosRenyi(4), ErdosRenyi(4))),
):
    network = spec.build((30, 30), 9)
    print(network.indptr.tolist(), network.indices.tolist())
"""


def test_interpreted_kernels_give_the_same_networks() -> None:
    texts = [
        subprocess.run(
            [sys.executable, "-W", "error", "-c", INTERPRETED],
            env=os.environ | {"NUMBA_DISABLE_JIT": disable, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for disable in ("0", "1")
    ]
    assert texts[0] == texts[1]
    assert texts[0].count("\n") == 9


def test_specs_import_nothing_heavy() -> None:
    code = (
        "import sys; from sim.networks import NetworkSpec; NetworkSpec.kinds();"
        "print({'numpy', 'numba', 'networkx', 'pandas', 'pyarrow'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "set()"
