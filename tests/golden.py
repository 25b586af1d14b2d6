"""The numbers that every scenario gave when the baseline was made, at a small size.

``pytest tests/test_golden.py --update-baseline`` makes the baseline anew.  Numbers that were
there before are replaced only if a line under **Results change** in the part of CHANGELOG.md that
is not released yet says so, and only by a line that the last baseline has not used up.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import sim
from sim.loading.scripts import library

ROOT = Path(__file__).parents[1]
FILE = Path(__file__).with_name("golden.json")
CREATORS = 1000
SEED = 20
DIGITS = 10
"""Of outcomes; numpy's vectorised functions differ in the last bits between processors."""

FUNCTIONS = ("exp", "log", "log1p", "log2", "pow", "tanh", "expm1")
MATHEMATICS = {
    (0.1, 0.7310585786300049): (
        "0x1.1aec7b35a00d4p+0",
        "-0x1.40c7abfbec124p-2",
        "0x1.18f38c0b8b0c4p-1",
        "-0x1.cec9a4ae3df68p-2",
        "0x1.f035a99651de9p-1",
        "0x1.983d7795f413ap-4",
        "0x1.aec7b35a00d3ap-4",
    ),
    (-13.5, 1.0000001): (
        "0x1.7003974e945dfp-20",
        "0x1.ad7f2847b6492p-24",
        "0x1.62e4319d22c7fp-1",
        "0x1.35d0fea5fccb7p-23",
        "0x1.ffffd2b398c17p-1",
        "-0x1.fffffffff7bbdp-1",
        "-0x1.ffffd1ff8d163p-1",
    ),
    (0.7, 123456.789): (
        "0x1.01c2a61268987p+1",
        "0x1.77281cad8a844p+3",
        "0x1.77282daa2d8a9p+3",
        "0x1.0e9e4bf2a1cb2p+4",
        "0x1.ca1c5b1478410p+11",
        "0x1.356fb17af2e92p-1",
        "0x1.03854c24d130dp+0",
    ),
    (17.25, 3.3): (
        "0x1.d94295464477bp+24",
        "0x1.31a4e7240c777p+0",
        "0x1.7567cb4bf2df7p+0",
        "0x1.b8f3888b93109p+0",
        "0x1.a380e32efbfd8p+29",
        "0x1.fffffffffffedp-1",
        "0x1.d94294464477bp+24",
    ),
    (1e-09, 0.3): (
        "0x1.000000044b830p+0",
        "-0x1.34378fcbda721p+0",
        "0x1.0ca937be1b9dcp-2",
        "-0x1.bca9c6f53897bp+0",
        "0x1.fffffff5a86f9p-1",
        "0x1.12e0be826d695p-30",
        "0x1.12e0be84bbb51p-30",
    ),
}
"""Bits that GNU libc gives on x86-64, by two arguments."""

MANY = 4096
DIGESTS = {
    "exp": "05a6b2421ff6aae9",
    "log": "4f771a82020a3051",
    "log1p": "7a5d2eb362284e47",
    "log2": "d5f3ac685d1f3671",
    "pow": "ccc2a8afaa8bef79",
    "tanh": "c1a01cefbea7b195",
    "expm1": "89b78530beb41f34",
}
"""Digests of the bits that each gives at `MANY` arguments, for what differs only here and there."""


def scenarios() -> dict[str, sim.Scenario]:
    """Return every scenario that a script of the library defines, by script and name."""
    found = {}
    for script in library():
        module = importlib.import_module(f"scenarios.{script}")
        for name, value in sorted(vars(module).items()):
            if isinstance(value, sim.Scenario):
                found[script if name == "SCENARIO" else f"{script}.{name}"] = value
    return found


def small(scenario: sim.Scenario) -> sim.Scenario:
    """Return the same world with fewer simulated creators."""
    share = min(1.0, CREATORS / scenario.creators)
    communities = tuple(
        community.replace(size=max(2, round(community.size * share)))
        for community in scenario.communities
    )
    seeds = scenario.seeds
    if seeds.count:
        seeds = seeds.replace(count=max(1, round(seeds.count * share)))
    return scenario.replace(communities=communities, seeds=seeds)


