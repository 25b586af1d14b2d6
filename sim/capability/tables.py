"""Tables that somebody else made."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.folders import unpacked

if TYPE_CHECKING:
    import pandas as pd


def read_csv(path: Path, **options: Any) -> pd.DataFrame:
    """Return a CSV table, plain or gzipped; ``options`` go to `pandas.read_csv`.

    Raises
    ------
    OSError
        If the file cannot be read.
    ValueError
        If it is no such table.
    """
    import pandas as pd

    packed = path.suffix == ".gz"
    source = BytesIO(unpacked(path.read_bytes())) if packed else path
    table: pd.DataFrame = pd.read_csv(source, compression=None, **options)
    return table
