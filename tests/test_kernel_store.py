"""What was compiled is kept as long as it is used."""

from __future__ import annotations

import os
import time
from pathlib import Path

from sim.kernels import compiled


def test_what_other_versions_left_goes_after_a_month(tmp_path: Path) -> None:
    for name, days in (("kernels-old", 31), ("kernels-other", 29), ("rules", 400), ("mine", 99)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "code").touch()
        aged(folder, days)
    for name, days in (("rule_a.py", 31), ("rule_b.py", 1)):
        (tmp_path / "rules" / name).touch()
        aged(tmp_path / "rules" / name, days)
    compiled.throw_away_unused(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"kernels-other", "rules", "mine"}
    assert {path.name for path in (tmp_path / "rules").iterdir()} == {"code", "rule_b.py"}


def test_a_store_in_use_is_marked(tmp_path: Path) -> None:
    aged(tmp_path, 40)
    assert compiled._writable(tmp_path) == tmp_path
    assert time.time() - tmp_path.stat().st_mtime < 86_400


def test_a_new_store_makes_room(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "kernels-old").mkdir()
    aged(tmp_path / "kernels-old", 31)
    monkeypatch.setenv("DATASTRIKE_CACHE", str(tmp_path))
    store = compiled.kernel_store.__wrapped__()
    assert [path.name for path in tmp_path.iterdir()] == [store.name]


def aged(path: Path, days: int) -> None:
    then = time.time() - days * 86_400
    os.utime(path, (then, then))
