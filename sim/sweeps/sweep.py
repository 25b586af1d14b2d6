"""Playing a scenario at many points of its parameters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.sweeps import worker
from sim.sweeps.asking import ask
from sim.sweeps.outcomes import Outcome
from sim.sweeps.outcomes import outcomes as read_outcomes
from sim.sweeps.player import Job
from sim.sweeps.running import Means, Running
from sim.sweeps.saved import Sweep
from sim.sweeps.stopping import MOST, refine
from sim.sweeps.store import Store

if TYPE_CHECKING:
    from sim.scenario import Scenario


def sweep(
    scenario: Scenario,
    vary: Mapping[str, Any] | None = None,
    replications: int = 1,
    outcomes: Any = None,
    *,
    out: str | Path,
    uncertain: Mapping[str, Any] | None = None,
    design: str | Path | Iterable[Mapping[str, Any]] | None = None,
    samples: int | None = None,
    seed: int = 0,
    counterfactual: bool = False,
    independent_seeds: bool = False,
    workers: int | None = None,
    dask: str | None = None,
    shard: str | None = None,
    time_limit: float | None = None,
    precision: Mapping[str, float] | None = None,
    most: int = MOST,
    rerun_failed: bool = False,
    allow_mixed: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Sweep:
    """Play a scenario at many points of its parameters; play only what is not there yet.

    Replication r has the seed ``seed + r`` at every point and in both arms, so that points are
    compared on common random numbers.  A run that fails is a row that says why.

    Parameters
    ----------
    scenario : Scenario
        What is varied.
    vary : dict of str to values, optional
        Levers by dotted path (``communities.*.aware`` varies all together): a list of values, a
        distribution, or text as on the command line (``a,b,c``, ``low:high:number``,
        ``low:high``).
    replications : int
        Random seeds for each point; the least number of them with ``precision``.
    outcomes : list of str, dict of str to function, optional
        What is kept of each run; see `sim.sweeps.outcomes`.  Unless given, what the folder
        keeps already, or the usual ones.  What the folder keeps is kept on; where more is asked
        for, its runs are played again for it.
    out : str or Path
        Folder, new or of the same scenario; new values and replications are added to it.
    uncertain : dict of str to values, optional
        What nobody knows, as ``vary``; every combination of levers meets the same draws.
    design : str, list of dict or path of a CSV file, optional
        ``grid`` (unless something is to be drawn), ``lhs`` (otherwise), ``sequence``, ``sobol``,
        ``morris``, ``oat``, or stated points.
    samples : int, optional
        How often a design draws.
    seed : int
        First random seed, and the seed of drawn designs.
    counterfactual : bool
        Whether every run has its twin without action.
    independent_seeds : bool
        Whether every point has seeds of its own, so that chance is independent between points,
        as calibration needs.
    workers : int, optional
        Processes on this machine; 1 plays in this one.  Unless given, as many as there are
        processors, once it is clear that it takes long.
    dask : str, optional
        Address of a Dask scheduler, or ``local``.
    shard : str, optional
        Which part of how many this call plays: ``2/8``, counted from 0 or from 1.
    time_limit : float, optional
        Seconds that a run may take.
    precision : dict of str to float, optional
        Standard error that the mean of an outcome should reach at every point; replications are
        added until it does, or there are ``most``.
    most : int
        Replications at the most.
    rerun_failed : bool
        Whether runs that failed are played again.
    allow_mixed : bool
        Whether runs of different versions of this program may share the folder.
    progress : function, optional
        Called with the runs played and those that were missing.

    Raises
    ------
    InputError
        If something cannot be used (before anything is played), or the folder takes no more.
    """
    if worker.active:
        raise InputError(
            "sweep: is called while a worker starts; in a script, put the call under "
            "if __name__ == '__main__':"
        )
    means = Means(workers, dask, _part(shard), time_limit)
    job = Job(scenario, _kept(outcomes, scenario, out))
    asked = ask(
        scenario, vary, uncertain, design, samples, seed,
        replications, counterfactual, independent_seeds,
    )  # fmt: skip
    running = Running(job, Path(out), means, rerun_failed, allow_mixed, progress)
    running.play(asked)
    if precision:
        refine(running, asked, precision, most)
    return Sweep(out)


def _kept(stated: Any, scenario: Scenario, out: str | Path) -> tuple[Outcome, ...]:
    """Return what the folder keeps already, then what else is asked for."""
    there = Store(out).outcomes if Store.holds_sweep(out) else ()
    if there and stated is None:
        return read_outcomes(there, scenario)
    asked = {outcome.name: outcome for outcome in read_outcomes(stated, scenario)}
    return tuple({**{name: Outcome(name) for name in there}, **asked}.values())


def _part(shard: str | None) -> tuple[int, int]:
    """Read ``2/8``; the last part may be called 8 or 0."""
    if shard is None:
        return (0, 1)
    found = re.fullmatch(r"\s*(\d+)\s*/\s*(\d+)\s*", shard)
    if found is None or not 0 <= int(found[1]) <= int(found[2]) or int(found[2]) == 0:
        raise InputError(f"shard: must be part/parts, as in 2/8, got {shard}")
    return int(found[1]) % int(found[2]), int(found[2])
