"""From a rule for one creator to a compiled loop over the crowd.

The loop's source is written around the rule's own source and kept in the cache under a name
that is the hash of everything in it, so that a rule of a user's and a built-in one take the
same path, workers share the compiled code, and nothing stale is ever reused.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.util
import inspect
import os
import sys
import tempfile
import textwrap
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from sim.decisions import templates
from sim.decisions.base import SITUATION, Rule
from sim.decisions.sources import function_source
from sim.decisions.trial import Guarded
from sim.errors import InputError

LINK_UNIT = 2.0**-16
"""What one unit of a stored link weight counts for."""
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
    """Whether feedback or institutions move utilities."""
    committed: bool
    """Whether some creators never stop."""
    weighted: bool
    """Whether creators count differently for others."""
    linked: bool = False
    """Whether links count differently."""
    fed: bool = False
    """Whether creators also see the crowd through a public feed."""
    bound: bool = False
    """Whether institutions can keep creators from acting."""


def compiled_rule(rule: Rule, shape: Shape) -> ModuleType | Guarded:
    """Return the module with `revise_all`, `revise_listed` and `revise_in_order` for a rule."""
    kind = type(rule)
    module = _load(kind, tuple(rule.parameters()), rule.columns(), shape)
    return module if kind.is_built_in() else Guarded(kind, module)


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
    assert spec is not None
    assert spec.loader is not None
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
        Path(temporary).replace(path)
    else:
        with contextlib.suppress(OSError):
            os.utime(path)  # in use
    return path


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
    if shape.bound:
        skips.append("if flags[i] & BOUND != 0:\n    continue")
    skip = "\n".join(skips)
    call = f"rule({', '.join(f'{name}_' for name in reads)})"
    return _templates(kind, shape).format(
        kind=kind.kind(),
        rule=_sources(kind),
        situation=textwrap.indent("\n".join(_situation(kind, parameters, columns, shape)), "    "),
        cell=textwrap.indent("\n".join(_cell(kind, parameters, columns, shape)), " " * 12),
        call=call,
        answer=textwrap.indent(_answer(kind), "    "),
        fill=" " * 8 + "fill_words(words, seed, purpose, step, first, 0)" if random else "",
        skip=textwrap.indent(skip, " " * 12),
        skip_listed=textwrap.indent(skip, " " * 8),
        show="push(one, by, indptr, indices, link_weights, active)\n            feed[1] += by[0]"
        if shape.sees == "links"
        else f"active[0] += by[0] * {_OWN_WEIGHT[shape.weighted]}",
        word="word(seed, purpose, step, i, 0)" if random else "0",
        **_quota(kind, parameters, columns, shape),
    )


def _templates(kind: type[Rule], shape: Shape) -> str:
    cascade = templates.CASCADE if kind.counts_up_to() and shape.sees == "links" else ""
    if kind.form() == "log_odds":
        return templates.HEAD + templates.LOOKED_UP
    if tabled(kind, shape):
        return templates.HEAD + templates.TABULATE + templates.LOOKED_UP
    return templates.HEAD + templates.PLAIN + cascade


def tabled(kind: type[Rule], shape: Shape) -> bool:
    """Return whether a rule's probability depends on counts alone, and few of them."""
    counts = {"mobilised", "ever", "active", *kind.model_fields}
    reads = set(kind.reads()) - (set() if shape.shifted else {"shift"})
    return (
        kind.form() == "probability"
        and shape.sees == "links"
        and not shape.linked
        and reads <= counts
    )


def _cell(
    kind: type[Rule], parameters: tuple[str, ...], columns: tuple[str, ...], shape: Shape
) -> list[str]:
    """Return what works out the cell of the table in which a creator's answer stands."""
    if tabled(kind, shape):
        state = "acts + np.uint32(2) * np.uint32(flags[i] & EVER != 0)"
        return [f"cells[k] = np.int32({state}) * COUNTED + min(active[i], COUNTED - 1)"]
    if kind.form() != "log_odds":
        return []
    odds = f"rule({', '.join(f'{name}_' for name in kind.reads())})"
    stated = _situation(kind, parameters, columns, shape)
    return [*stated, f"cells[k] = cell_of({odds}) + np.int32(acts) * np.int32(BRACKETS)"]


def _sources(kind: type[Rule]) -> str:
    parts = [function_source(kind.function(), "rule")]
    quota = kind.counts_up_to()
    if quota is not None:
        parts.append(function_source(quota, "quota"))
    return "\n\n\n".join(parts)


