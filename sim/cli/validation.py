"""What the command prints about reproductions: a table for people, or JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sim.validation.check import MARKS

if TYPE_CHECKING:
    from sim.validation.check import Row
    from sim.validation.estimates import Estimate

    Table = Mapping[str, Sequence[Row]]

WIDTHS = (6, 64, 12, 19, 9)
INDENT = " " * 9
COLUMNS = ("", "result", "expected", "simulated (SE)", "theory")


def heading(name: str) -> str:
    """Return what stands above a model's rows."""
    return f"\n{name}\n{_columns(COLUMNS)}"


def lines(row: Row, before: Row | None) -> Iterator[str]:
    """Yield what is printed of one row, with its source if the row before has another."""
    check = row.check
    if before is None or (before.check.source, before.check.marks) != (check.source, check.marks):
        yield f"  {check.source} ({'; '.join(MARKS[mark] for mark in check.marks)})"
    verdict = ("as put" if row.put_in else "passes") if row.passes else "FAILS"
    theory = "" if row.theory is None else number(row.theory)
    yield _columns((verdict, check.what, str(check.expected), estimate(row.found), theory))
    width, because = check.expected.tolerance(row.found)
    yield f"{INDENT}tolerance {number(width, 2)}: {because}"
    if not row.theory_agrees:
        yield f"{INDENT}theory does not agree"
    outcome = "fails, as it must" if row.control_fails else "PASSES, but must fail"
    yield f"{INDENT}control, {check.control.what}: {estimate(row.control)}, {outcome}"


def summary(rows: Table) -> str:
    """Return how many rows pass, how many controls fail, and how long it took."""
    every = [row for group in rows.values() for row in group]
    results = [row for row in every if not row.put_in]
    passed = sum(row.passes for row in results)
    controls = sum(row.control_fails for row in every)
    seconds = sum(row.seconds for row in every)
    kept = sum(row.passes for row in every) - passed
    given = len(every) - len(results)
    besides = f"{kept} of {given} values put in or calibrated come out as put; " if given else ""
    return (
        f"\n{passed} of {len(results)} results pass; {besides}{controls} of {len(every)} controls "
        f"fail, as they must ({seconds:.0f} s). Expected is the published number, or the bounds "
        "that the project sets itself where only an order or a direction is known; SE is the "
        "standard error over runs."
    )


def skipped(absent: Mapping[str, str]) -> str:
    """Return which kinds of tables were skipped, and why."""
    return "\n".join(f"\n{name}\n  {reason}" for name, reason in absent.items())


def as_data(rows: Table, absent: Mapping[str, str]) -> str:
    """Return the table as JSON."""
    every = [{"model": name, **row.as_data()} for name, group in rows.items() for row in group]
    passes = all(row["passes"] for row in every)
    data = {"passes": passes, "marks": MARKS, "rows": every, "skipped": dict(absent)}
    return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False)


def estimate(found: Estimate) -> str:
    """Return a number with its standard error where chance had a part in it."""
    error = f" ({number(found.error, 2)})" if found.error and math.isfinite(found.error) else ""
    return f"{number(found.value)}{error}"


def number(value: float, digits: int = 5) -> str:
    """Return a number with some digits that count, without powers of ten."""
    if not math.isfinite(value):
        return "never" if value > 0.0 else "none"
    if value == 0.0 or abs(value) < 1e-12:
        return "0"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _columns(cells: Sequence[str]) -> str:
    padded = (f"{cell:<{width}}" for cell, width in zip(cells, WIDTHS, strict=True))
    return f"  {' '.join(padded)}".rstrip()
