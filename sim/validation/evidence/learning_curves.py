"""Learning curves: every point foretold from the others."""

from __future__ import annotations

from pathlib import Path

from sim.validation import learning_curves as model
from sim.validation.check import Check, but
from sim.validation.evidence.files import NoTableError, with_columns
from sim.validation.expected import Below

SOURCE = "criterion: 3 % of a curve's range; curves: Vincent & Hecht 2021, doi:10.1145/3449177"
OTHER = {
    "shared": ("those without data are not served", "recommender"),
    "recommender": ("those without data are served all the same", "shared"),
}


def checks(folder: Path) -> tuple[Check, ...]:
    """Return the check of every curve in a folder."""
    tables = with_columns(folder, "frac", "small")
    if not tables:
        raise NoTableError("no table with columns frac and small")
    return tuple(_check(path) for path in tables)


def _check(path: Path) -> Check:
    mode = model.better_mode(path)
    wrong, other = OTHER[mode]
    return Check(
        f"{path.name}: points left out, {mode}",
        Below(0.03),
        model.curve_error,
        {"table": path, "mode": mode},
        but(wrong, mode=other),
        SOURCE,
        "R",
    )