def numbers(result: sim.Result) -> dict[str, Any]:
    """Return what is compared: the state and the history to the last bit, some outcomes rounded."""
    outcomes = {"adoption": rounded(result.adoption[-1, -1])}
    for name, lab in result.labs.items():
        if lab.columns["loss"]:
            outcomes[f"{name}.loss"] = rounded(lab.columns["loss"][-1])
            outcomes[f"{name}.rollback"] = rounded(lab.columns["rollback"][-1])
    return {"state": result.state_digest, "outcomes": outcomes}


def everything(result: sim.Result) -> str:
    """Return the digest of all that a result holds, to the last bit."""
    what = hashlib.sha256(result.state_digest.encode())
    tables = {**result.institutions, **{n: lab.columns for n, lab in result.labs.items()}}
    for arrays in (result.counts, result.tactic, result.participation):
        what.update(np.ascontiguousarray(arrays).data)
    what.update(repr(sorted(tables.items())).encode())
    return what.hexdigest()


def rounded(number: float) -> float:
    return float(f"{number:.{DIGITS}g}")


def mathematics(x, y):
    """Return what the scalar functions in `FUNCTIONS` give; also compiled."""
    logs = math.log(y), math.log1p(y), math.log2(y)
    return (math.exp(x), *logs, math.pow(y, x), math.tanh(x), math.expm1(x))


def differences(functions: Callable[[float, float], tuple[float, ...]]) -> list[str]:
    """Return where mathematical functions give other bits than where the baseline was made."""
    at_points = [
        f"{name} at {x} and {y} is {got.hex()} here, {expected} there"
        for (x, y), bits in MATHEMATICS.items()
        for name, got, expected in zip(FUNCTIONS, functions(x, y), bits, strict=True)
        if got != float.fromhex(expected)
    ]
    here = digests(functions)
    return at_points + [
        f"{name} at {MANY} arguments gives bits with the digest {here[name]} here, {there} there"
        for name, there in DIGESTS.items()
        if here[name] != there
    ]


def digests(functions: Callable[[float, float], tuple[float, ...]]) -> dict[str, str]:
    """Return a digest of what each function gives at many arguments, small and large."""
    table = [functions((k - MANY // 2) / 113.0, (k + 1) / 97.0) for k in range(MANY)]
    columns = np.array(table, dtype="<f8").T
    return {
        name: hashlib.sha256(np.ascontiguousarray(column).data).hexdigest()[:16]
        for name, column in zip(FUNCTIONS, columns, strict=True)
    }


def read() -> dict[str, Any]:
    if not FILE.exists():
        return {"results_change": [], "scenarios": {}}
    return json.loads(FILE.read_text("utf-8"))


def announced(changelog: str) -> list[str]:
    """Return the lines under Results change in the part of the changelog not released yet."""
    part = re.search(r"^## \[[^\]]+\] - Unreleased$(.*?)(?=^## \[|\Z)", changelog, re.M | re.S)
    if part is None:
        return []
    section = re.search(r"^### Results change$(.*?)(?=^### |\Z)", part.group(1), re.M | re.S)
    items = re.split(r"^- ", section.group(1), flags=re.M)[1:] if section else []
    return [" ".join(item.split()) for item in items]


def refusal(old: dict[str, Any], new: dict[str, Any], lines: list[str]) -> str | None:
    """Return why a baseline must not be replaced, or None."""
    changed = sorted(name for name in old["scenarios"] if new.get(name) != old["scenarios"][name])
    if not changed or set(lines) - set(old["results_change"]):
        return None
    return (
        f"the baseline was left as it is: {', '.join(changed)} gave other numbers, and "
        "CHANGELOG.md has no new line under '### Results change' in its unreleased part"
    )


def update() -> str | None:
    """Make the baseline anew; return why not, where it must not be."""
    old, lines = read(), announced((ROOT / "CHANGELOG.md").read_text("utf-8"))
    new = {name: numbers(sim.run(small(world), SEED)) for name, world in scenarios().items()}
    why_not = refusal(old, new, lines)
    if why_not is None:
        used = {"results_change": lines, "scenarios": new}
        FILE.write_text(json.dumps(used, indent=1, sort_keys=True) + "\n", "utf-8")
    return why_not
