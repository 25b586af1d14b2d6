"""What a group does to a lab under other constants than its preset's own.

Creators' portfolios count as n^kappa and a lab finds a share of the poisoned works, so both
constants are in the supply already when the surrogate is asked.  To draw them as well, sums of
n^kappa are needed for hundreds of kappas: they come from a histogram of log n that keeps the
effective data and the mean of log n of each bin, whose error is of the second order of the
bin's width (below 1e-4 of a sum for a shift of kappa by .4, 1e-5 for one by .1).
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.kernels import portfolio as kernels
from sim.leverage.case import Case, remaining

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.capability.surrogate import Surrogate
    from sim.institutions.lab import Lab
    from sim.leverage.portfolio import Cells, Portfolio

    Floats = NDArray[np.float64]

BIN = 0.05
"""Width of a bin of log n."""


@dataclass(frozen=True, eq=False)
class Powers:
    """Sums of n^kappa over creators by cell of a table, for any kappa.

    Parameters
    ----------
    cell : int64 (bins,)
        Cell in which the creators of each bin are.
    data, size : float64 (bins,)
        Sum of their n^kappa at the kappa at which they were counted, and the mean of their
        log n, weighted by it.
    shape : tuple of int
        Of the table.
    """

    cell: NDArray[np.int64]
    data: Floats
    size: Floats
    shape: tuple[int, ...]

    @classmethod
    def of(
        cls, data: Floats, cell: NDArray[np.int64], shape: tuple[int, ...], kappa: float
    ) -> Powers:
        """Return the sums of ``data`` (creators,), n^kappa each, by the ``cell`` each is in."""
        there = data > 0.0
        data, cell = data[there], cell[there]
        if not data.size:
            return cls(cell, data, data, shape)
        size = np.log(data)
        size /= kappa
        place = (size / BIN - np.floor(size.min() / BIN)).astype(np.int64)
        cells = math.prod(shape)
        place *= cells
        place += cell
        sums = _added(place, data, cells)
        used = np.flatnonzero(sums)
        sizes = _added(place, data * size, cells)[used]
        return cls(used % cells, sums[used], sizes / sums[used], shape)

    def shifted(self, shift: float) -> Floats:
        """Return the sums of n^(kappa + shift), as a table."""
        data = self.data * np.exp(shift * self.size)
        return _added(self.cell, data, math.prod(self.shape)).reshape(self.shape)


def _added(place: NDArray[np.int64], data: Floats, places: int) -> Floats:
    return np.asarray(np.bincount(place, weights=data, minlength=places), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Redrawn:
    """A case that can be counted anew with another kappa, and with other odds of detection."""

    case: Case
    """At the preset's own constants."""
    lab: Lab
    represents: Floats
    """Real creators for each simulated one (communities,)."""
    kappa: float
    detection: float
    start: Powers
    """Everybody's effective data at the start (communities,)."""
    parts: dict[int, Powers]
    """Rows of `sim.kernels.portfolio` by the case from which creators act, or never; for LEFT
    with what is given, which is counted apart (cases + 1, communities)."""

    @classmethod
    def of(cls, portfolio: Portfolio, case: Case, cells: Cells) -> Redrawn:
        """Return a portfolio's case, cut into cells as the case is."""
        corpus, worth = portfolio.corpus, portfolio.worth
        cell, shape = cells
        whole = worth[kernels.LEFT] + worth[kernels.GIVEN]
        rows = {
            kernels.FULL: worth[kernels.FULL],
            kernels.LEFT: whole,
            kernels.POISON: worth[kernels.POISON],
            kernels.GIVEN: worth[kernels.GIVEN],
        }
        kappa = corpus.kappa or 1.0  # at 0 every size counts alike, and is not drawn
        begun = np.broadcast_to(corpus.stock, portfolio.community.shape) ** corpus.kappa
        return cls(
            case=case,
            lab=corpus.lab,
            represents=corpus.represents,
            kappa=corpus.kappa,
            detection=corpus.detection,
            start=Powers.of(begun, portfolio.community, (shape[1],), kappa),
            parts={row: Powers.of(data, cell, shape, kappa) for row, data in rows.items()},
        )

    def under(self, surrogate: Surrogate) -> Case:
        """Return the case as the constants of a drawn surrogate have it."""
        known = self.lab.detection
        detection = surrogate.detection if known is None else known
        shift = surrogate.kappa - self.kappa if self.kappa else 0.0
        if shift == 0.0 and detection == self.detection:
            return self.case
        return self._shifted(shift, detection)

    def _shifted(self, shift: float, detection: float) -> Case:
        case, lab = self.case, self.lab
        sums = {row: part.shifted(shift) * self.represents for row, part in self.parts.items()}
        start = self.start.shifted(shift) * self.represents
        unit = start.sum() * (1.0 + lab.legacy)
        legacy = lab.legacy * start / unit
        full, given = sums[kernels.FULL], sums[kernels.GIVEN]
        made = full.sum(axis=0)
        live = remaining(sums[kernels.LEFT] - given, full, made, lab.crawls)
        poison, donated = (sums[row][:-1].cumsum(axis=0) for row in (kernels.POISON, kernels.GIVEN))
        return Case(
            dataclasses.replace(
                case.supply,
                live=live / unit,
                poison=poison * (1.0 - detection) / unit,
                donated=donated * lab.curation / unit,
                legacy=np.broadcast_to(legacy, live.shape),
            ),
            case.unserved,
            dataclasses.replace(case.full, live=start / unit, legacy=legacy),
            dataclasses.replace(case.available, live=made / unit, legacy=legacy),
        )
