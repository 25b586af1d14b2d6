"""What is refused, in one sentence each, and what is found beside: corners of many modules."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim import provenance
from sim.capability.fit_surrogate import _corpus
from sim.capability.retraining.trainers import corpus, ratings
from sim.capability.retraining.trainers.strikes import _spread
from sim.capability.retraining.trainers.topics import topic_of
from sim.capability.transfer import RankOne
from sim.networks import BarabasiAlbert, Complete, Network
from sim.runs.comparison import compare
from sim.sweeps import axes, shelf
from sim.sweeps.outcomes import Outcome, outcomes
from sim.sweeps.saved import Sweep, _common, _part
from sim.sweeps.store import DESIGNS, LONG_AGO, MANIFEST, Store
from sim.validation.tables import read_runs
from sim.validation.user_strikes import group_designs, measured_group_over_random
from tests.sweep_cases import small, swept

WORLD = small(labs=[sim.Lab("A", preset="image-text", every=5)])


def refused(said: str, call: Callable[..., Any], *given: Any, **named: Any) -> None:
    with pytest.raises((sim.InputError, ValueError), match=said) as caught:
        call(*given, **named)
    assert "\n" not in str(caught.value) or "validation error" in str(caught.value)


class TestComparison:
    def test_refuses_what_cannot_be_compared(self) -> None:
        refused("^replications: must be at least 1, got 0$", compare, WORLD, replications=0)
        other = WORLD.replace(steps=9)
        refused("^against: must have the same .*; steps differs$", compare, WORLD, against=other)

    def test_says_what_there_is(self) -> None:
        played = compare(WORLD, replications=2)
        refused("^no lab 'B' in this comparison; expected one of A$", played.effect, "B")
        refused("^no measure 'los'; expected one of .*loss", played.effect, "A", "los")
        assert "Comparison of" in repr(played)
        shown = played._glance()
        assert set(shown["lab"]) == {"A"}
        assert len(shown) == shown["measure"].nunique()


class TestSpecs:
    def test_places_are_counted(self) -> None:
        with pytest.raises(TypeError, match=r"^Uniform takes at most 2 values, got 3$"):
            sim.Uniform(0.0, 1.0, 2.0)
        with pytest.raises(TypeError, match=r"^Uniform got 'low' twice$"):
            sim.Uniform(0.0, low=1.0)

    def test_names_of_the_package(self) -> None:
        assert sim.__version__ == provenance._version("datastrike")
        assert sim.networks.Complete is Complete
        assert {"Scenario", "run", "__version__"} <= set(dir(sim))
        with pytest.raises(AttributeError, match="module 'sim' has no attribute 'scenarioo'"):
            _ = sim.scenarioo
        with pytest.raises(AttributeError, match="has no attribute 'NoNetwork'"):
            _ = sim.networks.NoNetwork

    def test_rank_one_has_as_many_of_each(self) -> None:
        refused("one value for each community", RankOne, (1.0, 2.0), (1.0,))

    @pytest.mark.parametrize("certain", [sim.Uniform(0.5, 0.5), sim.Normal(0.5, 0.0)], ids=repr)
    def test_certainties_jump_from_nought_to_one(self, certain: Any) -> None:
        assert certain.cdf(np.array([0.4999, 0.5, 0.6])).tolist() == [0.0, 1.0, 1.0]


class TestProvenance:
    def test_git_that_fails_says_nothing(self, tmp_path: Path, monkeypatch: Any) -> None:
        assert provenance._git(tmp_path / "gone", "status") == ""
        monkeypatch.setenv("PATH", str(tmp_path))
        assert provenance._git(tmp_path, "status") == ""

    def test_what_is_not_installed_has_no_version(self) -> None:
        assert provenance._version("datastrike-that-is-not-there") == provenance.UNKNOWN


class TestNetworks:
    def test_links_are_below_creators(self) -> None:
        for creators in (3, 2):
            refused("must be below the number of creators", BarabasiAlbert(3).build, (creators,), 1)

    def test_neighbours_of_all_are_all_others(self) -> None:
        network = Complete().build((4,), 1)
        assert network.neighbours(1).tolist() == [0, 2, 3]
        for outside in (-1, 4):
            with pytest.raises(IndexError, match=f"no creator {outside} among 4"):
                network.neighbours(outside)

    def test_unweighted_links_count_one_each(self) -> None:
        network = BarabasiAlbert(2).build((30,), 1)
        assert network.strength.tolist() == (network.degree * 2**16).tolist()

    def test_saved_ones_are_known(self, tmp_path: Path) -> None:
        folder = tmp_path / "network"
        BarabasiAlbert(2).build((30,), 1).save(folder)
        again = Network.load(folder)
        assert again.sizes == (30,)
        facts = json.loads((folder / "network.json").read_text())
        (folder / "network.json").write_text(json.dumps(facts | {"format": 0}))
        refused("was written by another version; build it again", Network.load, folder)
        (folder / "network.json").write_text("[]")
        refused("holds no network that was saved", Network.load, folder)


class TestSweeps:
    def test_folders_of_others(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        refused("is a file; give the name of a folder", swept, tmp_path / "file")
        refused("is not the folder of a sweep", Sweep, tmp_path)

    def test_manifests_of_other_versions_or_cut(self, tmp_path: Path) -> None:
        swept(tmp_path / "s", vary={"steps": [2]}, replications=1)
        path = tmp_path / "s" / MANIFEST
        manifest = json.loads(path.read_text())
        refused("no column 'adoptio'", Sweep(tmp_path / "s").table, ["adoptio"])
        for wrong, said in (
            (manifest | {"format": 99}, "is of format 99, this version reads"),
            ({"format": manifest["format"], "outcomes": []}, "is damaged .* belong in it"),
            ([1], "is damaged"),
        ):
            path.write_text(json.dumps(wrong))
            refused(said, lambda: Store(tmp_path / "s").manifest)

    def test_drafts_of_long_ago_are_cleared_away(self, tmp_path: Path) -> None:
        asked = {"vary": {"steps": [2]}, "replications": 1}
        swept(tmp_path / "s", **asked)
        old, new = (tmp_path / "s" / DESIGNS / name for name in (".old", ".new"))
        for draft in (old, new):
            draft.write_text("")
        then = new.stat().st_mtime - LONG_AGO - 60.0
        os.utime(old, (then, then))
        swept(tmp_path / "s", **asked)
        assert (old.exists(), new.exists()) == (False, True)

    def test_networks_of_the_killed_are_cleared_away(self, tmp_path: Path, monkeypatch) -> None:
        def kill(process: int, signal: int) -> None:
            if process != 11:
                raise {12: ProcessLookupError, 13: PermissionError}[process]

        monkeypatch.setattr(shelf.os, "kill", kill)
        kept = [tmp_path / f"{shelf.PREFIX}-{shelf.node()}-{n}-x" for n in (11, 12, 13, "me")]
        for folder in kept:
            folder.mkdir()
        shelf._clear(tmp_path)
        assert [folder.exists() for folder in kept] == [True, False, True, True]

    def test_axes(self) -> None:
        refused(
            "^steps: needs at least one value$", axes.read_axes, {"steps": []}, small(), "lever"
        )
        refused("must be a list or table as TOML", axes._read_text, "steps", "[1, 2")
        refused("must go from low to high", axes._read_text, "steps", "9:2")
        assert axes.cell([sim.Uniform(0, 1), (np.int64(3),)]) == [
            {"kind": "uniform", "low": 0.0, "high": 1.0}, [3]
        ]  # fmt: skip

    def test_outcomes(self) -> None:
        refused("^outcomes: spread is given twice$", outcomes, ["spread", "spread"], small())
        result = sim.run(small(), 1)
        for found in ("many", [1.0, 2.0]):
            refused("must be a number, got", Outcome("mine", lambda r, f=found: f).of, result)
        refused("must be a list of numbers", Outcome("mine.series", lambda r: 1.0).of, result)

    def test_types_in_common(self) -> None:
        import pyarrow as pa

        assert _common({pa.int64()}) == pa.int64()
        assert _common({pa.int64(), pa.float32()}) == pa.float64()
        assert _common({pa.int64(), pa.string()}) == _common(set()) == pa.string()

    def test_parts_of_plain_data(self) -> None:
        data = {"labs": [{"name": "A.1", "every": 5}, 7], "a": {"b": 1}}
        assert _part(data, "labs.A.1.every") == 5
        assert _part(data, "labs.1") == 7
        assert _part(data, "a.c") is None
        assert _part(3, "x") is None


class TestTables:
    def test_what_is_no_table(self, tmp_path: Path) -> None:
        path = tmp_path / "runs.csv"
        refused("is not a table: ", read_runs, path)
        path.write_text("s,score\n")
        refused("has no runs$", read_runs, path)
        path.write_text("s,score\n1,high\n")
        refused("has no column 'pos'", read_runs, path, ("s", "pos"))
        refused("column 'score' must hold numbers", read_runs, path, ("s", "score"))

    def test_harm_of_groups(self, tmp_path: Path) -> None:
        path = tmp_path / "strikes.csv"
        rows = [("women", 1.0, "in", "w", 2.0), ("women", 1.0, "out", "w", 9.0),
                ("women", 0.5, "in", "w", 9.0), ("matched", 1.0, "in", "w", 1.25)]  # fmt: skip
        columns = ["design", "s", "side", "group", "ndcg"]
        table = pd.DataFrame(rows, columns=columns).assign(
            base_ndcg=1.0, pos_left=5.0, pos_struck=1.0
        )
        from sim.validation.user_strikes import MATCHED

        table["design"] = table["design"].replace("matched", MATCHED)
        table.to_csv(path, index=False)
        assert group_designs(path) == ["women"]
        assert measured_group_over_random(path, "ndcg", "women") == pytest.approx(4.0)
        refused("has no strikes of design 'men'", measured_group_over_random, path, "ndcg", "men")


class TestTrainers:
    @pytest.mark.parametrize(
        ("lines", "topic"),
        [
            (["Topic :: Text Processing :: Markup"], "text"),
            (["Topic :: System", "Topic :: Internet :: WWW"], "network"),
            (["Topic :: Software Development :: Libraries :: Python Modules"], None),
            (["Topic :: Software Development :: Libraries", "Topic :: System"], "system"),
            (["Topic :: Scientific/Engineering", "Topic :: Internet"], "science"),
            ([], None),
        ],
    )
    def test_topics_follow_the_first_classifier_listed(
        self, lines: list[str], topic: str | None
    ) -> None:
        assert topic_of("a-project-unheard-of", lines) == topic

    def test_known_projects_have_theirs(self) -> None:
        from sim.capability.retraining.trainers.topics import KNOWN

        name, topic = next(iter(KNOWN.items()))
        assert topic_of(name, ["Topic :: Internet"]) == topic

    def test_the_environment_as_a_corpus(self, monkeypatch) -> None:
        project = SimpleNamespace(
            name="Own.Project", metadata=SimpleNamespace(get_all=lambda name: ["Topic :: System"]),
            files=[Path("own/a.py"), Path("own/tests/b.py"), Path("../up.py"), Path("own/c.txt")],
            locate_file=lambda name: Path("root"),
        )  # fmt: skip
        ours = SimpleNamespace(**{**vars(project), "name": corpus.OWN_PROJECT})
        monkeypatch.setattr(corpus, "LIBRARY", {"json": "text", "ast": "development"})
        monkeypatch.setattr(corpus.importlib.metadata, "distributions", lambda: [ours, project])
        monkeypatch.setattr(corpus.Path, "is_file", lambda path: True)
        found = {source.name: source for source in corpus._in_environment(".py")}
        assert set(found) == {"ast", "json", "own.project"}
        own = found["own.project"]
        assert (own.community, [f.as_posix() for f in own.files]) == ("system", ["root/own/a.py"])
        assert [file.name for file in found["ast"].files] == ["ast.py"]

    def test_copies_are_known_by_their_long_lines(self) -> None:
        seen: set[bytes] = set()
        first = b"a line that is long enough\nanother line that is long\nshort\n"
        assert not corpus._is_copy(first, seen)
        assert corpus._is_copy(first, seen)
        half = b"a line that is long enough\nsomething else, also long\n"
        assert not corpus._is_copy(half, seen), "half of it is new"

    def test_nothing_to_tell_of_what_was_not_measured(self) -> None:
        rows = [{"ratio": float("nan"), "ratio_predicted": 2.0}]
        assert _spread(rows, "ratio", "A strike harms", "as before") == []
        rows.append({"ratio": 1.25, "ratio_predicted": 3.0})
        (said,) = _spread(rows, "ratio", "It harms", "as before")
        assert said == (
            "It harms 1.2 to 1.2 times as much as before in training, 3.0 to 3.0 by the surrogate."
        )

    def test_tastes_need_people(self) -> None:
        from scipy.sparse import csr_matrix

        few = SimpleNamespace(liked=csr_matrix(np.eye(3)))
        refused("3 people and 3 items are too few for 2 tastes", ratings._tastes, 2, few)
        names, groups = ratings._tastes(1, few)
        assert (names, groups.tolist()) == (["taste_1"], [0, 0, 0])


def test_a_full_corpus_has_one_value_for_each_community() -> None:
    data = np.array([[1.0, 2.0], [3.0, 4.0], [0.0, 5.0]])
    fit = SimpleNamespace(problem=SimpleNamespace(data=data, names=["a", "b"], unit=2.0))
    assert _corpus(fit, None).tolist() == [3.0, 4.0]
    assert _corpus(fit, [6.0, 2.0]).tolist() == [3.0, 1.0]
    refused("the full corpus has 3 values and the fit 2 communities", _corpus, fit, [1, 2, 3])
