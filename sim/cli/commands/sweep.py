"""``datastrike sweep``: a scenario at many points of its parameters."""

from __future__ import annotations

import inspect
import json
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.options import SETTINGS, changed, whole
from sim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario
    from sim.sweeps.saved import Sweep

DECLARED = "SWEEP"
"""In a scenario's script: what is asked for unless options say otherwise."""
SHOWN = 24
"""Points whose means are printed."""
COLUMNS = 4
"""Outcomes that are printed, and each lab's."""
ROUNDING = 1e-12
"""Standard errors below this share of the mean come of adding up equal numbers in binary."""
OUTCOMES = (
    "What is kept of each run: adoption.final, participation.max, adopters.final, cascade, "
    "labs.NAME.loss, labs.NAME.rollback, communities.NAME.adoption.final, ... (unless given: the "
    "usual ones, with loss and rollback of each lab)."
)


def sweep(
    source: str | None,
    status: str | None,
    settings: tuple[str, ...],
    out: str | None,
    as_json: bool,
    **asked: Any,
) -> int:
    """Play a scenario at many points of its parameters, and keep every run in a folder.

    NAME and FILE are as for `datastrike run`; a script may say in SWEEP what is varied.  What
    is in the folder already is not played again, so the same command goes on from where it
    was stopped, and one with more values or replications adds to it.
    """
    from sim.sweeps.saved import Sweep

    if status is not None:
        return _reported(Sweep(status), as_json)
    if source is None or out is None:
        raise InputError(
            "sweep: needs a scenario and --out DIR; or --status DIR to see how far one has come"
        )
    scenario, declared = _loaded(source)
    wanted = _asked(declared, asked, source)
    return _swept(changed(scenario, settings), out, wanted, as_json)


def _options() -> list[click.Parameter]:
    return [
        click.Argument(["source"], metavar="[NAME|FILE]", required=False),
        _many("--vary", "PATH=VALUES", "Values of a lever: a,b,c or low:high:number."),
        _many("--uncertain", "PATH=VALUES", "What nobody knows: low:high, or a distribution."),
        _text("--design", "KIND|FILE.csv", "grid, lhs, sequence, sobol, morris, oat, or points."),
        click.Option(["--samples"], type=whole(1), help="How often a design draws (128)."),
        click.Option(["--replications"], type=whole(1), help="Random seeds for each point (1)."),
        click.Option(["--seed"], type=whole(0), help="First random seed (0)."),
        _many("--outcome", "NAME", OUTCOMES, "outcomes"),
        _flag("--counterfactual", "Play every run without action, too."),
        _flag("--independent-seeds", "Give every point seeds of its own, for calibration."),
        _many("--precision", "NAME=ERROR", "Add replications until this standard error."),
        click.Option(["--most"], type=whole(1), help="Replications at the most (1000)."),
        SETTINGS,
        click.Option(["--workers"], type=whole(1, 4096), help="Processes on this machine."),
        _text("--dask", "ADDRESS|local", "Play on the workers of a Dask scheduler."),
        _text("--shard", "I/N", "Play only this part of N, for array jobs."),
        click.Option(["--time-limit"], type=float, metavar="S", help="Seconds for each run."),
        _flag("--rerun-failed", "Play runs that failed again."),
        _flag("--allow-mixed", "Let runs of different versions share the folder."),
        _text("--out", "DIR", "Folder, new or of the same scenario."),
        _text("--status", "DIR", "Say how far the sweep in a folder has come."),
        click.Option(["--json", "as_json"], is_flag=True, help="Print one JSON object."),
    ]


def _many(name: str, metavar: str, text: str, called: str | None = None) -> click.Option:
    names = [name, called] if called else [name]
    return click.Option(names, multiple=True, metavar=metavar, help=text)


def _text(name: str, metavar: str, text: str) -> click.Option:
    return click.Option([name], metavar=metavar, help=text)


def _flag(name: str, text: str) -> click.Option:
    return click.Option([name], is_flag=True, help=text)


command = click.Command(
    "sweep",
    params=_options(),
    callback=sweep,
    help=sweep.__doc__,
    short_help="Play a scenario at many points of its parameters.",
)


def _loaded(source: str) -> tuple[Scenario, dict[str, Any]]:
    """Return a scenario, and what its script says of sweeps."""
    from sim.loading.files import load_scenario
    from sim.loading.scripts import LIBRARY

    scenario = load_scenario(source)
    stem = Path(source).stem
    names = (f"{LIBRARY}.{source.replace('-', '_')}", stem, "_script")
    for module in (sys.modules.get(name) for name in names):
        if module is not None and getattr(module, "SCENARIO", None) is scenario:
            return scenario, dict(getattr(module, DECLARED, {}))
    return scenario, {}


def _asked(declared: dict[str, Any], asked: dict[str, Any], source: str) -> dict[str, Any]:
    """Return the arguments of `sim.sweep`: those of the script, changed by the options."""
    from sim.sweeps.sweep import sweep as play
    from sim.words.messages import nearest

    known = [n for n in inspect.signature(play).parameters if n not in ("scenario", "out")]
    for name in declared:
        if name not in known:
            raise InputError(f"{source}: {DECLARED} has an unknown key; {nearest(name, known)}")
    given = {name: value for name, value in asked.items() if value not in (None, (), False)}
    stated = {name: _axes(given.get(name, ())) for name in ("vary", "uncertain")}
    given |= _varied(declared, stated, str(given.get("design", "")))
    if "precision" in given:
        given["precision"] = dict(_precision(text) for text in given["precision"])
    return {**declared, **given}


