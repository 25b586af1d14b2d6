"""A world that cannot fit is refused before it is built."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

import sim
import sim.networks
from sim import folders, memory
from sim.cli import BAD_INPUT, main
from sim.networks import BarabasiAlbert
from sim.run_folder import size_of


def scenario(size):
    return sim.Scenario([sim.Community("coders", size)], BarabasiAlbert(5))


def test_two_billion_creators_are_refused_in_one_sentence():
    with pytest.raises(sim.InputError, match=r"2,000,000,000 creators .* GB .* use fewer"):
        sim.run(scenario(2_000_000_000))


def test_a_history_that_cannot_fit_is_refused_in_one_sentence(monkeypatch):
    monkeypatch.setattr(memory, "free", lambda: 10**9)
    few = [sim.Community(f"c{k}", 2) for k in range(30)]
    long = sim.Scenario(few, sim.networks.Empty(), steps=10**6, step_days=0.001)
    with pytest.raises(
        sim.InputError, match=r"^steps: 1,000,000 steps of 30 communities .* 1\.4 GB"
    ):
        sim.run(long)
    assert memory.history(long.replace(steps=10**4)) < 10**9 / 50


def test_the_estimate_grows_with_creators_and_with_what_differs_between_them():
    one, two = memory.needed(scenario(10**6)), memory.needed(scenario(2 * 10**6))
    assert one > 10**6 * 5 * 2 * 4
    assert two == pytest.approx(2 * one, rel=0.01)
    drawn = scenario(10**6).replace(
        communities=[sim.Community("coders", 10**6, threshold=sim.Uniform())]
    )
    assert memory.needed(drawn) - one == 8 * 10**6


def test_what_is_free_is_asked_of_the_system(monkeypatch):
    monkeypatch.setattr(memory, "free", lambda: 10**6)
    with pytest.raises(sim.InputError, match="1 MB are free"):
        memory.check(scenario(10**6))
    monkeypatch.setattr(memory, "free", lambda: None)
    memory.check(scenario(2 * 10**9))


class System:
    """What a system says of its memory: files by name, and pages."""

    def __init__(self, monkeypatch, files, pages=None):
        self.files = files
        monkeypatch.setattr(memory, "Path", lambda place: self.place(str(place)))
        names = {"SC_AVPHYS_PAGES": 1} if pages else {}
        monkeypatch.setattr(memory.os, "sysconf_names", names)
        sizes = {"SC_AVPHYS_PAGES": pages, "SC_PAGE_SIZE": 4096}
        monkeypatch.setattr(memory.os, "sysconf", sizes.get)

    def place(self, name):
        def read_text(encoding):
            if name not in self.files:
                raise FileNotFoundError(name)
            return self.files[name]

        return SimpleNamespace(name=name.rpartition("/")[2], read_text=read_text)


LIMIT, FREE = "/sys/fs/cgroup/memory.max", "/proc/meminfo"
MEMINFO = "MemTotal:       16000 kB\nMemAvailable:    9000 kB\nHugePages_Total:       0\n\n"


@pytest.mark.parametrize(
    ("files", "pages", "bytes_"),
    [
        ({FREE: MEMINFO}, 5, 9000 * 1024),
        ({LIMIT: "max\n", FREE: MEMINFO}, 5, 9000 * 1024),
        ({LIMIT: "7000000\n", FREE: MEMINFO}, 5, 7_000_000),
        ({LIMIT: "99000000\n", FREE: MEMINFO}, 5, 9000 * 1024),
        ({LIMIT: "7000000\n"}, 5, 7_000_000),
        ({}, 5, 5 * 4096),
        ({}, None, None),
    ],
)
def test_the_tightest_limit_counts(monkeypatch, files, pages, bytes_):
    System(monkeypatch, files, pages)
    assert memory.free() == bytes_


def test_a_folder_that_the_disk_has_no_room_for_is_refused_before_the_run(
    monkeypatch, tmp_path, capsys
):
    monkeypatch.setattr(folders.shutil, "disk_usage", lambda _: SimpleNamespace(free=10**6))
    line = ["run", "watts_2002", "--replications", "100", "--out", str(tmp_path / "out")]
    assert main(line) == BAD_INPUT
    assert "needs about 3 MB, and 1 MB are free there;" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


MIXED = {"poison": 0.5, "boycott": 0.5}


def test_folders_take_no_more_than_expected(tmp_path):
    """Where none act, in the other world, hardly anything is written: so at most half of it."""
    world = sim.Scenario(
        [sim.Community("a", 200_000, threshold=sim.Uniform(), repertoire=MIXED)],
        sim.networks.ErdosRenyi(4.0), seeds=sim.Seeds(share=0.3), steps=300,
    )  # fmt: skip
    folder = sim.compare(world, replications=1).save(tmp_path / "out")
    written = sum(path.stat().st_size for path in folder.iterdir())
    assert 0.3 < written / size_of(world, 1) < 0.6
