"""From a rule for one creator to a compiled loop over the crowd.

The loop's source is written around the rule's own source and kept in the cache under a name
that is the hash of everything in it, so that a rule of a user's and a built-in one take the
same path, workers share the compiled code, and nothing stale is ever reused.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import inspect
import os
import sys
import tempfile
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from sim.decisions.base import SITUATION, Rule
from sim.decisions.sources import function_source
from sim.errors import InputError

ROOM = 2048
"""Draws made at a time; a thread's share of the crowd begins at a multiple of it."""


@dataclass(frozen=True)
class Shape:
    """What a loop is specialised to, beside the rule itself."""

    constants: frozenset[str]
    """Columns in which everybody has the same value."""
    sees: str
    """``links``: neighbours; ``everyone``: the crowd; ``others``: the crowd without oneself."""
    unaware: bool
    """Whether some creators may not know of the campaign."""
    shifted: bool
    """Whether feedback moves utilities."""
    committed: bool
    """Whether some creators never stop."""


def compiled_rule(rule: Rule, shape: Shape) -> ModuleType:
    """Return the module with `revise_all`, `revise_listed` and `revise_in_order` for a rule."""
    return _load(type(rule), tuple(rule.parameters()), rule.columns(), shape)


@functools.cache
def _load(
    kind: type[Rule], parameters: tuple[str, ...], columns: tuple[str, ...], shape: Shape
) -> ModuleType:
    from sim.kernels.compiled import cache_home, kernel_store

    text = _module_text(kind, parameters, columns, shape)
    digest = hashlib.sha256(f"{kernel_store().name}\n{text}".encode()).hexdigest()[:20]
    name = f"rule_{kind.kind()}_{digest}"
    path = _written(cache_home() / "rules", f"{name}.py", text)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise InputError(f"rule {kind.kind()}: cannot be compiled ({error})") from error
    return module


def _written(folder: Path, name: str, text: str) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix="datastrike-rules-"))
    path = folder / name
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        descriptor, temporary = tempfile.mkstemp(prefix=".", suffix=".py", dir=folder)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(temporary, path)
    return path


HEAD = '''"""Written by datastrike around the rule {kind!r}; the file name is a hash of its text."""

from __future__ import annotations

import math

import numpy as np

from sim.kernels.choice import below, below_logistic, full_draw
from sim.kernels.compiled import compiled, inlined
from sim.kernels.crowd import AWARE, COMMITTED, EVER, SEEN
from sim.kernels.philox import fill_words, word

{rule}


@inlined
def answer(i, draw, seed, purpose, step, crowd, active, degrees, columns, parameters, shift):
    """Return whether creator i acts in the next step."""
    tactic, flags, since, community = crowd
{situation}
    return {answer}


@compiled
def revise_all(
    begin, end, changed, words, seed, purpose, step, crowd, active, degrees, columns, parameters,
    shift,
):
    """List those of creators begin, begin + 1, ... who change (changed int32, written)."""
    tactic, flags, since, community = crowd
    size = 0
    first = begin
    while first < end:
{fill}
        for i in range(first, min(end, first + words.size)):
{skip}
            if answer(
                i, words[i - first], seed, purpose, step, crowd, active, degrees, columns,
                parameters, shift,
            ) != (tactic[i] != 0):
                changed[size] = i
                size += 1
        first += words.size
    return size


@compiled
def revise_listed(
    who, changed, seed, purpose, step, crowd, active, degrees, columns, parameters, shift
):
    """List those of the creators ``who`` who change (changed int32, written)."""
    tactic, flags, since, community = crowd
    size = 0
    for k in range(who.size):
        i = who[k]
{skip_listed}
        if answer(
            i, {word}, seed, purpose, step, crowd, active, degrees, columns, parameters, shift
        ) != (tactic[i] != 0):
            changed[size] = i
            size += 1
    return size
'''


def _module_text(
    kind: type[Rule], parameters: tuple[str, ...], columns: tuple[str, ...], shape: Shape
) -> str:
    reads = kind.reads()
    random = kind.form() != "decide" or "draw" in reads
    skips = []
    if shape.unaware:
        skips.append("if flags[i] & AWARE == 0 and tactic[i] == 0:\n    continue")
    if shape.committed:
        skips.append("if flags[i] & COMMITTED != 0 and tactic[i] != 0:\n    continue")
    skip = "\n".join(skips)
    return HEAD.format(
        kind=kind.kind(),
        rule="@inlined\n" + function_source(kind.function(), "rule"),
        situation=textwrap.indent(
            "\n".join(_situation(reads, parameters, columns, shape)), " " * 4
        ),
        answer=_answer(kind.form(), reads),
        fill=" " * 8 + "fill_words(words, seed, purpose, step, first, 0)" if random else "",
        skip=textwrap.indent(skip, " " * 12),
        skip_listed=textwrap.indent(skip, " " * 8),
        word="word(seed, purpose, step, i, 0)" if random else "0",
    )


def _answer(form: str, reads: tuple[str, ...]) -> str:
    call = f"rule({', '.join(f'{name}_' for name in reads)})"
    if form == "probability":
        return f"below(draw, {call}, seed, purpose, step, i)"
    if form == "log_odds":
        return f"below_logistic(draw, {call}, seed, purpose, step, i)"
    return call


def _situation(
    reads: tuple[str, ...], parameters: tuple[str, ...], columns: tuple[str, ...], shape: Shape
) -> list[str]:
    own = "(1 if flags[i] & SEEN != 0 else 0)"
    crowd_wide = shape.sees != "links"
    meaning = {
        "mobilised": "tactic[i] != 0",
        "ever": "flags[i] & EVER != 0",
        "active": f"active[0] - {own}" if crowd_wide else "active[i]",
        "degree": "degrees[0]" if crowd_wide else "degrees[i + 1] - degrees[i]",
        "exposure": "active_ / degree_ if degree_ > 0 else 0.0",
        "creators": "tactic.size",
        "step": "step",
        "duration": "step - since[i]",
        "shift": "(shift[community[i]] if community.size > 0 else shift[0])"
        if shape.shifted
        else "0.0",
        "draw": "full_draw(draw, seed, purpose, step, i)",
    }
    needed = [name for name in SITUATION if name in reads]
    if "exposure" in needed:
        needed += ["active", "degree"]
    lines = [f"{name}_ = {meaning[name]}" for name in meaning if name in needed and name != "exposure"]
    if "exposure" in needed:
        lines.append(f"exposure_ = {meaning['exposure']}")
    for name in reads:
        if name in columns:
            place = f"columns[{columns.index(name)}]"
            lines.append(f"{name}_ = {place}" + ("" if name in shape.constants else "[i]"))
        elif name in parameters:
            lines.append(f"{name}_ = parameters[{parameters.index(name)}]")
    return lines
