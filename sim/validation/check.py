"""One row of the table: a published result, its simulation, and a control that must fail."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.validation.estimates import Estimate
from sim.validation.expected import Expected

MARKS = {
    "C": "computed from the stated rule",
    "F": "read in the primary source",
    "S": "read in a secondary source",
    "M": "not checked against the source",
    "P": "put in or calibrated, and so no result",
    "R": "required of the surrogate; the runs were measured",
}
"""What stands behind a published value."""

Found = Estimate | float | None


@dataclass(frozen=True)
class Control:
    """The same simulation with something wrong, which must not agree.

    Parameters
    ----------
    what : str
        What is wrong.
    changes : mapping
        Parameters that differ.
    """

    what: str
    changes: Mapping[str, Any]


def but(what: str, **changes: Any) -> Control:
    """Return the control that differs in some parameters."""
    return Control(what, changes)


@dataclass(frozen=True)
class Check:
    """A published result and how it is simulated.

    Parameters
    ----------
    what : str
        The result, in words.
    expected : Expected
        What should come out.
    simulate : callable
        Simulates it; a function of `sim.validation`.
    given : mapping
        Its parameters.
    control : Control
        What must not agree.
    source : str
        Who published it.
    marks : str
        What stands behind the expected value; letters of `MARKS`.
    theory : callable, optional
        Works the same out without simulating.
    fast : mapping
        Parameters that differ where little time is to be spent.
    """

    what: str
    expected: Expected
    simulate: Callable[..., Found]
    given: Mapping[str, Any]
    control: Control
    source: str
    marks: str = "C"
    theory: Callable[[], float | None] | None = None
    fast: Mapping[str, Any] = field(default_factory=dict)

    def play(self, fast: bool = False) -> Row:
        """Simulate the result and its control, and judge both."""
        begun = time.perf_counter()
        less = self.fast if fast else {}
        found = _estimate(self.simulate(**{**self.given, **less}))
        wrong = _estimate(self.simulate(**{**self.given, **less, **self.control.changes}))
        theory = None if self.theory is None else _estimate(self.theory()).value
        return Row(self, found, wrong, theory, time.perf_counter() - begun)


@dataclass(frozen=True)
class Row:
    """What came of a check.

    Parameters
    ----------
    check : Check
        What was checked.
    found, control : Estimate
        What the simulation and its control gave.
    theory : float or None
        What theory says.
    seconds : float
        Time that it took.
    """

    check: Check
    found: Estimate
    control: Estimate
    theory: float | None
    seconds: float

    @property
    def agrees(self) -> bool:
        """Whether the simulation gave what was published."""
        return self.check.expected.allows(self.found)

    @property
    def put_in(self) -> bool:
        """Whether the value was put in or calibrated, so that agreeing proves nothing new."""
        return "P" in self.check.marks

    @property
    def theory_agrees(self) -> bool:
        """Whether theory gives what was published, where there is theory."""
        if self.theory is None:
            return True
        return self.check.expected.allows(Estimate(self.theory, spread=self.found.spread))

    @property
    def control_fails(self) -> bool:
        """Whether the control disagrees, as it must."""
        return not self.check.expected.allows(self.control)

    @property
    def passes(self) -> bool:
        """Whether the simulation and theory agree and the control does not."""
        return self.agrees and self.theory_agrees and self.control_fails

    def as_data(self) -> dict[str, Any]:
        """Return the row as plain data; None is what there is no number for."""
        check = self.check
        return {
            "what": check.what,
            "source": check.source,
            "marks": check.marks,
            "published": str(check.expected),
            "value": _finite(self.found.value),
            "standard_error": _finite(self.found.error),
            **dict(
                zip(("tolerance", "because"), check.expected.tolerance(self.found), strict=True)
            ),
            "theory": None if self.theory is None else _finite(self.theory),
            "control": check.control.what,
            "control_value": _finite(self.control.value),
            "control_standard_error": _finite(self.control.error),
            "agrees": self.agrees,
            "theory_agrees": self.theory_agrees,
            "control_fails": self.control_fails,
            "passes": self.passes,
            "seconds": round(self.seconds, 2),
        }


def _estimate(found: Found) -> Estimate:
    """Return an estimate; what never happens takes for ever."""
    if isinstance(found, Estimate):
        return found
    return Estimate(math.inf if found is None else float(found))


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
