"""Random strikes against classifiers: presets between the deciles of many learning curves."""

from __future__ import annotations

from pathlib import Path

from sim.validation import error_quantiles as model
from sim.validation.check import Check, but
from sim.validation.evidence.files import NoTableError, with_columns
from sim.validation.expected import Exactly

SOURCE = "quantiles: over the learning curves of LCDB 1.1 (CC BY 4.0)"


def checks(folder: Path) -> tuple[Check, ...]:
    """Return the checks of every table in a folder."""
    tables = with_columns(folder, "strike", "rel_q10", "rel_q90")
    if not tables:
        raise NoTableError("no table with columns strike, rel_q10 and rel_q90")
    return tuple(
        Check(
            f"{path.name}: {preset}, share between deciles",
            Exactly(1.0),
            model.share_between_deciles,
            {"table": path, "preset": preset},
            but("ten times the rise", times=10.0),
            SOURCE,
            "R",
        )
        for path in tables
        for preset in ("cifar10", "toxic_comments")
    )
