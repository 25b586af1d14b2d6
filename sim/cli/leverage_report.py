"""What the command prints about leverage: a table and sentences, or one JSON object."""

from __future__ import annotations

import io
import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.words import count, percent, signed

if TYPE_CHECKING:
    from sim.leverage.curve import LeverageCurve
    from sim.leverage.size import GroupSize

JOINING = {
    "random": "drawn at random",
    "community": "community by community, the one that hurts most first",
    "largest": "those with the most works first",
    "hubs": "those with the most links first",
    "greedy": "always those who hurt most next",
}
RESPONSES = {
    "none": "doing nothing",
    "repeat_uniform": "repeating what is left",
    "repeat_own": "repeating what is left of each community",
    "reweight": "weighting communities anew",
}
NAMED = {
    "loss": "change of the loss",
    "rollback": "share of all data that would do as well",
    "compute_equivalent": "share of the compute that would do as well",
    "leverage_power": "data-leverage power",
}
SHORT = {"rollback": "rollback", "compute_equivalent": "compute", "leverage_power": "power"}
"""Measures as heads of a column."""
FALLING = {"rollback", "compute_equivalent"}
"""Measures that fall from all as a group grows."""
SHOWN = 12
"""Rows of the table that are printed."""
WIDE = 120
"""Letters to a line of it."""


