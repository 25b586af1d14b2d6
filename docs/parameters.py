"""The parameter tables of MODEL.md, written from the specifications in the code.

What a specification says of a field (its kind, default, bounds and meaning) is read from it; the
unit of a number, and the evidence for a default that makes a difference, stand in
``parameters.toml``.  ``python3 do.py docs`` writes the tables; a test compares them.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import sys
import textwrap
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from sim.capability.preset import Preset
from sim.creators.distributions import Distribution
from sim.spec import Part, Spec
from sim.tactics import EFFECTS

FOLDER = Path(__file__).parent
MODEL = FOLDER.parent / "MODEL.md"
BEGIN = "<!-- Parameters: written by `python3 do.py docs`, not by hand -->"
END = "<!-- End of parameters -->"
GROUPS = {
    "The world": "scenario:Scenario scenario:Revision scenario:Awareness creators.seeds:Seeds",
    "Creators": "creators.community:Community tactics:Effect",
    "Distributions": "creators.distributions:Distribution",
    "Networks": "networks.base:NetworkSpec",
    "Decision rules": "decisions.base:Rule",
    "Feedback": "feedback:Feedback",
    "Labs": "institutions.lab:Lab institutions.answers:Concession institutions.answers:Licensing "
    "institutions.answers:Retaliation institutions.lab:Sharing",
    "Calendar": "institutions.calendar:Event",
    "Other institutions": "institutions.platform:Platform institutions.organiser:Organiser "
    "institutions.organiser:Fund institutions.organiser:Demand institutions.press:Press "
    "institutions.regulator:Regulator institutions.market:Market "
    "institutions.bargaining:Bargaining institutions.mandate:Mandate",
    "Capability": "capability.surrogate:Surrogate capability.surrogate:Floor "
    "capability.surrogate:Frontier capability.style:Style capability.targeted:Hill "
    "capability.transfer:Transfer capability.transfer:Override "
    "capability.responses.base:Response capability.chinchilla:ScalingLaw",
}
"""Specifications by chapter; a family stands for all of its kinds."""
UNTOLD = {
    "About": "read by people only",
    "Evidence": "read by people only",
    "Observed": "read by people only",
    "Constant": "a row of a preset's own table",
    "Preset": "has a table of its own",
    "Retraining": "real training runs beside the model",
}
"""Specifications without a table, and why."""


UNITS = {
    "Utility": "utility",
    "Steps": "steps",
    "Days": "days",
    "Money": "money",
    "Times a year": "1 / year",
    "Rate, by step": "1 / step",
    "Share": "share",
}
"""Units by the words that tell them in what a field means."""


class IncompleteError(Exception):
    """What parameters.toml does not say, or says of what does not exist."""


def tables() -> str:
    """Return all tables; refuse where a unit or evidence is missing or left over."""
    said = Said(tomllib.loads((FOLDER / "parameters.toml").read_text("utf-8")))
    written = []
    for title, places in GROUPS.items():
        written.append(f"### {title}")
        for place in places.split():
            module, _, name = place.partition(":")
            owner = getattr(importlib.import_module(f"sim.{module}"), name)
            written += [table(spec, said) for spec in _kinds(owner)]
    written += ["### Tactics", tactics(), "### Presets", *map(preset, presets())]
    said.finish()
    return "\n\n".join(written)


def table(spec: type[Spec], said: Said) -> str:
    """Return the heading, the summary and the fields of one specification."""
    meanings = {k: v for owner in reversed(spec.__mro__) for k, v in _meanings(owner).items()}
    rows = []
    for name, info in spec.model_fields.items():
        meaning = said.meaning(spec, name, meanings)
        unit, mark = said.of(spec, name, info, meaning)
        cells = (f"`{name}`", meaning, unit, default_of(info), range_of(info), mark)
        rows.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    head = f"#### {spec.__name__}\n\n{_prose(inspect.getdoc(spec) or '')}"
    if not rows:
        return f"{head}\n\nNo parameters."
    title = "| parameter | meaning | unit | default | range | evidence for the default |"
    return "\n".join((head, "", title, "|---|---|---|---|---|---|", *rows))


class Said:
    """What parameters.toml says, and what of it nobody has asked for."""

    def __init__(self, entries: dict[str, dict[str, list[str]]]) -> None:
        self.entries = entries
        self.left = {(owner, name) for owner, names in entries.items() for name in names}

    def of(self, spec: type[Spec], name: str, info: FieldInfo, meaning: str) -> tuple[str, str]:
        """Return unit and evidence of a field with a meaning."""
        entry = self._entry(spec, name)
        unit = (entry[0] if entry else "") or unit_of(info) or unit_in(meaning)
        if not unit:
            raise IncompleteError(f"[{spec.__name__}] {name}: needs a unit in parameters.toml")
        mark = evidence_of(info)
        if mark is None:
            mark = ": ".join(entry[1:3]) if len(entry) > 1 else ""
            if not mark:
                raise IncompleteError(
                    f"[{spec.__name__}] {name}: needs evidence in parameters.toml"
                )
        return unit, mark

    def meaning(self, spec: type[Spec], name: str, meanings: dict[str, str]) -> str:
        """Return what a field means: from the code, else from the fourth entry."""
        if name in meanings:
            return meanings[name]
        entry = self._entry(spec, name)
        if len(entry) < 4:
            raise IncompleteError(f"[{spec.__name__}] {name}: needs a meaning in parameters.toml")
        return entry[3]

    def finish(self) -> None:
        """Refuse entries that belong to no field."""
        if self.left:
            over = ", ".join(f"[{owner}] {name}" for owner, name in sorted(self.left))
            raise IncompleteError(f"parameters.toml: no such field as {over}")

    def _entry(self, spec: type[Spec], name: str) -> list[str]:
        for owner in spec.__mro__:
            if name in self.entries.get(owner.__name__, {}):
                self.left.discard((owner.__name__, name))
                return self.entries[owner.__name__][name]
        return []


def unit_of(info: FieldInfo) -> str:
    """Return the unit where the kind of a field says it, else nothing."""
    kinds = [kind for kind in _leaves(info.annotation) if kind is not NoneType]
    low = {getattr(each, name, None) for each in _bounds(info) for name in ("ge", "gt")}
    high = {getattr(each, name, None) for each in _bounds(info) for name in ("le", "lt")}
    if kinds == [float] and 0.0 in low and 1.0 in high:
        return "share"
    if all(kind is bool for kind in kinds):
        return "yes or no"
    numeric = any(kind in (int, float) or _quantity(kind) for kind in kinds)
    return "" if numeric else "-"


def unit_in(meaning: str) -> str:
    """Return the unit that the meaning of a field ends or begins with, else nothing."""
    for words, unit in UNITS.items():
        if f"({words.lower()})" in meaning or re.match(rf"{words}\b", meaning):
            return unit
    return ""


def evidence_of(info: FieldInfo) -> str | None:
    """Return the evidence mark where no number is claimed, else None."""
    if info.is_required():
        return "input"
    default = info.get_default(call_default_factory=True)
    constant = getattr(default, "value", default) if isinstance(default, Spec) else default
    if constant in (None, 0, False, "", (), {}) or isinstance(constant, (str, bool)):
        return "input"
    return None


def default_of(info: FieldInfo) -> str:
    """Return a default as a scenario's file would state it."""
    if info.is_required():
        return "*required*"
    return _shown(info.get_default(call_default_factory=True))


