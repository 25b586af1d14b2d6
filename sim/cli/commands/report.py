"""``datastrike report``: a saved study as one page to read, print and pass on."""

from __future__ import annotations

import importlib
from pathlib import Path

import click

MODULE = "analysis.report"
FILE = "report.html"


@click.command(short_help="Write a saved study as one page: answer, figures, assumptions.")
@click.argument("folder", metavar="DIR")
@click.option("--out", metavar="FILE.html", help=f"A new file; {FILE} in DIR unless given.")
def command(folder: str, out: str | None) -> None:
    """Write what a run, a comparison, a leverage study or a sweep found into one HTML file.

    DIR is the folder that --out of the other commands filled.  The file holds its figures and
    loads nothing, so that it can be read, printed and passed on without a network.
    """
    from sim.folders import check_new_file, write_text

    target = check_new_file(Path(folder) / FILE if out is None else out)
    page = importlib.import_module(MODULE).report(folder)
    click.echo(f"Written: {write_text(target, page)}")
