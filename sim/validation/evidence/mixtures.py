"""Mixtures of domains: losses of models whose mixture was never fitted."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

from sim.validation import mixtures as model
from sim.validation.check import Check, but
from sim.validation.evidence.files import NoTableError, with_columns
from sim.validation.expected import Above
from sim.validation.mixtures import Mixtures

RUNS = "runs: Liu et al. 2024, arXiv:2407.01492"
LAW = "exponential law of mixing: Ye et al. 2024, arXiv:2403.16952"
SOURCE = f"{RUNS}; {LAW}"
FEW = {"targets": 2, "folds": 3}


def checks(folder: Path) -> tuple[Check, ...]:
    """Return the checks of every pair of tables in a folder."""
    found = pairs(folder)
    if not found:
        raise NoTableError(
            "no pair of tables with `index`, one with columns train_..._DOMAIN and one with "
            "metric/..._DOMAIN_val_loss"
        )
    trained = [runs for runs in found if "test" not in runs.role[0]]
    rows = [row for runs in trained for row in _held_out(runs)]
    for runs, asked in product(trained, found):
        if asked not in trained:
            rows += _foretold(runs, asked)
    return tuple(rows) or tuple(row for runs in found for row in _held_out(runs))


def pairs(folder: Path) -> list[Mixtures]:
    """Return the tables of shares and of losses that belong together.

    They lie in one folder and are called alike; else they are of one role and hold the same runs.
    """
    tables = with_columns(folder, "index")
    shares = [path for path in tables if "mixture" in path.name]
    found = []
    for loss in (path for path in tables if "loss" in path.name):
        role, size = Mixtures(loss, loss).role
        beside = [path for path in shares if path.parent == loss.parent]
        alike = [path for path in beside if path.name.startswith(f"{role}_mixture")]
        named = [path for path in alike if f"mixture_{size}." in path.name.lower()]
        same = [path for path in alike if model.same_runs(path, loss)]
        found += [Mixtures(mixture, loss) for mixture in (named or same)[:1]]
    return found


def _held_out(runs: Mixtures) -> Iterator[Check]:
    name = runs.loss.name
    yield Check(
        f"{name}: R2 of runs left out",
        Above(0.97),
        model.mixture_score,
        {"runs": runs},
        but("exponential law of mixing", form="exponential"),
        SOURCE,
        "R",
        fast=FEW,
    )
    yield Check(
        f"{name}: lead over other forms",
        Above(0.0),
        model.mixture_lead,
        {"runs": runs},
        but("only a domain's own data count", form="own"),
        SOURCE,
        "R",
        fast=FEW,
    )


def _foretold(runs: Mixtures, asked: Mixtures) -> Iterator[Check]:
    given = {"fitted": runs, "asked": asked}
    few = {"targets": FEW["targets"]}
    if asked.role[1] == runs.role[1]:
        yield Check(
            f"{asked.loss.name}: R2 from {runs.loss.name} alone",
            Above(0.97),
            model.mixture_transfer,
            given,
            but("exponential law of mixing", form="exponential"),
            SOURCE,
            "R",
            fast=few,
        )
        return
    yield Check(
        f"{asked.loss.name}: ranks, from {runs.loss.name} alone",
        Above(0.95),
        model.mixture_ranks,
        given,
        but("ranked by another domain's loss", own=False),
        RUNS,
        "R",
        fast=few,
    )
