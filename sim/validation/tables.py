"""Tables of training runs that somebody else wrote, read or refused in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.capability.tables import read_csv
from sim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd


def read_runs(path: Path, numbers: Sequence[str] = (), index: str | None = None) -> pd.DataFrame:
    """Return a CSV table, plain or gzipped, with a row for each run.

    Parameters
    ----------
    path : Path
        The file.
    numbers : list of str
        Columns that it must have, and that must hold numbers; all but the index unless given.
    index : str, optional
        Column that names the run.

    Raises
    ------
    InputError
        If it cannot be read, or lacks such a column.
    """
    import pandas as pd

    try:
        table = read_csv(path, index_col=index)
    except (ValueError, OSError) as problem:
        raise InputError(f"{path}: is not a table: {str(problem).splitlines()[0]}") from None
    wanted = list(numbers or table.columns)
    missing = [name for name in wanted if name not in table]
    if missing:
        raise InputError(f"{path}: has no column {missing[0]!r}")
    if not len(table):
        raise InputError(f"{path}: has no runs")
    for name in wanted:
        if not pd.api.types.is_numeric_dtype(table[name]):
            raise InputError(f"{path}: column {name!r} must hold numbers in every row")
    return table
