"""From a table of training runs to a preset file with its provenance."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.capability.fit_problem import Mode
from sim.capability.fitting import fit
from sim.capability.preset import Constant, Preset
from sim.capability.preset_files import write_preset
from sim.capability.presets._unmeasured import UNMEASURED
from sim.capability.surrogate import Floor, Surrogate
from sim.capability.tables import read_csv
from sim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from sim.capability.fit_result import Fit


class Calibration(NamedTuple):
    """What a calibration made."""

    preset: Preset
    fit: Fit
    path: Path | None


def calibrate(
    table: str | Path,
    out: str | Path | None = None,
    *,
    data: Sequence[str] | None = None,
    losses: Sequence[str] | None = None,
    mode: Mode = "shared",
    higher_is_better: bool = False,
    null: float | None = None,
    name: str | None = None,
    unit: str = "of the runs",
    draws: int = 50,
    seed: int = 0,
    **options: Any,
) -> Calibration:
    """Fit the surrogate to a CSV file of runs and write it as a preset.

    Parameters
    ----------
    table
        CSV with a row for each run: columns ``D_NAME`` with each community's data, and what
        was measured on each community's domain in columns that end in ``_NAME``.
    out
        Preset file to write, ``.toml`` or ``.json``; none unless given.
    data, losses
        Columns, where they are named otherwise.
    mode, higher_is_better, options
        As in `sim.capability.fit`.
    null
        Measure of a model that learnt nothing, for data-leverage power.
    name, unit
        Of the preset and of its losses.
    draws
        Refits for the ranges of the constants.
    seed
        Of splits and refits.

    Raises
    ------
    InputError
        If the file cannot be read, columns are missing or the runs cannot be fitted.
    """
    path = Path(table)
    runs = _read(path)
    amounts = _columns(runs, data, path, "D_")
    names = [_community(column) for column in amounts]
    measured = _columns(runs, losses, path, None) if losses else _measures(runs, names, path)
    own = [_own(column, names, len(measured)) for column in measured]
    found = fit(
        runs[amounts].to_numpy(), runs[measured].to_numpy(), own, names, mode, higher_is_better,
        seed=seed, **options,
    )  # fmt: skip
    constants: dict[str, Any] = {"unit": unit, "communities": tuple(names)}
    if null is not None:
        loss = float(null if found.problem.ceiling is None else found.problem.ceiling - null)
        constants["floor"] = Floor(loss=loss, what="stated with the runs", source=path.name)
    if mode == "recommender":
        constants["mode"] = mode
        constants["unserved_loss"] = float(np.mean([one.unserved for one in found.solution.own]))
    surrogate = found.surrogate(**constants)
    preset = Preset(
        name=name or _name(path.stem),
        question="What the runs of the table are about.",
        surrogate=surrogate,
        constants=_ranges(found, surrogate, constants, draws, seed) | UNMEASURED,
        source=_provenance(path, found),
        limits=_limits(found),
    )
    return Calibration(preset, found, write_preset(preset, out) if out else None)


def _read(path: Path) -> pd.DataFrame:
    try:
        return read_csv(path)
    except OSError as problem:
        raise InputError(f"table {path} cannot be read: {problem.strerror}") from problem
    except (ValueError, UnicodeDecodeError) as problem:
        raise InputError(f"table {path} is not a CSV table: {problem}") from problem


def _columns(
    runs: pd.DataFrame, stated: Sequence[str] | None, path: Path, prefix: str | None
) -> list[str]:
    if stated is not None:
        missing = [column for column in stated if column not in runs.columns]
        if missing:
            raise InputError(
                f"table {path} has no column {missing[0]!r}; it has: {', '.join(runs.columns)}"
            )
        return list(stated)
    found = [column for column in runs.columns if prefix and column.startswith(prefix)]
    if not found:
        raise InputError(
            f"table {path} has no columns {prefix}NAME with each community's data: name them "
            "with `data`"
        )
    return found


def _measures(runs: pd.DataFrame, names: list[str], path: Path) -> list[str]:
    """Return the columns PREFIX_NAME of the one prefix, other than D, that has all the names."""
    stems = {
        column[: -len(names[0]) - 1] for column in runs.columns if column.endswith(f"_{names[0]}")
    }
    stems -= {"D"}
    whole = [
        stem for stem in sorted(stems) if all(f"{stem}_{name}" in runs.columns for name in names)
    ]
    if len(whole) != 1:
        what = "no" if not whole else f"more than one ({', '.join(whole)})"
        raise InputError(
            f"table {path} has {what} set of columns PREFIX_NAME with a measure for each of "
            f"{', '.join(names)}: name the columns with `losses`"
        )
    return [f"{whole[0]}_{name}" for name in names]


def _community(column: str) -> str:
    return _name(column.removeprefix("D_"))


def _name(text: str) -> str:
    plain = "".join(c if c.isalnum() and c.isascii() else "_" for c in text.lower()).strip("_")
    return plain if plain[:1].isalpha() else f"runs_{plain}".rstrip("_")


def _own(column: str, names: list[str], targets: int) -> int | None:
    if targets == len(names) == 1:
        return 0
    return next((i for i, name in enumerate(names) if _name(column).endswith(f"_{name}")), None)


def _ranges(
    found: Fit, surrogate: Surrogate, constants: dict[str, Any], draws: int, seed: int
) -> dict[str, Constant]:
    refits = [one.surrogate(**constants) for one in found.resampled(draws, seed)]
    paths = ["rho", "beta", "d0", "phi"]
    paths += [f"transfer.{field}" for field in ("tau", "receptivity", "generality", "rows")]
    source = f"refits to {draws} resamples of the runs"
    ranges = {}
    for path in paths:
        if path.removeprefix("transfer.") in type(_parent(surrogate, path)).model_fields:
            ranges[path] = _range(path, surrogate, refits, source)
    return ranges


def _range(path: str, surrogate: Surrogate, refits: list[Surrogate], source: str) -> Constant:
    value = np.asarray(_value(surrogate, path), dtype=np.float64)
    drawn = np.array([np.asarray(_value(refit, path), dtype=np.float64) for refit in refits])
    share = path == "phi"
    if value.ndim:
        drawn, value = _odds(drawn, share), _odds(value, share)
        drawn = np.divide(drawn, value, out=np.ones_like(drawn), where=value > 0.0)
        value = np.array(1.0)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Constant(
        low=float(min(low, value)),
        high=float(max(high, value)),
        source=source,
        evidence="measured",
        shape="logit" if share else "log",
    )


def _odds(values: Any, share: bool) -> Any:
    return values / (1.0 - values) if share else values


def _parent(surrogate: Surrogate, path: str) -> Any:
    return surrogate.transfer if path.startswith("transfer.") else surrogate


def _value(surrogate: Surrogate, path: str) -> Any:
    return getattr(_parent(surrogate, path), path.removeprefix("transfer."))


def _provenance(path: Path, found: Fit) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    return (
        f"{len(found.problem.data)} runs of {path.name} (sha256 {digest}), form {found.form}, "
        f"held-out R2 {found.cv_score:.3f}"
    )


def _limits(found: Fit) -> str:
    totals = found.problem.data.sum(axis=1)
    return (
        f"Fitted to {100.0 * totals.min():.0f} to 100 % of the largest corpus; beyond, the form "
        "is extrapolated"
    )
