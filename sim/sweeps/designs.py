"""Which points of the space of parameters a sweep plays: designs, each drawn from its seed.

Sampling is left to `scipy.stats.qmc` and SALib (Iwanaga, Usher & Herman 2022,
doi:10.18174/sesmo.18155).
"""

from __future__ import annotations

import csv
import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.loading.overrides import parse_value
from sim.sweeps.axes import Axis
from sim.words.messages import nearest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SAMPLES = 128
"""Of a drawn design, unless stated."""
ENDS = (0.05, 0.95)
"""Shares at which one-at-a-time takes a distribution: the central 90 %."""
LEVELS = 4
"""Of Morris' grid, as he recommends with few trajectories (doi:10.1080/00401706.1991.10484804)."""
MOST_BYTES = 10**8


@dataclass(frozen=True, eq=False)
class Drawn:
    """The points of a design.

    Parameters
    ----------
    kind : str
        Which design.
    points : list of dict
        Values by path.
    sampled : tuple of str
        Paths that were drawn together; indices are computed for these.
    shares : float64 (drawn, sampled)
        Where in its distribution each drawn value lies, in [0, 1].  With levers beside the
        uncertainties, every combination of levers takes the same draws, one after another.
    samples : int
        How often was drawn: the N of Sobol's and Morris' schemes.
    """

    kind: str
    points: list[dict[str, Any]]
    sampled: tuple[str, ...] = ()
    shares: Floats | None = field(default=None, repr=False)
    samples: int = 0


def draw(axes: Sequence[Axis], kind: str, samples: int | None, seed: int) -> Drawn:
    """Return the points of a design.

    Parameters
    ----------
    axes : list of Axis
        What is varied.  Where there are uncertainties to draw and levers with stated values,
        every combination of levers meets the same draws.
    kind : str
        ``grid``, ``oat`` (one at a time), ``lhs`` (Latin hypercube), ``sequence`` (Sobol's),
        ``sobol`` (Saltelli's scheme for Sobol's indices) or ``morris``.
    samples : int, optional
        How often to draw.
    seed : int
        Of the draws.

    Raises
    ------
    InputError
        If the design is unknown or does not fit what is varied.
    """
    if kind not in KINDS:
        raise InputError(f"design: unknown design {kind!r}; {nearest(kind, KINDS)}")
    if not axes:
        return Drawn("grid", [{}])
    if kind in STATED:
        return Drawn(kind, STATED[kind](axes))
    return _sampled(axes, kind, SAMPLES if samples is None else samples, seed)


def read_points(source: str | Path) -> Drawn:
    """Return the points in a CSV file: paths in the first line, one point on each other line.

    Raises
    ------
    InputError
        If the file cannot be read or a line has too many or too few values.
    """
    path = Path(source)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"{path}: is larger than {MOST_BYTES // 10**6} MB")
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = [line for line in csv.reader(file) if line]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: cannot be read as CSV ({error})") from None
    if len(lines) < 2:
        raise InputError(f"{path}: needs a line of paths and at least one line of values")
    head = [name.strip() for name in lines[0]]
    if len(set(head)) < len(head):
        raise InputError(f"{path}: names a path twice in its first line")
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(head):
            raise InputError(f"{path}:{number}: must have {len(head)} values, got {len(line)}")
    values = ([parse_value(text) for text in line] for line in lines[1:])
    return listed(dict(zip(head, point, strict=True)) for point in values)


def listed(points: Iterable[Mapping[str, Any]]) -> Drawn:
    """Return stated points as a design.

    Raises
    ------
    InputError
        If there are none, or they do not all name the same paths.
    """
    stated = [dict(point) for point in points]
    if not stated:
        raise InputError("design: needs at least one point")
    for number, point in enumerate(stated):
        differing = sorted(point.keys() ^ stated[0].keys())
        if differing:
            raise InputError(
                f"design: every point must name the same paths; point {number} differs in "
                f"{differing[0]}"
            )
    return Drawn("list", stated)