def _quota(
    kind: type[Rule], parameters: tuple[str, ...], columns: tuple[str, ...], shape: Shape
) -> dict[str, str]:
    quota = kind.counts_up_to()
    if quota is None:
        return {}
    reads = tuple(inspect.signature(quota).parameters)
    lines = _places(reads, parameters, columns, (), shape)
    names = (("values", columns), ("parameters", parameters))
    of_run = [f"({''.join(f'{a}[run, {k}], ' for k in range(len(b)))})" for a, b in names]
    return {
        "columns_of_run": of_run[0],
        "parameters_of_run": of_run[1],
        "quota_situation": textwrap.indent("\n".join(lines), "    "),
        **_quota_table(shared=shape.constants >= set(reads) & set(columns)),
        "quota_call": f"quota({', '.join(f'{name}_' for name in reads)})",
    }


def _quota_table(shared: bool) -> dict[str, str]:
    """Return how quotas are looked up by degree where all creators share what they depend on."""
    asked = "needed(degree, i, columns, parameters)"
    if not shared:
        return {"tabulated": "", "looked_up": asked}
    lines = [
        "table = np.empty(TABLED, dtype=np.int64)",
        "for degree in range(TABLED):",
        "    table[degree] = needed(degree, 0, columns, parameters)",
    ]
    return {
        "tabulated": textwrap.indent("\n".join(lines), "    "),
        "looked_up": f"table[degree] if degree < TABLED else {asked}",
    }


def _answer(kind: type[Rule]) -> str:
    call = "stated(i, draw, clock, crowd, view, columns, parameters, memories)"
    if kind.form() == "probability":
        return f"return below(draw, {call}, seed, purpose, step, i)"
    if kind.form() == "log_odds":
        return f"return below_logistic(draw, {call}, seed, purpose, step, i)"
    if not kind.memories:
        return f"return {call}"
    kept = ", ".join(kind.memories)
    lines = [f"acts, {kept} = {call}"]
    lines += [f"memories[{k}][i] = {name}" for k, name in enumerate(kind.memories)]
    return "\n".join([*lines, "return acts"])


_OWN_WEIGHT = {False: "1", True: "weights[i]"}


def _situation(
    kind: type[Rule], parameters: tuple[str, ...], columns: tuple[str, ...], shape: Shape
) -> list[str]:
    reads, memories = kind.reads(), tuple(kind.memories)
    crowd_wide = shape.sees != "links"
    own_weight = _OWN_WEIGHT[shape.weighted]
    unit = f" * {LINK_UNIT!r}" if shape.linked else ""
    own = f"({own_weight} if flags[i] & SEEN != 0 else 0)"
    seen = f"max(active[i], 0){unit}" if shape.linked else "active[i]"
    meaning = {
        "mobilised": "tactic[i] != 0",
        "ever": "flags[i] & EVER != 0",
        "active": f"active[0] - {own}" if crowd_wide else seen,
        "degree": {
            "links": f"degrees[i]{unit}",
            "everyone": "degrees[0]",
            "others": f"degrees[0] - {own_weight}",
        }[shape.sees],
        "exposure": "(active_ / degree_ if degree_ > 0.0 else 0.0)"
        if shape.linked
        else "active_ / max(degree_, np.int32(1))",
        "creators": "tactic.size",
        "step": "step",
        "duration": "step - since[i]",
        "weight": own_weight,
        "shift": "pulled(i, step, tactic, since, pull)" if shape.shifted else "0.0",
        "draw": "full_draw(draw, seed, purpose, step, i)",
    }
    needed = [name for name in SITUATION if name in reads]
    if "exposure" in needed:
        needed += ["active", "degree"]
    lines = [
        f"{name}_ = {meaning[name]}" for name in meaning if name in needed and name != "exposure"
    ]
    if "exposure" in needed:
        lines.append(f"exposure_ = {meaning['exposure']}")
        if shape.fed:
            public = f"(feed[1] - {own}) / max(tactic.size - 1, 1)"
            lines.append(f"exposure_ = (1.0 - feed[0]) * exposure_ + feed[0] * ({public})")
    return lines + _places(reads, parameters, columns, memories, shape)


def _places(
    reads: tuple[str, ...],
    parameters: tuple[str, ...],
    columns: tuple[str, ...],
    memories: tuple[str, ...],
    shape: Shape,
) -> list[str]:
    """Return what reads columns, parameters and memories into names of their own."""
    lines = []
    for name in reads:
        if name in columns:
            place = f"columns[{columns.index(name)}]"
            lines.append(f"{name}_ = {place}" + ("" if name in shape.constants else "[i]"))
        elif name in parameters:
            lines.append(f"{name}_ = parameters[{parameters.index(name)}]")
        elif name in memories:
            lines.append(f"{name}_ = memories[{memories.index(name)}][i]")
    return lines
