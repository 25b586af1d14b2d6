"""Scenarios in files: TOML and JSON without loss, and the receipts of runs."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.errors import InputError
from sim.loading.scripts import executed, from_library, from_script, in_library
from sim.scenario import Scenario
from sim.words.messages import explain

RECEIPT = "receipt.json"
SWEEP = "sweep.json"
"""What the folder of a sweep says of itself; see `sim.sweeps.store`."""
FORMAT = 1
"""Of receipts and the folders that they are in."""
MOST_BYTES = {".toml": 10**6, ".json": 10**6, RECEIPT: 10**8}
"""A scenario is a short text; a receipt may also hold values of many creators."""


def load_scenario(source: str | Path) -> Scenario:
    """Return the scenario of a name, a file (TOML, JSON, a script), a receipt or a run folder.

    A name is looked for in the ``scenarios`` package.  A script is a Python file that defines
    ``SCENARIO``; it is executed.

    Raises
    ------
    InputError
        If there is no such scenario, or it cannot be used: one line for each mistake.
    """
    path = Path(source)
    if isinstance(source, str) and _is_name(source):
        return from_library(source)
    if path.suffix == ".py":
        _text(path)
        return from_script(path)
    data = read_data(path)
    if is_receipt(data):
        return scenario_from(data["scenario"], str(source))
    _check_scenario(data, path)
    return scenario_from(data, str(source))


def load_rules(source: str | Path) -> None:
    """Execute a script (or a scenario of the library) for the decision rules that it defines.

    Afterwards scenarios in files, and receipts, may use them.

    Raises
    ------
    InputError
        If there is no such script, or it cannot be executed.
    """
    path = Path(source)
    if isinstance(source, str) and _is_name(source):
        from_library(source)
    elif path.suffix != ".py":
        raise InputError(f"{path}: a rule is defined in a .py file")
    else:
        _text(path)
        executed(path)


def scenario_from(data: dict[str, Any], where: str = "") -> Scenario:
    """Return the scenario that plain data describe, with mistakes led by ``where``."""
    lines = [f"{path}: must be a number, got nan" for path in _not_numbers(data)]
    try:
        scenario = Scenario.from_data(data)
    except ValidationError as error:
        told = [line for line in explain(error) if not line.endswith("got nan")]
        lines += told if lines else explain(error)
    if lines:
        raise InputError("\n".join(f"{where}: {line}" if where else line for line in lines))
    return scenario


def save_scenario(scenario: Scenario, path: str | Path) -> Path:
    """Write a scenario into a new TOML or JSON file, by the ending of its name."""
    from sim.folders import write_text

    suffix = Path(path).suffix
    if suffix not in (".toml", ".json"):
        raise InputError(f"{path}: a scenario is saved as .toml or .json")
    return write_text(path, to_toml(scenario) if suffix == ".toml" else to_json(scenario))


def to_toml(scenario: Scenario) -> str:
    """Return a scenario as TOML text."""
    import tomli_w

    return tomli_w.dumps(scenario.to_data())


def to_json(scenario: Scenario) -> str:
    """Return a scenario as JSON text."""
    return json.dumps(writable(scenario.to_data()), indent=1, allow_nan=False) + "\n"


def writable(data: Any) -> Any:
    """Return data with infinite numbers as text, since JSON has none."""
    if isinstance(data, dict):
        return {key: writable(value) for key, value in data.items()}
    if isinstance(data, list):
        return [writable(value) for value in data]
    return str(data) if isinstance(data, float) and math.isinf(data) else data


def is_receipt(data: dict[str, Any]) -> bool:
    """Return whether data are a receipt, which holds a scenario and what came of it."""
    return isinstance(data.get("kind"), str) and isinstance(data.get("scenario"), dict)


def find_receipt(source: str | Path) -> dict[str, Any] | None:
    """Return the receipt that a path leads to (a file or a run folder), or None.

    Raises
    ------
    InputError
        If it is a receipt of a format that this version does not know, or is damaged.
    """
    path = Path(source)
    named = isinstance(source, str) and _is_name(source)
    if named or not (path.is_dir() or (path.suffix == ".json" and path.exists())):
        return None
    data = read_data(path)
    if not is_receipt(data):
        return None
    if data.get("format") != FORMAT:
        raise InputError(
            f"{source}: is of format {data.get('format')}, this version reads {FORMAT}; "
            "read it with the version that wrote it"
        )
    for field in ("seeds", "runs"):
        if not isinstance(data.get(field), list) or not data[field]:
            raise InputError(f"{source}: {path.name} is damaged ({field})")
    if not all(type(seed) is int and 0 <= seed < 2**32 for seed in data["seeds"]):
        raise InputError(f"{source}: {path.name} is damaged (seeds)")
    return data


def read_data(path: str | Path) -> dict[str, Any]:
    """Return what a TOML or JSON file holds, or the receipt of a run folder.

    Raises
    ------
    InputError
        If the file is missing, too large, of another format or not well-formed.
    """
    path = Path(path)
    if path.is_dir():
        path = path / RECEIPT
        if not path.exists() and (path.parent / SWEEP).exists():
            raise _of_sweep(path.parent, path.parent)
        if not path.exists():
            raise InputError(f"{path.parent}: is a folder without {RECEIPT}, so no saved run")
    import tomllib

    text = _text(path)
    try:
        data = tomllib.loads(text) if path.suffix == ".toml" else _json(text)
    except RecursionError:
        raise InputError(f"{path}: is nested too deeply") from None
    except ValueError as error:
        format_name = "TOML" if path.suffix == ".toml" else "JSON"
        raise InputError(f"{path}: is not {format_name}: {_uncapitalised(error)}") from None
    if not isinstance(data, dict):
        raise InputError(f"{path}: must hold the fields of a scenario")
    return data


def _is_name(source: str) -> bool:
    """Return whether this is a scenario's name; where it might be both, it is not a folder."""
    plain = not Path(source).suffix and Path(source).name == source
    return plain and (in_library(source) or not Path(source).exists())


