"""Strikes of code communities: whole communities foretold from random and mixed strikes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sim.validation import code_strikes as model
from sim.validation.check import Check, but
from sim.validation.code_strikes import Effects, Strikes
from sim.validation.evidence.files import NoTableError, headers
from sim.validation.expected import Above, Below, Between

SOURCE = "runs: byte 10-gram model of 65 Python packages in five communities"
NAMES, MEASURE = ("sci", "web", "dev", "net", "gfx"), "bpb"
WHOLE = Effects(own=(0.271, 0.177, 0.122, 0.075, 0.162), other=(0.030, 0.017, 0.019, 0.003, 0.019))
"""Measured in runs with one community gone (bits per byte), where the tables have none of them."""
POOLED = but("only the total counts", form="pooled")


def checks(folder: Path) -> tuple[Check, ...]:
    """Return the checks of every set of tables in a folder."""
    found = strikes(folder)
    if not found:
        raise NoTableError(
            "no table with columns D_NAME and MEASURE_NAME for two or more communities"
        )
    return tuple(check for each in found for check in _checks(each))


def strikes(folder: Path) -> list[Strikes]:
    """Return the tables with the same communities and measure together."""
    groups: dict[tuple[tuple[str, ...], str], list[Path]] = {}
    for path, columns in headers(folder):
        names = tuple(name.removeprefix("D_") for name in columns if name.startswith("D_"))
        for measure in _measures(columns, names):
            groups.setdefault((names, measure), []).append(path)
    return [Strikes(tuple(paths), *key) for key, paths in groups.items()]


def _measures(columns: tuple[str, ...], names: tuple[str, ...]) -> list[str]:
    if len(names) < 2:
        return []
    stems = {name.removesuffix(f"_{names[0]}") for name in columns if name.endswith(names[0])}
    stems -= {"D", *columns}
    return [stem for stem in sorted(stems) if {f"{stem}_{name}" for name in names} <= {*columns}]


def _checks(strikes: Strikes) -> Iterator[Check]:
    given = {"strikes": strikes}
    title = strikes.tables[0].name
    yield Check(
        f"{title}: R2 of strikes left out",
        Above(0.95),
        model.strike_score,
        given,
        POOLED,
        SOURCE,
        "R",
    )
    yield from _of_communities(strikes, title)
    for which in ("least", "most"):
        yield Check(
            f"{title}: together over tenths, {which}",
            Between(1.4, 2.5),
            model.together_over_apart,
            {**given, "which": which},
            but("linear in the data", form="linear"),
            SOURCE,
            "R",
        )


def _of_communities(strikes: Strikes, title: str) -> Iterator[Check]:
    measured = None
    if not model.has_communities_leaving(strikes):
        if (strikes.names, strikes.measure) != (NAMES, MEASURE):
            return
        measured = WHOLE
    given = {"strikes": strikes, "measured": measured}
    yield Check(
        f"{title}: harm to a community's own, worst",
        Below(0.25),
        model.worst_own_error,
        given,
        POOLED,
        SOURCE,
        "R",
    )
    yield Check(
        f"{title}: communities' harm, error",
        Below(0.02),
        model.effect_error,
        given,
        POOLED,
        SOURCE,
        "R",
    )
