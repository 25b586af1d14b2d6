"""Presets as files: read by hand or by `load`, written by a calibration."""

from __future__ import annotations

import json
import os
import tempfile
import tomllib
from pathlib import Path

from pydantic import ValidationError

from sim.capability.preset import Preset
from sim.errors import InputError


def read_preset(path: str | Path) -> Preset:
    """Return the preset in a TOML or JSON file.

    Raises
    ------
    InputError
        If there is no such file or it does not hold a preset.
    """
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8")
        data = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
        return Preset.model_validate(data)
    except OSError as problem:
        raise InputError(f"preset file {file} cannot be read: {problem.strerror}") from problem
    except ValidationError as problem:
        first = problem.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise InputError(f"preset file {file}, {place}: {first['msg']}") from problem
    except (ValueError, RecursionError) as problem:
        raise InputError(
            f"preset file {file} is not valid {file.suffix[1:].upper()}: {problem}"
        ) from problem


def write_preset(preset: Preset, path: str | Path) -> Path:
    """Write a preset to a TOML or JSON file and return its path; the file appears whole."""
    file = Path(path)
    data = preset.to_data()
    if file.suffix == ".json":
        text = json.dumps(data, indent=2) + "\n"
    elif file.suffix == ".toml":
        import tomli_w

        text = tomli_w.dumps(data)
    else:
        raise InputError(f"a preset file ends in .toml or .json, not {file.name!r}")
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=file.parent, prefix=f".{file.name}-", delete=False
    ) as temporary:
        temporary.write(text)
        temporary.flush()
        os.fsync(temporary.fileno())
    Path(temporary.name).replace(file)
    return file