def _check_scenario(data: dict[str, Any], path: Path) -> None:
    """Refuse in one sentence what was never meant as a scenario."""
    if path.name == SWEEP and isinstance(data.get("scenario"), dict):
        raise _of_sweep(path, path.parent)
    fields = list(Scenario.model_fields)
    if data and not any(get_close_matches(key, fields, n=1) for key in data):
        raise InputError(f"{path}: is neither a scenario nor a receipt")


def _of_sweep(path: Path, folder: Path) -> InputError:
    return InputError(
        f"{path}: is a sweep, not one scenario; look at it with `datastrike sweep --status "
        f"{folder}` or `datastrike report {folder}`"
    )


def _text(path: Path) -> str:
    if path.suffix in (".yaml", ".yml"):
        raise InputError(
            f"{path}: YAML is not read, since it takes NO for false and 1e-3 for text; "
            "write TOML or JSON"
        )
    if path.suffix not in (".toml", ".json", ".py"):
        raise InputError(f"{path}: must be a .toml, .json or .py file, or the name of a scenario")
    try:
        size = path.stat().st_size
        most = MOST_BYTES.get(path.name, MOST_BYTES.get(path.suffix, 10**6))
        if size > most:
            raise InputError(f"{path}: is larger than {most // 10**6} MB, too large for a scenario")
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"{path}: does not exist") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: is not a text file in UTF-8") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None


def _json(text: str) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        name, times = next(iter(Counter(name for name, _ in pairs).most_common(1)), ("", 1))
        if times > 1:
            raise ValueError(f"{name!r} is given twice")
        return dict(pairs)

    def refuse(constant: str) -> None:
        raise ValueError(f"it has no number {constant}; infinite ones are 'inf' in quotes")

    return json.loads(text, object_pairs_hook=once, parse_constant=refuse)


def _uncapitalised(error: ValueError) -> str:
    text = str(error)
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _not_numbers(data: Any, path: str = "") -> Iterator[str]:
    """Yield the paths of what is not a number, with parts of lists by name."""
    if isinstance(data, float) and math.isnan(data):
        yield path.removeprefix(".")
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _not_numbers(value, f"{path}.{key}")
    elif isinstance(data, list):
        for number, value in enumerate(data):
            name = value.get("name", number) if isinstance(value, dict) else number
            yield from _not_numbers(value, f"{path}.{name}")
