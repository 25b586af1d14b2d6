"""The folder that a run or a comparison leaves: what is in it, and writing it.

======================== ===================================================================
file                     holds
======================== ===================================================================
``receipt.json``         scenarios, seeds, digests, versions: enough to play it again
``scenario.toml``        the scenario, to read and to change
``series.parquet``       a row for each arm, replication, step and community, and everybody
``rounds.parquet``       a row for each arm, replication, lab and training round
``tactic.parquet``       what each creator does at the end: a column for each replication
``institutions.parquet`` a row for each value in `Result.institutions`
======================== ===================================================================
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.folders import new_folder
from sim.loading.files import FORMAT, RECEIPT, to_toml, writable
from sim.loading.overrides import values
from sim.provenance import provenance

if TYPE_CHECKING:
    import pyarrow

    from sim.result import Result
    from sim.runs.comparison import Comparison
    from sim.scenario import Scenario

    Arms = dict[str, tuple[Result, ...]]

SCENARIO, SERIES, ROUNDS, TACTIC, INSTITUTIONS = (
    "scenario.toml",
    "series.parquet",
    "rounds.parquet",
    "tactic.parquet",
    "institutions.parquet",
)
TACTIC_BYTES, ROW_BYTES = 0.25, 32.0
"""For each creator and each row of the series, compressed, as measured where many act."""
ACTION, COUNTERFACTUAL = "action", "counterfactual"

Added = Callable[[Path], None]
"""Writes further files into the folder before it appears."""


def save_result(result: Result, folder: str | Path, added: Added | None = None) -> Path:
    """Write one run into a new folder; see `sim.load`."""
    return _save("run", {ACTION: (result,)}, folder, added)


def save_comparison(comparison: Comparison, folder: str | Path, added: Added | None = None) -> Path:
    """Write a comparison into a new folder; see `sim.load`."""
    arms = {ACTION: comparison.action, COUNTERFACTUAL: comparison.counterfactual}
    return _save("comparison", arms, folder, added)


def size_of(scenario: Scenario, replications: int) -> float:
    """Return the bytes that the folder of a comparison takes, about."""
    rows = (scenario.steps + 1) * (len(scenario.communities) + 1)
    return 2 * replications * (TACTIC_BYTES * scenario.creators + ROW_BYTES * rows)


def column(arm: str, seed: int) -> str:
    """Return the name of a run's column in the table of tactics."""
    return f"{arm}.{seed}"


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def inputs_of(scenario: Scenario) -> dict[str, str]:
    """Return the SHA-256 of the files that a scenario reads (edge lists, numbers), by path."""
    named = {value for value in values(scenario).values() if isinstance(value, str) and value}
    return {name: digest_of(Path(name)) for name in sorted(named) if Path(name).is_file()}


def _save(kind: str, arms: Arms, folder: str | Path, added: Added | None) -> Path:
    with new_folder(folder) as draft:
        tables = {
            SERIES: _series(arms),
            ROUNDS: _rounds(arms),
            TACTIC: _tactic(arms),
            INSTITUTIONS: _institutions(arms),
        }
        for name, table in tables.items():
            _write(table, draft / name)
        digests = {name: digest_of(draft / name) for name in tables}
        (draft / SCENARIO).write_text(to_toml(arms[ACTION][0].scenario), "utf-8")
        receipt = writable({**_receipt(kind, arms), "files": digests})
        text = json.dumps(receipt, indent=1, ensure_ascii=False, allow_nan=False)
        (draft / RECEIPT).write_text(f"{text}\n", "utf-8")
        if added is not None:
            added(draft)
    return Path(folder)


