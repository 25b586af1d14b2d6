"""Sequential calibration: populations of parameters that come ever closer to published numbers.

The first is drawn from the prior, each later one around the last, with weights that undo where
it was drawn (sequential Monte Carlo, by pyABC).  All runs go through the folder of the sweep, so
that any means of playing them serves, and the same command goes on from where it was stopped.

References
----------
Toni et al. 2009, doi:10.1098/rsif.2008.0172 (populations); Schälte et al. 2022,
doi:10.21105/joss.04304 (pyABC).
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.sweeps.calibration import axes_of, prior_of, simulated_by
from sim.sweeps.posterior import Posterior, posterior
from sim.sweeps.targets import Yardstick

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.sweeps.axes import Axis
    from sim.sweeps.saved import Sweep
    from sim.sweeps.targets import Scale, Target

    Floats = NDArray[np.float64]

POPULATION = 100
"""Runs that each population accepts, unless stated."""
GENERATIONS = 6
"""Populations at the most, unless stated."""
LEAST_ACCEPTED = 0.05
"""Share of a population's runs below which no further one is tried."""
FEWEST = 30
"""Runs of a population at the least, for a regression to rest on."""
ENGINE = "sim.sweeps.populations"
DATABASE = "populations.db"
"""In the folder of the sweep: pyABC's record of all populations (SQLite)."""


@dataclass
class Trials:
    """Plays what is proposed, into the folder of a sweep; every trial has a seed of its own.

    Parameters
    ----------
    sweep : Sweep
        Whose scenario is played; its drawn design is the prior.
    axes : list of Axis
        What is calibrated.
    targets : list of Target
        What is read from each run.
    first_seed : int
        Seed of the first trial; the following ones count on.
    means : dict
        How runs are played: arguments of `sim.sweep`.
    played : int
        Trials so far.
    """

    sweep: Sweep
    axes: Sequence[Axis]
    targets: Sequence[Target]
    first_seed: int
    means: dict[str, Any]
    played: int = 0

    def play(self, shares: Floats) -> tuple[Floats, NDArray[np.int64]]:
        """Return what runs at shares of the prior gave, and their seeds.

        Parameters
        ----------
        shares : float64 (trials, parameters)
            Where in its prior each parameter lies.

        Returns
        -------
        float64 (trials, targets), int64 (trials,)
        """
        from sim.sweeps.sweep import sweep

        columns = [axis.at(shares[:, number]) for number, axis in enumerate(self.axes)]
        paths = [axis.path for axis in self.axes]
        points = [dict(zip(paths, row, strict=True)) for row in zip(*columns, strict=True)]
        first = self.first_seed + self.played
        played = sweep(
            self.sweep.scenario,
            out=self.sweep.folder,
            design=points,
            seed=first,
            independent_seeds=True,
            **self.means,
        )
        self.played += len(points)
        asked = next(d for d in reversed(played.designs) if d.about["first_seed"] == first)
        seeds = np.arange(first, first + len(points))
        return simulated_by(played, self.targets, asked), seeds


def sequential(
    sweep: Sweep,
    wanted: Sequence[Target],
    population: int = POPULATION,
    generations: int = GENERATIONS,
    seed: int = 0,
    scale: Scale = np.log1p,
    correct: bool = True,
    **means: Any,
) -> Posterior:
    """Return the parameters with which runs agree with what was observed, from pyABC.

    Parameters
    ----------
    sweep : Sweep
        A drawn design (``lhs`` or ``sequence``) over ``uncertain`` parameters with independent
        seeds: its distributions are the prior, its runs say how wide distances spread.
    wanted : list of Target
        What was observed.
    population : int
        Runs that each population accepts.
    generations : int
        Populations at the most; fewer once hardly any run is accepted.
    seed : int
        Random seed of what is proposed; the same one gives the same posterior.
    scale : function
        On which scale numbers are compared: logarithms of counts unless given.
    correct : bool
        Whether parameters are corrected by a regression on what is left of the distance.
    **means
        How runs are played: ``workers``, ``dask``, ``time_limit`` and others of `sim.sweep`.

    Raises
    ------
    InputError
        If pyABC is not installed, the sweep has no such design, or runs failed.
    """
    if population < FEWEST:
        raise InputError(f"population: must be at least {FEWEST}, got {population}")
    if generations < 1:
        raise InputError(f"generations: must be at least 1, got {generations}")
    try:
        engine = importlib.import_module(ENGINE)
    except ImportError as error:
        raise InputError(
            f"{error.name} is not installed: it calibrates sequentially; "
            'pip install "datastrike[calibrate]", or use --method rejection'
        ) from None
    design = prior_of(sweep)
    prior = simulated_by(sweep, wanted, design)
    yardstick = Yardstick.of(wanted, prior, scale)
    axes = axes_of(sweep, design)
    points = np.arange(len(design.points))
    first = int(design.plan().first_seeds(points).max()) + design.about["replications"]
    trials = Trials(sweep, axes, wanted, first, means)
    start = float(np.median(yardstick.distances(prior)))
    record = sweep.folder / DATABASE
    kept, met = engine.populations(trials, yardstick, start, population, generations, seed, record)
    return posterior(axes, kept, yardstick, correct, len(prior) + trials.played, met)
