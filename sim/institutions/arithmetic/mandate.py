"""The public mandate behind a model: who consented to its training set, counted before removal.

Every creator whose works are there to be crawled is in one of five states: affirmative (asked,
and said yes), tacit (knows, could refuse, is silent), uninformed (does not know, or cannot
refuse), refused and honoured, refused and overridden.  Silence and ignorance are not consent:
the mandate is the affirmative share (Arnstein 1969, doi:10.1080/01944366908977225).  Whether
the law allows the use is another matter, and counted apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from sim.result import Result

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

STATES = ("affirmative", "tacit", "uninformed", "refused_honoured", "refused_overridden")


@dataclass(frozen=True, eq=False)
class Consent:
    """What each creator let be known about the use of its works, (n,) each."""

    made: Floats
    """Works there would be without any removal."""
    left: Floats
    """Works of these that the creator did not refuse."""
    used: Floats
    """Works that the lab uses."""
    yes: Mask
    """Was asked and said yes, sold a licence, gave works to this lab, or voted for it."""
    no: Mask
    """Was asked and said no, or voted against."""
    knows: Mask
    able: Mask
    """Could refuse."""
    requested: Mask
    """Filed a request that the law protects, or has one filed by a platform or the law."""
    weight: Floats
    """Real creators for each."""

    def states(self) -> Floats:
        """Return creators by state (5,), as shares."""
        import numpy as np

        refused, overridden = self._refused, self._refused & (self._against > 0.0)
        silent = ~refused & ~self.yes
        tacit = silent & self.knows & self.able
        masks = (~refused & self.yes, tacit, silent & ~tacit, refused & ~overridden, overridden)
        there = self.weight * (self.made > 0.0)
        states: Floats = np.array([there[mask].sum() for mask in masks])
        return states / (there.sum() or 1.0)

    def works(self) -> Floats:
        """Return works by state of consent (5,), as shares; what a refuser left is tacit."""
        import numpy as np

        refused = self._refused
        out = np.where(refused, self.made - self._left, 0.0)
        silent = ~refused & ~self.yes
        tacit = np.where(
            silent & self.knows & self.able, self.made, np.where(refused, self._left, 0.0)
        )
        parts = (
            np.where(~refused & self.yes, self.made, 0.0),
            tacit,
            np.where(silent & ~(self.knows & self.able), self.made, 0.0),
            out - self._against,
            self._against,
        )
        return np.array([(part * self.weight).sum() for part in parts]) / self._total

    def legal(self, regime: str, passed: bool) -> float:
        """Return the share of used works whose use the law allows; 1 if none are used."""
        import numpy as np

        if regime == "opt_in":
            allowed = np.where(self.yes, self.used, 0.0)
        elif regime == "referendum":
            allowed = self.used if passed else np.zeros_like(self.used)
        else:
            allowed = self.used - np.where(self.requested, self._against, 0.0)
        used = float((self.used * self.weight).sum())
        return float((allowed * self.weight).sum()) / used if used > 0.0 else 1.0

    @property
    def share_used(self) -> float:
        """Works used, as a share of those there would be."""
        return float((self.used * self.weight).sum() / self._total)

    @property
    def _refused(self) -> Mask:
        return self.no | (self.left < self.made)

    @property
    def _left(self) -> Floats:
        import numpy as np

        return np.where(self.no, 0.0, self.left)

    @property
    def _against(self) -> Floats:
        """Works used against a creator's refusal (n,)."""
        import numpy as np

        over = np.where(self._refused, np.maximum(self.used - self._left, 0.0), 0.0)
        return np.where(over > 1e-9 * self.made, over, 0.0)

    @property
    def _total(self) -> float:
        return float((self.made * self.weight).sum()) or 1.0


def frontier(results: Iterable[Result], measure: str = "loss") -> pd.DataFrame:
    """Return mandate against capability: one row for each result, lab and training round.

    Parameters
    ----------
    results : iterable of Result
        Runs whose scenarios declare a mandate; for example one for each regime.
    measure : str
        Column of `LabRecord.capability`, of which less is more capability.

    Returns
    -------
    pandas.DataFrame
        ``scenario``, ``regime``, ``seed``, ``lab``, ``round``, ``deployed``, ``mandate``,
        ``legal``, the measure, and ``efficient``: it was deployed, and no other deployed row of
        the same lab, round and seed has as much mandate and capability, and more of one.
    """
    import pandas as pd

    rows = []
    for result in results:
        for lab, record in result.labs.items():
            table = result.institutions.get(f"mandate.{lab}", {"step": []})
            rows += [
                (
                    result.scenario.name, REGIMES[int(table["regime"][k])], result.seed, lab, k + 1,
                    bool(table["passed"][k]), table["mandate"][k], table["legal"][k],
                    record.columns[measure][k],
                )
                for k in range(len(table["step"]))
            ]  # fmt: skip
    names = "scenario regime seed lab round deployed mandate legal".split()
    found = pd.DataFrame(rows, columns=[*names, measure])
    found["efficient"] = _efficient(found, measure)
    return found


REGIMES = ("opt_out", "opt_in", "referendum")


def _efficient(found: pd.DataFrame, measure: str) -> list[bool]:
    efficient = []
    there = found["deployed"].astype(bool)
    for number in found.index:
        row = found.loc[number]
        same = there & (found[["lab", "round", "seed"]] == row[["lab", "round", "seed"]]).all(
            axis=1
        )
        more, less = found["mandate"] - row["mandate"], found[measure] - row[measure]
        better = same & (more >= 0.0) & (less <= 0.0) & ((more > 0.0) | (less < 0.0))
        efficient.append(bool(there[number] and not better.any()))
    return efficient
