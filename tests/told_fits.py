"""Runs posed for a fit, and fits whose constants nobody searched for."""

from __future__ import annotations

from math import log

import numpy as np

from sim.capability.fit_forms import BETA, RHO, Own, Shared, to_logit
from sim.capability.fit_problem import pose
from sim.capability.fit_result import Fit
from sim.capability.fit_solver import Solution

DATA = np.array([[4.0, 1.0], [1.0, 3.0], [2.0, 6.0], [5.0, 1.0], [1.0, 2.0], [3.0, 3.0]])
"""Two communities in six runs; the largest has 8."""
LOSSES = np.array([[1.0, 3.0], [2.0, 2.0], [1.5, 1.0], [0.5, 2.5], [4.0, 5.0], [2.0, 4.0]])
RHO_TRUE, BETA_TRUE, D0 = 0.65, 0.3, 0.01


def posed(data=DATA, losses=LOSSES, **changes):
    stated = {
        "own": None, "names": ["a", "b"], "mode": "shared", "higher_is_better": False,
        "floor": None, "floor_prior": (0.5, 0.2), "unserved": None,
    }  # fmt: skip
    return pose(data, losses, **{**stated, **changes})


def told(form="flat", problem=None):
    """Return a fit with constants that nobody searched for."""
    transfer = {"flat": log(0.2), "rank_one": np.log([0.5, 0.25])}.get(form, 0.0)
    shared = Shared(to_logit(RHO_TRUE, RHO), to_logit(BETA_TRUE, BETA), log(D0), transfer)
    worth = {
        "flat": [0.0, 0.0], "rank_one": np.log([0.8, 0.4]),
    }.get(form, np.log([[0.9, 0.3], [0.6, 0.7]]))  # fmt: skip
    betas, starts = [to_logit(0.2, BETA), to_logit(0.5, BETA)], [log(0.02), log(0.03)]
    own = tuple(
        Own(floor, log(size), worth[i], betas[i], starts[i], 2.0 + i)
        for i, (floor, size) in enumerate([(0.4, 0.5), (0.8, 1.0)])
    )
    problem = problem or posed()
    solution = Solution(form, shared, own, np.ones(2))
    return Fit(problem, solution, {form: problem.losses + 0.5}, np.array([0, 1, 2, 0, 1, 2]))