def _receipt(kind: str, arms: Arms) -> dict[str, Any]:
    first = arms[ACTION][0]
    against = arms[COUNTERFACTUAL][0].scenario.to_data() if COUNTERFACTUAL in arms else None
    crowds: list[dict[str, Any]] = []
    runs = [
        {
            "arm": arm,
            "seed": run.seed,
            "steps_played": run.steps_played,
            "crowd": _crowd(run, crowds),
            "state_digest": run.state_digest,
        }
        for arm, results in arms.items()
        for run in results
    ]
    return {
        "kind": kind,
        "format": FORMAT,
        **provenance(),
        "scenario_digest": first.scenario.digest,
        "seeds": [run.seed for run in arms[ACTION]],
        "runs": runs,
        "crowds": crowds,
        "labs": {
            name: {"preset": lab.preset, "response": lab.response, "columns": list(lab.columns)}
            for name, lab in first.labs.items()
        },
        "scenario": first.scenario.to_data(),
        "against": against,
        "inputs": inputs_of(first.scenario),
    }


def _crowd(run: Result, crowds: list[dict[str, Any]]) -> int:
    """Return the number of the run's crowd among those met so far, adding a new one."""
    crowd = {
        "communities": list(run.communities),
        "sizes": run.sizes.tolist(),
        "represents": run.represents.tolist(),
        "notes": list(run.notes),
    }
    if crowd not in crowds:
        crowds.append(crowd)
    return crowds.index(crowd)


def _series(arms: Arms) -> pyarrow.Table:
    """Return real creators and shares as in `Result.table`, and simulated ones as counted."""
    import numpy as np
    import pyarrow

    parts = []
    for arm, results in arms.items():
        for run in results:
            series = run.series()
            out = run.withheld_counts
            kept = np.zeros_like(run.counts[:, 0]) if out is None else out
            counts = np.concatenate((run.counts, kept[:, None]), axis=1)
            counted = np.concatenate((counts, counts.sum(axis=2, keepdims=True)), axis=2)
            columns = {
                "arm": np.full(series["step"].size, arm),
                "seed": np.full(series["step"].size, run.seed, dtype=np.int64),
                **series,
                "date": series["date"].astype("datetime64[D]"),
                "counted_mobilised": counted[:, 0].ravel(),
                "counted_ever": counted[:, 1].ravel(),
                "counted_withheld": counted[:, 2].ravel(),
            }
            parts.append(pyarrow.table(columns))
    return pyarrow.concat_tables(parts)


def _rounds(arms: Arms) -> pyarrow.Table:
    import pyarrow

    rows = [
        {"arm": arm, "seed": run.seed, "lab": name, "round": number + 1,
         **{key: values[number] for key, values in lab.columns.items()}}
        for arm, results in arms.items()
        for run in results
        for name, lab in run.labs.items()
        for number in range(len(lab.columns["step"]))
    ]  # fmt: skip
    empty = {"arm": pyarrow.string(), "seed": pyarrow.int64(), "lab": pyarrow.string()}
    if not rows:
        return pyarrow.schema(list(empty.items())).empty_table()
    names = dict.fromkeys(key for row in rows for key in row)
    return pyarrow.table({name: [row.get(name) for row in rows] for name in names})


def _tactic(arms: Arms) -> pyarrow.Table:
    import pyarrow

    columns = {column(arm, run.seed): run.tactic for arm, runs in arms.items() for run in runs}
    return pyarrow.table(columns)


def _institutions(arms: Arms) -> pyarrow.Table:
    """Return what institutions did, one row for each value."""
    import pyarrow

    kinds = {
        "arm": pyarrow.string(),
        "seed": pyarrow.int64(),
        "table": pyarrow.string(),
        "column": pyarrow.string(),
        "value": pyarrow.float64(),
    }
    rows: dict[str, list[Any]] = {name: [] for name in kinds}
    for arm, results in arms.items():
        for run in results:
            for table, series in run.institutions.items():
                for name, numbers in series.items():
                    where = {"arm": arm, "seed": run.seed, "table": table, "column": name}
                    for key, what in where.items():
                        rows[key] += [what] * len(numbers)
                    rows["value"] += numbers
    return pyarrow.table({name: pyarrow.array(rows[name], kind) for name, kind in kinds.items()})


def _write(table: pyarrow.Table, path: Path) -> None:
    from pyarrow import parquet

    parquet.write_table(table, path, compression="zstd")
