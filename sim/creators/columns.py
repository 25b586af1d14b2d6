"""The crowd as columns, never one object each, with the verbs of Mesa's ``AgentSet``."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from sim.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray


def _unheeded() -> None:
    """Let nobody know that a column was written."""


@dataclass(frozen=True, eq=False)
class Creators:
    """Some of the creators of a run: a view of its columns.

    Columns that everybody shares are stored once and read as if they were whole.

    Parameters
    ----------
    columns : dict of str to function
        What gives each column: an array (n,) or one value for everybody.
    settable : set of str
        Columns that can be written, where creators differ in them.
    size : int
        Creators in the run.
    ids : int64 (k,), optional
        Which creators; all of them unless given.
    written : function
        What to call when a column has been written.
    """

    columns: dict[str, Callable[[], Any]]
    settable: Set[str]
    size: int
    ids: NDArray[np.int64] | None = None
    written: Callable[[], None] = _unheeded

    def __len__(self) -> int:
        return self.size if self.ids is None else int(self.ids.size)

    def __iter__(self) -> Iterator[Creator]:
        everyone = range(self.size) if self.ids is None else self.ids
        return (Creator(self, int(i)) for i in everyone)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(self.columns)

    def get(self, name: str | Sequence[str]) -> NDArray[Any] | dict[str, NDArray[Any]]:
        """Return a column of these creators (k,), or several by name."""
        if not isinstance(name, str):
            return {each: self._column(each) for each in name}
        return self._column(name)

    def set(self, name: str, value: Any) -> Self:
        """Write a value or an array (k,) into a column of these creators."""
        self._known(name)
        if name not in self.settable:
            raise InputError(f"creators: column {name!r} is read only")
        column = self.columns[name]()
        if np.ndim(column) == 0:
            raise InputError(
                f"creators: column {name!r} is one number for all creators; give communities a "
                "distribution to make them differ"
            )
        column[slice(None) if self.ids is None else self.ids] = value
        self.written()
        return self

    def select(
        self,
        filter_func: Callable[[Creators], NDArray[np.bool_]] | NDArray[np.bool_] | None = None,
        at_most: int | float = float("inf"),
        **equal: Any,
    ) -> Creators:
        """Return those for whom a mask holds and columns equal the values given.

        Parameters
        ----------
        filter_func : function or bool (k,), optional
            A mask over these creators, or a function from them to a mask.
        at_most : int or float
            Keep the first so many (an int), or this share of them (a float below 1).
        **equal
            Columns and the values that they must have.
        """
        keep = np.ones(len(self), dtype=bool)
        if filter_func is not None:
            keep &= np.asarray(filter_func(self) if callable(filter_func) else filter_func)
        for name, value in equal.items():
            keep &= self._column(name) == value
        rows = np.flatnonzero(keep)
        if at_most != float("inf"):
            share = isinstance(at_most, float) and at_most <= 1.0
            rows = rows[: int(at_most * rows.size) if share else int(at_most)]
        return self._only(rows)

    def sample(self, n: int, seed: int = 0) -> Creators:
        """Return ``n`` of these creators at random, in ascending order, without repetition."""
        rows = np.random.default_rng(seed).choice(len(self), size=min(n, len(self)), replace=False)
        return self._only(np.sort(rows))

    def agg(self, name: str, func: Callable[..., Any] | Sequence[Callable[..., Any]]) -> Any:
        """Return a function of a column, or a list for a list of functions."""
        column = self._column(name)
        return [f(column) for f in func] if isinstance(func, Sequence) else func(column)

    def groupby(self, name: str) -> Groups:
        """Return these creators grouped by the values of a column."""
        column = self._column(name)
        return Groups(
            {
                value: self._only(np.flatnonzero(column == value))
                for value in np.unique(column).tolist()
            }
        )

    def _only(self, rows: NDArray[np.int64]) -> Creators:
        ids = rows if self.ids is None else self.ids[rows]
        return dataclasses.replace(self, ids=ids)

    def _column(self, name: str) -> NDArray[Any]:
        self._known(name)
        column = self.columns[name]()
        whole = np.broadcast_to(column, (self.size,)) if np.ndim(column) == 0 else column
        return whole if self.ids is None else whole[self.ids]

    def _known(self, name: str) -> None:
        if name not in self.columns:
            raise InputError(
                f"creators: no column {name!r}; expected one of {', '.join(self.columns)}"
            )


@dataclass(frozen=True, eq=False)
class Groups:
    """Creators by the value of a column."""

    groups: dict[Any, Creators]

    def __iter__(self) -> Iterator[tuple[Any, Creators]]:
        return iter(self.groups.items())

    def count(self) -> dict[Any, int]:
        """Return the number of creators in each group."""
        return {value: len(group) for value, group in self}

    def agg(self, name: str, func: Callable[..., Any]) -> dict[Any, Any]:
        """Return a function of a column for each group."""
        return {value: group.agg(name, func) for value, group in self}

    def map(self, func: Callable[[Creators], Any]) -> dict[Any, Any]:
        """Return a function of each group."""
        return {value: func(group) for value, group in self}


@dataclass(frozen=True, eq=False)
class Creator:
    """One creator, read by attribute: a row of the columns."""

    _crowd: Creators
    unique_id: int

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._crowd.columns:
            raise AttributeError(f"creators have no column {name!r}")
        column = self._crowd.columns[name]()
        return column if np.ndim(column) == 0 else column[self.unique_id]
