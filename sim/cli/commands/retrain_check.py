"""``datastrike retrain-check``: the surrogate against models that are really trained."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from sim.cli.options import whole
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.capability.retraining.base import Retraining
    from sim.capability.retraining.check import RetrainCheck

KIND = "ngram"
PLACES = {"folder": "--folder", "file": "--file", "table": "--file"}
"""Fields that say where the works are, and their options."""

OPTIONS = (
    click.Option(
        ["--kind"],
        metavar="KIND",
        help="What is trained: ngram (program text), estimator (digits, or a table) or "
        f"recommender (a file of ratings); {KIND} unless given.",
    ),
    click.Option(["--folder"], metavar="DIR", help="ngram: where the works are."),
    click.Option(
        ["--file"], metavar="FILE", help="recommender: ratings; estimator: table of works."
    ),
    click.Option(
        ["--set", "settings"],
        multiple=True,
        metavar="FIELD=VALUE",
        help="Change another setting of the kind, as in order=6.",
    ),
    click.Option(["--runs"], type=whole(1, 100_000), help="Strikes to fit on (320)."),
    click.Option(["--seed"], type=whole(0), help="Decides who strikes and what is held out (0)."),
    click.Option(
        ["--repeats"],
        type=whole(1, 1_000),
        help="Check again with so many seeds, and say how far they agree (1).",
    ),
    click.Option(["--json", "as_json"], is_flag=True, help="Print the numbers as one JSON object."),
)


def retrain_check(
    kind: str | None,
    folder: str | None,
    file: str | None,
    settings: tuple[str, ...],
    runs: int | None,
    seed: int | None,
    repeats: int | None,
    as_json: bool,
) -> None:
    """Train a real model on what strikes leave, and see how well the surrogate foretells it.

    The surrogate is fitted to random and mixed strikes, and has to foretell what whole
    communities that leave do, which it was never shown.  Works stay on this machine.
    """
    from sim.capability.retraining.check import RUNS
    from sim.capability.retraining.check import retrain_check as check

    retraining = _chosen(kind or KIND, {"--folder": folder, "--file": file}, settings)
    first, many = seed or 0, repeats or 1
    if first + many > 2**32:
        raise InputError(f"--seed: must be at most {2**32 - many} with {many} repeats, got {first}")
    found = [check(retraining, runs or RUNS, each) for each in range(first, first + many)]
    click.echo(_as_json(found, retraining.kind(), first) if as_json else _as_text(found, first))


command = click.Command(
    "retrain-check",
    params=list(OPTIONS),
    callback=retrain_check,
    help=retrain_check.__doc__,
    short_help="Check the surrogate against models that are really trained.",
)


def _chosen(kind: str, places: dict[str, str | None], settings: tuple[str, ...]) -> Retraining:
    """Return what is to be trained, with its settings."""
    from pydantic_core import PydanticCustomError

    from sim.capability.retraining.base import Retraining

    try:
        fields = Retraining.find(kind).model_fields
    except PydanticCustomError as error:
        raise InputError(f"--kind: {error.message()}") from None
    data: dict[str, Any] = {"kind": kind}
    for option, place in places.items():
        if place is None:
            continue
        field = next((name for name in fields if PLACES.get(name) == option), None)
        if field is None:
            raise InputError(f"{option}: {kind} takes none; see --help")
        data[field] = place
    chosen: Retraining = Retraining.model_validate(data | _read(settings, kind, list(fields)))
    return chosen


def _read(settings: tuple[str, ...], kind: str, fields: list[str]) -> dict[str, Any]:
    from sim.loading.overrides import parse
    from sim.words.messages import nearest

    found = dict(parse(setting) for setting in settings)
    for name in found:
        if name not in fields:
            raise InputError(f"--set {name}: {kind} has no such setting; {nearest(name, fields)}")
    return found


def _as_text(checks: list[RetrainCheck], first: int) -> str:
    """Return the first check in full, and how far the others agree."""
    from sim.capability.retraining.check import over_seeds

    if len(checks) == 1:
        told = "One seed: --repeats 6 shows how much what is held out and who strikes decide."
        return f"{_one(checks[0])}\n{told}"
    lines = [
        f"seed {first + place}: {check.rmse:.3g} {check.unit}, own domain off by "
        f"{max(check.own_errors.values(), default=math.nan):.0%} at worst"
        for place, check in enumerate(checks)
    ]
    return "\n".join([_one(checks[0]), "", *lines, "", over_seeds(checks)])


def _one(found: RetrainCheck) -> str:
    unit = found.unit
    heads = ("community", "creators", "data", "own", "foretold", "others", "foretold", "at random")
    rows = [
        (
            row["community"],
            f"{row['creators']:,}",
            f"{row['data']:.0%}",
            *(f"{row[name]:.4g}" for name in ("own", "own_predicted", "other", "other_predicted")),
            f"{row['random']:.4g}",
        )
        for row in found.rows
    ]
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    lines = [
        "  ".join(
            f"{cell:<{width}}" if place == 0 else f"{cell:>{width}}"
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in (heads, *rows)
    ]
    head = (
        f"Harm ({unit}) when a community leaves: to its own domain and to the others', by training "
        f"and foretold by the surrogate; and when as much data leaves at random "
        f"({found.trainings} trainings)"
    )
    return "\n".join([head, "", *lines, "", *found.sentences])


def _as_json(checks: list[RetrainCheck], kind: str, first: int) -> str:
    """Return the first check, and all of them by seed where there are more."""
    from sim.capability.retraining.check import over_seeds

    data: dict[str, Any] = {"kind": kind, **_plain(checks[0])}
    if len(checks) > 1:
        data["over_seeds"] = over_seeds(checks)
        data["repeats"] = [
            {"seed": first + place, **_plain(check)} for place, check in enumerate(checks)
        ]
    return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False)


def _plain(found: RetrainCheck) -> dict[str, Any]:
    rows = [{name: _finite(value) for name, value in row.items()} for row in found.rows]
    return {**asdict(found), "rows": rows}


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
