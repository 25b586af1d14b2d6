"""Trying a rule before it is compiled, so that mistakes in it are told in words."""

from __future__ import annotations

import functools
import inspect
import math
import re
from collections.abc import Callable, Iterator
from itertools import product
from types import ModuleType
from typing import Any

from sim.decisions.base import Rule
from sim.errors import InputError

SLACK = 1e-9
"""How far a probability may lie outside 0 and 1: rounding, never a mistake in a formula."""


def try_rule(rule: Rule, columns: dict[str, tuple[float, ...]], degrees: tuple[int, ...]) -> None:
    """Ask a user's rule for a few answers.

    Parameters
    ----------
    rule : Rule
        What is tried.
    columns : dict of str to tuple of float
        Values that some of the creators have, as many of each column.
    degrees : tuple of int
        How many others some of the creators can see.

    Raises
    ------
    InputError
        If the rule's function raises, or returns what is no answer.
    """
    for situation in _situations(rule, columns, degrees):
        given = {name: situation[name] for name in rule.reads()}
        answer = _ask(rule, rule.form(), given)
        wanted = _wanted(rule, answer)
        if wanted is not None:
            raise _mistake(rule, f"{rule.form()} must return {wanted}, got {answer!r}", given)
        if rule.counts_up_to() is not None and not situation["mobilised"]:
            _try_quota(rule, situation)


class Guarded:
    """The compiled loops of a user's rule; they say in words why it cannot be played.

    Parameters
    ----------
    kind : type of Rule
        The user's rule.
    loops : module
        See `sim.decisions.loops`.
    """

    def __init__(self, kind: type[Rule], loops: ModuleType) -> None:
        self._kind, self._loops = kind, loops

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._loops, name)
        return functools.partial(self._play, found) if callable(found) else found

    def _play(self, loop: Callable[..., Any], *args: Any) -> Any:
        try:
            return loop(*args)
        except Exception as error:
            said = f"fails ({type(error).__name__}: {error})"
            if type(error).__module__.startswith("numba."):
                said = (
                    "cannot be compiled; use numbers, comparisons, if, loops and math only "
                    f"({_reason(error)})"
                )
            raise InputError(f"rule {self._kind.kind()}: {said}") from error


def _situations(
    rule: Rule, columns: dict[str, tuple[float, ...]], degrees: tuple[int, ...]
) -> Iterator[dict[str, Any]]:
    rows = list(zip(*columns.values(), strict=True)) or [()]
    views = sorted({(seen, d) for d in degrees for seen in (0, d // 2, d)})
    for row, mobilised, (active, degree) in product(rows, (False, True), views):
        yield {
            **rule.memories,
            **dict(zip(columns, row, strict=True)),
            **rule.parameters(),
            "mobilised": mobilised,
            "ever": mobilised,
            "active": active,
            "degree": degree,
            "exposure": active / degree if degree else 0.0,
            "creators": max(degrees) + 1,
            "step": 1,
            "duration": 1,
            "weight": 1,
            "shift": 0.0,
            "draw": 0.5,
        }


def _try_quota(rule: Rule, situation: dict[str, Any]) -> None:
    """Refuse a quota unless the decision turns there."""
    told = inspect.signature(rule.counts_up_to() or rule.function()).parameters
    quota = _ask(rule, "quota", {name: situation[name] for name in told})
    degree = situation["degree"]
    for active in {quota - 1, quota} & set(range(degree + 1)):
        exposure = active / degree if degree else 0.0
        seen = {**situation, "active": active, "exposure": exposure}
        given = {name: seen[name] for name in rule.reads()}
        if _ask(rule, "decide", given) != (active >= quota):
            raise _mistake(rule, f"quota says {quota} others, decide says otherwise", given)


def _ask(rule: Rule, function: str, given: dict[str, Any]) -> Any:
    try:
        return getattr(rule, function)(**given)
    except Exception as error:
        said = f"{function} fails ({type(error).__name__}: {error})"
        raise _mistake(rule, said, given) from error


def _wanted(rule: Rule, answer: Any) -> str | None:
    """Return what should have been returned, or None if the answer will do."""
    form = rule.form()
    if form == "decide" and rule.memories:
        names = " and ".join(rule.memories)
        fits = isinstance(answer, tuple) and len(answer) == 1 + len(rule.memories)
        whole = fits and isinstance(answer[0], bool) and all(map(_is_number, answer[1:]))
        return None if whole else f"True or False and the new {names}"
    if form == "decide":
        return None if isinstance(answer, bool) else "True or False"
    if form == "probability":
        within = _is_number(answer) and -SLACK <= answer <= 1.0 + SLACK
        return None if within else "a probability between 0 and 1"
    return None if _is_number(answer) else "a number"


def _is_number(value: Any) -> bool:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and not math.isnan(value)


def _mistake(rule: Rule, what: str, given: dict[str, Any]) -> InputError:
    where = ", ".join(f"{name}={value!r}" for name, value in given.items())
    return InputError(f"rule {rule.kind()}: {what} for {where}")


def _reason(error: Exception) -> str:
    """Return the line of numba's explanation that says most."""
    lines = [line.strip(" ->") for line in str(error).splitlines()]
    starts = ("No implementation", "Use of unsupported", "Unknown attribute", "NameError", "Cannot")
    telling = [line for line in lines if line.startswith(starts)]
    return re.sub(r" at 0x\w+", "", (telling or [line for line in lines if line])[0])
