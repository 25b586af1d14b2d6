"""How long the largest crowds take, and how much memory, from nothing to the result.

    python tests/benchmarks/bench_scale.py [--creators 10000000 100000000] [--steps 52]
                                           [--work cascade choice] [--out FILE.csv]

cascade   share thresholds, uniform(0, .5), to the end
choice    logit choice by everybody in each step, and a lab that retrains every 13 steps; each
          creator has a stock of works and a grievance of its own

A tenth of a percent start.  Each is played in a process of its own, the building of the network
included, after a small run that loads the compiled loops.  From 50 million creators on the
network is Erdos-Renyi of mean degree 10; below, it is Barabasi-Albert, five links per newcomer.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import sim
from sim.decisions import LogitChoice, Threshold
from sim.networks import BarabasiAlbert, ErdosRenyi, NetworkSpec
from sim.world import build

LARGE = 50_000_000


def scenario(creators: int, steps: int, work: str) -> sim.Scenario:
    """Return the world that is played."""
    network: NetworkSpec = ErdosRenyi(10.0) if creators >= LARGE else BarabasiAlbert(5)
    cascade = work == "cascade"
    crowd = sim.Community(
        "all",
        creators,
        threshold=sim.Uniform(0.0, 0.5) if cascade else 0.5,
        grievance=0.0 if cascade else sim.Normal(-2.0, 1.0),
        stock=1.0 if cascade else sim.LogNormal(1.0, 1.0),
    )
    return sim.Scenario(
        [crowd],
        network,
        Threshold() if cascade else LogitChoice(conformity=2.0),
        sim.Seeds(share=0.001),
        steps=1000 if cascade else steps,
        labs=[] if cascade else [sim.Lab("Lab", every=13)],
        network_seed=1,
    )


def played(creators: int, steps: int, work: str) -> dict[str, float | int | str]:
    """Play one size in this process and return what it took."""
    sim.run(scenario(1000, 13, work), 1)
    played = scenario(creators, steps, work)
    wall, cpu = time.perf_counter(), time.process_time()
    links = build(played, 1).network.links
    built = time.process_time() - cpu
    result = sim.run(played, 1)
    taken = time.perf_counter() - wall, time.process_time() - cpu
    return {
        "creators": creators,
        "network": type(played.network).__name__,
        "links": links,
        "work": f"{work}, {result.steps_played} steps",
        "build_seconds": built,
        "wall_seconds": taken[0],
        "cpu_seconds": taken[1],
        "peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
    }


def main() -> None:
    """Measure each size, print a table, and write it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--creators", type=int, nargs="+", default=[10**7, 10**8])
    parser.add_argument("--steps", type=int, default=52)
    parser.add_argument("--work", nargs="+", default=["cascade", "choice"])
    parser.add_argument("--out")
    parser.add_argument("--in-this-process", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.in_this_process:
        print(json.dumps(played(options.creators[0], options.steps, options.work[0])))
        return
    rows = []
    for creators in options.creators:
        for work in options.work:
            command = [sys.executable, __file__, "--in-this-process", "--work", work]
            command += ["--creators", str(creators), "--steps", str(options.steps)]
            output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            row = json.loads(output.splitlines()[-1])
            rows.append(row)
            print(
                f"{creators:12,} {row['network']:15} {row['work']:20} "
                f"build {row['build_seconds']:6.1f} s CPU, all {row['cpu_seconds']:6.1f} s CPU "
                f"({row['wall_seconds']:.1f} s), {row['peak_gb']:.2f} GB",
                flush=True,
            )
    if options.out:
        with Path(options.out).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    main()
