"""Put small mistakes into packages, one at a time, and tell how many the tests notice."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

from scipy.stats import binomtest

from tests.mutants import drawn, trials

REPORT = trials.ROOT / "results" / "mutants"
NOTICED = ("killed", "timeout")
LEAST = 80.0
"""Per cent of mutants that tests must notice."""


def main() -> int:
    asked = _asked()
    REPORT.mkdir(parents=True, exist_ok=True)
    outcomes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="datastrike-mutants-") as folder:
        root = trials.copy(Path(folder))
        for package in asked.packages or trials.TESTS:
            outcomes += _package(root, package, asked)
    print(_score("altogether", outcomes), flush=True)
    return 0 if 100.0 * _noticed(outcomes) >= LEAST * outcomes.total() else 1


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser("do.py mutants", description=__doc__)
    parser.add_argument("packages", nargs="*", metavar="PACKAGE", help=", ".join(trials.TESTS))
    parser.add_argument("--sample", type=int, default=300, metavar="N", help="of all; 0: all")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    asked = parser.parse_args()
    unknown = sorted(set(asked.packages) - set(trials.TESTS))
    if unknown:
        parser.error(f"expected {', '.join(trials.TESTS)}, got {unknown[0]!r}")
    return asked


def _package(root: Path, package: str, asked: argparse.Namespace) -> Counter[str]:
    """Try a sample of a package's mutants; write down how each fared and those that survived."""
    print(f"{package}: running its tests once as they are", flush=True)
    known = trials.reach(root, package)
    trials.check(root, known)
    share = -(-asked.sample // len(asked.packages or trials.TESTS)) if asked.sample else sys.maxsize
    outcomes: Counter[str] = Counter()
    with (
        (REPORT / f"{package}.tsv").open("w", encoding="utf-8") as table,
        (REPORT / f"{package}-survived.diff").open("w", encoding="utf-8") as survivors,
    ):
        for mutant in drawn.sample(root, package, share, asked.seed):
            outcome = trials.tried(root, mutant, known)
            outcomes[outcome] += 1
            where = f"{mutant.path}:{mutant.line}"
            print(
                outcome, where, mutant.operator, mutant.occurrence, sep="\t", file=table, flush=True
            )
            if outcome == "survived":
                print(mutant.diff(root), end="\n\n", file=survivors, flush=True)
    print(_score(package, outcomes), flush=True)
    return outcomes


def _noticed(outcomes: Counter[str]) -> int:
    return sum(outcomes[outcome] for outcome in NOTICED)


def _score(name: str, outcomes: Counter[str]) -> str:
    """Return the counts and the share noticed, with Wilson's 95 % interval (Wilson 1927)."""
    noticed, tried = _noticed(outcomes), outcomes.total()
    interval = binomtest(noticed, tried).proportion_ci(0.95, method="wilson")
    return (
        f"{name}: {noticed} of {tried} noticed ({outcomes['timeout']} by time), "
        f"{100 * noticed / tried:.1f} % ({100 * interval.low:.1f} to {100 * interval.high:.1f}); "
        f"survivors in {REPORT.relative_to(trials.ROOT)}/"
    )


if __name__ == "__main__":
    sys.exit(main())