def _varied(
    declared: dict[str, Any], stated: Mapping[str, Mapping[str, str]], design: str
) -> dict[str, Any]:
    """Return what is varied: options count before what the script declares."""
    ours = {path for axes in stated.values() for path in axes}
    found = {}
    for name, axes in stated.items():
        there = {} if design.endswith(".csv") else declared.get(name, {})
        found[name] = {path: given for path, given in there.items() if path not in ours} | {**axes}
    return found


def _axes(settings: tuple[str, ...]) -> Mapping[str, str]:
    from sim.sweeps.axes import parse_axis

    return dict(parse_axis(setting) for setting in settings)


def _precision(setting: str) -> tuple[str, float]:
    name, _, error = setting.partition("=")
    try:
        return name.strip(), float(error)
    except ValueError:
        raise InputError(
            f"--precision {setting}: must be outcome=error, as in adoption.final=0.01"
        ) from None


def _swept(scenario: Scenario, out: str, asked: dict[str, Any], as_json: bool) -> int:
    from sim.cli import INTERRUPTED
    from sim.cli.progress import bar
    from sim.sweeps.saved import Sweep
    from sim.sweeps.store import Store, UnwritableError
    from sim.sweeps.sweep import sweep as play

    there = Store(out).outcomes if Store.holds_sweep(out) else ()
    more = [name for name in asked.get("outcomes", ()) if there and name not in there]
    if more:
        click.echo(f"{out}: its runs are played again for {', '.join(more)}", err=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what clusters send before the end
    try:
        with bar(scenario.name, many=True) as progress:
            found = play(scenario, out=out, progress=progress, **asked)
    except UnwritableError as error:
        click.echo(str(error), err=True)
        return INTERRUPTED
    except KeyboardInterrupt:
        kept = Sweep(out).status()["done"] if Store.holds_sweep(out) else 0
        click.echo(
            f"stopped; {kept:,} runs are kept in {out}, and the same command goes on from there",
            err=True,
        )
        return INTERRUPTED
    return _reported(found, as_json, asked.get("outcomes"))


def _reported(sweep: Sweep, as_json: bool, asked: Any = None) -> int:
    from sim.cli import DONE, SOME_FAILED

    status = sweep.status()
    if as_json:
        about = {
            "folder": str(sweep.folder),
            "scenario": sweep.scenario.name,
            "scenario_digest": sweep.scenario.digest,
            **status,
            "parameters": list(sweep.parameters),
            "outcomes": list(sweep.outcomes),
        }
        click.echo(json.dumps(about, indent=1))
    else:
        click.echo("\n".join(_lines(sweep, status, _shown(sweep, asked))))
    return SOME_FAILED if status["failed"] else DONE


def _lines(sweep: Sweep, status: dict[str, int], shown: list[str]) -> list[str]:
    told = [f"{number:,} {what}" for what, number in status.items()]
    lines = [f"{sweep.scenario.about.title or sweep.scenario.name}: runs {', '.join(told)}"]
    if status["failed"]:
        reasons = sweep.failures()["error"].value_counts()
        lines += [f"  {count:,} failed: {reason}" for reason, count in reasons.head(5).items()]
        lines.append("  --rerun-failed plays them again")
    lines += _means(sweep, shown) if status["done"] else []
    return [*lines, f"Written: {sweep.folder}"]


def _means(sweep: Sweep, shown: list[str]) -> list[str]:
    """Return means over replications, where there are few points, and what acting changes."""
    if not sweep.parameters:
        return []
    points = len(sweep.designs[-1].points)
    if points > SHOWN:
        return [f"{points:,} points, too many to print: `datastrike report {sweep.folder}`"]
    parameters = list(sweep.parameters)
    runs = sweep.table([*parameters, "digest", "seed", "arm", *shown], where={"status": "ok"})
    runs = runs.sort_values([*parameters, "arm", "seed"])
    arms = ["arm"] if runs["arm"].nunique() > 1 else []
    told = ["", *_averaged("Means over replications", runs, [*parameters, *arms], shown)]
    changed = [name for name in shown if name.startswith("labs.")]
    if not changed:
        return [*told, ""]
    acted, not_acted = (
        runs[runs["arm"] == arm].set_index(["digest", "seed"])
        for arm in ("action", "counterfactual")
    )
    if not_acted.empty:
        return [*told, "--counterfactual would add what the action changes for each lab", ""]
    acted[changed] = acted[changed] - not_acted[changed]
    title = "Changed by the action (action less counterfactual, same seeds)"
    return [*told, "", *_averaged(title, acted, parameters, changed), ""]


def _shown(sweep: Sweep, asked: Any) -> list[str]:
    """Return the outcomes that are printed: the first, each lab's, and some more, in order."""
    among = [name for name in sweep.outcomes if name in (asked or sweep.outcomes)]
    single = [name for name in among if not name.endswith(".series")]
    labs = [name for name in single if name.startswith("labs.")]
    kept = [*single[:1], *labs, *single[1:]][: max(COLUMNS, 1 + len(labs))]
    return [name for name in single if name in kept]


def _averaged(title: str, runs: pd.DataFrame, by: list[str], shown: list[str]) -> list[str]:
    """Return means under a title, with their standard errors where there are replications."""
    grouped = runs.groupby(by, dropna=False, sort=False)[shown]
    means, errors = grouped.mean(), grouped.sem()
    errors = errors.mask(errors < ROUNDING * means.abs(), 0.0)
    told = means.map("{:.5g}".format)
    several = bool(errors.notna().any(axis=None))
    if several:
        told = told + " ± " + errors.map("{:.2g}".format)
    title += " ± standard error" if several else ""
    return [f"{title}:", told.reset_index().to_string(index=False)]
