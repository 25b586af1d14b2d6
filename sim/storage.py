"""Reading back what was saved: nothing is played, compiled or plotted for it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.loading.files import RECEIPT, find_receipt, scenario_from
from sim.result import LabRecord, Result, Tables
from sim.run_folder import (
    ACTION,
    COUNTERFACTUAL,
    INSTITUTIONS,
    ROUNDS,
    SERIES,
    TACTIC,
    column,
    digest_of,
)
from sim.runs.comparison import Comparison
from sim.scenario import Scenario
from sim.sweeps.store import Store

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.leverage.curve import LeverageCurve
    from sim.sweeps.saved import Sweep

    Saved = Result | Comparison | LeverageCurve | Sweep


def load(folder: str | Path) -> Saved:
    """Open a saved folder: a run, a comparison, a leverage study or a sweep.

    Raises
    ------
    InputError
        If it is not such a folder, was written by a newer version, or is damaged.
    """
    path = Path(folder)
    if Store.holds_sweep(path):
        from sim.sweeps.saved import Sweep

        return Sweep(path)
    receipt = read_receipt(path)
    try:
        return KINDS[receipt["kind"]](path, receipt)
    except InputError:
        raise
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, OSError) as error:
        raise InputError(f"{folder}: {RECEIPT} is damaged ({_told(error)})") from None


def read_receipt(source: str | Path) -> dict[str, Any]:
    """Return the receipt in a run folder, or of its path.

    Raises
    ------
    InputError
        If there is none, or it is of a kind or format that this version does not know.
    """
    if not Path(source).exists():
        raise InputError(f"{source}: does not exist")
    receipt = find_receipt(source)
    if receipt is None or receipt["kind"] not in KINDS:
        raise InputError(f"{source}: holds no receipt of a saved run")
    return receipt


def _load_result(folder: Path, receipt: dict[str, Any]) -> Result:
    return _arms(folder, receipt)[ACTION][0]


def _load_comparison(folder: Path, receipt: dict[str, Any]) -> Comparison:
    arms = _arms(folder, receipt)
    return Comparison(tuple(arms[ACTION]), tuple(arms[COUNTERFACTUAL]))


def _load_leverage(folder: Path, receipt: dict[str, Any]) -> LeverageCurve:
    from sim.leverage.saving import load_curve

    return load_curve(folder, receipt)


KINDS: dict[str, Callable[[Path, dict[str, Any]], Saved]] = {
    "run": _load_result,
    "comparison": _load_comparison,
    "leverage": _load_leverage,
}
"""How each kind of folder is read."""


def _arms(folder: Path, receipt: dict[str, Any]) -> dict[str, list[Result]]:
    _check_files(folder, receipt["files"])
    scenarios = {ACTION: scenario_from(receipt["scenario"], f"{folder}/{RECEIPT}")}
    if receipt["against"] is not None:
        scenarios[COUNTERFACTUAL] = scenario_from(receipt["against"], f"{folder}/{RECEIPT}")
    series, rounds = (_table(folder / name) for name in (SERIES, ROUNDS))
    institutions = _institutions(_table(folder / INSTITUTIONS))
    arms: dict[str, list[Result]] = {arm: [] for arm in scenarios}
    begin = 0
    for run in receipt["runs"]:
        arm, seed, crowd = run["arm"], run["seed"], receipt["crowds"][run["crowd"]]
        scenario = scenarios[arm]
        end = begin + (scenario.steps + 1) * (len(crowd["communities"]) + 1)
        result = Result(
            scenario=scenario,
            seed=seed,
            communities=tuple(crowd["communities"]),
            sizes=np.array(crowd["sizes"], dtype=np.int64),
            represents=np.array(crowd["represents"], dtype=np.float64),
            counts=_counts(series, begin, end, scenario),
            _tactic=functools.partial(_column, folder / TACTIC, column(arm, seed)),
            labs=_labs(rounds, arm, seed, receipt["labs"]),
            institutions=institutions.get((arm, seed), {}),
            withheld_counts=_withheld(series, begin, end, scenario),
            notes=tuple(crowd["notes"]),
            steps_played=run["steps_played"],
            _digest=run["state_digest"],
        )
        arms[arm].append(result)
        begin = end
    return arms


def _counts(series: Any, begin: int, end: int, scenario: Scenario) -> NDArray[np.int64]:
    """Return creators mobilised and ever mobilised (steps + 1, 2, communities)."""
    rows = series.slice(begin, end - begin)
    both = [
        rows[name].to_numpy().reshape(scenario.steps + 1, -1)[:, :-1]
        for name in ("counted_mobilised", "counted_ever")
    ]
    return np.stack(both, axis=1)


def _withheld(series: Any, begin: int, end: int, scenario: Scenario) -> NDArray[np.int64] | None:
    """Return creators whose works are out by no act of their own (steps + 1, communities)."""
    if not scenario.withholds:
        return None
    rows = series.slice(begin, end - begin)["counted_withheld"].to_numpy()
    counts: NDArray[np.int64] = rows.reshape(scenario.steps + 1, -1)[:, :-1]
    return counts


def _institutions(values: Any) -> dict[tuple[str, int], Tables]:
    """Return the tables of each arm and seed."""
    found: dict[tuple[str, int], Tables] = {}
    names = ("arm", "seed", "table", "column", "value")
    for arm, seed, table, name, value in zip(
        *(values[name].to_pylist() for name in names), strict=True
    ):
        columns = found.setdefault((arm, seed), {}).setdefault(table, {})
        columns.setdefault(name, []).append(value)
    return found


def _labs(rounds: Any, arm: str, seed: int, labs: dict[str, Any]) -> dict[str, LabRecord]:
    from pyarrow import compute

    records = {}
    for name, lab in labs.items():
        columns: dict[str, list[Any]] = {column: [] for column in lab["columns"]}
        if rounds.num_rows:
            mine = compute.and_(
                compute.equal(rounds["arm"], arm), compute.equal(rounds["seed"], seed)
            )
            rows = rounds.filter(compute.and_(mine, compute.equal(rounds["lab"], name)))
            columns = {column: rows[column].to_pylist() for column in lab["columns"]}
        records[name] = LabRecord(name, lab["preset"], lab["response"], columns)
    return records


def _check_files(folder: Path, digests: dict[str, str]) -> None:
    for name in (SERIES, ROUNDS, TACTIC, INSTITUTIONS):
        if not (folder / name).exists():
            raise InputError(f"{folder}: is damaged, {name} is missing")
        if digest_of(folder / name) != digests[name]:
            raise InputError(f"{folder}: is damaged, {name} is not as it was written")


def _table(path: Path) -> Any:
    from pyarrow import parquet

    return parquet.read_table(path)


def _column(path: Path, name: str) -> NDArray[np.uint8]:
    """Return a column when it is first asked for: there is one creator to a row."""
    from pyarrow import parquet

    values: NDArray[np.uint8] = parquet.read_table(path, columns=[name])[name].to_numpy()
    return values


def _told(error: Exception) -> str:
    return f"{type(error).__name__} {error}".strip()
