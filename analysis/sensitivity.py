"""Which parameters an outcome depends on: Sobol's, Morris' and PAWN's indices of a saved sweep.

The indices are SALib's (Iwanaga, Usher & Herman 2022, doi:10.18174/sesmo.18155), of the mean
over replications.  SALib answers one missing value with indices of zero, so nothing is handed
to it unless every run is there.

References
----------
Sobol 2001, doi:10.1016/S0378-4754(00)00270-6, and Saltelli et al. 2010,
doi:10.1016/j.cpc.2009.09.018 (``S1``, ``ST``); Morris 1991, doi:10.1080/00401706.1991.10484804,
and Campolongo et al. 2007, doi:10.1016/j.envsoft.2006.10.004 (``mu_star``, ``sigma``);
Pianosi & Wagener 2018, doi:10.1016/j.envsoft.2018.07.019 (PAWN's ``median``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis import style
from sim.errors import InputError
from sim.sweeps.designs import LEVELS, problem
from sim.sweeps.summaries import summary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.sweeps.columns import Design
    from sim.sweeps.saved import Sweep
    from sim.sweeps.summaries import Summary

    Floats = NDArray[np.float64]

WIDE = 0.1
"""Width of an index's 95 % interval from which on it says little."""
FEW = 10
"""Points to each of PAWN's slices below which its distances are mostly chance."""
UNSURE = 0.5
"""Half-width of a mean effect's interval, by the largest mean effect, that says little."""
RESAMPLES = 200
SLICES = 10
"""Intervals on which PAWN conditions each parameter."""
METHODS = {"sobol": "sobol", "morris": "morris", "lhs": "pawn", "sequence": "pawn"}
"""By design."""
MAIN = {"sobol": ("ST", "ST_conf"), "morris": ("mu_star", "mu_star_conf"), "pawn": ("median", None)}
"""By which column parameters are ranked, and its interval's half-width."""
COLUMNS = {
    "sobol": {
        "S1": "share of the variance that the parameter explains alone",
        "ST": "share that it explains alone or together with others",
        "S1_conf, ST_conf": "half-widths of their 95 % intervals",
    },
    "morris": {
        "mu": "mean change of the outcome from the parameter's lowest to its highest value",
        "mu_star": "mean size of this change, whatever its sign: the larger, the more it matters",
        "mu_star_conf": "half-width of its 95 % interval",
        "sigma": "standard deviation of the changes: large where effects bend or interact",
    },
    "pawn": {
        "minimum, median, maximum": "largest distance between the outcome's distribution and that "
        "with the parameter held, over slices of its range (0: none, 1: wholly apart)",
    },
}
"""What they are."""


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """How an outcome depends on what was drawn together.

    Parameters
    ----------
    outcome, method : str
        Of what, and whose indices.
    table : pandas.DataFrame
        One row for each parameter, the most important first.
    levers : dict
        Values of the levers at which this holds.
    points, distinct, replications : int
        What it rests on; whole numbers, and designs with few levels, repeat points.
    noise : float
        Share of the variance of single runs that comes from their seeds.
    warnings : tuple of str
        What keeps the indices from being trusted.
    """

    outcome: str
    method: str
    table: pd.DataFrame
    levers: dict[str, Any]
    points: int
    distinct: int
    replications: int
    noise: float
    warnings: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        """Return the same as plain data."""
        rows = self.table.reset_index().to_dict("records")
        parts = {name: getattr(self, name) for name in self.__dataclass_fields__}
        noise = None if np.isnan(self.noise) else self.noise
        return {**parts, "table": rows, "warnings": list(self.warnings), "noise": noise}

    def lines(self) -> list[str]:
        """Return the same for people to read."""
        at = ", ".join(f"{path}={value}" for path, value in self.levers.items())
        told = f"{self.outcome}{f' at {at}' if at else ''}: {self.method}, {self.told_points()}"
        noise = "not known" if np.isnan(self.noise) else f"{self.noise:.0%}"
        many = "replication" if self.replications == 1 else "replications"
        return [
            f"{told}, {self.replications} {many} (variance from seeds: {noise})",
            self.table.to_string(float_format=lambda value: f"{value:.3f}"),
            *(f"  {name}: {text}" for name, text in COLUMNS[self.method].items()),
            *(f"Caution: {warning}" for warning in self.warnings),
        ]

    def told_points(self) -> str:
        """Say how many points there are, and how many of these differ."""
        if self.distinct == self.points:
            return f"{self.points:,} points"
        return f"{self.points:,} points of which {self.distinct:,} differ"


