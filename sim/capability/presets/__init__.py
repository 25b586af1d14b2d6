"""Presets of the capability surrogate, one in each file; found by looking into this folder."""

from __future__ import annotations

import importlib
import pkgutil
from difflib import get_close_matches

from sim.capability.preset import Preset
from sim.errors import InputError


def known() -> dict[str, Preset]:
    """Return every preset by name."""
    modules = (
        importlib.import_module(f"{__name__}.{module.name}")
        for module in pkgutil.iter_modules(__path__)
        if not module.name.startswith("_")
    )
    return {module.PRESET.name: module.PRESET for module in modules}


def load(name: str) -> Preset:
    """Return a preset by its name or by the path of a preset file.

    Hyphens, underscores and capitals are alike in names.

    Raises
    ------
    InputError
        If there is no such preset, with the nearest name; or if the file cannot be used.
    """
    if name.endswith((".toml", ".json")):
        from sim.capability.preset_files import read_preset

        return read_preset(name)
    wanted = name.lower().replace("-", "_").replace(" ", "_")
    names = {
        alias: preset for preset in known().values() for alias in (preset.name, *preset.aliases)
    }
    if wanted in names:
        return names[wanted]
    near = get_close_matches(wanted, names, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(known()))}"
    raise InputError(f"unknown preset {name!r}; {hint}")
