"""Points, runs and designs as columns of tables, and back."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow

from sim.errors import InputError
from sim.sweeps.plan import ARMS, OK, Plan, Row, Run
from sim.sweeps.points import Points
from sim.sweeps.store import damaged, read_table

if TYPE_CHECKING:
    from pathlib import Path

    from sim.sweeps.outcomes import Outcome
    from sim.sweeps.store import Store

AS_JSON, AS_SHARE = {b"as": b"json"}, {b"as": b"share"}
WORD = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
RUN_FIELDS = [
    pyarrow.field("digest", WORD),
    pyarrow.field("seed", pyarrow.uint32()),
    pyarrow.field("arm", WORD),
    pyarrow.field("status", WORD),
    pyarrow.field("error", pyarrow.string()),
    pyarrow.field("seconds", pyarrow.float32()),
    pyarrow.field("versions", WORD),
]
PATIENCE = 5.0
"""Seconds after which finished runs are written."""
ROWS = 20_000
"""Runs after which they are written in any case."""


@dataclass(frozen=True, eq=False)
class Design:
    """What was asked for in one call: points, seeds and arms.

    Parameters
    ----------
    points : Points
        What was to be played.
    about : dict
        Kind, axes, seeds, arms, and how the points were drawn.
    shares : float64 (drawn, sampled), optional
        Where in its distribution each drawn value lies; see `sim.sweeps.designs.Drawn`.
    """

    points: Points
    about: dict[str, Any]
    shares: np.ndarray[Any, Any] | None = None

    def plan(self, part: tuple[int, int] = (0, 1)) -> Plan:
        """Return the runs that were asked for, or one part of how many."""
        first, count = self.about["first_seed"], self.about["replications"]
        arms = [ARMS.index(arm) for arm in self.about["arms"]]
        seeds = range(first, first + count)
        about = self.about
        return Plan(self.points, seeds, arms, about["one_network"], about["independent"], part)

    def columns(self) -> dict[str, pyarrow.Array[Any]]:
        """Return the points' values as columns of a table."""
        return {path: _encoded(cells)[0] for path, cells in self.points.columns.items()}

    def save(self, store: Store) -> None:
        """Write the design into a store, once."""
        arrays, fields = [pyarrow.array(self.points.hexadecimals())], [_text("digest")]
        for path, cells in self.points.columns.items():
            array, as_json = _encoded(cells)
            arrays.append(array)
            fields.append(pyarrow.field(path, array.type, metadata=AS_JSON if as_json else None))
        drawn = self.shares if self.shares is not None else np.empty((1, 0))
        times = len(self.points) // len(drawn)
        for number, column in enumerate(np.tile(drawn, (times, 1)).T):
            arrays.append(pyarrow.array(column))
            fields.append(pyarrow.field(f"share {number}", pyarrow.float64(), metadata=AS_SHARE))
        said = json.dumps({**self.about, "drawn": drawn.shape[0]}, sort_keys=True)
        schema = pyarrow.schema(fields, metadata={"about": said})
        store.add_design(pyarrow.table(arrays, schema=schema))

    @classmethod
    def load(cls, path: Path) -> Design:
        """Return a design that was saved.

        Raises
        ------
        InputError
            If the file is damaged.
        """
        table = read_table(path)
        try:
            about = json.loads(table.schema.metadata[b"about"])
            digests = table["digest"].to_pylist()
            stored = [f for f in table.schema if f.name != "digest" and f.metadata != AS_SHARE]
            columns = {f.name: _decoded(table[f.name], f) for f in stored}
            shares = [table[f.name].to_numpy() for f in table.schema if f.metadata == AS_SHARE]
            size = about.pop("drawn")
            drawn = np.column_stack(shares)[:size] if shares else None
            points = Points(columns, digests)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise damaged(path, error) from None
        return cls(points, about, drawn)


