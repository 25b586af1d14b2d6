"""``datastrike calibrate``: from a table of training runs to a preset."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from sim.cli.options import whole
from sim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from sim.capability.calibrate import Calibration

ENDINGS = (".toml", ".json")

OPTIONS = (
    click.Option(["--out"], metavar="PRESET.toml", help="Preset file to write."),
    click.Option(
        ["--data"], metavar="A,B,…", help="Columns with each community's data (all D_NAME)."
    ),
    click.Option(
        ["--losses"], metavar="A,B,…", help="Columns with what was measured (all …_NAME)."
    ),
    click.Option(["--recommender"], is_flag=True, help="Who takes data out is not served either."),
    click.Option(["--higher-is-better"], is_flag=True, help="Scores were measured, not losses."),
    click.Option(["--floor"], type=float, help="Irreducible loss, if known (fitted)."),
    click.Option(["--null"], type=float, help="Measure of a model that learnt nothing."),
    click.Option(["--name"], help="Name of the preset (that of the table)."),
    click.Option(["--unit"], help="Unit of what was measured."),
    click.Option(["--draws"], type=whole(2, 10_000), help="Refits for the ranges (50)."),
    click.Option(["--seed"], type=whole(0), help="Random seed of splits and refits (0)."),
    click.Option(["--json", "as_json"], is_flag=True, help="Print the numbers as one JSON object."),
)


def calibrate(
    table: str,
    out: str | None,
    data: str | None,
    losses: str | None,
    recommender: bool,
    higher_is_better: bool,
    as_json: bool,
    **asked: Any,
) -> None:
    """Fit the capability surrogate to a table of training runs, and write it as a preset.

    TABLE.csv has a row for each run: columns D_NAME with the data of each community, and columns
    that end in _NAME with what was measured on its domain.  `lab.preset=PRESET.toml` uses it.
    """
    from sim.capability.calibrate import calibrate as fit

    _check(out)
    options = {name: value for name, value in asked.items() if value is not None}
    made = fit(
        table,
        out,
        data=_listed(data),
        losses=_listed(losses),
        mode="recommender" if recommender else "shared",
        higher_is_better=higher_is_better,
        **options,
    )
    report = _Report(made, made.fit.rivals())
    click.echo(report.as_json() if as_json else report.as_text())


command = click.Command(
    "calibrate",
    params=[click.Argument(["table"], metavar="TABLE.csv"), *OPTIONS],
    callback=calibrate,
    help=calibrate.__doc__,
    short_help="Fit the capability surrogate to a table of training runs.",
)


def _check(out: str | None) -> None:
    from sim.folders import check_new_file

    if out is not None and check_new_file(out).suffix not in ENDINGS:
        raise InputError(f"--out: must end in {' or '.join(ENDINGS)}, got {out!r}")


def _listed(columns: str | None) -> list[str] | None:
    return None if columns is None else [name.strip() for name in columns.split(",")]


def _numbers(value: object) -> str:
    """Return the numbers of a list, or of a list of lists, in brackets."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(_numbers, value))}]"
    return f"{value:.4g}"


def _range(value: str, low: float, high: float) -> str:
    return f"{'each times ' if value[0] == '[' else ''}{low:.4g} to {high:.4g}"


@dataclass(frozen=True)
class _Report:
    made: Calibration
    rivals: pd.DataFrame

    @property
    def ranges(self) -> list[tuple[str, str, float, float, str]]:
        """Path, value, range and evidence of each constant; ranges of lists are factors."""
        preset = self.made.preset
        rows: list[tuple[str, str, float, float, str]] = []
        for path, constant in preset.constants.items():
            value = preset.value(path)
            told = _numbers(value) if isinstance(value, tuple) else f"{value:.4g}"
            rows.append((path, told, constant.low, constant.high, constant.evidence))
        return rows

    def as_text(self) -> str:
        preset, fit = self.made.preset, self.made.fit
        wide = max(len(path) for path, *_ in self.ranges)
        constants = [
            f"  {path:<{wide}}  {value:>8}  {_range(value, low, high)}  {evidence}"
            for path, value, low, high, evidence in self.ranges
        ]
        scores = [
            f"  {form:<12} R2 {row.r2:.4f}, error {row.rmse:.4g}"
            for form, row in self.rivals.iterrows()
        ]
        written = f"Written: {self.made.path}; use it with labs.NAME.preset={self.made.path}"
        blocks = [
            [f"{preset.name}: {preset.source}"],
            [f"Chosen of the forms of transfer by held-out error: {fit.form}."],
            [
                "Constants with ranges (of 95 % of refits):",
                *constants,
            ],
            ["Runs held out, beside other forms:", *scores],
            [f"{preset.limits}."],
            [written if self.made.path else "Nothing was written; --out PRESET.toml keeps it."],
        ]
        return "\n\n".join("\n".join(lines) for lines in blocks)

    def as_json(self) -> str:
        preset, fit = self.made.preset, self.made.fit
        data = {
            "name": preset.name,
            "source": preset.source,
            "form": fit.form,
            "held_out_r2": fit.cv_score,
            "constants": {
                path: {"value": preset.value(path), "low": low, "high": high, "evidence": evidence}
                for path, _, low, high, evidence in self.ranges
            },
            "forms": self.rivals.to_dict("index"),
            "limits": preset.limits,
            "file": str(self.made.path) if self.made.path else None,
        }
        return json.dumps(data, indent=1, ensure_ascii=False)
