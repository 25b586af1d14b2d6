"""What `analysis.identification` found for a scenario: other causes, and how sure one can be."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.scenario import Scenario

    Floats = NDArray[np.float64]

IDENTIFIED = Path(__file__).parent / "identified"


@dataclass(frozen=True)
class Rival:
    """One explanation of a series: expected cumulative counts by noon of each date."""

    label: str
    dates: list[date]
    expected: Floats
    missed: float
    """Median factor by which it misses the counts that it was not fitted to."""


@dataclass(frozen=True)
class Identified:
    """What was found for one scenario's series."""

    scenario: Scenario
    found: dict[str, Any]

    @classmethod
    def of(cls, scenario: Scenario, folder: Path = IDENTIFIED) -> Identified | None:
        """Return what was found for a scenario, or None where nothing was written."""
        path = folder / f"{scenario.name}.json"
        observed = scenario.about.observed
        if not path.exists() or not observed:
            return None
        found = json.loads(path.read_text("utf-8"))
        until = observed[0].fitted_until
        kept = until is not None and found["fitted_until"] == until.isoformat()
        return cls(scenario, found) if kept else None

    @property
    def dates(self) -> list[date]:
        """The days of all series here."""
        return [date.fromisoformat(day) for day in self.found["dates"]]

    @property
    def cause(self) -> dict[str, Any] | None:
        """What the scenario's own cause gives; None if the scenario was changed since."""
        return self.played(peers=True)

    def played(self, peers: bool) -> dict[str, Any] | None:
        """Return what the scenario's fading of interest gives, with peers or without."""
        awareness = self.scenario.awareness
        if awareness is None or not _holds(self.found["played"], self.scenario.to_data()):
            return None
        fading = awareness.fading
        causes: list[dict[str, Any]] = [c for c in self.found["causes"] if c["peers"] == peers]
        return min(causes, key=lambda cause: abs(float(cause["fading"]) - fading))

    @property
    def rivals(self) -> list[Rival]:
        """The explanations without the scenario's mechanism."""
        curves = [self._rival(f"{c['kind']} curve", c["expected"], c) for c in self.found["curves"]]
        alone = self.played(peers=False)
        if alone is None:
            return curves
        return [self._rival("news without peers", alone["band"][1], alone), *curves]

    def _rival(self, label: str, expected: list[float], found: dict[str, Any]) -> Rival:
        return Rival(label, self.dates, np.array(expected), found["missed"])


def _holds(part: Any, whole: Any) -> bool:
    """Return whether all that is stated in one piece of plain data is so in another."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(
            name in whole and _holds(value, whole[name]) for name, value in part.items()
        )
    if isinstance(part, list):
        pairs = len(part) == len(whole) if isinstance(whole, list) else False
        return pairs and all(map(_holds, part, whole))
    return bool(part == whole)