def _grid(axes: Sequence[Axis]) -> list[dict[str, Any]]:
    for axis in axes:
        if axis.spread is not None:
            raise InputError(
                f"{axis.path}: a grid needs values; list them, write low:high:number, or choose "
                "a design that draws (lhs, sequence, sobol, morris)"
            )
    combined = itertools.product(*(axis.levels for axis in axes))
    return [dict(zip((a.path for a in axes), levels, strict=True)) for levels in combined]


def _one_at_a_time(axes: Sequence[Axis]) -> list[dict[str, Any]]:
    """Return the scenario as it is, then with each axis alone at its other values."""
    import numpy as np

    middle = {axis.path: axis.middle for axis in axes}
    points = [middle]
    for axis in axes:
        others = axis.levels if axis.spread is None else axis.at(np.array(ENDS))
        points += [{**middle, axis.path: v} for v in others if v != middle[axis.path]]
    return points


def _sampled(axes: Sequence[Axis], kind: str, samples: int, seed: int) -> Drawn:
    uncertain = [axis for axis in axes if axis.role == "uncertainty"]
    drawn = uncertain or list(axes)
    crossed = _grid([axis for axis in axes if axis not in drawn])
    if samples < 1:
        raise InputError(f"samples: must be at least 1, got {samples}")
    shares = SAMPLED[kind](len(drawn), samples, seed).clip(0.0, 1.0 - 2.0**-53)
    columns = {a.path: a.at(shares[:, number]) for number, a in enumerate(drawn)}
    tuples = list(zip(*columns.values(), strict=True))
    points = [
        {**levers, **dict(zip(columns, values, strict=True))}
        for levers in crossed
        for values in tuples
    ]
    return Drawn(kind, points, tuple(columns), shares, samples)


def _latin_hypercube(axes: int, samples: int, seed: int) -> Floats:
    from scipy.stats import qmc

    drawn: Floats = qmc.LatinHypercube(axes, rng=seed).random(samples)
    return drawn


def _sequence(axes: int, samples: int, seed: int) -> Floats:
    from scipy.stats import qmc

    _power_of_two(samples)
    drawn: Floats = qmc.Sobol(axes, rng=seed).random(samples)
    return drawn


def _saltelli(axes: int, samples: int, seed: int) -> Floats:
    from SALib.sample import sobol

    _power_of_two(samples)
    drawn: Floats = sobol.sample(problem(axes), samples, calc_second_order=False, seed=seed)
    return drawn


def _morris(axes: int, samples: int, seed: int) -> Floats:
    from SALib.sample import morris

    if axes < 2:
        raise InputError(
            "design: morris compares paths, so it needs two or more; give another (--uncertain), "
            "or vary one along a grid (--vary path=low:high:number)"
        )
    drawn: Floats = morris.sample(problem(axes), samples, num_levels=LEVELS, seed=seed)
    return drawn


def problem(axes: int) -> dict[str, Any]:
    """Return the axes as SALib takes them, all from 0 to 1."""
    names = [str(number) for number in range(axes)]
    return {"num_vars": axes, "names": names, "bounds": [[0.0, 1.0]] * axes}


def _power_of_two(samples: int) -> None:
    if samples & (samples - 1):
        above = 2 ** math.ceil(math.log2(samples))
        raise InputError(
            f"samples: Sobol's sequence is only balanced with a power of two, got {samples}; "
            f"take {above // 2} or {above}"
        )


STATED: dict[str, Callable[[Sequence[Axis]], list[dict[str, Any]]]] = {
    "grid": _grid,
    "oat": _one_at_a_time,
}
SAMPLED: dict[str, Callable[[int, int, int], Floats]] = {
    "lhs": _latin_hypercube,
    "sequence": _sequence,
    "sobol": _saltelli,
    "morris": _morris,
}
KINDS = (*STATED, *SAMPLED)
