"""Brock & Durlauf 2001: logit choice with conformity."""

from __future__ import annotations

from functools import partial

from sim.theory import brock_durlauf as theory
from sim.validation import brock_durlauf as model
from sim.validation.check import Check, but
from sim.validation.expected import Exactly, Near

SOURCE = "Brock & Durlauf 2001, doi:10.1111/1467-937X.00168"
TEMPERATURE = 0.25


def _stable(conformity: float, pull: float) -> float:
    points = theory.fixed_points(pull, conformity, TEMPERATURE)
    return float(sum(point.stable for point in points))


CHECKS = (
    *(
        Check(
            f"J / (2 tau) = {2 * conformity:g}, h = {pull:g}: stable levels",
            Exactly(levels),
            model.brock_durlauf_basins,
            {"conformity": conformity, "temperature": TEMPERATURE, "pull": pull},
            wrong,
            SOURCE,
            theory=partial(_stable, conformity, pull),
        )
        for conformity, pull, levels, wrong in (
            (1.0, 0.0, 2, but("J / (2 tau) = .9", conformity=0.45)),
            (1.0, 0.1, 2, but("h = .3", pull=0.3)),
            (1.0, 0.3, 1, but("h = .1", pull=0.1)),
            (0.45, 0.0, 1, but("J / (2 tau) = 2", conformity=1.0)),
        )
    ),
    *(
        Check(
            f"J / (2 tau) = {2 * conformity:g}, h = {pull:g}, from {start:.0%}: mean choice",
            Near(choice, 4),
            model.brock_durlauf_choice,
            {
                "start": start,
                "conformity": conformity,
                "temperature": TEMPERATURE,
                "pull": pull,
            },
            wrong,
            SOURCE,
            theory=partial(theory.equilibrium, pull, conformity, TEMPERATURE, 2.0 * start - 1.0),
            fast={"creators": 20_000},
        )
        for conformity, pull, start, choice, wrong in (
            (1.0, 0.0, 0.01, -0.9575, but("tau twice as high", temperature=0.5)),
            (1.0, 0.0, 0.99, 0.9575, but("tau twice as high", temperature=0.5)),
            (1.0, 0.1, 0.38, -0.9303, but("from 42 %", start=0.42)),
            (1.0, 0.1, 0.42, 0.9730, but("from 38 %", start=0.38)),
            (0.45, 0.05, 0.01, 0.5016, but("tau half as high", temperature=0.125)),
        )
    ),
)
