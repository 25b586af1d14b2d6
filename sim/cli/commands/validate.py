"""``datastrike validate``: published results, simulated anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sim.validation.check import Check, Row


@click.command(short_help="Simulate published results anew and compare.")
@click.argument("names", nargs=-1, metavar="[NAME ...]")
@click.option(
    "--data",
    metavar="DIR",
    help="Also hold the surrogate against tables of training runs anywhere in a folder.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the table as JSON.")
@click.option("--fast", is_flag=True, help="Fewer and smaller runs, and so wider tolerances.")
def command(names: tuple[str, ...], data: str | None, as_json: bool, fast: bool) -> int:
    """Simulate published results of collective action anew, and compare.

    NAME is a model, such as watts_2002; all of them unless given.  Each result comes with a
    control in which something is wrong, and which must not agree.  The exit code is 0 if every
    result agrees and every control does not.

    With --data, NAME may also be a kind of tables, known by their columns (CSV, plain or gzipped):
    mixtures (index; train_..._DOMAIN; metric/..._DOMAIN_val_loss), learning_curves (frac, small),
    error_quantiles (strike, rel_q10, rel_q90), code_strikes (D_NAME, MEASURE_NAME, design) and
    user_strikes (design, s, group, side, pos_left, pos_struck, scores); see docs/evidence.md.
    """
    from sim.cli import DONE, SOME_FAILED
    from sim.cli.validation import as_data, heading, lines, skipped, summary

    asked, absent = _asked(names, data)
    rows: dict[str, list[Row]] = {}
    for name, checks in asked.items():
        told = rows.setdefault(name, [])
        if not as_json:
            click.echo(heading(name))
        for check in checks:
            row = check.play(fast)
            if not as_json:
                click.echo("\n".join(lines(row, told[-1] if told else None)))
            told.append(row)
    if not as_json and absent:
        click.echo(skipped(absent))
    click.echo(as_data(rows, absent) if as_json else summary(rows))
    return DONE if all(row.passes for told in rows.values() for row in told) else SOME_FAILED


def _asked(
    names: tuple[str, ...], data: str | None
) -> tuple[dict[str, tuple[Check, ...]], dict[str, str]]:
    """Return the checks by name, and why there are none for some kinds of tables."""
    from pathlib import Path

    from sim.errors import InputError
    from sim.validation import evidence, table

    kinds = evidence.names()
    found: dict[str, tuple[Check, ...]] = {}
    absent: dict[str, str] = {}
    for name in names or [*table.names(), *(kinds if data is not None else ())]:
        if name not in kinds:
            found[name] = table.checks(name)
        elif data is None:
            raise InputError(f"{name}: its tables are not part of the program; give --data DIR")
        else:
            try:
                found[name] = evidence.checks(name, Path(data))
            except evidence.NoTableError as reason:
                absent[name] = f"skipped: {data} has {reason}"
    return found, absent
