"""How fast crowds are played, beside other ways of doing the same work, in one run.

    python tests/benchmarks/bench_crowd.py [--creators 10000 100000 1000000] [--work W1 W2 ...]
                                           [--repeats 5] [--out FILE.csv]

W1   cascade of share thresholds to its end: uniform(0, .5) on Barabasi-Albert (m = 5), .18 on
     Watts-Strogatz (k = 10, p = .1), and .18 on Barabasi-Albert, where it dies out
W2   noisy response, 100 steps: who does not act starts with logistic probability, who does
     stops with probability .05
W3   SIR, beta .02, gamma .05, 100 steps
W4   1,000 cascades that differ in threshold and initiators, on one network

Every peer (see peers.py) that is installed plays the same network, thresholds and initiators;
deterministic results are checked to be the same.  Times are CPU seconds of whole runs as a user
starts them (`sim.run`), the median of the repeats; networks, and the peers' graphs and agents,
are built beforehand.  Peers with one object for each creator play at most 10,000 creators, once.
"""

from __future__ import annotations

import argparse
import csv
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from peers import EVERYWHERE, SMALL, STAY, scipy_products

import sim
from sim.decisions import Contagion, Rule, Threshold
from sim.networks import BarabasiAlbert, WattsStrogatz
from sim.world import World, build

STEPS = 100
SMALL_AT_MOST = 10_000


class NoisyResponse(Rule):
    """Start with logistic probability of exposure above threshold; stop with probability .05."""

    slope: float = 8.0
    stay: float = STAY

    @staticmethod
    def log_odds(mobilised, exposure, threshold, slope, stay):
        """Return the log odds of acting in the next step."""
        if mobilised:
            return stay
        return slope * (exposure - threshold)


@dataclass(frozen=True)
class Row:
    """One time in the table."""

    work: str
    creators: int
    peer: str
    seconds: float
    agrees: str


def scenario(work: str, creators: int) -> sim.Scenario:
    """Return the scenario of one piece of work."""
    network = WattsStrogatz(10, 0.1) if work == "W1 long" else BarabasiAlbert(5)
    thresholds = {"W1 full": sim.Uniform(0, 0.5), "W2": sim.Uniform(0.2, 1.2)}
    rules = {"W2": NoisyResponse(), "W3": Contagion(0.02, 0.05, immune=True)}
    return sim.Scenario(
        [sim.Community("all", creators, threshold=thresholds.get(work, 0.18))],
        network,
        rules.get(work, Threshold()),
        sim.Seeds(share=0.001),
        steps=STEPS if work in rules else 1000,
        network_seed=1,
    )


def ours(world: World, threads: int) -> np.ndarray:
    """Return who acts at the end, played as a user would."""
    return sim.run(world.scenario, world.seed, threads).tactic != 0


def timed(play: Callable[[], np.ndarray], repeats: int) -> tuple[float, np.ndarray]:
    """Return the median CPU seconds of some runs after a first one, and the last outcome."""
    clock = getattr(play, "clock", time.process_time)
    outcome = play()
    seconds = []
    for _ in range(repeats):
        start = clock()
        outcome = play()
        seconds.append(clock() - start)
    return statistics.median(seconds), outcome


def measured(work: str, creators: int, repeats: int) -> Iterator[Row]:
    """Play one piece of work by everybody who can."""
    world = build(scenario(work, creators), 1)
    ways: dict[str, Callable[[], np.ndarray]] = {
        "datastrike": lambda: ours(world, 1),
        "datastrike, 2 threads": lambda: ours(world, 2),
    }
    for name, prepare in {**EVERYWHERE, **(SMALL if creators <= SMALL_AT_MOST else {})}.items():
        try:
            play = prepare(world)
        except ModuleNotFoundError:
            continue
        if play is not None:
            ways[name] = play
    expected = None
    for name, play in ways.items():
        seconds, outcome = timed(play, 1 if name in SMALL else repeats)
        expected = outcome if expected is None else expected
        alike = "same" if (outcome == expected).all() else f"{outcome.mean():.3f} act"
        yield Row(work, creators, name, seconds, alike)


def many_runs(creators: int, repeats: int) -> Iterator[Row]:
    """Play W4: together in one call, one by one, and by sparse products (every 20th run)."""
    base = scenario("W1 dying", creators)
    runs = [
        (
            base.replace(
                communities=[sim.Community("all", creators, threshold=0.1 + 0.005 * (k % 40))],
                seeds=sim.Seeds(share=0.0005 + 0.00008 * (k // 40)),
            ),
            k,
        )
        for k in range(1000)
    ]
    joined: dict[str, list[int]] = {}

    def by_batch() -> np.ndarray:
        joined["batch"] = [int(r.counts[-1, 1].sum()) for r in sim.run_many(runs, 2)]
        return np.array(joined["batch"])

    def singly() -> np.ndarray:
        return np.array([int(sim.run(*r, 1).counts[-1, 1].sum()) for r in runs[::20]])

    def products() -> np.ndarray:
        return np.array([int(scipy_products(build(*r))().sum()) for r in runs[::20]])

    seconds, expected = timed(by_batch, repeats)
    yield Row("W4", creators, "datastrike, run_many, 2 threads", seconds, "same")
    for peer, play in (("datastrike, run", singly), ("scipy products", products)):
        seconds, outcome = timed(play, 1)
        agrees = "same" if (outcome == expected[::20]).all() else "differs"
        yield Row("W4", creators, peer, 20 * seconds, agrees)


def main() -> None:
    """Measure, print a table of ratios, and write it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--creators", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument(
        "--work", nargs="+", default=["W1 full", "W1 long", "W1 dying", "W2", "W3", "W4"]
    )
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--out")
    options = parser.parse_args()
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}")
    print(f"{'work':9} {'creators':>9}  {'peer':22} {'ms':>10} {'ratio':>8}  result")
    rows: list[Row] = []
    for work in options.work:
        for creators in options.creators:
            found = many_runs if work == "W4" else lambda n, r, w=work: measured(w, n, r)
            first = None
            for row in found(creators, options.repeats):
                first = first or row.seconds
                rows.append(row)
                print(
                    f"{row.work:9} {row.creators:9,}  {row.peer:22} {1e3 * row.seconds:10.2f} "
                    f"{row.seconds / first:8.1f}  {row.agrees}",
                    flush=True,
                )
    if options.out:
        with Path(options.out).open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(("work", "creators", "peer", "cpu_seconds", "result"))
            writer.writerows((r.work, r.creators, r.peer, r.seconds, r.agrees) for r in rows)


if __name__ == "__main__":
    sys.exit(main())
