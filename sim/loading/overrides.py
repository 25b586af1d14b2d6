"""Changing single values of a scenario by their dotted path, as in ``labs.Stability.compliance``.

Communities, labs and other named parts are addressed by name, parts without a name by their
number from 0.  A path may also stand for a whole part: ``network``, ``communities.coders.stock``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from types import NoneType
from typing import Any, get_args, get_origin

from pydantic import ValidationError

from sim.creators.distributions import Constant
from sim.errors import InputError
from sim.networks.base import NetworkSpec
from sim.scenario import Scenario
from sim.spec import Name, Part, Spec
from sim.words.messages import explain, nearest

ANY = "*"
"""In a path: whatever name stands here; all of them take the same value."""
UNSWEPT = "about"
"""What is only read by people has no place among the values that can be varied."""
LEADING_POINT = re.compile(r"(?:^|(?<=[=,\[{\s+-]))\.(?=\d)")


def override(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """Return the scenario with some values changed, all checked together.

    Parameters
    ----------
    scenario : Scenario
        What is changed.
    changes : dict of str to value
        New values by path: numbers, text, specs or their plain data.  Text for a part is its
        kind (``rule``: ``logit_choice``) or, for the network, the file of an edge list; "none"
        unsets what need not be given.  A path with ``*`` changes all that fit it.

    Raises
    ------
    InputError
        One line for each unknown path, with the nearest known one, or each value that cannot be.
    """
    draft: Any = scenario
    unknown = []
    changes = {each: value for path, value in changes.items() for each in fitting(path, scenario)}
    for path in sorted(changes, key=lambda path: (path.count("."), not path.endswith(".kind"))):
        try:
            draft = _put(draft, Scenario, path, changes[path])
        except _UnknownPathError as error:
            unknown.append(f"{path}: unknown path; {_hint(path, error, scenario)}")
    if unknown:
        raise InputError("\n".join(unknown))
    try:
        return Scenario.model_validate(draft)
    except ValidationError as error:
        raise InputError("\n".join(explain(error))) from None


def paths(scenario: Scenario) -> list[str]:
    """Return the paths of all single values that can be changed."""
    return list(values(scenario))


def values(scenario: Scenario) -> dict[str, Any]:
    """Return all single values of a scenario by path."""
    nodes = _nodes(scenario, Scenario)
    return {".".join(keys): value for keys, value, single in nodes if single and keys[0] != UNSWEPT}


def fitting(path: str, scenario: Scenario) -> list[str]:
    """Return the paths that a path with ``*`` stands for; itself, if it has none.

    Raises
    ------
    InputError
        If there are none.
    """
    if ANY not in path:
        return [path]
    pattern = re.compile(".+".join(re.escape(part) for part in path.split(ANY)))
    nodes = (node for node in _nodes(scenario, Scenario) if node[0][0] != UNSWEPT)
    known = {".".join(keys): (len(keys), single) for keys, _, single in nodes}
    fits = {each: about for each, about in known.items() if pattern.fullmatch(each)}
    as_deep = [each for each, (depth, _) in fits.items() if depth == len(path.split("."))]
    found = as_deep or [each for each, (_, single) in fits.items() if single]
    if not found:
        raise InputError(f"{path}: fits no path; communities.*.aware stands for all communities")
    return found


def parse(setting: str) -> tuple[str, Any]:
    """Read ``path=value``: the value is TOML where it can be, else plain text.

    Raises
    ------
    InputError
        If there is no path or no equals sign.
    """
    path, equals, text = setting.partition("=")
    if not equals or not path.strip():
        raise InputError(f"--set {setting}: must be path=value, as in network.mean_degree=6")
    return path.strip(), parse_value(text)


def parse_value(text: str) -> Any:
    """Read a number, truth value, date, list or table as TOML writes it, else plain text.

    Unlike in TOML, numbers may begin with their point.
    """
    text = text.strip()
    for written in (text, LEADING_POINT.sub("0.", text)):
        try:
            read = tomllib.loads(f"value = {written}")
        except (ValueError, RecursionError):
            continue
        if read.keys() == {"value"}:
            return read["value"]
    if text[:1] in ("{", "["):
        raise InputError(
            f"{text}: must be a list or table as TOML writes it, as in "
            '{kind = "normal", mean = 0.2, sd = 0.1}'
        )
    return text


class _UnknownPathError(Exception):
    """No such path; holds what led there and what would have been known."""

    def __init__(self, done: str, key: str, known: Iterable[str]) -> None:
        super().__init__(done, key)
        self.done, self.key, self.known = done, key, [str(name) for name in known]


class _Draft(dict[str, Any]):
    """The fields of a spec that is being changed."""

    def __init__(self, spec: type[Spec], fields: dict[str, Any]) -> None:
        super().__init__(fields)
        self.spec = spec


def _put(node: Any, annotation: Any, rest: str, value: Any, done: str = "") -> Any:
    """Return ``node`` opened, with the value at the path ``rest`` inside it changed."""
    draft = _opened(node, annotation)
    key = _first(rest, _keys(draft), done, annotation)
    rest = rest[len(key) + 1 :]
    within = _annotation(draft, annotation, key)
    if rest:
        value = _put(_below(draft, key), within, rest, value, f"{done}{key}.")
    elif key == "kind" and value != draft.get("kind"):
        return {"kind": value}
    else:
        value = _read(value, within)
    draft[_keys(draft).get(key, key)] = value
    return draft


def _opened(node: Any, annotation: Any) -> Any:
    """Return a node in a form that can be changed."""
    if isinstance(node, Spec):
        fields: dict[str, Any] = {name: getattr(node, name) for name in type(node).model_fields}
        kind = {"kind": node.kind()} if isinstance(node, Part) else {}
        return _Draft(type(node), {**kind, **fields})
    if isinstance(node, (_Draft, list)):
        return node
    spec = _spec_of(annotation)
    if isinstance(node, Mapping):
        return dict(node) if spec is None else _Draft(_of_kind(spec, node), dict(node))
    if isinstance(node, tuple) and any(isinstance(part, Spec) for part in node):
        return list(node)
    return _Draft(spec, {}) if node is None and spec is not None else node


def _of_kind(spec: type[Spec], data: Mapping[str, Any]) -> type[Spec]:
    if issubclass(spec, Part) and data.get("kind") in spec.kinds():
        return spec.find(data["kind"])
    return spec


def _keys(draft: Any) -> dict[str, Any]:
    """Return the known keys of an opened node, with where each one's value is."""
    if isinstance(draft, _Draft):
        kind = ["kind"] if issubclass(draft.spec, Part) else []
        return {name: name for name in [*draft.spec.model_fields, *kind]}
    if isinstance(draft, list):
        names = [_name_of(part) for part in draft]
        return {str(number) if name is None else name: number for number, name in enumerate(names)}
    return {name: name for name in draft} if isinstance(draft, dict) else {}


