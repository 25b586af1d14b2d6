"""What institutions did in answer to the action, in plain words: settled, gave in, ruled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from sim.words import count, percent

if TYPE_CHECKING:
    from datetime import date

    from sim.comparison import Comparison
    from sim.result import Result

Row = dict[str, float]


def outcomes(comparison: Comparison) -> Iterator[str]:
    """Yield a sentence for each bargaining table, each lab that may give in, and each court."""
    runs, scenario = comparison.action, comparison.scenario
    for table in runs[0].institutions:
        if table.startswith("bargaining."):
            yield _settlement(runs, table)
    for lab in scenario.labs:
        if lab.concession is not None:
            yield _concession(runs, lab.name)
    for regulator in scenario.regulators:
        yield _ruling(runs, regulator.name)


def _settlement(runs: tuple[Result, ...], table: str) -> str:
    lab = table.removeprefix("bargaining.")
    found = [_first(run, table, "settled") for run in runs]
    deals = [row for row in found if row]
    if not deals:
        return f"Settlement: {lab} did not settle in any of {len(runs)} replications."
    days = runs[0].scenario.step_days
    lasted = _middle([row["struck"] * days for row in deals])
    paid = _middle([row["paid"] for row in deals])
    return (
        f"Settlement: {lab} settled in {len(deals)} of {len(runs)} replications, after {lasted} "
        f"days of bargaining, for a payment of {paid} each {_length(days)}."
    )


def _concession(runs: tuple[Result, ...], lab: str) -> str:
    when = [_first(run, f"lab.{lab}", "conceded") for run in runs]
    steps = [row["step"] for row in when if row]
    if not steps:
        return f"Concession: {lab} did not give in in any of {len(runs)} replications."
    day = _middle_day(runs[0], steps)
    return f"Concession: {lab} gave in in {len(steps)} of {len(runs)} replications, about {day}."


def _ruling(runs: tuple[Result, ...], name: str) -> str:
    found = [_first(run, f"regulator.{name}", "ruled") for run in runs]
    rows = [row for row in found if row]
    if not rows:
        return f"Ruling: {name} ruled in none of {len(runs)} replications."
    favoured = sum(row["favoured"] > 0.0 for row in rows)
    return (
        f"Ruling: {name} ruled in {len(rows)} of {len(runs)} replications "
        f"({percent(len(rows) / len(runs))}), in {favoured} of them for the creators."
    )


def _first(run: Result, table: str, column: str) -> Row | None:
    """Return the first row of a table in which something has happened."""
    rows = run.institutions[table]
    at = np.flatnonzero(rows[column])
    return {name: values[int(at[0])] for name, values in rows.items()} if at.size else None


def _middle(values: list[float]) -> str:
    low, middle, high = (count(float(each)) for each in np.quantile(values, (0.05, 0.5, 0.95)))
    return middle if low == high else f"{middle} ({low} to {high})"


def _middle_day(run: Result, steps: list[float]) -> date:
    return run.scenario.date_of(round(float(np.median(steps))))


def _length(days: float) -> str:
    return {1.0: "day", 7.0: "week"}.get(float(days), f"{days:g} days")
