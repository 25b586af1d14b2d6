"""``datastrike validate``: published results, simulated anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sim.validation.check import Row


@click.command(short_help="Simulate published results anew and compare.")
@click.argument("names", nargs=-1, metavar="[NAME ...]")
@click.option("--json", "as_json", is_flag=True, help="Print the table as JSON.")
@click.option("--fast", is_flag=True, help="Fewer and smaller runs, and so wider tolerances.")
def command(names: tuple[str, ...], as_json: bool, fast: bool) -> int:
    """Simulate published results of collective action anew, and compare.

    NAME is a model, such as watts_2002; all of them unless given.  Each result comes with a
    control in which something is wrong, and which must not agree.  The exit code is 0 if every
    result agrees and every control does not.
    """
    from sim.cli import DONE, SOME_FAILED
    from sim.cli.validation import as_data, heading, lines, summary
    from sim.validation import table

    asked = {name: table.checks(name) for name in names or table.names()}
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
    click.echo(as_data(rows) if as_json else summary(rows))
    return DONE if all(row.passes for told in rows.values() for row in told) else SOME_FAILED