def _below(draft: Any, key: str) -> Any:
    return draft[_keys(draft)[key]] if isinstance(draft, list) else draft.get(key)


def _first(rest: str, known: Iterable[str], done: str, annotation: Any) -> str:
    """Return the key that a path begins with; names may hold dots themselves."""
    fitting = [key for key in known if rest == key or rest.startswith(f"{key}.")]
    first = rest.partition(".")[0]
    if not fitting and get_origin(annotation) is dict and get_args(annotation)[0] != Name:
        return first  # of a closed set of names, which the scenario checks itself
    if not fitting:
        raise _UnknownPathError(done, first, known)
    return max(fitting, key=len)


def _annotation(draft: Any, annotation: Any, key: str) -> Any:
    """Return what the type of a field says of what lies under one of its keys."""
    if isinstance(draft, _Draft):
        field = draft.spec.model_fields.get(key)
        return field.annotation if field else str
    inside = get_args(annotation)
    return inside[-1 if isinstance(draft, dict) else 0] if inside else Any


def _name_of(part: Any) -> str | None:
    name = part.get("name") if isinstance(part, Mapping) else getattr(part, "name", None)
    return name if isinstance(name, str) else None


def _spec_of(annotation: Any) -> type[Spec] | None:
    """Return the kind of spec that a field takes, if any."""
    if isinstance(annotation, type) and issubclass(annotation, Spec):
        return annotation
    if get_origin(annotation) in (tuple, list, dict):
        return None
    found = (_spec_of(inside) for inside in get_args(annotation))
    return next((spec for spec in found if spec is not None), None)


def _read(value: Any, annotation: Any) -> Any:
    """Return a value as the field takes it; text may be short for more."""
    if not isinstance(value, str):
        return value
    if value == "none" and NoneType in get_args(annotation):
        return None
    family = _spec_of(annotation)
    if family is None or not issubclass(family, Part):
        return value
    if value not in family.kinds() and issubclass(family, NetworkSpec):
        return {"kind": "edge_list", "path": value}
    return {"kind": value}


def _nodes(
    node: Any, annotation: Any, keys: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any, bool]]:
    """Yield keys and value of all that is in a scenario, and whether it is a single value."""
    if isinstance(node, Constant):
        node = node.value
    opened = node if isinstance(node, float) else _opened(node, annotation)
    known = [key for key in _keys(opened) if key != "kind"]
    if keys:
        yield keys, node, not known
    for key in known:
        yield from _nodes(_below(opened, key), _annotation(opened, annotation, key), (*keys, key))


def _hint(path: str, error: _UnknownPathError, scenario: Scenario) -> str:
    """Return the nearest path that there is."""
    near = get_close_matches(error.key, error.known, n=1)
    if near:
        return f"did you mean {error.done + near[0] + path[len(error.done + error.key) :]!r}?"
    if error.done:
        up = error.done.removesuffix(".")
        return nearest(error.key, error.known) if error.known else f"did you mean {up!r}?"
    known = [".".join(keys) for keys, _, _ in _nodes(scenario, Scenario) if keys[0] != UNSWEPT]
    longer = [name for name in known if name.endswith(f".{path}")]
    last = {name.rpartition(".")[2]: name for name in reversed(known)}
    alike = [last[name] for name in get_close_matches(path, last, n=1)]
    found = longer or alike or get_close_matches(path, known, n=1)
    return f"did you mean {found[0]!r}?" if found else nearest(error.key, error.known)
