"""What is kept of each run: quantities of a result by name, or a function of it.

=============================================== ==========================================
name                                            is
=============================================== ==========================================
``adoption.final``                              share ever mobilised at the end
``participation.max``                           largest share mobilised at once
``participation.peak_step``                     first step at which that was so
``communities.NAME.adoption.final``             the same of one community
``adopters.final``, ``mobilised.final``         real creators instead of shares
``cascade``                                     1 if more than a tenth ever acted, else 0
``steps_played``                                steps until nothing could change any more
``labs.NAME.loss``, ``labs.NAME.rollback``, ... of a lab's newest model (any of its measures)
``labs.NAME.loss.max``                          over all its training rounds
``press.attention.max``, ``platform.NAME.out``  what institutions did: tables of a `Result`
``adoption.series``, ``labs.NAME.loss.series``  every value: one for each step, or round
=============================================== ==========================================

Each quantity can be ``final``, ``first``, ``max``, ``min``, ``mean``, ``peak_step`` or
``series``; those of labs and other institutions are final unless stated.  ``withheld`` is the
share whose works are out by no act of their own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.words.messages import nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.result import Result
    from sim.scenario import Scenario

    Floats = NDArray[np.float64]

Function = Callable[["Result"], Any]
CASCADE = 0.1
"""Share ever mobilised above which a start has become a cascade."""
REDUCTIONS: dict[str, Callable[[Floats], float]] = {
    "final": lambda values: float(values[-1]),
    "first": lambda values: float(values[0]),
    "max": lambda values: float(values.max()),
    "min": lambda values: float(values.min()),
    "mean": lambda values: float(values.mean()),
    "peak_step": lambda values: float(values.argmax()),
}
SERIES = "series"
SHARES = ("adoption", "participation", "withheld")
QUANTITIES = (*SHARES, "adopters", "mobilised")
USUAL = ("adoption.final", "participation.final", "participation.max", "cascade", "steps_played")
USUAL_OF_LABS = ("loss", "rollback")


@dataclass(frozen=True)
class Outcome:
    """A number, or a series of numbers, that is kept of each run.

    Parameters
    ----------
    name : str
        What its column is called; ends in ``.series`` where it is a series.
    function : function, optional
        Takes a `Result` and returns the number; found by the name unless given.
    """

    name: str
    function: Function | None = None

    @property
    def is_series(self) -> bool:
        """Whether it holds more than one number."""
        return self.name.endswith(f".{SERIES}")

    def of(self, result: Result) -> Any:
        """Return the outcome of a run: a float, or float32 (values,).

        Raises
        ------
        InputError
            If a run has no such quantity, or a function returns something else.
        """
        found = named(self.name, result) if self.function is None else self.function(result)
        try:
            array = np.asarray(found, dtype=np.float32 if self.is_series else np.float64)
        except (TypeError, ValueError):
            array = None
        if array is None or array.ndim != int(self.is_series):
            wanted = "a list of numbers" if self.is_series else "a number"
            raise InputError(f"outcome {self.name}: must be {wanted}, got {type(found).__name__}")
        return array if self.is_series else float(array)


def outcomes(stated: Any, scenario: Scenario) -> tuple[Outcome, ...]:
    """Return outcomes as stated: names, functions, or functions by name; the usual if None."""
    if stated is None:
        measures = [f"labs.{lab.name}.{m}" for lab in scenario.labs for m in USUAL_OF_LABS]
        return tuple(Outcome(name) for name in (*USUAL, *measures))
    if isinstance(stated, Mapping):
        kept = [Outcome(name, function) for name, function in stated.items()]
    else:
        given: Iterable[Any] = [stated] if isinstance(stated, str) else stated
        kept = [Outcome(o) if isinstance(o, str) else Outcome(o.__name__, o) for o in given]
    names = [outcome.name for outcome in kept]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"outcomes: {twice[0]} is given twice")
    return tuple(kept)


def named(name: str, result: Result) -> Any:
    """Return a quantity of a result by name.

    Raises
    ------
    InputError
        If there is none of that name.
    """
    if name == "cascade":
        return float(result.adoption[-1, -1] > CASCADE)
    if name == "steps_played":
        return float(result.steps_played)
    first, _, rest = name.partition(".")
    if first == "labs":
        labs = {lab: record.columns for lab, record in result.labs.items()}
        return _recorded(name, rest, labs, "lab")
    if first not in (*QUANTITIES, "communities") and result.institutions:
        return _recorded(name, name, result.institutions, "quantity")
    community: str | None = None
    if first == "communities":
        community, _, rest = rest.partition(".")
        first, _, rest = rest.partition(".")
    return _reduced(name, _quantity(name, first, community, result), rest)


def _quantity(name: str, quantity: str, community: str | None, result: Result) -> Floats:
    """Return what a quantity was at each step (steps + 1,)."""
    if quantity not in QUANTITIES:
        known = (*QUANTITIES, "cascade", "steps_played", "labs.NAME.loss")
        raise InputError(f"outcome {name}: no quantity {quantity!r}; {nearest(quantity, known)}")
    if community is not None and community not in result.communities:
        raise InputError(
            f"outcome {name}: no community {community!r}; {nearest(community, result.communities)}"
        )
    place = -1 if community is None else result.communities.index(community)
    if quantity in SHARES:
        shares: Floats = getattr(result, quantity)[:, place]
        return shares
    counts = result.counts[:, int(quantity == "adopters")]
    real = counts @ result.represents if place < 0 else counts[:, place] * result.represents[place]
    return np.asarray(real, dtype=np.float64)


def _recorded(name: str, rest: str, tables: Mapping[str, Mapping[str, Any]], what: str) -> Any:
    """Return a measure of a lab or another institution; not a number where it has no rows."""
    fitting = [table for table in tables if rest.startswith(f"{table}.")]
    if not fitting:
        known = [*tables, *(() if what == "lab" else QUANTITIES)]
        hint = nearest(rest.partition(".")[0], known) if known else f"there is no {what}"
        raise InputError(f"outcome {name}: unknown {what}; {hint}")
    table = max(fitting, key=len)
    measure, columns = rest[len(table) + 1 :], tables[table]
    reduction = "final"
    if measure not in columns:
        measure, _, reduction = measure.rpartition(".")
    if measure not in columns:
        known = [column for column in columns if column not in ("date", "step")]
        raise InputError(f"outcome {name}: no measure; {nearest(rest[len(table) + 1 :], known)}")
    values = np.array(columns[measure], dtype=np.float64)
    if not values.size:
        return values if reduction == SERIES else math.nan
    return _reduced(name, values, reduction)


def _reduced(name: str, values: Floats, how: str) -> Any:
    if how == SERIES:
        return values
    if how not in REDUCTIONS:
        known = (*REDUCTIONS, SERIES)
        raise InputError(f"outcome {name}: must end in one of {', '.join(known)}, got {how!r}")
    return REDUCTIONS[how](values)
