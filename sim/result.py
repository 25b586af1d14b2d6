"""What a run yields: frozen, complete, and the only thing that analysis reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.scenario import Scenario
from sim.words.glance import as_html, as_text

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Tables = dict[str, dict[str, list[float]]]
"""Named series: by table, then by column; every column of a table has as many rows."""


@dataclass(frozen=True, eq=False)
class LabRecord:
    """The training rounds of one lab in one run.

    Parameters
    ----------
    name, preset, response : str
        The lab, its capability surrogate and what it does about lost data.
    columns : dict of str to list
        One entry for each round, by name of the quantity.
    """

    name: str
    preset: str
    response: str
    columns: dict[str, list[Any]]

    @property
    def capability(self) -> pd.DataFrame:
        """One row for each training round.

        ``loss`` is relative to full participation at the start (1 is no change), ``rollback``
        the share of all data that would do as well, ``compute_equivalent`` the share of the
        compute; ``loss.NAME`` and ``rollback.NAME`` are those of a community's own domain.
        ``targeted.NAME`` is how far the community's poison breaks one concept (0 to 1) if all of
        it is against that one; ``poisoned.NAME`` is how many works got past the lab.
        """
        import pandas as pd

        return pd.DataFrame(self.columns)


@dataclass(frozen=True, eq=False)
class Result:
    """One run of a scenario.

    Parameters
    ----------
    scenario : Scenario
        What was played.
    seed : int
        Its random seed.
    communities : tuple of str
        Names, in the order of the columns below.
    sizes : int64 (communities,)
        Simulated creators.
    represents : float64 (communities,)
        Real creators for each simulated one.
    counts : int64 (steps + 1, 2, communities)
        Creators mobilised, and ever mobilised, after each step; row 0 after seeding.
    labs : dict of str to LabRecord
        Training rounds by lab.
    institutions : dict of str to table
        What institutions, feedback and the public did, each a dict of columns: one row for each
        step, or for each event, with its ``step``.
    withheld_counts : int64 (steps + 1, communities), optional
        Creators whose works are out through a default or the law; none unless given.
    notes : tuple of str
        What was dealt with while the world was built.
    steps_played : int
        Steps until nothing could change any more; later rows repeat the last.
    """

    scenario: Scenario
    seed: int
    communities: tuple[str, ...]
    sizes: NDArray[np.int64]
    represents: Floats
    counts: NDArray[np.int64]
    labs: dict[str, LabRecord] = field(default_factory=dict)
    institutions: Tables = field(default_factory=dict)
    withheld_counts: NDArray[np.int64] | None = None
    notes: tuple[str, ...] = ()
    steps_played: int = 0
    _tactic: Any = None
    _digest: Any = None

    @cached_property
    def tactic(self) -> NDArray[np.uint8]:
        """What each creator does at the end (creators,); codes of `sim.Tactic`."""
        tactic: NDArray[np.uint8] = self._tactic() if callable(self._tactic) else self._tactic
        return tactic

    @cached_property
    def participation(self) -> Floats:
        """Share mobilised (steps + 1, communities + 1); the last column is everybody."""
        return self._shares(0)

    @cached_property
    def adoption(self) -> Floats:
        """Share ever mobilised (steps + 1, communities + 1); the last column is everybody."""
        return self._shares(1)

    @cached_property
    def withheld(self) -> Floats:
        """Share whose works are out through a default or the law, by no act of their own.

        (steps + 1, communities + 1); the last column is everybody.
        """
        if self.withheld_counts is None:
            return np.zeros_like(self.participation)
        return self._of_all(self.withheld_counts)

    @cached_property
    def adopters(self) -> Floats:
        """Real creators ever mobilised (steps + 1,)."""
        return np.asarray(self.counts[:, 1] @ self.represents)

    @cached_property
    def state_digest(self) -> str:
        """Hexadecimal SHA-256 of the creators' final state and the history."""
        return str(self._digest() if callable(self._digest) else self._digest)

    @property
    def dates(self) -> list[date]:
        """The date of each row."""
        return [self.scenario.date_of(step) for step in range(len(self.counts))]

    def table(self) -> pd.DataFrame:
        """Return the time series: one row for each step and community, and for everybody."""
        import pandas as pd

        return pd.DataFrame(self.series())

    def series(self) -> dict[str, NDArray[Any]]:
        """Return the columns of `table`, each (rows,)."""
        rows, groups = self.participation.shape
        return {
            "step": np.repeat(np.arange(rows), groups),
            "date": np.repeat(np.array(self.dates, dtype="datetime64[s]"), groups),
            "community": np.tile([*self.communities, "everybody"], rows),
            "mobilised": self._with_total(self.counts[:, 0]),
            "ever": self._with_total(self.counts[:, 1]),
            "participation": self.participation.ravel(),
            "adoption": self.adoption.ravel(),
            "withheld": self.withheld.ravel(),
        }

    def __repr__(self) -> str:
        return as_text(self._head, self._glance())

    def _repr_html_(self) -> str:
        return as_html(self._head, self._glance(), self)

    def save(self, folder: str | Path) -> Path:
        """Write the run into a new folder; see `sim.load`.

        Raises
        ------
        InputError
            If the folder exists or cannot be written.
        """
        from sim.run_folder import save_result

        return save_result(self, folder)

    @property
    def _head(self) -> str:
        steps = f"{self.steps_played} of {self.scenario.steps} steps played"
        return f"Run of {self.scenario.name}, seed {self.seed}: {steps}"

    def _glance(self) -> pd.DataFrame:
        """Return who acted by the end, in real creators: one row for each community."""
        last = self.table().tail(self.participation.shape[1])
        shown = last[["community", "ever", "adoption", "mobilised", "participation"]]
        return shown.round({"ever": 0, "mobilised": 0, "adoption": 4, "participation": 4})

    def _shares(self, row: int) -> Floats:
        return self._of_all(self.counts[:, row, :])

    def _of_all(self, counts: NDArray[np.int64]) -> Floats:
        everybody = (counts @ self.represents) / float(self.sizes @ self.represents)
        return np.column_stack((counts / self.sizes, everybody))

    def _with_total(self, counts: NDArray[np.int64]) -> Floats:
        return np.column_stack((counts * self.represents, counts @ self.represents)).ravel()
