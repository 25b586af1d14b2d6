"""How long networks take to build, and how much memory, beside networkx.

    python tests/benchmarks/bench_networks.py [CREATORS] [KIND ...]

Each network is built in a process of its own: CPU seconds of the fastest of some builds
after everything is compiled, and the highest memory in use above what the process had before.
networkx builds at most 100,000 nodes; its time per link is taken as it is at that size.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import networkx

from sim.networks import (
    LFR,
    BarabasiAlbert,
    Configuration,
    ErdosRenyi,
    HolmeKim,
    NetworkSpec,
    RandomRegular,
    StochasticBlock,
    WattsStrogatz,
)

Peer = Callable[[int], networkx.Graph]
SPECS: dict[str, NetworkSpec] = {
    "erdos_renyi": ErdosRenyi(10.0),
    "random_regular": RandomRegular(10),
    "watts_strogatz": WattsStrogatz(10, 0.1),
    "kept_degrees": WattsStrogatz(10, 0.1, keep_degrees=True),
    "barabasi_albert": BarabasiAlbert(5),
    "holme_kim": HolmeKim(5, 0.5),
    "configuration": Configuration(2.5, 4),
    "stochastic_block": StochasticBlock(10.0, homophily=0.5),
    "lfr": LFR(10.0),
}
PEERS: dict[str, Peer] = {
    "erdos_renyi": lambda n: networkx.fast_gnp_random_graph(n, 10 / n, seed=1),
    "random_regular": lambda n: networkx.random_regular_graph(10, n, seed=1),
    "watts_strogatz": lambda n: networkx.watts_strogatz_graph(n, 10, 0.1, seed=1),
    "barabasi_albert": lambda n: networkx.barabasi_albert_graph(n, 5, seed=1),
    "holme_kim": lambda n: networkx.powerlaw_cluster_graph(n, 5, 0.5, seed=1),
    "configuration": lambda n: networkx.Graph(
        networkx.configuration_model(Configuration(2.5, 4).build((n,), 1).degree.tolist(), seed=1)
    ),
}
COMMUNITIES = 4
MOST_FOR_PEERS = 100_000
HEAD = "network               CPU s  ns/link  peak B  kept B  networkx  ratio\n"


def main(arguments: list[str]) -> None:
    creators = int(float(arguments[0])) if arguments else 1_000_000
    say = sys.stdout.write
    say(f"{creators:,} creators; bytes for each creator; networkx in ns/link\n{HEAD}")
    for name in arguments[1:] or SPECS:
        say(row(name, creators) + "\n")
        sys.stdout.flush()


def row(name: str, creators: int) -> str:
    """Measure one network in a new process and lay the figures out."""
    asked = [sys.executable, __file__, "--one", name, str(creators)]
    done = subprocess.run(asked, check=True, capture_output=True, text=True)
    ours = json.loads(done.stdout)
    text = f"{name:<18}{ours['seconds']:>9.3f}{ours['per_link']:>9.1f}"
    text += f"{ours['peak']:>8.1f}{ours['kept']:>8.1f}"
    if name in PEERS:
        graph, seconds = timed(lambda: PEERS[name](min(creators, MOST_FOR_PEERS)))
        peer = seconds / graph.number_of_edges() * 1e9
        text += f"{peer:>10.0f}{peer / ours['per_link']:>7.0f}"
    return text


def one(name: str, creators: int) -> dict[str, float]:
    """Build a network some times; return seconds, ns for each link, bytes for each creator."""
    spec = SPECS[name]
    communities = COMMUNITIES if isinstance(spec, StochasticBlock) else 1
    sizes = (creators // communities,) * communities
    spec.build((2500,) * communities, seed=1)
    before = memory("VmRSS")
    network, seconds = timed(lambda: spec.build(sizes, seed=1))
    peak = memory("VmHWM") - before
    kept = network.bytes
    for seed in range(2, 5 if creators <= 10**6 else 2):
        del network
        network, again = timed(lambda seed=seed: spec.build(sizes, seed))
        seconds = min(seconds, again)
    return {
        "seconds": seconds,
        "per_link": seconds / network.links * 1e9,
        "peak": peak / creators,
        "kept": kept / creators,
    }


def timed(build: Callable[[], object]) -> tuple[object, float]:
    start = time.process_time()
    built = build()
    return built, time.process_time() - start


def memory(what: str) -> int:
    """Return bytes in use now (VmRSS) or at most so far (VmHWM); Linux tells both."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(what):
            return int(line.split()[1]) * 1024
    raise RuntimeError(f"this system does not tell {what}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        sys.stdout.write(json.dumps(one(sys.argv[2], int(sys.argv[3]))))
    else:
        main(sys.argv[1:])
