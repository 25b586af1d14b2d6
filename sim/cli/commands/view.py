"""``datastrike view``: a scenario played live in the browser, beside a second world."""

from __future__ import annotations

import importlib
import shlex

import click

from sim.cli.options import RULES, SETTINGS, changed, whole

MODULE = "analysis.view.server"


def view(
    source: str,
    seed: int,
    settings: tuple[str, ...],
    rules: tuple[str, ...],
    host: str,
    port: int,
    browse: bool,
) -> None:
    """Show a scenario in the browser: step, play, change values, two worlds side by side.

    The second world has the same creators, network and draws: without action, as the scenario
    was, or with other settings.  The page is served on this machine only; --host lets others in.
    """
    from sim.loading.files import load_rules, load_scenario

    for rule in rules:
        load_rules(rule)
    scenario = changed(load_scenario(source), settings)
    server = importlib.import_module(MODULE)
    changes = [*(f"--set={each}" for each in settings), *(f"--rule={each}" for each in rules)]
    again = shlex.join(["datastrike", "run", source, *changes])
    server.serve(scenario, seed, host, port, browse, again, tell=click.echo)


command = click.Command(
    "view",
    params=[
        click.Argument(["source"], metavar="NAME|FILE"),
        click.Option(["--seed"], type=whole(0), default="0", help="Random seed to begin with (0)."),
        SETTINGS,
        click.Option(["--host"], default="127.0.0.1", help="Address to listen on (127.0.0.1)."),
        click.Option(
            ["--port"],
            type=whole(0, 65535),
            default="8765",
            help="Port (8765); 0 takes a free one.",
        ),
        click.Option(["--browse/--no-browse"], default=False, help="Open a browser."),
        RULES,
    ],
    callback=view,
    help=view.__doc__,
    short_help="Watch a scenario live in the browser, beside a second world.",
)
