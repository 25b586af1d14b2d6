"""The command line: reads, calls, prints.

Every module in `sim.cli.commands` holds one command.  It is imported when the command is
called, and imports what it needs when it runs, so that help and messages come at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

import click

from sim.cli.group import Commands
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.scenario import Scenario

DONE, SOME_FAILED, BAD_INPUT, INTERRUPTED = range(4)
"""Exit codes."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    return _run(datastrike, sys.argv[1:] if arguments is None else arguments)


def main_for(scenario: Scenario) -> NoReturn:
    """Run a scenario as its script does: with the options of ``datastrike run``."""
    from sim.cli.commands.run import command_for

    sys.exit(_run(command_for(scenario), sys.argv[1:]))


def _version(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked:
        from sim.provenance import DISTRIBUTION, own_version

        click.echo(f"{DISTRIBUTION} {own_version()}")
        context.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Print the version.",
)
def datastrike() -> None:
    """Simulate collective action around AI training data: who strikes, what a model loses."""


def _run(command: click.Command, arguments: Sequence[str]) -> int:
    given = list(arguments) or (["--help"] if command is datastrike else [])
    try:
        return command.main(given, command.name, standalone_mode=False) or DONE
    except click.ClickException as error:
        _complain(_plain(error))
        return BAD_INPUT
    except InputError as error:
        _complain(str(error))
        return BAD_INPUT
    except ValueError as error:
        _complain(_explained(error))
        return BAD_INPUT
    except (click.Abort, KeyboardInterrupt):
        _complain("stopped; nothing was written")
        return INTERRUPTED


def _plain(error: click.ClickException) -> str:
    """Return a mistake on the command line as ``option: sentence``."""
    if isinstance(error, click.MissingParameter):
        name = error.param.make_metavar(error.ctx) if error.param and error.ctx else "argument"
        return f"{name}: must be given"
    if isinstance(error, click.BadParameter) and error.param is not None:
        return f"{error.param.opts[0]}: {error.message}"
    return error.format_message()


def _explained(error: ValueError) -> str:
    """Return the lines of what a specification made on the way refuses; raise what is else."""
    from pydantic import ValidationError

    from sim.words.messages import explain

    if not isinstance(error, ValidationError):
        raise error
    return "\n".join(explain(error))


def _complain(text: str) -> None:
    click.echo(text, err=True)
