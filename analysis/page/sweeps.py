"""What a page says of a sweep: how far it has come, and what its points gave."""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

from analysis.page.assumptions import assumptions
from analysis.page.live import charts
from analysis.page.maps import explored, maps
from analysis.page.parts import Html, exact, items, paragraphs, section, table
from analysis.page.receipts import facts_of, made, seeds_of
from analysis.sensitivity import METHODS
from sim.errors import InputError
from sim.run_folder import SCENARIO
from sim.sweeps.summaries import summary

if TYPE_CHECKING:
    from sim.sweeps.columns import Design
    from sim.sweeps.saved import Sweep

POINTS = 200
"""Points at the most: more are read from the table of the sweep."""


def sweep_page(sweep: Sweep) -> Iterator[Html]:
    """Yield what there is to say of a sweep; of several designs the last is shown."""
    yield section("Answer", paragraphs(_told(sweep), class_="lead"))
    if sweep.designs:
        yield from maps(sweep)
        yield charts(explored(sweep))
        yield _points(sweep, sweep.designs[-1])
    yield assumptions(sweep.scenario, sweep.parameters)
    yield made(sweep.scenario, _facts(sweep), _again(sweep))


def _told(sweep: Sweep) -> list[str]:
    status = sweep.status()
    told = ", ".join(f"{number:,} {what}" for what, number in status.items())
    varied = ", ".join(sweep.parameters) or "nothing"
    return [
        f"A sweep over {varied}: runs {told}.",
        (
            "A sweep has no single answer; the table gives the mean of each outcome at each point, "
            f"with its standard error.{_advice(sweep)}"
        ),
    ]


def _advice(sweep: Sweep) -> str:
    """Return what else can be asked of a design whose points were drawn; of grids nothing can."""
    if not sweep.designs or sweep.designs[-1].about["kind"] not in METHODS:
        return ""
    return f" datastrike sensitivity {_folder(sweep)} says on which parameters an outcome depends."


def _points(sweep: Sweep, design: Design) -> Html:
    """Return a table of means, without the outcomes that some run did not give."""
    names = [name for name in sweep.outcomes if not name.endswith(".series")]
    found, missing = {}, []
    for name in names:
        try:
            found[name] = summary(sweep, name, design)
        except InputError as error:
            missing.append(str(error))
    paths = list(design.points.columns)
    shown = range(min(len(design.points), POINTS))
    rows = [
        [
            *(str(design.points.changes(at).get(path, "")) for path in paths),
            *(_mean(s.mean[at], s.standard_error[at]) for s in found.values()),
        ]
        for at in shown
    ]
    left = len(design.points) - len(shown)
    more = [f"{left:,} more points are in the table of the sweep."] * (left > 0)
    caption = "Means over replications ± standard error."
    return section("Points", table([*paths, *found], rows, caption), items([*more, *missing]))


def _mean(mean: float, error: float) -> Html:
    spread = f" ± {error:.2g}" if math.isfinite(error) else ""
    return exact(mean, f"{mean:.4g}{spread}")


def _facts(sweep: Sweep) -> dict[str, str]:
    seeds = [list(design.plan().seeds) for design in sweep.designs]
    return {
        **facts_of({**sweep.store.manifest, "seeds": [0]}),
        "designs": ", ".join(str(design.about["kind"]) for design in sweep.designs),
        "seeds": "; ".join(seeds_of(each) for each in seeds),
    }


def _again(sweep: Sweep) -> list[str]:
    """Return the command that plays the first point of the last design again."""
    if not sweep.designs:
        return [f"datastrike sweep --status {_folder(sweep)}"]
    design = sweep.designs[-1]
    seeds = list(design.plan().seeds)
    changes = (f"{path}={value}" for path, value in design.points.changes(0).items())
    settings = " ".join(f"--set {shlex.quote(change)}" for change in changes)
    again = f"--seed {seeds[0]} --replications {len(seeds)}"
    source = shlex.quote(str(sweep.folder / SCENARIO))
    return [
        "# the first point; others by their values",
        f"datastrike run {source} {again} {settings}",
    ]


def _folder(sweep: Sweep) -> str:
    return shlex.quote(str(sweep.folder))
