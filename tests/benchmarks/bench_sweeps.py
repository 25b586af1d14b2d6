"""How long sweeps take beside Mesa's own batch runner, and what a run costs beside itself.

    python tests/benchmarks/bench_sweeps.py [--creators 10000] [--runs 1000] [--mesa-runs 40]

The work is 1,000 cascades on one Erdos-Renyi network, 20 thresholds x 50 replications.  Each way
is a process of its own, timed from its start to its end; Mesa plays fewer runs, and its time
without the start is scaled.  Both ways agree on how many join in the runs that both play.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import sim  # noqa: E402
from sim.networks import ErdosRenyi  # noqa: E402

THRESHOLDS = [round(0.1 + 0.01 * k, 2) for k in range(20)]
PATH = "communities.creators.threshold"


def scenario(creators: int) -> sim.Scenario:
    """Return the scenario that is swept."""
    crowd = sim.Community("creators", creators, threshold=0.18)
    seeds = sim.Seeds(count=max(1, creators // 1000))
    return sim.Scenario([crowd], ErdosRenyi(4.0), seeds=seeds, steps=1000, network_seed=1)


def by_mesa(creators: int, runs: int, processes: int) -> list[dict]:
    """Play some of the runs with `mesa.batch_run`."""
    from tests.benchmarks.mesa_cascade import by_mesa

    return by_mesa(scenario(creators), PATH, THRESHOLDS[::5], max(1, runs // 4), processes)


def by_sweep(creators: int, runs: int, workers: int | None, out: str) -> sim.Sweep:
    """Play all runs with `sim.sweep`."""
    each = max(1, runs // len(THRESHOLDS))
    kept = ["adopters.final"]
    return sim.sweep(scenario(creators), {PATH: THRESHOLDS}, each, kept, out=out, workers=workers)


def seconds(*arguments: str) -> tuple[float, float]:
    """Return wall and CPU seconds of a process."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, __file__, *arguments], check=True)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu


def checked(creators: int) -> bool:
    """Return whether both ways agree on who joins in a few runs."""
    with tempfile.TemporaryDirectory() as folder:
        table = by_sweep(creators, 20, 1, f"{folder}/s").table().set_index([PATH, "seed"])
    rows = by_mesa(creators, 4, 1)
    pairs = [(table.loc[(r["threshold"], r["replication"])], r["joined"]) for r in rows]
    return all(row["adopters.final"] == joined for row, joined in pairs)


def main() -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("--creators", type=int, default=10_000)
    reader.add_argument("--runs", type=int, default=1000)
    reader.add_argument("--mesa-runs", type=int, default=40)
    reader.add_argument("--only", choices=["mesa", "sweep"])
    reader.add_argument("--workers", type=int)
    asked = reader.parse_args()
    if asked.only == "mesa":
        by_mesa(asked.creators, asked.mesa_runs, asked.workers or 1)
    elif asked.only == "sweep":
        with tempfile.TemporaryDirectory() as folder:
            by_sweep(asked.creators, asked.runs, asked.workers, f"{folder}/s")
    else:
        compare(asked.creators, asked.runs, asked.mesa_runs)


def compare(creators: int, runs: int, mesa_runs: int) -> None:
    print(f"{runs:,} cascades, {creators:,} creators; agree: {checked(min(creators, 1000))}")
    print(f"{'way':<34}{'wall s':>10}{'CPU s':>10}")
    size = ["--creators", str(creators)]
    for workers in (1, 2):
        few = seconds("--only", "mesa", *size, "--workers", str(workers), "--mesa-runs", "4")
        more = seconds(
            "--only", "mesa", *size, "--workers", str(workers), "--mesa-runs", str(4 + mesa_runs)
        )
        whole = [one + (two - one) / mesa_runs * (runs - 4) for one, two in zip(few, more)]  # noqa: B905
        print(f"{f'mesa.batch_run, {workers} (scaled)':<34}{whole[0]:>10.1f}{whole[1]:>10.1f}")
    for way, more_options in (("1", ["--workers", "1"]), ("2", ["--workers", "2"]), ("auto", [])):
        took = seconds("--only", "sweep", *size, "--runs", str(runs), *more_options)
        print(f"{f'sim.sweep, workers {way}':<34}{took[0]:>10.2f}{took[1]:>10.2f}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3
    print(f"largest process: {peak:.0f} MB")


if __name__ == "__main__":
    main()
