"""A sweep that was saved: its table, read whole or in batches, and how far it has come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow
from pyarrow import compute

from sim.errors import InputError
from sim.loading.overrides import fitting, values
from sim.sweeps.axes import cell
from sim.sweeps.columns import RUN_FIELDS, Design, encode_base, type_of
from sim.sweeps.plan import ARMS, contained
from sim.sweeps.store import DESIGNS, RUNS, Ledger, Store, damaged, read_table
from sim.words.glance import as_html
from sim.words.messages import nearest

if TYPE_CHECKING:
    import pandas as pd
    import xarray  # type: ignore[import-not-found, unused-ignore]

    from sim.scenario import Scenario

    Where = Mapping[str, Any] | Any | None  # or a pyarrow expression

USUAL = ("seed", "arm", "status")
GLANCED = 5
"""Parameters, outcomes and runs that a sweep shows of itself."""


class Sweep:
    """Many runs of one scenario, in a folder.

    Parameters
    ----------
    folder : str or Path
        Where the sweep was written.

    Raises
    ------
    InputError
        If it is not the folder of a sweep.
    """

    def __init__(self, folder: str | Path) -> None:
        self.store = Store(folder)
        self.scenario: Scenario = self.store.scenario
        self.outcomes: tuple[str, ...] = self.store.outcomes

    @property
    def folder(self) -> Path:
        """Where the sweep is."""
        return self.store.folder

    @cached_property
    def designs(self) -> list[Design]:
        """What was asked for, in the order in which it was."""
        return [Design.load(path) for path in self.store.files(DESIGNS)]

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """Paths that were varied."""
        return tuple(dict.fromkeys(path for d in self.designs for path in d.points.columns))

    @cached_property
    def ledger(self) -> Ledger:
        """Which runs there are, as of when it was first asked for."""
        return self.store.ledger()

    def status(self) -> dict[str, int]:
        """Return how many runs were planned, are done, have failed and are missing."""
        wanted = [design.plan().all_keys for design in self.designs]
        planned = np.unique(np.concatenate(wanted)) if wanted else np.empty(0, dtype="S1")
        done = int(contained(planned, self.ledger.done).sum())
        failed = int(contained(planned, self.ledger.failed).sum())
        missing = planned.size - done - failed
        return {"planned": planned.size, "done": done, "failed": failed, "missing": missing}

    def table(self, columns: Sequence[str] | None = None, where: Where = None) -> pd.DataFrame:
        """Return one row for each run, in the order of the designs, then by seed and arm.

        Parameters
        ----------
        columns : list of str, optional
            Parameters, outcomes and any of ``digest``, ``seed``, ``arm``, ``status``, ``error``,
            ``seconds``, ``versions``; parameters, seed, arm, status, outcomes and error unless
            given.
        where : dict or pyarrow expression, optional
            Which rows: a value, a list of values, or a tuple of lowest and highest by column.

        Raises
        ------
        InputError
            If there is no such column.
        """
        wanted = self._named(columns)
        more = [name for name in ("digest", "seed", "arm") if name not in wanted]
        schema = self._schema([*wanted, *more])
        read = pyarrow.Table.from_batches(list(self.batches([*wanted, *more], where)), schema)
        table: pd.DataFrame = read.take(self._order(read)).select(wanted).to_pandas()
        return table

    def batches(
        self, columns: Sequence[str] | None = None, where: Where = None
    ) -> Iterator[pyarrow.RecordBatch]:
        """Yield the rows of `table` in batches and in no particular order.

        However many runs there are, only one file of them is in memory at a time.
        """
        wanted = self._named(columns)
        needed = dict.fromkeys([*wanted, *(where if isinstance(where, Mapping) else ())])
        schema, chosen = self._schema(needed), _expression(where)
        if isinstance(where, compute.Expression):
            schema = self._schema(self._named((*self._named(None), *wanted)))
        superseded = self.ledger.superseded  # every file has been verified for this
        for path in self.store.files(RUNS):
            table = self._read(path, schema)
            if path.name in superseded:
                counts = np.ones(table.num_rows, dtype=bool)
                counts[superseded[path.name]] = False
                table = table.filter(pyarrow.array(counts))
            if chosen is not None:
                table = table.filter(chosen)
            yield from table.select(wanted).to_batches()

    def failures(self) -> pd.DataFrame:
        """Return the runs that failed, with their parameters and the reason."""
        columns = [*self.parameters, "seed", "arm", "status", "error"]
        return self.table(columns, where={"status": ["failed", "crashed", "timeout"]})

    def to_xarray(self, *names: str) -> xarray.Dataset:
        """Return outcomes as arrays over parameters, seed and arm; needs xarray.

        Raises
        ------
        InputError
            If xarray is not installed.
        """
        try:
            import xarray
        except ImportError:
            raise InputError("xarray is not installed: pip install xarray") from None
        chosen = list(names or (name for name in self.outcomes if not name.endswith(".series")))
        axes = [*self.parameters, "seed", "arm"]
        return xarray.Dataset.from_dataframe(self.table([*axes, *chosen]).set_index(axes))

    def __repr__(self) -> str:
        status = self.status()
        told = ", ".join(f"{number:,} {what}" for what, number in status.items() if number)
        return f"Sweep({str(self.folder)!r}: {told or 'nothing planned'})"

    def _repr_html_(self) -> str:
        shown = [name for name in self.outcomes if not name.endswith(".series")][:GLANCED]
        columns = [*self.parameters[:GLANCED], "seed", "arm", *shown]
        return as_html(repr(self), self.table(columns).head(GLANCED), self)

    def _named(self, columns: Sequence[str] | None) -> list[str]:
        if columns is None:
            columns = (*self.parameters, *USUAL, *self.outcomes, "error")
        known = (*self.parameters, *self.outcomes, *(column.name for column in RUN_FIELDS))
        for name in columns:
            if name not in known:
                raise InputError(f"{self.folder}: no column {name!r}; {nearest(name, known)}")
        return list(dict.fromkeys(columns))

    def _schema(self, names: Sequence[str] | Mapping[str, Any]) -> pyarrow.Schema:
        own = {column.name: _plain(column.type) for column in RUN_FIELDS}
        own |= {name: type_of(name) for name in self.outcomes}
        return pyarrow.schema([(name, own.get(name) or self._types[name]) for name in names])

    @cached_property
    def _types(self) -> dict[str, pyarrow.DataType]:
        """Type of each parameter's column, into which all its values fit."""
        met: dict[str, set[pyarrow.DataType]] = {path: set() for path in self.parameters}
        for design in self.designs:
            for path, column in design.columns().items():
                met[path].add(column.type)
        for path in self.parameters:
            if any(path not in design.points.columns for design in self.designs):
                base = pyarrow.scalar(self._base[path])
                met[path] |= {base.type} - {pyarrow.null()}
        return {path: _common(types) for path, types in met.items()}

    @cached_property
    def _base(self) -> dict[str, Any]:
        """What the base scenario has at each parameter's path."""
        known, data = values(self.scenario), self.scenario.to_data()
        return {path: self._present(path, known, data) for path in self.parameters}

    def _present(self, path: str, known: Mapping[str, Any], data: dict[str, Any]) -> Any:
        """Return what the base scenario has at a path; None where several have other values."""
        there = [
            encode_base(cell(known[each] if each in known else _part(data, each)))
            for each in fitting(path, self.scenario)
        ]
        return there[0] if all(value == there[0] for value in there) else None

    def _read(self, path: Path, schema: pyarrow.Schema) -> pyarrow.Table:
        table = read_table(path, [*schema.names, "seed"], verified=False)
        try:
            columns = [
                table[column.name].cast(column.type)
                if column.name in table.schema.names
                else pyarrow.repeat(self._absent(column), len(table))
                for column in schema
            ]
        except (KeyError, pyarrow.ArrowException) as error:
            raise damaged(path, error) from None
        return pyarrow.table(columns, schema=schema)

    def _absent(self, column: pyarrow.Field[Any]) -> pyarrow.Scalar[Any]:
        """Return what runs have that lack a column: nothing of an outcome, else the base's."""
        value = None if column.name in self.outcomes else self._base[column.name]
        return pyarrow.scalar(value, column.type)

    def _order(self, read: pyarrow.Table) -> pyarrow.Array[Any]:
        known = [design.points.hexadecimals() for design in self.designs]
        every = dict.fromkeys(digest for digests in known for digest in digests)
        listed = pyarrow.array(every, pyarrow.string())
        place = compute.index_in(read["digest"], value_set=listed)
        arm = compute.index_in(read["arm"], value_set=pyarrow.array(ARMS))
        keys = pyarrow.table({"place": place, "seed": read["seed"], "arm": arm})
        by = [(name, "ascending") for name in keys.column_names]
        return compute.sort_indices(keys, sort_keys=by)


