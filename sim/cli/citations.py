"""What a scenario rests on, as BibTeX: found by the identifiers in the sources of its parts.

A part's sources stand where it is defined, as DOIs and arXiv identifiers; the entries stand in
``references.bib``.  What has no entry becomes one with its identifier or its words alone.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

if TYPE_CHECKING:
    from sim.capability.preset import Preset
    from sim.scenario import Scenario

DOI = re.compile(r"10\.\d{4,9}/(?:[^\s,;:\"'()\[\]{}<>]|:(?=\S)|\([^\s()]*\))+")
ARXIV = re.compile(r"arXiv[:\s]*(?:abs/)?(\d{4}\.\d{4,5}|[a-z-]+/\d{7})", re.IGNORECASE)
ENTRY = re.compile(r"^@\w+\{(\w+),\n.*?^\}", re.MULTILINE | re.DOTALL)
FIELD = re.compile(r"^  (?:doi|eprint) = \{(.*?)\},?$", re.MULTILINE)
ALWAYS = ("sim.tactics", "sim.capability.surrogate")
"""Modules whose sources every scenario with a lab rests on."""


def identifiers(text: str) -> list[str]:
    """Return the DOIs (in small letters) and arXiv identifiers in a text, each once."""
    dois = (found.rstrip(".").lower() for found in DOI.findall(text))
    return list(dict.fromkeys([*dois, *ARXIV.findall(text)]))


@cache
def bibliography() -> dict[str, str]:
    """Return the BibTeX entries by identifier."""
    text = (resources.files("sim") / "references.bib").read_text("utf-8")
    entries = [match.group() for match in ENTRY.finditer(text)]
    return {found.lower(): entry for entry in entries for found in FIELD.findall(entry)}


def cited(scenario: Scenario) -> list[str]:
    """Return the BibTeX entries of what a scenario uses, first this program, then by key."""
    found = {one for source in sources(scenario) for one in identifiers(source)}
    entries = {bibliography().get(one, _bare(one)) for one in found}
    plain = dict.fromkeys(line for line in _stated(scenario) if not identifiers(line))
    notes = [_note(number, line) for number, line in enumerate(plain, 1)]
    return [_program(), *sorted(entries, key=_key), *notes]


def sources(scenario: Scenario) -> Iterator[str]:
    """Yield texts that name sources: of every part in use, of presets, and as stated."""
    modules = {type(part).__module__ for part in _parts(scenario)}
    if scenario.labs:
        modules.update(ALWAYS)
    for preset in _presets(scenario):
        yield preset.model_dump_json()
        modules.update(type(part).__module__ for part in _parts(preset))
    for name in sorted(modules):
        yield _text(name)
    yield from _stated(scenario)


def _presets(scenario: Scenario) -> list[Preset]:
    from sim.capability import presets

    return [presets.load(name) for name in dict.fromkeys(lab.preset for lab in scenario.labs)]


def _stated(scenario: Scenario) -> Iterator[str]:
    about = scenario.about
    yield from about.sources
    yield from (evidence.source for evidence in about.evidence if _is_source(evidence.source))
    yield from (observed.source for observed in about.observed)


def _is_source(text: str) -> bool:
    """Return whether a parameter's evidence cites something rather than being an assumption."""
    return bool(identifiers(text)) or bool(re.search(r"\b(19|20)\d\d\b|\w\.\w+/", text))


def _parts(value: Any) -> Iterator[BaseModel]:
    if isinstance(value, BaseModel):
        yield value
        for name in type(value).model_fields:
            yield from _parts(getattr(value, name))
    elif isinstance(value, dict):
        for each in value.values():
            yield from _parts(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _parts(each)


def _text(module: str) -> str:
    """Return the source of the module of a part, where its references stand."""
    import importlib

    try:
        return inspect.getsource(importlib.import_module(module))
    except (OSError, TypeError, ImportError):
        return ""


def _bare(identifier: str) -> str:
    key = re.sub(r"\W+", "_", identifier)
    if identifier.startswith("10."):
        return f"@misc{{doi_{key},\n  doi = {{{identifier}}}\n}}"
    return f"@misc{{arxiv_{key},\n  eprint = {{{identifier}}},\n  archiveprefix = {{arXiv}}\n}}"


def _note(number: int, text: str) -> str:
    escaped = re.sub(r"([&%$#_{}])", r"\\\1", text)
    return f"@misc{{source_{number},\n  note = {{{escaped}}}\n}}"


def _program() -> str:
    from sim.provenance import DISTRIBUTION, own_version

    return (
        f"@software{{{DISTRIBUTION},\n  author = {{{{The datastrike developers}}}},\n"
        f"  title = {{datastrike: collective action around AI training data}},\n"
        f"  version = {{{own_version()}}}\n}}"
    )


def _key(entry: str) -> str:
    return entry.partition("{")[2].partition(",")[0].lower()
