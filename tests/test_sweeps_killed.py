"""Sweeps that are killed at random moments end with the table of one that was left alone."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pandas as pd
import pytest

from sim.sweeps.saved import Sweep

SCRIPT = Path(__file__).with_name("sweep_to_be_killed.py")
MARK = "DATASTRIKE_TEST_SWEEP"
pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")


def started(out: Path, mark: str, hangs: bool) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), str(out), "hangs" if hangs else "ends"],
        env={**os.environ, MARK: mark},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def marked(mark: str) -> list[int]:
    """Return the processes of a sweep that are still there."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if f"{MARK}={mark}".encode() in (place / "environ").read_bytes():
                state = (place / "stat").read_text().rpartition(")")[2].split()[0]
                found += [int(place.name)] if state != "Z" else []
        except OSError:
            continue
    return found


def left_alone(out: Path, hangs: bool = False) -> pd.DataFrame:
    finished = started(out, uuid.uuid4().hex, hangs)
    _, said = finished.communicate()
    assert finished.returncode == 0, said.decode()
    return Sweep(out).table()


def killed_often(out: Path, most: int, seed: int, hangs: bool = False) -> tuple[pd.DataFrame, int]:
    """Kill the sweep or one of its workers again and again, but let it end at last.

    Returns
    -------
    table : pandas.DataFrame
        Of the sweep.
    kills : int
        How many there were, which may be fewer if it ended before.
    """
    chance, kills = random.Random(seed), 0
    while True:
        mark = uuid.uuid4().hex
        process = started(out, mark, hangs)
        while kills < most and process.poll() is None:
            time.sleep(chance.uniform(0.0, 2.0))
            victim = chance.choice([process.pid, *marked(mark)])
            if process.poll() is None and (out / "sweep.json").exists():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(victim, signal.SIGKILL)
                    kills += 1
        _, said = process.communicate()
        until = time.monotonic() + 60.0
        while marked(mark) and time.monotonic() < until:
            time.sleep(0.05)
        assert marked(mark) == []  # workers leave with whom they work for
        assert process.returncode in (0, -signal.SIGKILL), said.decode()
        if process.returncode == 0:
            return Sweep(out).table(), kills


def test_a_few_kills_change_nothing(tmp_path: Path) -> None:
    whole = left_alone(tmp_path / "a")
    found, _ = killed_often(tmp_path / "b", most=3, seed=1)
    pd.testing.assert_frame_equal(whole, found)


@pytest.mark.slow
def test_many_kills_change_nothing(tmp_path: Path) -> None:
    whole = left_alone(tmp_path / "a")
    kills, seed = 0, 0
    while kills < 25:
        found, more = killed_often(tmp_path / f"b{seed}", most=12, seed=seed)
        pd.testing.assert_frame_equal(whole, found)
        kills, seed = kills + more, seed + 1


@pytest.mark.slow
def test_runs_that_hang_are_the_same_rows_under_kills(tmp_path: Path) -> None:
    whole = left_alone(tmp_path / "a", hangs=True)
    assert (whole["status"] == "timeout").sum() == 2 * 3
    found, _ = killed_often(tmp_path / "b", most=8, seed=5, hangs=True)
    pd.testing.assert_frame_equal(whole, found)


@pytest.mark.slow
def test_a_tiny_file_system_fills_up_and_nothing_written_is_lost(tmp_path: Path) -> None:
    whole = left_alone(tmp_path / "a")
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("file systems cannot be mounted here")
    try:
        process = started(disk / "s", uuid.uuid4().hex, hangs=False)
        _, said = process.communicate()
        assert process.returncode != 0
        assert "No space left on device" in said.decode()
        part = Sweep(disk / "s").table()
        assert 0 < len(part) < len(whole)
        more = ["mount", "-o", "remount,size=16m", str(disk)]
        subprocess.run(more, check=True)
        pd.testing.assert_frame_equal(whole, left_alone(disk / "s"))
    finally:
        subprocess.run(["umount", str(disk)], check=False)
