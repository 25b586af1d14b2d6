"""What was saved: folders of runs, comparisons, sweeps and leverage studies, and receipts."""

from __future__ import annotations

import functools
import json
import shutil
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

import sim
from sim.leverage.saving import save_curve
from tests.fuzzing.attempts import attempt, command
from tests.fuzzing.damage import changed, damaged
from tests.fuzzing.surfaces import Surface
from tests.fuzzing.worlds import worlds

KINDS = ("run", "comparison", "sweep", "leverage")
REMOVED = None


def save(kind: str, folder: Path) -> Path:
    """Save a small study of a kind; return its folder."""
    world, path = worlds()["sweep_tactics"], folder / kind
    if kind == "run":
        sim.run(world, 1).save(path)
    elif kind == "comparison":
        sim.compare(world, replications=2).save(path)
    elif kind == "leverage":
        save_curve(sim.leverage_curve(world, lab="Lab", replications=1), path)
    else:
        sim.sweep(
            world, vary={"labs.Lab.compliance": [0.0, 1.0]}, replications=2, workers=1,
            outcomes=["adoption.final", "labs.Lab.loss"], out=path,
        )  # fmt: skip
    return path


def folders(kind: str, folder: Path) -> Surface:
    """Saved folders with one file removed, damaged at random bytes or changed in its values."""
    whole, copied, page = save(kind, folder), folder / "damaged", folder / "page.html"
    files = [path for path in sorted(whole.rglob("*")) if path.is_file()]
    # What draws charts lays claim to address space without bound as it starts: it does so here.
    assert command("report", str(whole), "--out", str(page), bounds=False) == 0

    @st.composite
    def inputs(draw: st.DrawFn) -> tuple[str, bytes | None, bool]:
        file = draw(st.sampled_from(files))
        content: bytes | None = file.read_bytes()
        change = draw(st.sampled_from(("bytes", "bytes", "data", "remove")))
        if change == "remove":
            content = REMOVED
        elif change == "data" and file.suffix == ".json":
            content = json.dumps(draw(changed(json.loads(content)))).encode()
        else:
            content = draw(damaged(content))
        return str(file.relative_to(whole)), content, draw(st.integers(0, 9)) == 0

    def tried(victim: tuple[str, bytes | None, bool]) -> None:
        name, content, reported = victim
        shutil.rmtree(copied, ignore_errors=True)
        shutil.copytree(whole, copied)
        (copied / name).unlink()
        if content is not REMOVED:
            (copied / name).write_bytes(content)
        attempt(lambda: read_all(copied))
        page.unlink(missing_ok=True)
        if reported:
            command("report", str(copied), "--out", str(page), unwritten=page)
        if kind == "sweep":
            command("sweep", "--status", str(copied), "--json")
            command("sensitivity", str(copied))
            command("map", str(copied), "labs.Lab.compliance", "--level", "0.5", "--json")
            command("discover", str(copied), "adoption.final > 0.1")

    return Surface(inputs(), tried, costs=3)  # each copies and reads all


def read_all(path: Path) -> None:
    """Open a saved study and ask it for everything."""
    found = sim.load(path)
    repr(found)
    if hasattr(found, "table"):
        found.table()


def receipts(folder: Path) -> Surface:
    """Receipts with values replaced, removed, copied or renamed."""
    receipt = json.loads((save("run", folder) / "receipt.json").read_text("utf-8"))
    path, out = folder / "other.json", folder / "again"

    def tried(data: dict[str, Any]) -> None:
        path.write_text(json.dumps(data), "utf-8")
        shutil.rmtree(out, ignore_errors=True)
        scenario = attempt(lambda: sim.load_scenario(path))
        if scenario is None or scenario.creators * max(1, scenario.steps) <= 10**5:
            options = ("--replications", "1", "--no-figure", "--out", str(out))
            command("run", str(path), *options, unwritten=out)

    return Surface(changed(receipt), tried)


SURFACES = {
    **{f"{kind}-folders": functools.partial(folders, kind) for kind in KINDS},
    "receipts": receipts,
}
