"""Calibration: which parameters of a scenario agree with published numbers, and how well.

A stored sweep drawn from the prior is compared with what was observed (approximate Bayesian
computation).  Runs that come closest are kept and weighted; their parameters are corrected for
the distance that is left by a local-linear regression.  What was not fitted is predicted.
`sim.sweeps.sequential` goes on from there, and plays more where runs come close.

References
----------
Pritchard et al. 1999, doi:10.1093/oxfordjournals.molbev.a026091 (rejection); Beaumont, Zhang &
Balding 2002, doi:10.1093/genetics/162.4.2025 (weights, regression); Craig et al. 1997,
doi:10.1007/978-1-4612-2290-3_2, and Pukelsheim 1994, doi:10.1080/00031305.1994.10476030
(history matching, the three-sigma rule).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.creators.distributions import Distribution
from sim.errors import InputError
from sim.sweeps.axes import Axis
from sim.sweeps.posterior import Kept, Posterior, posterior
from sim.sweeps.summaries import replications
from sim.sweeps.targets import Target, Yardstick

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.sweeps.columns import Design
    from sim.sweeps.saved import Sweep
    from sim.sweeps.targets import Scale

    Floats = NDArray[np.float64]

ACCEPTED = 0.05
"""Share of the runs that is kept, unless stated."""
LEAST = 30
"""Runs that are kept at the least, for a regression to rest on."""
RULED_OUT = 3.0
"""Standard deviations from what was observed at which a point is implausible."""


def calibrate(
    sweep: Sweep,
    wanted: Sequence[Target],
    accepted: float | None = None,
    scale: Scale = np.log1p,
    correct: bool = True,
) -> Posterior:
    """Return the parameters with which runs of a sweep agree with what was observed.

    Parameters
    ----------
    sweep : Sweep
        A drawn design (``lhs`` or ``sequence``) over ``uncertain`` parameters, whose
        distributions are the prior, with independent seeds.
    wanted : list of Target
        What was observed.
    accepted : float, optional
        Share of the runs that is kept: `ACCEPTED` of them unless given, but at least `LEAST`.
    scale : function
        On which scale numbers are compared: logarithms of counts unless given.
    correct : bool
        Whether parameters are corrected by a regression on what is left of the distance.

    Raises
    ------
    InputError
        If the sweep has no such design, or runs failed.
    """
    design = prior_of(sweep)
    simulated = simulated_by(sweep, wanted, design)
    yardstick = Yardstick.of(wanted, simulated, scale)
    distances = yardstick.distances(simulated)
    share = ACCEPTED if accepted is None else accepted
    size = min(len(distances), max(LEAST, round(share * len(distances))))
    nearest = np.argsort(distances, kind="stable")[:size]
    assert design.shares is not None
    runs = design.about["replications"]
    points = nearest // runs
    seeds = design.plan().first_seeds(points) + nearest % runs
    kept = Kept(design.shares[points], np.ones(size), simulated[nearest], seeds)
    return posterior(axes_of(sweep, design), kept, yardstick, correct, len(distances))


def implausible(
    sweep: Sweep,
    wanted: Sequence[Target],
    scale: Scale = np.log1p,
    discrepancy: float = 0.0,
) -> Floats:
    """Return by how many standard deviations each point misses what it misses most (points,).

    Points beyond `RULED_OUT` cannot have led to what was observed; a next wave of the sweep
    need not look there.

    Parameters
    ----------
    sweep : Sweep
        A drawn design with several replications.
    wanted : list of Target
        What was observed.
    scale : function
        On which scale numbers are compared.
    discrepancy : float
        Standard deviation, on that scale, by which the model itself may be wrong.
    """
    design = prior_of(sweep)
    runs = design.about["replications"]
    if runs < 2:
        raise InputError("history matching: needs at least two replications at each point")
    worst = np.zeros(len(design.points))
    for target in (target for target in wanted if target.fitted):
        values = scale(simulated_of(sweep, target, design)).reshape(-1, runs)
        low, high = scale(np.array([target.low, target.high]))
        mean, variance = values.mean(axis=1), values.var(axis=1, ddof=1)
        miss = np.maximum(0.0, np.maximum(low - mean, mean - high))
        spread = np.sqrt(variance * (1.0 + 1.0 / runs) + discrepancy**2)
        with np.errstate(divide="ignore", invalid="ignore"):
            worst = np.fmax(worst, np.where(miss > 0.0, miss / spread, 0.0))
    return worst


def axes_of(sweep: Sweep, design: Design) -> list[Axis]:
    """Return the axes that a design has drawn, with their distributions."""
    from sim.loading.overrides import values

    known = values(sweep.scenario)
    found = {about["path"]: about for about in design.about["axes"]}
    axes = []
    for path in design.about["sampled"]:
        about = found[path]
        spread = about["spread"] and Distribution.model_validate(about["spread"])
        levels = tuple(about["levels"])
        axes.append(Axis(path, levels, spread, about["role"], known.get(path)))
    return axes


def prior_of(sweep: Sweep) -> Design:
    """Return the design of a sweep that draws from a prior.

    Raises
    ------
    InputError
        If there is none.
    """
    for design in reversed(sweep.designs):
        drawn = 0 if design.shares is None else len(design.shares)
        if design.about["kind"] in ("lhs", "sequence") and drawn == len(design.points):
            return design
    raise InputError(
        f"{sweep.folder}: calibration needs a design that draws uncertain parameters from their "
        "prior (lhs or sequence), without levers"
    )


def simulated_by(sweep: Sweep, wanted: Sequence[Target], design: Design) -> Floats:
    """Return what every run of a design gave for each target (points x replications, targets)."""
    return np.column_stack([simulated_of(sweep, target, design) for target in wanted])


def simulated_of(sweep: Sweep, target: Target, design: Design) -> Floats:
    """Return what every run of a design gave for a target (points x replications,)."""
    return replications(sweep, target.outcome, design, target.step).ravel()
