"""What worlds, networks and sweeps refuse, and what they answer at their edges."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.cli import main
from sim.networks import Configuration, EdgeList, ErdosRenyi, Layers, NetworkSpec, StochasticBlock
from sim.networks.base import check_ends
from sim.networks.dealing import shares_of
from sim.runs.comparison import compare
from sim.sweeps import designs
from sim.sweeps.axes import Axis, cell, read_axes
from sim.sweeps.targets import targets
from sim.theory.critical_mass import smallest_pledge
from sim.words.messages import shown
from tests.sweep_cases import THRESHOLD, small, swept
from tests.test_networks import RANDOM, kind_of

DEGREE = "network.mean_degree"
DEGREES = Configuration(degrees=(3,) * 3_000)


class TestNetworks:
    @pytest.mark.parametrize("spec", [*RANDOM, DEGREES], ids=kind_of)
    def test_memory_is_announced(self, spec: NetworkSpec) -> None:
        """Enough for the links, and not so much that worlds that fit are refused."""
        network = spec.build((1_000, 2_000), 1)
        arrays = (network.indptr, network.indices, network.weights, network.modules)
        taken = sum(array.nbytes for array in arrays if array is not None)
        # The number of random links is known to about a hundredth.
        assert 0.95 * taken <= spec.memory(3_000) <= 20 * taken

    def test_memory_of_an_edge_list_grows_with_its_file(self, tmp_path: Path) -> None:
        path = tmp_path / "links.txt"
        for many in (10, 1_000):
            path.write_text("".join(f"{i} {i + 1}\n" for i in range(many)))
            network = EdgeList(str(path)).build((5,), 1)
            taken = network.indices.nbytes + network.indptr.nbytes
            assert taken <= EdgeList(str(path)).memory(5) == 10 * path.stat().st_size

    def test_layers_change_with_their_files(self, tmp_path: Path) -> None:
        path = tmp_path / "links.txt"
        path.write_text("1 2\n")
        layers = Layers((EdgeList(str(path)), ErdosRenyi(0.5)))
        before = layers.version()
        path.write_text("1 2\n2 3\n")
        assert layers.version() != before

    def test_layers_multiply_the_weights_of_their_links(self, tmp_path: Path) -> None:
        path = tmp_path / "links.txt"
        path.write_text("0 1 3\n1 2 0.5\n")
        network = Layers((EdgeList(str(path), weights=True),), (2.0,)).build((3,), 1)
        assert (network.weights / 2**16).tolist() == [6.0, 6.0, 1.0, 1.0]

    def test_as_many_creators_as_numbers_have_room_for(self) -> None:
        check_ends(2**31 - 1, 0.0)
        with pytest.raises(sim.InputError, match="at most 2,147,483,647 creators are possible"):
            check_ends(2**31, 0.0)

    def test_a_matrix_has_its_own_homophily(self) -> None:
        with pytest.raises(ValueError, match="homophily goes with mean_degree"):
            StochasticBlock(matrix=((1.0,),), homophily=0.5)

    @pytest.mark.parametrize(
        ("sizes", "shares"), [((0, 0), (7, 0)), ((), ()), ((1, 1), (4, 3)), ((0, 5), (0, 7))]
    )
    def test_shares_of_seven(self, sizes: tuple[int, ...], shares: tuple[int, ...]) -> None:
        assert shares_of(7, sizes) == shares


class TestWorlds:
    def test_ids_are_numbers_where_no_file_names_them(self) -> None:
        for seeds in (sim.Seeds(ids=("anna",)), sim.Seeds(ids=(2**70,))):
            with pytest.raises(sim.InputError, match=r"^seeds\.ids: creators .* have numbers"):
                sim.run(small(seeds=seeds), 1)

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            (
                {"communities": [sim.Community("a", 5, opposes=("a",))]},
                "opposes: must name others, got itself",
            ),
            (
                {"platforms": [sim.Platform(f"p{k}", members={"a": 0.001}) for k in range(251)]},
                "platforms: at most 250, got 251",
            ),
        ],
    )
    def test_institutions_that_cannot_be(self, changes: dict[str, Any], said: str) -> None:
        given = {"communities": [sim.Community("a", 5)], **changes}
        with pytest.raises(ValueError, match=said):
            sim.Scenario(**given)

    def test_campaigns_end_after_they_begin(self) -> None:
        day = date(2024, 5, 1)
        with pytest.raises(ValueError, match="ends: must not be before begins, got 2024-04-30"):
            sim.Organiser("Union", begins=day, ends=day - timedelta(1))
        assert sim.Organiser("Union", begins=day, ends=day).ends == day

    def test_kinds_are_not_mixed_up(self) -> None:
        with pytest.raises(ValueError, match="must be of kind 'uniform', got 'normal'"):
            sim.Uniform.model_validate({"kind": "normal", "low": 0.0, "high": 1.0})
        with pytest.raises(AttributeError, match="has no attribute '_hidden'"):
            _ = sim.networks._hidden

    def test_progress_is_told_step_by_step(self) -> None:
        world, told = small(), []
        sim.run(world, 1, progress=lambda step, steps: told.append((step, steps)))
        assert told == [(k, world.steps) for k in range(1, len(told) + 1)]
        both: list[tuple[int, int]] = []
        compare(world, replications=2, progress=lambda *at: both.append(at))
        steps = [step for step, _ in both]
        assert steps == sorted(set(steps)), "runs follow one another"
        assert {total for _, total in both} == {4 * world.steps}

    def test_a_pledge_that_gains_nobody_anything(self) -> None:
        assert smallest_pledge(0.1, 2.0, 10) is None
        assert smallest_pledge(2.0, 1.0, 10) == 3  # (n / 10)**2 > 1 / 20 from n = 2.24 on


class TestSweeps:
    def test_whole_numbers_drawn_from_other_distributions(self) -> None:
        axis = Axis("steps", spread=sim.Normal(10.0, 3.0), present=5)
        drawn = axis.at(np.array([0.5, 0.8413447]))
        assert drawn == [10, 13]
        assert all(isinstance(value, int) for value in drawn)

    def test_a_value_alone(self) -> None:
        (axis,) = read_axes({"steps": 3}, small(), "lever")
        assert axis.levels == (3,)
        assert cell(date(2023, 1, 31)) == "2023-01-31"
        assert shown(date(2023, 1, 31)) == "2023-01-31"

    def test_tables_where_numbers_stand(self) -> None:
        with pytest.raises(sim.InputError, match="no distribution 'unifrom'; did you mean"):
            read_axes({"steps": [{"kind": "unifrom"}]}, small(), "lever")

    def test_files_of_points(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "points.csv"
        path.write_bytes(b"steps\n\xff\n")
        with pytest.raises(sim.InputError, match="cannot be read as CSV"):
            designs.read_points(path)
        monkeypatch.setattr(designs, "MOST_BYTES", 5)
        with pytest.raises(sim.InputError, match="is larger than"):
            designs.read_points(path)

    def test_names_that_are_taken(self, tmp_path: Path) -> None:
        with pytest.raises(sim.InputError, match=r"outcome seed: a column of this name exists"):
            swept(tmp_path / "s", outcomes={"seed": lambda result: 1.0})

    def test_series_of_other_times(self) -> None:
        about = {"outcome": "adopters", "low": (1.0,), "high": (2.0,), "source": "made up"}
        world = small(start=date(2023, 1, 1))
        early = sim.scenario.Observed(dates=(date(2020, 1, 1),), **about)
        with pytest.raises(sim.InputError, match="no date lies within the scenario's steps"):
            targets(world, early)
        within = sim.scenario.Observed(dates=(date(2023, 1, 9),), **about)
        assert [target.step for target in targets(world, within)] == [
            world.step_of(date(2023, 1, 9))
        ]
        with pytest.raises(ValueError, match="must have the same number of entries"):
            sim.scenario.Observed(dates=(), **about)


class TestCommands:
    @pytest.mark.parametrize("command", ["leverage", "retrain-check"])
    def test_seeds_stay_within_32_bits(
        self, command: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        many = "--repeats" if command == "retrain-check" else "--replications"
        source = [] if command == "retrain-check" else ["sweep_tactics"]
        asked = [command, *source, "--seed", str(2**32 - 1), many, "2"]
        assert main(asked) == 2
        assert f"--seed: must be at most {2**32 - 2} with 2 " in capsys.readouterr().err

    def test_keys_of_a_script(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "mine_own.py"
        path.write_text(
            "import sim\n"
            'SCENARIO = sim.Scenario(communities=[sim.Community("a", 9)], steps=2)\n'
            'SWEEP = {"varry": {"steps": [1]}}\n'
        )
        assert main(["sweep", str(path), "--out", str(tmp_path / "out")]) == 2
        assert "SWEEP has an unknown key; did you mean 'vary'?" in capsys.readouterr().err

    def test_a_sweep_of_nothing_has_no_means(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        swept(tmp_path / "s", vary={}, replications=2)
        assert main(["sweep", "--status", str(tmp_path / "s")]) == 0
        said = capsys.readouterr().out
        assert "2 done" in said
        assert "Means" not in said

    def test_a_figure_takes_nobodys_place(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        about = {"design": "morris", "samples": 4, "replications": 1, "vary": None}
        swept(tmp_path / "s", uncertain={DEGREE: "2:8", THRESHOLD: "0.1:0.3"}, **about)
        (tmp_path / "there.png").write_text("mine")
        asked = ["sensitivity", str(tmp_path / "s"), "--figure", str(tmp_path / "there.png")]
        assert main([*asked, "--outcome", "adoption.final"]) == 2
        assert "exists already" in capsys.readouterr().err
        assert (tmp_path / "there.png").read_text() == "mine"

    def test_as_a_module(self) -> None:
        asked = [sys.executable, "-m", "sim", "--version"]
        told = subprocess.run(asked, capture_output=True, text=True, check=True)
        assert sim.__version__ in told.stdout

    @pytest.mark.skipif(os.name == "nt", reason="pipes are closed otherwise there")
    def test_nobody_reads_on(self) -> None:
        """As ``datastrike list | head -1`` does."""
        code = "import sys; from sim.cli import main; sys.exit(main(['list']))"
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run(
            [sys.executable, "-u", "-c", code], stdout=writing, stderr=subprocess.PIPE, check=False
        )
        os.close(writing)
        assert done.returncode in (0, 1)
        assert done.stderr == b""


@pytest.mark.parametrize("name", ["capability", "networks", "decisions", "theory", "leverage"])
def test_packages_are_there_without_being_imported(name: str) -> None:
    code = f"import sim; print(sim.{name}.__name__)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == f"sim.{name}" == importlib.import_module(f"sim.{name}").__name__
