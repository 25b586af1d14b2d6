"""What the command prints about a comparison: in sentences, or as one JSON object."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sim.answers import answer, sentences
from sim.run_folder import ACTION, COUNTERFACTUAL, inputs_of
from sim.runs.comparison import Comparison


@dataclass(frozen=True)
class Report:
    """A comparison, where it was written, and the receipt that it was to repeat."""

    comparison: Comparison
    folder: Path | None
    receipt: dict[str, Any] | None

    @cached_property
    def differing(self) -> int:
        """Runs whose digest is not that of the receipt."""
        if self.receipt is None:
            return 0
        arms = {ACTION: self.comparison.action, COUNTERFACTUAL: self.comparison.counterfactual}
        played = {(arm, run.seed): run.state_digest for arm, runs in arms.items() for run in runs}
        return sum(
            played.get((run["arm"], run["seed"])) != run["state_digest"]
            for run in self.receipt["runs"]
        )

    @property
    def files(self) -> list[str]:
        """What was written."""
        return sorted(str(path) for path in self.folder.iterdir()) if self.folder else []

    @property
    def notes(self) -> list[str]:
        """What was dealt with while the worlds were built, each once."""
        runs = (*self.comparison.action, *self.comparison.counterfactual)
        return list(dict.fromkeys(note for run in runs for note in run.notes))

    def as_text(self) -> str:
        """Return what people read."""
        scenario, seeds = self.comparison.scenario, self.comparison.seeds
        played = f"{len(seeds)} replications, seeds {seeds[0]} to {seeds[-1]}"
        played = played if len(seeds) > 1 else f"1 replication, seed {seeds[0]}"
        blocks = [
            [f"{scenario.about.title or scenario.name} ({played})"],
            sentences(self.comparison),
            [f"Expected beforehand: {scenario.about.finding}"] if scenario.about.finding else [],
            [f"Note: {note}" for note in self.notes],
            self._repetition(),
            ["Written:", *(f"  {name}" for name in self.files)]
            if self.folder
            else ["Nothing was written; --out DIR keeps the numbers and draws the figure."],
        ]
        return "\n\n".join("\n".join(lines) for lines in blocks if lines)

    def as_json(self) -> str:
        """Return the same for machines."""
        scenario = self.comparison.scenario
        arms = {ACTION: self.comparison.action, COUNTERFACTUAL: self.comparison.counterfactual}
        data = {
            "scenario": scenario.name,
            "scenario_digest": scenario.digest,
            "seeds": list(self.comparison.seeds),
            **answer(self.comparison).as_data(),
            "sentences": sentences(self.comparison),
            "notes": self.notes,
            "state_digests": {
                arm: [run.state_digest for run in runs] for arm, runs in arms.items()
            },
            "agrees_with_receipt": None if self.receipt is None else not self.differing,
            "files": self.files,
        }
        return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False)

    def _repetition(self) -> list[str]:
        if self.receipt is None:
            return []
        runs = len(self.receipt["runs"])
        if not self.differing:
            return [f"All {runs} runs agree with the receipt to the last bit."]
        version = self.receipt["versions"].get("datastrike")
        made = f"version {version}, commit {self.receipt['commit']}, on {self.receipt['platform']}"
        lines = [f"{self.differing} of {runs} runs differ from the receipt, made by {made}."]
        inputs = inputs_of(self.comparison.scenario)
        changed = [
            name for name, digest in self.receipt["inputs"].items() if inputs.get(name) != digest
        ]
        return lines + [f"{name} is not the file that it was then." for name in changed]