@dataclass(eq=False)
class Writer:
    """Collects finished runs and writes them some at a time.

    Parameters
    ----------
    store : Store
        Where to.
    points : Points
        What is played.
    outcomes : list of Outcome
        What is kept.
    versions : str
        What the runs are made with.
    """

    store: Store
    points: Points
    outcomes: Sequence[Outcome]
    versions: str
    _runs: list[Run] = field(default_factory=list)
    _rows: list[Row] = field(default_factory=list)
    _since: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self._digests = self.points.hexadecimals()
        columns = self.points.columns
        self._columns = {path: _encoded(cells)[0] for path, cells in columns.items()}
        self._fields = [
            *RUN_FIELDS,
            *(pyarrow.field(path, array.type) for path, array in self._columns.items()),
            *(pyarrow.field(outcome.name, type_of(outcome.name)) for outcome in self.outcomes),
        ]

    def add(self, run: Run, row: Row) -> None:
        """Take a finished run; write all that wait if it is time."""
        self._runs.append(run)
        self._rows.append(row)
        late = time.monotonic() - self._since > PATIENCE
        if late or len(self._rows) >= ROWS:
            self.flush()

    def flush(self) -> None:
        """Write what waits.

        Raises
        ------
        UnwritableError
            If the folder takes no more.
        """
        if self._rows:
            self.store.add_runs(self._table())
        self._runs, self._rows, self._since = [], [], time.monotonic()

    def _table(self) -> pyarrow.Table:
        runs, rows = self._runs, self._rows
        places = pyarrow.array([run.point for run in runs])
        arrays = [
            _words([self._digests[run.point] for run in runs]),
            pyarrow.array([run.seed for run in runs], pyarrow.uint32()),
            _words([ARMS[run.arm] for run in runs]),
            _words([row.status for row in rows]),
            pyarrow.array([row.error for row in rows], pyarrow.string()),
            pyarrow.array([row.seconds for row in rows], pyarrow.float32()),
            _words([self.versions] * len(rows)),
            *(column.take(places) for column in self._columns.values()),
            *(self._kept(place, outcome) for place, outcome in enumerate(self.outcomes)),
        ]
        return pyarrow.table(arrays, schema=pyarrow.schema(self._fields))

    def _kept(self, place: int, outcome: Outcome) -> pyarrow.Array[Any]:
        values = [row.values[place] if row.status == OK else None for row in self._rows]
        return pyarrow.array(values, type_of(outcome.name), from_pandas=False)


def type_of(outcome: str) -> pyarrow.DataType:
    """Return the type of an outcome's column."""
    from sim.sweeps.outcomes import Outcome

    single = pyarrow.float64()
    return pyarrow.list_(pyarrow.float32()) if Outcome(outcome).is_series else single


def check_names(points: Points, outcomes: Sequence[Outcome]) -> None:
    """Refuse outcomes whose columns would be called like others."""
    taken = {*points.columns, *(column.name for column in RUN_FIELDS)}
    for outcome in outcomes:
        if outcome.name in taken:
            raise InputError(
                f"outcome {outcome.name}: a column of this name exists; choose another"
            )


def encode_base(value: Any) -> Any:
    """Return one value as it stands in a column of a table."""
    return json.dumps(value, sort_keys=True) if isinstance(value, (dict, list)) else value


def _encoded(cells: Any) -> tuple[pyarrow.Array[Any], bool]:
    """Return a column of plain values, and whether they had to be written as JSON."""
    if isinstance(cells, np.ndarray):
        return pyarrow.array(cells), False
    kinds = {type(value) for value in cells} - {type(None)}
    if kinds in ({bool}, {str}):
        return pyarrow.array(cells), False
    if kinds <= {int, float}:
        return pyarrow.array(cells, pyarrow.float64()), False
    return pyarrow.array([json.dumps(value, sort_keys=True) for value in cells]), True


def _decoded(column: pyarrow.ChunkedArray[Any], described: pyarrow.Field[Any]) -> list[Any]:
    values = column.to_pylist()
    as_json = (described.metadata or {}).get(b"as") == b"json"
    return [json.loads(value) for value in values] if as_json else values


def _words(words: Sequence[str]) -> pyarrow.Array[Any]:
    return pyarrow.array(words).dictionary_encode()


def _text(name: str) -> pyarrow.Field[Any]:
    return pyarrow.field(name, pyarrow.string())
