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
    """What was found for one scenario."""

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
        return cls(found) if until and found["fitted_until"] == until.isoformat() else None

    @property
    def dates(self) -> list[date]:
        """The days of all series here."""
        return [date.fromisoformat(day) for day in self.found["dates"]]

    def cause(self, fading: float, peers: bool) -> dict[str, Any]:
        """Return what one chance of losing interest gives, with peers or without."""
        matching = [c for c in self.found["causes"] if c["peers"] == peers]
        return min(matching, key=lambda cause: abs(float(np.log(cause["fading"] / fading))))

    def band(self, fading: float) -> Floats:
        """Return 5 %, median and 95 % of what values that fit predict (3, dates)."""
        return np.array(self.cause(fading, peers=True)["band"])

    def rivals(self, fading: float) -> list[Rival]:
        """Return the explanations without the scenario's mechanism."""
        alone = self.cause(fading, peers=False)
        pulse = Rival("news, no peers", self.dates, np.array(alone["band"][1]), alone["missed"])
        curves = [
            Rival(f"{c['kind']} curve", self.dates, np.array(c["expected"]), c["missed"])
            for c in self.found["curves"]
        ]
        return [pulse, *curves]