def sensitivity(sweep: Sweep, outcome: str, method: str | None = None) -> list[Sensitivity]:
    """Return the indices of an outcome, one set for each combination of levers.

    Parameters
    ----------
    sweep : Sweep
        A sweep with a drawn design; of several the last counts.
    outcome : str
        Name of an outcome, or ``effect.NAME``.
    method : str, optional
        ``sobol``, ``morris`` or ``pawn``: what the design was drawn for unless given.

    Raises
    ------
    InputError
        If no design was drawn, it does not serve the method, or a run is missing or failed.
    """
    design = _drawn(sweep)
    suited = METHODS[design.about["kind"]]
    method = suited if method is None else method
    if method not in (suited, "pawn"):
        raise InputError(
            f"method: the design {design.about['kind']} serves {suited} or pawn, not {method}"
        )
    found = summary(sweep, outcome, design)
    assert design.shares is not None
    size = len(design.shares)
    return [
        _at_levers(outcome, method, design, found, begin)
        for begin in range(0, len(design.points), size)
    ]


@style.styled
def figure(found: Sensitivity) -> Figure:
    """Draw the indices as bars with their 95 % intervals."""
    main, interval = MAIN[found.method]
    table = found.table.iloc[::-1]
    drawn = Figure(figsize=(style.COLUMN * 1.4, 0.9 + 0.3 * len(table)))
    drawn.set_layout_engine("constrained")
    axes = drawn.add_subplot()
    errors = None if interval is None else table[interval]
    axes.barh(table.index, table[main], xerr=errors, color=style.BLUE, ecolor=style.BLACK)
    axes.set_xlabel({"ST": "total index", "mu_star": "mean |effect|"}.get(main, "KS distance"))
    axes.set_title(found.outcome)
    rests_on = f"{found.told_points()}, {found.replications} replications each"
    style.footnote(drawn, [f"{found.method}: {rests_on}; bars hold 95 %."])
    return drawn


def _drawn(sweep: Sweep) -> Design:
    for design in reversed(sweep.designs):
        if design.about["kind"] in METHODS and design.shares is not None:
            return design
    raise InputError(
        f"{sweep.folder}: indices need a drawn design; sweep with --design sobol, morris, lhs or "
        "sequence"
    )


def _at_levers(
    outcome: str, method: str, design: Design, found: Summary, begin: int
) -> Sensitivity:
    assert design.shares is not None
    here = slice(begin, begin + len(design.shares))
    means, noise = found.part(here).mean, found.part(here).noise
    if np.ptp(means) == 0.0:
        raise InputError(f"{outcome}: is {means[0]:g} at every point, so nothing explains it")
    sampled = design.about["sampled"]
    columns = _INDICES[method](design.shares, means)
    main, _ = MAIN[method]
    table = pd.DataFrame(columns, index=pd.Index(sampled, name="parameter"))
    levers = {
        path: value for path, value in design.points.changes(begin).items() if path not in sampled
    }
    return Sensitivity(
        outcome=outcome,
        method=method,
        table=table.sort_values(main, ascending=False),
        levers=levers,
        points=means.size,
        distinct=np.unique(design.points.digests[here]).size,
        replications=found.replications,
        noise=noise,
        warnings=tuple(_cautions(method, table, noise, means.size)),
    )


def _sobol(shares: Floats, means: Floats) -> dict[str, Floats]:
    from SALib.analyze import sobol

    found = sobol.analyze(
        problem(shares.shape[1]),
        means,
        calc_second_order=False,
        num_resamples=RESAMPLES,
        seed=0,
    )
    return {name: np.asarray(found[name]) for name in ("S1", "S1_conf", "ST", "ST_conf")}


def _morris(shares: Floats, means: Floats) -> dict[str, Floats]:
    from SALib.analyze import morris

    found = morris.analyze(problem(shares.shape[1]), shares, means, num_levels=LEVELS, seed=0)
    names = ("mu", "mu_star", "mu_star_conf", "sigma")
    return {name: np.asarray(found[name], dtype=float) for name in names}


def _pawn(shares: Floats, means: Floats) -> dict[str, Floats]:
    from SALib.analyze import pawn

    found = pawn.analyze(problem(shares.shape[1]), shares, means, S=SLICES)
    return {name: np.asarray(found[name]) for name in ("minimum", "median", "maximum")}


_INDICES = {"sobol": _sobol, "morris": _morris, "pawn": _pawn}


def _cautions(method: str, table: pd.DataFrame, noise: float, points: int) -> list[str]:
    told = []
    if method == "morris":
        unsure = table[table["mu_star_conf"] > UNSURE * table["mu_star"].max()]
        if len(unsure):
            names = ", ".join(unsure.index)
            told.append(f"mu_star of {names} is known too roughly to rank; draw more samples")
    if method == "pawn" and points < FEW * SLICES:
        told.append(f"{points:,} points are too few for {SLICES} slices; draw more samples")
    if method == "sobol":
        for index in ("S1", "ST"):
            wide = table[2.0 * table[f"{index}_conf"] > WIDE]
            if len(wide):
                names = ", ".join(wide.index)
                told.append(f"{index} of {names} has not converged; draw more samples")
        negative = table[table["S1"] < -table["S1_conf"]]
        if len(negative):
            told.append(f"S1 of {', '.join(negative.index)} is negative; draw more samples")
    if not np.isnan(noise) and noise > 0.5:
        told.append("most of the variance of single runs comes from their seeds")
    return told
