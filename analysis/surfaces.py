"""How an outcome responds to levers: surfaces with their uncertainty, and where regimes meet.

Points of a grid are summed up over replications; nothing is interpolated but the place at
which an outcome crosses a level.  For drawn designs `emulator` fits a smooth surface.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis import spread, style
from sim.answers.sentences import FEW
from sim.errors import InputError
from sim.sweeps.summaries import EFFECT, values_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from sim.sweeps.saved import Sweep

    Floats = NDArray[np.float64]
    Where = Mapping[str, Any] | None

NORMAL_95 = 1.959963984540054
LEVEL = 0.5
ENDS = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
"""Quantiles over replications."""


def surface(sweep: Sweep, outcome: str, by: Sequence[str], where: Where = None) -> pd.DataFrame:
    """Return an outcome over replications at each combination of some parameters.

    Parameters
    ----------
    sweep : Sweep
        What was played.
    outcome : str
        Name of an outcome, or ``effect.NAME`` for its paired difference between the arms.
    by : list of str
        Parameters; all others that were varied must be fixed by ``where``.
    where : dict, optional
        Which runs, as for `Sweep.table`.

    Returns
    -------
    pandas.DataFrame
        The parameters, ``runs``, ``mean``, ``standard_error``, the 95 % interval of the mean
        (``low``, ``high``: Wilson 1927, doi:10.1080/01621459.1927.10502953, where every value
        is 0 or 1) and quantiles over replications (``q00``, the lowest, ``q05`` to ``q95``, and
        ``q100``).

    Raises
    ------
    InputError
        If another parameter varies, or a run failed.
    """
    runs = values_of(sweep, outcome, where)
    for path in sweep.parameters:
        if path not in by and runs[path].nunique(dropna=False) > 1:
            raise InputError(f"{path}: varies as well; fix it with where, or look at it, too")
    shares = bool(runs["value"].isin((0.0, 1.0)).all()) and not outcome.startswith(EFFECT)
    rows = []
    for place, group in runs.groupby(list(by), dropna=False, sort=True)["value"]:
        rows.append((*place, *_summed(group.to_numpy(dtype=float), shares)))
    quantiles = [f"q{round(100 * end):02d}" for end in ENDS]
    names = [*by, "runs", "mean", "standard_error", "low", "high", *quantiles]
    return pd.DataFrame(rows, columns=names)


def boundary(found: pd.DataFrame, along: str, level: float = LEVEL) -> pd.DataFrame:
    """Return where the mean of a surface crosses a level along one parameter.

    Parameters
    ----------
    found : pandas.DataFrame
        From `surface`.
    along : str
        Parameter, a number.
    level : float
        What separates the regimes, for example half of all starts becoming cascades.

    Returns
    -------
    pandas.DataFrame
        One row for each crossing: the other parameters, ``at``, and between which values the
        bounds of the mean's 95 % interval cross (``low``, ``high``; open ends are infinite).
    """
    others = [name for name in found.columns[: found.columns.get_loc("runs")] if name != along]
    groups = found.groupby(others, dropna=False) if others else [((), found)]
    rows: list[tuple[Any, ...]] = []
    for place, group in groups:
        ordered = group.sort_values(along)
        x = ordered[along].to_numpy(dtype=float)
        bounds = [_crossings(x, ordered[name].to_numpy(), level) for name in ("low", "high")]
        either = np.concatenate(bounds)
        crossings = _crossings(x, ordered["mean"].to_numpy(), level)
        rows += [(*place, at, *_around(at, either)) for at in crossings.tolist()]
    return pd.DataFrame(rows, columns=[*others, "at", "low", "high"])


@style.styled
def phase_diagram(
    sweep: Sweep, outcome: str, x: str, y: str, where: Where = None, level: float = LEVEL
) -> Figure:
    """Draw the mean of an outcome over two parameters, and where it crosses a level.

    Cells whose 95 % interval is wider than a tenth of the range of colours have a dot.
    """
    found = surface(sweep, outcome, [x, y], where)
    grid = found.pivot(index=y, columns=x, values="mean")
    figure, axes = _panel()
    drawn = axes.pcolormesh(
        grid.columns, grid.index, grid.to_numpy(), cmap="cividis", shading="nearest"
    )
    wide = found[found["high"] - found["low"] > 0.1 * float(np.ptp(found["mean"]))]
    axes.plot(wide[x], wide[y], ".", color=style.GREY, markersize=2)
    edge = boundary(found, y, level)
    axes.plot(edge[x], edge["at"], "o", color=style.VERMILION, markersize=3)
    axes.set(xlabel=x, ylabel=y)
    style.colour_bar(figure, drawn, outcome)
    marks = f"orange: where the mean crosses {level:g}" * (not edge.empty)
    dots = "grey: the 95 % interval is wider than a tenth of the colours' range" * (not wide.empty)
    told = "; ".join(filter(None, (marks, dots)))
    style.footnote(figure, [_rests_on(sweep, found), *filter(None, [told[:1].upper() + told[1:]])])
    return figure


@style.styled
def response(
    sweep: Sweep, outcome: str, x: str, by: str | None = None, where: Where = None
) -> Figure:
    """Draw an outcome along one parameter: its mean, and its replications as a band.

    The band holds 90 % of the replications, or all where they are few.
    """
    found = surface(sweep, outcome, [x] if by is None else [by, x], where)
    figure, axes = _panel()
    runs = int(found["runs"].min())
    low, high = ("q00", "q100") if runs < FEW else ("q05", "q95")
    held: str | None = f"areas: {spread.told(runs)}"
    groups = [("", found)] if by is None else found.groupby(by, dropna=False)
    for name, group in groups:
        label = f"{by} = {name}" if by else "mean" if runs > 1 else spread.told(runs)
        (line,) = axes.plot(group[x], group["mean"], marker="o", markersize=3, label=label)
        if runs > 1:
            colour = line.get_color()
            axes.fill_between(
                group[x], group[low], group[high], color=colour, alpha=0.2, linewidth=0, label=held
            )
            held = None
    axes.set(xlabel=x, ylabel=outcome)
    style.legend_below(axes)
    between = "Only the points were played; lines and areas between them are straight."
    style.footnote(figure, [_rests_on(sweep, found), between])
    return figure


@dataclass(frozen=True, eq=False)
class Emulator:
    """A smooth surface through the means of a drawn design (a Gaussian process).

    Parameters
    ----------
    parameters : tuple of str
        What it depends on.
    held_out : float
        Share of the variance that it explains at points it has not seen (five folds).
    """

    parameters: tuple[str, ...]
    held_out: float
    _low: Floats
    _span: Floats
    _process: Any

    def predict(self, points: pd.DataFrame) -> pd.DataFrame:
        """Return ``mean`` and ``sd`` at points given by their parameters."""
        given = (points[list(self.parameters)].to_numpy(dtype=float) - self._low) / self._span
        mean, sd = self._process.predict(given, return_std=True)
        return pd.DataFrame({"mean": mean, "sd": sd}, index=points.index)


def emulator(sweep: Sweep, outcome: str, where: Where = None) -> Emulator:
    """Fit a smooth surface to an outcome over all numeric parameters.

    Kriging with the replications' error as its nugget (Ankenman, Nelson & Staum 2010,
    doi:10.1287/opre.1090.0754), through scikit-learn.

    Raises
    ------
    InputError
        If scikit-learn is not installed, or nothing numeric varies.
    """
    try:
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.gaussian_process import GaussianProcessRegressor
        from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
        from sklearn.model_selection import cross_val_predict
    except ImportError:
        raise InputError("scikit-learn is not installed: pip install scikit-learn") from None
    runs = values_of(sweep, outcome, where)
    numeric = runs[list(sweep.parameters)].select_dtypes("number")
    names = [str(name) for name in numeric if numeric[name].nunique() > 1]
    if not names:
        raise InputError(f"{sweep.folder}: no parameter that is a number varies")
    points = runs.groupby(names)["value"].agg(["mean", "var", "size"]).reset_index()
    x = points[names].to_numpy(dtype=float)
    low, span = x.min(axis=0), np.ptp(x, axis=0)
    x = (x - low) / span
    y = points["mean"].to_numpy()
    spread = (points["var"] / points["size"]).mean() / max(y.var(), 1e-300)
    kernel = ConstantKernel() * RBF(np.ones(len(names)))
    known = {"alpha": max(spread, 1e-9)} if np.isfinite(spread) else {}
    if not known:  # one replication: how much is chance is fitted as well
        kernel += WhiteKernel(1e-3, (1e-12, 1.0))
    process = GaussianProcessRegressor(kernel, normalize_y=True, random_state=0, **known)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a length that does not matter
        guessed = cross_val_predict(process, x, y, cv=5)
        process.fit(x, y)
    held_out = 1.0 - float(((guessed - y) ** 2).mean() / max(y.var(), 1e-300))
    return Emulator(tuple(names), held_out, low, span, process)


def _panel() -> tuple[Figure, Axes]:
    """Return a figure of one panel with room for a footnote."""
    figure = Figure(figsize=(style.COLUMN * 1.3, style.COLUMN))
    figure.set_layout_engine("constrained")
    return figure, figure.add_subplot()


def _summed(values: Floats, shares: bool) -> tuple[float, ...]:
    size, mean = values.size, float(values.mean())
    error = float(values.std(ddof=1) / np.sqrt(size)) if size > 1 else np.nan
    low, high = (mean - NORMAL_95 * error, mean + NORMAL_95 * error)
    if shares:
        from scipy.stats import binomtest

        low, high = binomtest(round(values.sum()), size).proportion_ci(method="wilson")
    return (size, mean, error, low, high, *np.quantile(values, ENDS))


def _crossings(x: Floats, values: Floats, level: float) -> Floats:
    """Return where a line through points crosses a level."""
    above = values - level
    turns = np.flatnonzero((above[:-1] < 0.0) != (above[1:] < 0.0))
    share = above[turns] / (above[turns] - above[turns + 1])
    crossings: Floats = x[turns] + share * (x[turns + 1] - x[turns])
    return crossings


def _around(at: float, bounds: Floats) -> tuple[float, float]:
    below, above = bounds[bounds <= at], bounds[bounds >= at]
    return float(below.max(initial=-np.inf)), float(above.min(initial=np.inf))


def _rests_on(sweep: Sweep, found: pd.DataFrame) -> str:
    runs = found["runs"]
    each = f"{runs.min():,}" if runs.min() == runs.max() else f"{runs.min():,} to {runs.max():,}"
    return (
        f"Simulated: scenario {sweep.scenario.name} (digest {sweep.scenario.digest[:10]}), "
        f"{len(found):,} points, {each} replication{'s' * (each != '1')} each."
    )