def _shown(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, Part) and not isinstance(value.to_data(), dict):
        return _shown(value.to_data())
    if isinstance(value, Spec):
        fields = [f"{k} {_shown(v)}" for k, v in _stated(value)]
        name = value.kind() if isinstance(value, Part) else ""
        return " ".join(filter(None, (name, f"({', '.join(fields)})" if fields else "")))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_shown(v)}" for key, v in value.items()) or "none"
    return "none" if value in ((), "") else str(value)


def _stated(value: Spec) -> Iterator[tuple[str, Any]]:
    for name in type(value).model_fields:
        if getattr(value, name) not in (None, ()):
            yield name, getattr(value, name)


def range_of(info: FieldInfo) -> str:
    """Return what a field may be: bounds, choices, or the kind of part."""
    choices = [str(c) for kind in _leaves(info.annotation, literals=True) for c in get_args(kind)]
    if choices:
        return ", ".join(choices)
    kinds = [kind for kind in _leaves(info.annotation) if kind is not NoneType]
    parts = [kind for kind in kinds if inspect.isclass(kind) and issubclass(kind, Spec)]
    if parts:
        quantity = "number or " if _quantity(parts[0]) else ""
        return quantity + " or ".join(part.__name__ for part in parts)
    signs = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "multiple_of": "multiple of"}
    limits = [
        f"{sign} {_shown(getattr(each, name))}"
        for each in _bounds(info)
        for name, sign in signs.items()
        if getattr(each, name, None) is not None
    ]
    names = {int: "whole", float: "number", str: "text", bool: "yes, no"}
    what = " or ".join(dict.fromkeys(names.get(kind, kind.__name__) for kind in kinds))
    return ", ".join([*([what] if what != "number" or not limits else []), *dict.fromkeys(limits)])


