"""Small sweeps that tests share, and functions that workers can find."""

from __future__ import annotations

import math
import os
import signal
import time
from pathlib import Path
from typing import Any

import pandas as pd

import sim
from sim.networks import ErdosRenyi
from sim.sweeps.saved import Sweep

VARY = {"network.mean_degree": [2.0, 4.0, 6.0], "communities.artists.threshold": [0.1, 0.3]}
THRESHOLD = "communities.artists.threshold"


def small(**changes: Any) -> sim.Scenario:
    """Return a scenario that is played at once."""
    given = {"network": ErdosRenyi(4.0), "steps": 10, **changes}
    return sim.Scenario([sim.Community("artists", size=60, threshold=0.2)], **given)


def swept(out: Path, scenario: sim.Scenario | None = None, **asked: Any) -> Sweep:
    """Sweep in this process, unless asked otherwise, over a small grid.

    Versions may be mixed, since a checkout can change while tests run.
    """
    plain = {"vary": VARY, "replications": 3, "workers": 1, "allow_mixed": True, **asked}
    return sim.sweep(scenario or small(), out=out, **plain)


def compared(sweep: Sweep) -> pd.DataFrame:
    """Return the table without what differs from one execution to the next."""
    return sweep.table()


def threshold_of(result: sim.Result) -> float:
    return float(result.scenario.communities[0].threshold.value)


def raising(result: sim.Result) -> float:
    """Raise in all runs at the higher threshold with an odd seed."""
    if threshold_of(result) > 0.25 and result.seed % 2:
        raise ValueError("an odd\nfailure")
    return 1.0


def hanging(result: sim.Result) -> float:
    """Hang in one run."""
    if threshold_of(result) > 0.25 and result.seed == 2 and result.scenario.steps == 10:
        time.sleep(600.0)
    return 1.0


def dying(result: sim.Result) -> float:
    """Take the process down in one run."""
    if threshold_of(result) > 0.25 and result.seed == 2 and result.scenario.steps == 10:
        os.kill(os.getpid(), signal.SIGKILL)
    return 1.0


def slow(result: sim.Result) -> float:
    """Take a little while."""
    time.sleep(0.02)
    return 1.0


def ishigami(result: sim.Result) -> float:
    """Return the function of Ishigami & Homma 1990 of three parameters, a = 7 and b = 0.1."""
    artists = result.scenario.communities[0]
    x1, x2, x3 = (q.value for q in (artists.grievance, artists.cost, artists.efficacy))
    return math.sin(x1) + 7.0 * math.sin(x2) ** 2 + 0.1 * x3**4 * math.sin(x1)


def seed_and_size(result: sim.Result) -> float:
    return float(result.seed + result.sizes.sum())


def same(one: Sweep, other: Sweep) -> None:
    """Assert that two sweeps hold the same rows."""
    pd.testing.assert_frame_equal(compared(one), compared(other))