@dataclass(frozen=True)
class LeverageReport:
    """A curve, the share of the creators that is spoken of, and the smallest group."""

    curve: LeverageCurve
    share: float
    size: GroupSize | None
    folder: Path | None

    @property
    def at(self) -> int:
        """Row of the curve that is spoken of."""
        return int(np.argmin(np.abs(self.curve.group["share_of_creators"] - self.share)))

    @property
    def measure(self) -> str:
        """Measure that has an interval."""
        (measure,) = self.curve.low
        return measure

    @property
    def sentences(self) -> list[str]:
        """X, Y and Z in words, and back from Z to X where a target was given."""
        told = [self._about_group(), self._about_model(), self._about_effect()]
        if self.measure != "loss":
            value = self._told(self.curve.none[self.measure][self.at])
            told.append(f"The {NAMED[self.measure]} is {value} ({self._interval()}).")
        return told + ([self._back(self.size)] if self.size else [])

    def as_text(self) -> str:
        """Return what people read."""
        curve = self.curve
        first, last = curve.seeds[0], curve.seeds[-1]
        played = f"seeds {first} to {last}" if last > first else f"seed {first}"
        title = curve.scenario.about.title or curve.scenario.name
        written = (
            "\n".join(["Written:", *(f"  {name}" for name in self._files())])
            if self.folder
            else "Nothing was written; --out DIR keeps the numbers and draws the figure."
        )
        head = f"{title}: leverage over {curve.lab} ({len(curve.seeds)} replications, {played})"
        return "\n\n".join([head, self._table(), "\n".join(self.sentences), written])

    def as_json(self) -> str:
        """Return the same for machines."""
        curve = self.curve
        rows = curve.table().to_dict("records")
        data = {
            "scenario": curve.scenario.name,
            "scenario_digest": curve.scenario.digest,
            "seeds": list(curve.seeds),
            "lab": curve.lab,
            "preset": curve.preset,
            "tactic": curve.tactic,
            "by": curve.by,
            "step": curve.step,
            "measure": self.measure,
            "curve": [{k: _finite(value) for k, value in row.items()} for row in rows],
            "smallest_group": {k: _finite(v) for k, v in asdict(self.size).items()}
            if self.size
            else None,
            "sentences": self.sentences,
            "files": self._files(),
        }
        return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False)

    def _files(self) -> list[str]:
        return sorted(str(path) for path in self.folder.iterdir()) if self.folder else []

    def _table(self) -> str:
        from rich import box
        from rich.console import Console
        from rich.table import Table

        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        heads = ("creators", "share", "loss if none", "90 % interval", "loss at best")
        if self.measure != "loss":
            heads = (
                "creators",
                "share",
                f"{SHORT[self.measure]} if none",
                "90 % interval",
                "at best",
            )
        for head in (*heads, "best response", "rollback", "months"):
            table.add_column(
                head, justify="left" if head == "best response" else "right", no_wrap=True
            )
        points = len(self.curve.response)
        every = max(1, math.ceil(points / SHOWN))
        for at in sorted({*range(0, points, every), points - 1, self.at}):
            table.add_row(*self._row(at))
        text = io.StringIO()
        Console(file=text, width=WIDE).print(table)
        lines = text.getvalue().rstrip().splitlines()
        return "\n".join(line.rstrip() for line in lines)

    def _row(self, at: int) -> list[str]:
        curve, measure = self.curve, self.measure
        low, high = (self._told(end[measure][at]) for end in (curve.low, curve.high))
        return [
            count(curve.group["creators"][at]),
            percent(curve.group["share_of_creators"][at]),
            self._told(curve.none[measure][at]),
            f"{low} to {high}",
            self._told(curve.best[measure][at]),
            curve.response[at],
            percent(curve.none["rollback"][at]),
            _months(curve.months[at]),
        ]

    def _told(self, value: float) -> str:
        if math.isinf(value):
            return "no bound"
        return signed(value) if self.measure == "loss" else percent(value)

    def _about_group(self) -> str:
        group, at = self.curve.group, self.at
        parts = {name: group[f"share_of_{name}"][at] for name in ("creators", "works", "data")}
        others = "everybody else " + ("contributes" if self._crawls else "gives it nothing")
        return (
            f"X: {count(group['creators'][at])} creators ({percent(parts['creators'])}, "
            f"{JOINING[self.curve.by]}), with {count(group['works'][at])} works "
            f"({percent(parts['works'])}; {percent(parts['data'])} of the effective data), choose "
            f"{self.curve.tactic} from the start; {others}{self._aside()}."
        )

    @property
    def _crawls(self) -> bool:
        """Whether the lab takes what is public, or only what it is given."""
        return next(lab.crawls for lab in self.curve.scenario.labs if lab.name == self.curve.lab)

    def _aside(self) -> str:
        """Say what else the scenario has that takes works out, and a static group leaves aside."""
        scenario = self.curve.scenario
        others = {
            "platforms' defaults": scenario.platforms,
            "organisers": scenario.organisers,
            "rulings": scenario.regulators,
        }
        present = [name for name, found in others.items() if found]
        return f", and what {' and '.join(present)} take out is left aside" if present else ""

    def _about_model(self) -> str:
        curve = self.curve
        when = curve.scenario.date_of(curve.step)
        return (
            f"Y: {curve.lab}'s model trained at step {curve.step} ({when}), as the preset "
            f"{curve.preset} describes it; the lab is assumed to do nothing about lost data, or to "
            "answer as well as it can without paying for data."
        )

    def _about_effect(self) -> str:
        curve, at = self.curve, self.at
        loss, rollback = curve.none["loss"][at], curve.none["rollback"][at]
        interval = f" ({self._interval()})" if self.measure == "loss" else ""
        if math.isinf(loss):
            text = (
                f"with response none nothing is left to train on: its loss has no bound{interval}"
            )
        else:
            beside = "" if self._crawls else ", beside a lab that has everybody's works,"
            text = f"with response none its loss changes{beside} by {signed(loss)}{interval}"
        text += f"; it does as well as one with {percent(rollback)} of all data"
        text += f", a delay of {_months(curve.months[at])} months at the usual growth of data"
        best, answer = curve.response[at], curve.best
        change, left = answer["loss"][at], percent(answer["rollback"][at])
        plain = RESPONSES[best]
        beside = "its best response too" if best == "none" else f"its best response, {plain},"
        return (
            f"Z: {text}; with {beside} the loss changes by {signed(change)} and the model does "
            f"as well as one with {left} of all data."
        )

    def _interval(self) -> str:
        curve, measure, at = self.curve, self.measure, self.at
        low, high = (self._told(end[measure][at]) for end in (curve.low, curve.high))
        share = percent(round(float(curve.assumed[measure][at]), 2))
        return f"90 % interval {low} to {high}, {share} of it from assumed constants"

    def _back(self, size: GroupSize) -> str:
        wanted = f"{self._target(size)} with response none"
        if not size.reached:
            return f"Back from Z to X: not even all creators reach {wanted}."
        return (
            f"Back from Z to X: the smallest group, {JOINING[size.by]}, that reaches {wanted} is "
            f"{count(size.creators)} creators ({percent(size.share)}; 90 % interval "
            f"{percent(size.low)} to {percent(size.high)}) with {count(size.works)} works."
        )

    def _target(self, size: GroupSize) -> str:
        name = NAMED[size.measure]
        if size.measure in FALLING:
            return f"a fall by {percent(size.target)} of the {name}"
        told = signed(size.target) if size.measure == "loss" else percent(size.target)
        return f"a {name} of {told}"


def _months(value: float) -> str:
    return f"{value:.2g}" if math.isfinite(value) else "no bound"


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
