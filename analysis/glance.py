"""The figure that a notebook shows of a study."""

from __future__ import annotations

import itertools

from analysis.campaign import campaign
from analysis.communities import communities
from analysis.leverage import leverage
from analysis.page.drawing import drawn
from analysis.page.maps import maps
from analysis.page.parts import Html
from sim.leverage.curve import LeverageCurve
from sim.result import Result
from sim.runs.comparison import Comparison
from sim.sweeps.saved import Sweep

_shown = itertools.count(1)


def glance(study: Result | Comparison | LeverageCurve | Sweep) -> Html:
    """Return one figure of a study as HTML; nothing where there is nothing to draw."""
    name = f"glance-{next(_shown)}"  # parts of figures in one notebook must not share names
    if isinstance(study, Sweep):
        return next(maps(study, name), Html()) if study.designs else Html()
    if isinstance(study, Comparison):
        figure = campaign(study)
    elif isinstance(study, LeverageCurve):
        figure = leverage(study)
    else:
        figure = communities([study])
    return drawn(figure, name, study.scenario.about.title or study.scenario.name)
