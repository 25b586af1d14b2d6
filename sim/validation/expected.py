"""What a source says should come out, and how far off is still the same."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from sim.validation.estimates import Estimate

ERRORS = 4.0
"""Standard errors by which a simulation may miss: one in 16,000 true values would."""


@dataclass(frozen=True)
class Exactly:
    """A number that nothing is left to chance in."""

    value: float

    def allows(self, found: Estimate) -> bool:
        """Return whether what was found agrees."""
        return found.value == self.value

    def __str__(self) -> str:
        return f"{self.value:g}"

    def tolerance(self, found: Estimate) -> tuple[float, str]:
        """Return how far off is still the same, and why."""
        return 0.0, "nothing is left to chance"


@dataclass(frozen=True)
class Near:
    """A number that was worked out and rounded.

    Parameters
    ----------
    value : float
        As published.
    digits : int
        Digits after the point.
    slack : float
        Further allowance.
    because : str
        What the allowance is for.
    """

    value: float
    digits: int
    slack: float = 0.0
    because: str = ""
    chance: ClassVar[float] = ERRORS
    reason: ClassVar[str] = "4 SE"

    def allows(self, found: Estimate) -> bool:
        """Return whether what was found agrees."""
        return abs(found.value - self.value) <= self._width(found) < math.inf

    def __str__(self) -> str:
        return f"{self.value:.{self.digits}f}"

    def tolerance(self, found: Estimate) -> tuple[float, str]:
        """Return how far off is still the same, and why."""
        reasons = [self.reason] if found.error else []
        reasons += ["rounding", *([self.because] if self.because else [])]
        return self._width(found), ", ".join(reasons)

    def _width(self, found: Estimate) -> float:
        return self.chance * found.error + 0.5 * 10.0**-self.digits + self.slack


@dataclass(frozen=True)
class Simulated(Near):
    """A number that was itself found by simulation, with as much room for chance as ours."""

    chance: ClassVar[float] = ERRORS * math.sqrt(2.0)
    reason: ClassVar[str] = "4 SE of the difference"


@dataclass(frozen=True)
class OfFew(Near):
    """A mean over few simulations, nobody says how many: it may be off by as much as one is."""

    reason: ClassVar[str] = "4 SD of one run and ours"

    def _width(self, found: Estimate) -> float:
        return ERRORS * math.hypot(found.spread, found.error) + 0.5 * 10.0**-self.digits


@dataclass(frozen=True)
class Between:
    """A number from a range."""

    low: float
    high: float

    def allows(self, found: Estimate) -> bool:
        """Return whether what was found agrees."""
        width = ERRORS * found.error
        return width < math.inf and self.low - width <= found.value <= self.high + width

    def __str__(self) -> str:
        return f"{self.low:g} to {self.high:g}"

    def tolerance(self, found: Estimate) -> tuple[float, str]:
        """Return how far off is still the same, and why."""
        return ERRORS * found.error, "4 SE"


@dataclass(frozen=True)
class Above:
    """Clearly more than a bound."""

    bound: float

    def allows(self, found: Estimate) -> bool:
        """Return whether what was found agrees."""
        return found.value - ERRORS * found.error > self.bound

    def __str__(self) -> str:
        return f"above {self.bound:g}"

    def tolerance(self, found: Estimate) -> tuple[float, str]:
        """Return how far off is still the same, and why."""
        return ERRORS * found.error, "clear of the bound by 4 SE"


@dataclass(frozen=True)
class Below:
    """Clearly less than a bound."""

    bound: float

    def allows(self, found: Estimate) -> bool:
        """Return whether what was found agrees."""
        return found.value + ERRORS * found.error < self.bound

    def __str__(self) -> str:
        return f"below {self.bound:g}"

    def tolerance(self, found: Estimate) -> tuple[float, str]:
        """Return how far off is still the same, and why."""
        return ERRORS * found.error, "clear of the bound by 4 SE"


Expected = Exactly | Near | Between | Above | Below
