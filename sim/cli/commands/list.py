"""``datastrike list``: the scenarios there are."""

from __future__ import annotations

import click


@click.command()
def command() -> None:
    """List the scenarios that can be run by name."""
    from sim.loading.scripts import library

    known = library()
    width = max((len(name) for name in known), default=0)
    for name, line in known.items():
        click.echo(f"{name:<{width}}  {line}")
