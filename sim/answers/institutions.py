"""What else came of the action, in plain words: who settled, gave in, ruled, changed a default.

Also what poison did to the concept it was aimed at, and which mandate models were trained under.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from sim.institutions.arithmetic.mandate import REGIMES, STATES
from sim.words.numbers import count, ordinal, percent, whose

if TYPE_CHECKING:
    from datetime import date

    from sim.result import Result
    from sim.runs.comparison import Comparison
    from sim.scenario import Scenario

Row = dict[str, float]
FEW = 3
"""Models of a lab up to which the mandate of each is told."""


def outcomes(comparison: Comparison) -> Iterator[str]:
    """Yield a sentence for each of the institutions' doings that the scenario leaves open."""
    runs, scenario = comparison.action, comparison.scenario
    for table in runs[0].institutions:
        if table.startswith("bargaining."):
            yield _settlement(runs, table)
    for lab in scenario.labs:
        if lab.concession is not None:
            yield _concession(runs, lab.name)
    for regulator in scenario.regulators:
        yield _ruling(runs, regulator.name)
    if scenario.market is not None and len(scenario.labs) > 1:
        yield _users(runs, [lab.name for lab in scenario.labs])
    yield from _of_public(runs, scenario)


def asked(runs: tuple[Result, ...]) -> bool:
    """Return whether creators were asked for their consent, by law or by vote, in any run."""
    tables = (row for run in runs for row in run.institutions.items())
    return any(any(table["regime"]) for name, table in tables if name.startswith("mandate."))


def _of_public(runs: tuple[Result, ...], scenario: Scenario) -> Iterator[str]:
    """Yield a sentence for each default that may change, poisoned lab and measured mandate."""
    for platform in scenario.platforms:
        if platform.reversed_at is not None:
            yield _default(runs, platform.name)
    for lab in scenario.labs:
        yield from _poison(runs, lab.name)
    for lab in scenario.labs:
        if any(f"mandate.{lab.name}" in run.institutions for run in runs):
            yield _mandate(runs, lab.name)


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
        f"days of bargaining, for a payment of {paid} each {_length(days)}{_beside(runs[0], lab)}."
    )


def _beside(run: Result, lab: str) -> str:
    """Tell what a strike of everybody would cost, in the money that the payment is in."""
    talks = next(each for each in run.scenario.bargaining if each.lab == lab)
    if not talks.disruption:
        return " in the scenario's unit of money"
    who = f"all {' and '.join(talks.communities)}" if talks.communities else "everybody"
    cost = (
        f"a strike by {who} costs {count(talks.disruption)} each {_length(run.scenario.step_days)}"
    )
    return f" ({cost} in work left undone)"


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


def _default(runs: tuple[Result, ...], platform: str) -> str:
    found = [_first(run, f"platform.{platform}", "out") for run in runs]
    rows = [row for row in found if row]
    if not rows:
        return f"Default: {platform} kept its default in all of {len(runs)} replications."
    day = _middle_day(runs[0], [row["step"] for row in rows])
    acting = percent(float(np.median([row["acting"] for row in rows])))
    return (
        f"Default: {platform} took its members' works out in {len(rows)} of {len(runs)} "
        f"replications, about {day}, when {acting} of its members were seen acting."
    )


def _poison(runs: tuple[Result, ...], lab: str) -> Iterator[str]:
    for community in runs[0].communities:
        found = [run.labs[lab].columns.get(f"targeted.{community}") for run in runs]
        newest = [values[-1] for values in found if values]
        if any(newest):
            yield (
                f"Poison: aimed at one concept, the poison of {community} breaks it in {lab}'s "
                f"newest model with a success of {_success(newest)}."
            )


def _mandate(runs: tuple[Result, ...], lab: str) -> str:
    """Tell of each model if there are few, else of the newest."""
    runs = tuple(run for run in runs if run.labs[lab].columns["step"])
    rounds = min(len(run.labs[lab].columns["step"]) for run in runs)
    told = range(rounds) if rounds <= FEW else [rounds - 1]
    return f"Mandate: {'; '.join(_consent(runs, lab, number) for number in told)}."


def _consent(runs: tuple[Result, ...], lab: str, number: int) -> str:
    rows = [run.institutions[f"mandate.{lab}"] for run in runs]

    def mean(name: str) -> float:
        return float(np.mean([row[name][number] for row in rows]))

    regimes = {REGIMES[int(row["regime"][number])].replace("_", "-") for row in rows}
    yes, silent, unasked, honoured = (percent(mean(state)) for state in STATES[:-1])
    refused, overridden = 1.0 - mean("passed"), mean(STATES[-1])
    in_vain = "would have been overridden" if refused == 1.0 else "had refused in vain"
    text = (
        f"behind {whose(lab)} {ordinal(number + 1)} model ({' or '.join(sorted(regimes))}) {yes} "
        f"of the creators had said yes, {silent} were silent though they could refuse, {unasked} "
        f"did not know or could not refuse, {honoured} had refused and were heard, and "
        f"{percent(overridden) if overridden else 'nobody'} {in_vain}{_price(runs, lab, number)}"
    )
    votes = "" if refused == 1.0 else f" in {percent(refused)} of replications"
    return f"{text}; it was voted down{votes}" if refused else text


def _price(runs: tuple[Result, ...], lab: str, number: int) -> str:
    """Tell how a model's loss differs from that of the one before, whose regime may differ."""
    losses = np.array([run.labs[lab].columns["loss"][: number + 1] for run in runs])
    if number == 0 or not np.isfinite(losses).all():
        return ""
    change = float((losses[:, -1] - losses[:, -2]).mean())
    higher = "higher" if change >= 0.0 else "lower"
    return f"; its loss is {percent(abs(change))} {higher} than that of the model before"


def _success(values: list[float]) -> str:
    low, middle, high = (percent(float(q)) for q in np.quantile(values, (0.05, 0.5, 0.95)))
    return middle if low == high else f"{middle} ({low} to {high})"


def _users(runs: tuple[Result, ...], labs: list[str]) -> str:
    users = [np.array([run.institutions["market"][f"users.{lab}"] for lab in labs]) for run in runs]
    shares = np.mean([each[:, -1] / each[:, -1].sum() for each in users], axis=0)
    told = " and ".join(f"{lab} has {percent(s)}" for lab, s in zip(labs, shares, strict=True))
    text = f"Users: of those who use a model, {told} at the end"
    steps: dict[str, list[float]] = {}
    for each in users:
        leader = each.argmax(axis=0)
        if leader[0] != leader[-1]:
            passed = np.flatnonzero(leader != leader[-1])[-1] + 2
            steps.setdefault(labs[int(leader[-1])], []).append(float(passed))
    for lab, when in steps.items():
        day = _middle_day(runs[0], when)
        text += f"; {lab} overtook in {len(when)} of {len(runs)} replications, about {day}"
    return f"{text}."


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
