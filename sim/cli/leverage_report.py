"""What the command prints about leverage: a table and sentences, or one JSON object."""

from __future__ import annotations

import io
import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.answers.sentences import RESPONSES
from sim.words.numbers import count, percent, signed, whose

if TYPE_CHECKING:
    from sim.institutions.lab import Lab
    from sim.leverage.curve import LeverageCurve
    from sim.leverage.size import GroupSize

JOINING = {
    "random": "drawn at random",
    "community": "community by community, the one that hurts most first",
    "largest": "those with the most works first",
    "hubs": "those with the most links first",
    "greedy": "always those who hurt most next",
}
ANSWERS = {
    "none": "nothing",
    "repeat_uniform": "repeating",
    "repeat_own": "repeating each",
    "reweight": "reweighting",
}
"""The same in a table."""
NAMED = {
    "loss": "change of the loss",
    "rollback": "share of all data that would do as well",
    "compute_equivalent": "share of the compute that would do as well",
    "leverage_power": "data-leverage power",
}
SHORT = {
    "loss": "loss",
    "rollback": "data",
    "compute_equivalent": "compute",
    "leverage_power": "power",
}
"""Measures as heads of a column."""
EXPLAINED = {
    "loss": "change of the model's loss, as a share of the loss with all works at the start",
    "rollback": "share of all data, lost evenly, with which a model is as good",
    "compute_equivalent": "share of the compute with which a model of all data is as good",
    "leverage_power": "0: nothing is lost; 1: as bad as a model that learnt nothing from creators",
}
FALLING = {"rollback", "compute_equivalent"}
"""Measures that fall from all as a group grows."""
SHOWN = 12
"""Rows of the table that are printed."""
WIDEST = 1000
"""More letters than a line of it has: a table is never cut, whatever shows it."""
SEVERAL = 10.0
"""Change of the loss from which on it is told as a multiple."""


NO_TIME = 0.005
"""Months that are none."""