def _expression(where: Where) -> Any:
    """Return conditions on columns as one expression."""
    if where is None or isinstance(where, compute.Expression):
        return where
    whole: Any = None
    for name, wanted in where.items():
        column = compute.field(name)
        if isinstance(wanted, tuple):
            low, high = wanted
            condition = (column >= low) & (column <= high)
        elif isinstance(wanted, (list, set, frozenset)):
            condition = column.isin(list(wanted))
        else:
            condition = column == wanted
        whole = condition if whole is None else whole & condition
    return whole


def _plain(kind: pyarrow.DataType) -> pyarrow.DataType:
    return kind.value_type if pyarrow.types.is_dictionary(kind) else kind


def _common(types: set[pyarrow.DataType]) -> pyarrow.DataType:
    if len(types) == 1:
        return types.pop()
    numbers = all(pyarrow.types.is_integer(t) or pyarrow.types.is_floating(t) for t in types)
    return pyarrow.float64() if types and numbers else pyarrow.string()


def _part(data: Any, path: str) -> Any:
    """Return what plain data hold at a path; None if nothing."""
    if not path:
        return data
    if isinstance(data, list):
        data = {str(_name(part, number)): part for number, part in enumerate(data)}
    known = data if isinstance(data, dict) else {}
    keys = [key for key in known if f"{path}.".startswith(f"{key}.")]
    key = max(keys, key=len, default=None)
    return None if key is None else _part(data[key], path[len(key) + 1 :])


def _name(part: Any, number: int) -> Any:
    return part.get("name", number) if isinstance(part, dict) else number
