"""Plain sentences for input that cannot be used: one for each mistake, led by its path."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

SENTENCES = {
    "missing": "must be given",
    "greater_than": "must be above {gt}, got {got}",
    "greater_than_equal": "must be at least {ge}, got {got}",
    "less_than": "must be below {lt}, got {got}",
    "less_than_equal": "must be at most {le}, got {got}",
    "multiple_of": "must be a multiple of {multiple_of}, got {got}",
    "finite_number": "must be a finite number, got {got}",
    "int": "must be a whole number, got {got}",
    "float": "must be a number, got {got}",
    "bool": "must be true or false, got {got}",
    "string": "must be text, got {got}",
    "string_too_short": "needs at least {min_length} characters, got {got}",
    "string_too_long": "must not have more than {max_length} characters, got {got}",
    "too_short": "needs at least {min_length} entries, got {actual_length}",
    "too_long": "must not have more than {max_length} entries, got {actual_length}",
    "date": "must be a date such as 2023-01-31, got {got}",
    "tuple": "must be a list, got {got}",
    "list": "must be a list, got {got}",
    "dict": "must be a table of named values, got {got}",
    "model": "must be a table of named values, got {got}",
    "value_error": "{error}",
    "frozen": "cannot be changed; make a changed copy with replace()",
}
"""By pydantic's type of error, or the first word of it."""

SHOWN = 60


def explain(error: ValidationError, where: str = "") -> list[str]:
    """Return one line for each mistake, ``path: sentence``, led by ``where`` (a file)."""
    lines = []
    for mistake in error.errors(include_url=False):
        if not _follows_from_others(mistake):
            path = ".".join(str(part) for part in mistake["loc"] if part != "[key]")
            lines.append(": ".join(part for part in (where, path, sentence(mistake)) if part))
    return lines


def in_words(error: ValidationError, fields: Mapping[str, Any], keys: Iterable[str]) -> Any:
    """Return the same error in plain sentences, with parts of lists addressed by their name.

    Parameters
    ----------
    error : ValidationError
        What pydantic says of a spec.
    fields : dict
        What the spec was to be made of.
    keys : iterable of str
        The keys that it knows.
    """
    known = list(keys)
    details: list[InitErrorDetails] = []
    for mistake in error.errors(include_url=False):
        if not _follows_from_others(mistake):
            said = PydanticCustomError(
                mistake["type"],
                "{sentence}",
                {**mistake.get("ctx", {}), "sentence": sentence(mistake, known)},
            )
            place = _by_name(mistake["loc"], fields)
            details.append({"type": said, "loc": place, "input": mistake["input"]})
    return ValidationError.from_exception_data(error.title, details)


def sentence(mistake: ErrorDetails, keys: Sequence[str] = ()) -> str:
    """Return what is wrong in plain words; ``keys`` are those that would be known."""
    kind, context = mistake["type"], mistake.get("ctx", {})
    if "sentence" in context:
        return str(context["sentence"])
    if kind == "extra_forbidden":
        return f"unknown key; {nearest(str(mistake['loc'][-1]), keys)}"
    got = shown(mistake["input"])
    if kind == "literal_error":
        return _choice(mistake["input"], re.findall(r"'([^']*)'", context["expected"]))
    if kind == "string_pattern_mismatch":
        return _pattern(mistake["input"], context["pattern"])
    pattern = SENTENCES.get(kind) or SENTENCES.get(kind.partition("_")[0])
    if pattern is None:
        said = mistake["msg"]
        own = said.removeprefix("Input should ")
        return said if own == said else f"must {own}, got {got}"
    plain = {name: _number(value) for name, value in context.items()}
    return pattern.format(**plain, got=got)


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a hint: the nearest of the known words, or all of them."""
    known = list(known)
    near = get_close_matches(word, known, n=1)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"expected one of {', '.join(known)}" if known else "nothing is expected here"


def shown(value: object) -> str:
    """Return a value as a sentence shows it: short, and as it would be written."""
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, (list, tuple, set, frozenset)):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    text = repr(value) if isinstance(value, (str, int, float)) else type(value).__name__
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def _follows_from_others(mistake: ErrorDetails) -> bool:
    """Return whether a list is only too short because entries in it are wrong."""
    given = mistake["input"]
    return (
        mistake["type"] == "too_short"
        and isinstance(given, (list, tuple, dict))
        and len(given) >= mistake.get("ctx", {}).get("min_length", 0)
    )


def _by_name(place: tuple[int | str, ...], fields: Mapping[str, Any]) -> tuple[int | str, ...]:
    if len(place) < 2 or not isinstance(place[1], int):
        return place
    parts = fields.get(str(place[0]))
    if not isinstance(parts, (list, tuple)) or place[1] >= len(parts):
        return place
    part = parts[place[1]]
    name = part.get("name") if isinstance(part, Mapping) else getattr(part, "name", None)
    return (place[0], name, *place[2:]) if isinstance(name, str) and name else place


def _choice(given: object, choices: list[str]) -> str:
    text = f"must be one of {', '.join(choices)}, got {shown(given)}"
    near = get_close_matches(str(given), choices, n=1)
    return f"{text}; did you mean {near[0]!r}?" if near else text


def _pattern(given: object, pattern: str) -> str:
    choices = re.fullmatch(r"\^\(([a-z_|]+)\)\$", pattern)
    if choices:
        return _choice(given, choices[1].split("|"))
    letters = "small letters" if pattern.startswith("^[a-z]") else "letters"
    rest = "digits, spaces and any of _ . -" if " " in pattern else "digits and _"
    return f"must be made of {letters}, {rest}, and begin with a letter, got {shown(given)}"


def _number(value: object) -> object:
    whole = isinstance(value, float) and value.is_integer()
    return int(value) if whole else value  # type: ignore[call-overload]