@dataclass(frozen=True)
class LeverageReport:
    """A curve, the share of the creators that is spoken of, and the smallest group."""

    curve: LeverageCurve
    share: float
    size: GroupSize | None
    folder: Path | None
    usual: bool = False
    """Nobody asked for this share."""

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
        many = f"{len(curve.seeds)} replication{'s' if last > first else ''}"
        head = f"{title}: leverage over {curve.lab} ({many}, {played})"
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
        for head in self._heads():
            words = head.startswith("best\n")
            table.add_column(head, justify="left" if words else "right", no_wrap=True)
        points = len(self.curve.response)
        every = max(1, math.ceil(points / SHOWN))
        for at in sorted({*range(0, points, every), points - 1, self.at}):
            table.add_row(*self._row(at))
        text = io.StringIO()
        Console(file=text, width=WIDEST).print(table)
        lines = [line.rstrip() for line in text.getvalue().splitlines()]
        return "\n".join([*(line for line in lines if line), "", *self._legend()])

    def _heads(self) -> tuple[str, ...]:
        short = SHORT[self.measure]
        return (
            "\ncreators", "\nshare", f"{short} if lab\ndoes nothing", "90 %\ninterval",
            f"{short} at\nbest answer", "best\nanswer", "data\nleft", "months\nbehind",
        )  # fmt: skip

    def _legend(self) -> list[str]:
        """Return what the columns are."""
        told = {SHORT[self.measure]: EXPLAINED[self.measure]}
        told["data left"] = EXPLAINED["rollback"]
        told["months behind"] = "of the usual growth of data; both if the lab does nothing"
        return [f"  {name}: {text}" for name, text in told.items()]

    def _row(self, at: int) -> list[str]:
        curve, measure = self.curve, self.measure
        told = [
            count(curve.group["creators"][at]),
            percent(curve.group["share_of_creators"][at]),
            self._told(curve.none[measure][at]),
            self._ends(at),
            self._told(curve.best[measure][at]),
            ANSWERS[curve.response[at]],
            percent(curve.none["rollback"][at]),
            _months(curve.months[at]),
        ]
        return [cell.replace("less than ", "<") for cell in told]

    def _ends(self, at: int) -> str:
        """Return where the interval begins and ends, once where both are told alike."""
        ends = (self.curve.low, self.curve.high)
        return " to ".join(dict.fromkeys(self._told(end[self.measure][at]) for end in ends))

    def _told(self, value: float) -> str:
        return _change(value) if self.measure == "loss" else percent(value)

    def _about_group(self) -> str:
        group, at = self.curve.group, self.at
        parts = {name: group[f"share_of_{name}"][at] for name in ("creators", "works", "data")}
        others = "everybody else " + ("contributes" if self._crawls else "gives it nothing")
        return (
            f"X: {count(group['creators'][at])} creators ({percent(parts['creators'])}"
            f"{', unless --share asks for more or fewer' if self.usual else ''}, "
            f"{JOINING[self.curve.by]}), with {count(group['works'][at])} works "
            f"({percent(parts['works'])}; {percent(parts['data'])} of the effective data), choose "
            f"{self.curve.tactic} from the start; {others}{self._aside()}."
        )

    @property
    def _crawls(self) -> bool:
        """Whether the lab takes what is public, or only what it is given."""
        return self._lab.crawls

    @property
    def _lab(self) -> Lab:
        return next(lab for lab in self.curve.scenario.labs if lab.name == self.curve.lab)

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
            f"Y: {whose(curve.lab)} model trained at step {curve.step} ({when}{self._which()}), as "
            f"the preset {curve.preset.replace('_', '-')} describes it; the lab is assumed to do "
            "nothing about lost data, or to answer as well as it can without paying for data."
        )

    def _which(self) -> str:
        """Say that it is the first model, where `run` tells of the newest."""
        from sim.leverage.portfolio import first_round

        first = first_round(self.curve.scenario, self._lab)
        return "; its first, --step asks for a later one" if self.curve.step == first else ""

    def _about_effect(self) -> str:
        curve, at = self.curve, self.at
        change, left = curve.best["loss"][at], percent(curve.best["rollback"][at])
        if math.isinf(change):
            return "Z: whatever the lab answers, nothing is left to train on: no bound to its loss."
        best = curve.response[at]
        plain = RESPONSES[best]
        beside = "its best response too" if best == "none" else f"its best response, {plain},"
        return (
            f"Z: if the lab does nothing, {self._undone()}; with {beside} the loss changes by "
            f"{_change(change)} and the model does as well as one with {left} of all data."
        )

    def _undone(self) -> str:
        """Tell the effect where the lab does nothing."""
        curve, at = self.curve, self.at
        loss, rollback = curve.none["loss"][at], curve.none["rollback"][at]
        if math.isinf(loss):
            return "nothing is left to train on: no bound to its loss"
        beside = "" if self._crawls else ", beside a lab that has everybody's works,"
        interval = f" ({self._interval()})" if self.measure == "loss" else ""
        return (
            f"its loss changes{beside} by {_change(loss)}{interval}; it does as well as one with "
            f"{percent(rollback)} of all data, a delay of {_delay(curve.months[at])} at "
            "the usual growth of data"
        )

    def _interval(self) -> str:
        curve, measure, at = self.curve, self.measure, self.at
        share = percent(round(float(curve.assumed[measure][at]), 2))
        return f"90 % interval {self._ends(at)}, {share} of it from assumed constants"

    def _back(self, size: GroupSize) -> str:
        wanted = f"{self._target(size)} if the lab does nothing"
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


def _change(loss: float) -> str:
    """Return a change of the loss, as a multiple where a share would be hard to read."""
    if math.isinf(loss):
        return "no bound"
    return f"+{count(loss)} times" if loss >= SEVERAL else signed(loss)


def _months(value: float) -> str:
    if not math.isfinite(value):
        return "no bound"
    if abs(value) < NO_TIME:
        return "0"
    return f"{value:.2g}" if abs(value) < 100.0 else f"{value:,.0f}"


def _delay(months: float) -> str:
    told = _months(months)
    return f"{told} month" if told == "1" else f"{told} months"


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
