"""A sweep in a process of its own, for tests that kill it: ``python FILE FOLDER HANGS``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from sim.sweeps import chunks, columns, processes
from tests.sweep_cases import VARY, hanging, raising, slow, small, swept

if __name__ == "__main__":
    columns.PATIENCE, chunks.SECONDS = 0.05, 0.2  # so that there is much to lose
    processes.FIRST_RUN = 5.0
    asked = {"hanging": hanging} if sys.argv[2] == "hangs" else {}
    swept(
        Path(sys.argv[1]),
        small(),
        vary=VARY,
        replications=20,
        outcomes={"adoption.final": None, "raising": raising, "slow": slow, **asked},
        counterfactual=True,
        workers=2,
        time_limit=3.0 if asked else None,
    )
