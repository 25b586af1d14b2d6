"""The folder that a leverage study leaves: its table, the receipt, and the scenario.

===================== ==================================================================
file                  holds
===================== ==================================================================
``receipt.json``      scenario, what was asked, seeds, versions: enough to make it again
``scenario.toml``     the scenario, to read and to change
``leverage.parquet``  one row for each size of the group, as in `LeverageCurve.table`
===================== ==================================================================
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.folders import new_folder
from sim.leverage.case import MEASURES
from sim.leverage.curve import LeverageCurve
from sim.loading.files import FORMAT, RECEIPT, scenario_from, to_toml, writable
from sim.provenance import provenance
from sim.run_folder import SCENARIO, Added, digest_of, inputs_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.leverage.size import GroupSize

KIND = "leverage"
TABLE = "leverage.parquet"
STATED = ("lab", "preset", "tactic", "by", "step")


def save_curve(
    curve: LeverageCurve,
    folder: str | Path,
    size: GroupSize | None = None,
    added: Added | None = None,
    share: float | None = None,
) -> Path:
    """Write a curve into a new folder, with the smallest group and the share asked for.

    Raises
    ------
    InputError
        If the folder exists already or cannot be written.
    """
    with new_folder(folder) as draft:
        curve.table().to_parquet(draft / TABLE, compression="zstd")
        (draft / SCENARIO).write_text(to_toml(curve.scenario), "utf-8")
        receipt = writable(
            _receipt(curve, size, share) | {"files": {TABLE: digest_of(draft / TABLE)}}
        )
        text = json.dumps(receipt, indent=1, ensure_ascii=False, allow_nan=False)
        (draft / RECEIPT).write_text(f"{text}\n", "utf-8")
        if added is not None:
            added(draft)
    return Path(folder)


def load_curve(folder: Path, receipt: dict[str, Any]) -> LeverageCurve:
    """Return the curve of a folder, which `sim.load` has found to be one.

    Raises
    ------
    InputError
        If its table is missing or not as it was written.
    """
    path = folder / TABLE
    if not path.exists():
        raise InputError(f"{folder}: is damaged, {TABLE} is missing")
    if digest_of(path) != receipt["files"][TABLE]:
        raise InputError(f"{folder}: is damaged, {TABLE} is not as it was written")
    import pandas as pd

    table = pd.read_parquet(path)
    study = receipt["study"]
    return LeverageCurve(
        scenario=scenario_from(receipt["scenario"], f"{folder}/{RECEIPT}"),
        seeds=tuple(receipt["seeds"]),
        group={name: table[name].to_numpy() for name in study["group"]},
        none=_of_each(table, "none"),
        best=_of_each(table, "best"),
        response=tuple(table["best_response"]),
        errors=_of_each(table, "standard_error"),
        low=_of_each(table, "low"),
        high=_of_each(table, "high"),
        assumed=_of_each(table, "assumed"),
        months=table["months_of_delay.none"].to_numpy(),
        **{name: study[name] for name in STATED},
    )


def _receipt(curve: LeverageCurve, size: GroupSize | None, share: float | None) -> dict[str, Any]:
    (measure,) = curve.low
    return {
        "kind": KIND,
        "format": FORMAT,
        **provenance(),
        "scenario_digest": curve.scenario.digest,
        "seeds": list(curve.seeds),
        "runs": [{"arm": KIND, "seed": seed} for seed in curve.seeds],
        "study": {
            **{name: getattr(curve, name) for name in STATED},
            "measure": measure,
            "group": list(curve.group),
            "share": share,
            "target": None if size is None else size.target,
            "smallest_group": None if size is None else asdict(size),
        },
        "scenario": curve.scenario.to_data(),
        "against": None,
        "inputs": inputs_of(curve.scenario),
    }


def _of_each(table: pd.DataFrame, what: str) -> dict[str, Any]:
    columns = {measure: f"{measure}.{what}" for measure in MEASURES}
    return {
        measure: table[column].to_numpy()
        for measure, column in columns.items()
        if column in table.columns
    }