def _leaves(annotation: Any, literals: bool = False) -> Iterator[Any]:
    """Yield the plain types within an annotation, or its literals."""
    origin = get_origin(annotation)
    if origin is Literal:
        yield from [annotation] if literals else [str]
    elif origin in (Union, UnionType, tuple, dict) or hasattr(annotation, "__metadata__"):
        inner = get_args(annotation)
        for each in inner[:1] if hasattr(annotation, "__metadata__") else inner:
            if each is not Ellipsis:
                yield from _leaves(each, literals)
    elif not literals:
        yield annotation


def _bounds(info: FieldInfo) -> list[Any]:
    def within(annotation: Any) -> Iterator[Any]:
        for each in getattr(annotation, "__metadata__", ()):
            yield from each.metadata if isinstance(each, FieldInfo) else [each]
        for each in get_args(annotation):
            yield from within(each)

    return [*info.metadata, *within(info.annotation)]


def _quantity(kind: Any) -> bool:
    return inspect.isclass(kind) and issubclass(kind, Distribution)


def _kinds(owner: type[Spec]) -> list[type[Spec]]:
    if issubclass(owner, Part) and Part in owner.__bases__:
        found = owner.kinds().values()
        return [kind for kind in found if kind.__module__.startswith("sim.")]
    return [owner]


def _meanings(owner: type) -> dict[str, str]:
    """Return what a specification's source says below each field."""
    if not issubclass(owner, Spec) or owner.__module__ == "sim.spec":
        return {}
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(owner))).body
    assert isinstance(tree, ast.ClassDef)
    found, name = {}, None
    for node in tree.body:
        said = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if said and name is not None:
            found[name] = _prose(str(node.value.value))
        field = node.target if isinstance(node, ast.AnnAssign) else None
        name = field.id if isinstance(field, ast.Name) else None
    return found


def _prose(text: str) -> str:
    """Return a docstring as Markdown."""
    text = re.sub(r"\n\s*(References|Parameters)\n\s*-+\n", r"\n\n*\1.* ", text)
    text = re.sub(r"`{1,2}([^`]+)`{1,2}", r"`\1`", text)
    paragraphs = [" ".join(each.split()) for each in re.split(r"\n\s*\n", text.strip())]
    starless = (paragraph.replace("*", r"\*") for paragraph in paragraphs)
    return "\n\n".join(re.sub(r"^\\\*(\w+\.)\\\*", r"*\1*", each) for each in starless)


def tactics() -> str:
    """Return what each tactic does unless a scenario says otherwise."""
    fields = list(type(next(iter(EFFECTS.values()))).model_fields)
    rows = [
        f"| `{tactic.name.lower()}` | "
        + " | ".join(_shown(getattr(effect, name)) for name in fields) + " |"
        for tactic, effect in EFFECTS.items()
    ]  # fmt: skip
    head = f"| tactic | {' | '.join(f'`{name}`' for name in fields)} |"
    return "\n".join((head, "|---" * (len(fields) + 1) + "|", *rows))


def presets() -> list[Preset]:
    """Return every preset that comes with the package."""
    import pkgutil

    package = importlib.import_module("sim.capability.presets")
    names = [m.name for m in pkgutil.iter_modules(package.__path__) if m.name[0] != "_"]
    return [importlib.import_module(f"{package.__name__}.{name}").PRESET for name in names]


def preset(each: Preset) -> str:
    """Return value, range, evidence and source of every constant of one preset."""
    rows = [
        f"| `{path}` | {_constant(each.value(path))} | {known.low:.6g} to {known.high:.6g} | "
        f"{known.shape} | {known.evidence}: {known.source} |"
        for path, known in sorted(each.constants.items())
    ]
    text = [f"#### {each.name}", f"{each.question} {each.source}."]
    text += [f"*Limits.* {each.limits}."] if each.limits else []
    head = "| constant | value | range | shape | evidence |\n|---|---|---|---|---|"
    return "\n\n".join((*text, "\n".join((head, *rows))))


def _constant(value: float | tuple[Any, ...]) -> str:
    if isinstance(value, tuple):
        flat = [v for row in value for v in (row if isinstance(row, tuple) else (row,))]
        numbers = [v for v in flat if isinstance(v, (int, float))]
        if not numbers:
            return f"{len(value)} stated"
        return f"{min(numbers):.4g} to {max(numbers):.4g} by community"
    return f"{value:.6g}"


def with_tables(text: str) -> str:
    """Return the text of MODEL.md with its tables as they should be."""
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not (begin and end):
        raise IncompleteError(f"MODEL.md: needs the lines {BEGIN!r} and {END!r}")
    return f"{head}{BEGIN}\n\n{tables()}\n\n{END}{tail}"


def main() -> int:
    """Write the tables into MODEL.md."""
    try:
        text = with_tables(MODEL.read_text("utf-8"))
    except IncompleteError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    MODEL.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
