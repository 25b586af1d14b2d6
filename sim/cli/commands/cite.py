"""``datastrike cite``: what a scenario rests on, as BibTeX."""

from __future__ import annotations

import click


@click.command(short_help="Print the sources of a scenario and its parts as BibTeX.")
@click.argument("source", metavar="NAME|FILE")
def command(source: str) -> None:
    """Print BibTeX for a scenario: rule, network, institutions, surrogate presets, figures."""
    from sim.cli.citations import cited
    from sim.loading.files import load_scenario

    click.echo("\n\n".join(cited(load_scenario(source))))
