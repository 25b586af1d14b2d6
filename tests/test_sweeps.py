"""Sweeps: every run is what it is alone, nothing is lost, nothing is doubled."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.loading.overrides import override
from sim.networks import BarabasiAlbert, ErdosRenyi
from sim.sweeps import player, processes, running
from sim.sweeps.outcomes import outcomes
from sim.sweeps.saved import Sweep
from sim.sweeps.store import RUNS, Store
from tests.sweep_cases import (
    THRESHOLD,
    VARY,
    compared,
    dying,
    hanging,
    raising,
    same,
    seed_and_size,
    small,
    swept,
    threshold_of,
)

DEGREE = "network.mean_degree"
TWO = {"workers": 2}


class TestRows:
    def test_a_row_is_what_the_run_is_alone(self, tmp_path: Path) -> None:
        scenario = small(labs=[sim.Lab("Lab A.1", preset="image-text", every=5)])
        sweep = swept(tmp_path / "s", scenario, counterfactual=True)
        table = sweep.table()
        assert len(table) == 6 * 3 * 2
        for _, row in table.sample(8, random_state=0).iterrows():
            played = override(scenario, {path: row[path] for path in VARY})
            if row["arm"] == "counterfactual":
                played = played.without_action()
            alone = sim.run(played, row["seed"])
            assert row["adoption.final"] == alone.adoption[-1, -1]
            assert row["participation.max"] == alone.participation[:, -1].max()
            assert row["labs.Lab A.1.loss"] == alone.labs["Lab A.1"].columns["loss"][-1]
            assert row["cascade"] == (alone.adoption[-1, -1] > 0.1)

    def test_rows_come_in_the_order_of_the_design(self, tmp_path: Path) -> None:
        sweep = swept(tmp_path / "s", counterfactual=True)
        keys = sweep.table([*VARY, "seed", "arm"])
        wanted = [
            (degree, threshold, seed, arm)
            for degree in VARY[DEGREE]
            for threshold in VARY[THRESHOLD]
            for seed in range(3)
            for arm in ("action", "counterfactual")
        ]
        assert list(keys.itertuples(index=False, name=None)) == wanted

    def test_rows_are_chosen_by_value_range_and_expression(self, tmp_path: Path) -> None:
        from pyarrow import compute

        sweep = swept(tmp_path / "s")
        whole = sweep.table()
        even, low = whole["seed"].isin([0, 2]), whole[THRESHOLD] == 0.1
        for where, chosen in (
            ({"seed": 1}, whole["seed"] == 1),
            ({"seed": [0, 2], THRESHOLD: 0.1}, even & low),
            ({DEGREE: (3.0, 9.0)}, whole[DEGREE] >= 3.0),
            (compute.field("seed") > 1, whole["seed"] > 1),
        ):  # fmt: skip
            found = sweep.table(where=where)
            pd.testing.assert_frame_equal(found, whole[chosen].reset_index(drop=True))
            batches = list(sweep.batches(["seed", "adoption.final"], where))
            assert sum(batch.num_rows for batch in batches) == int(chosen.sum())
            assert all(batch.schema.names == ["seed", "adoption.final"] for batch in batches)

    def test_series_and_functions_are_kept(self, tmp_path: Path) -> None:
        asked = {"vary": {THRESHOLD: [0.1]}, "replications": 2}
        outcomes = {
            "adoption.series": None,
            "communities.artists.mobilised.final": None,
            "adopters.mean": None,
            "participation.peak_step": None,
            "own": seed_and_size,
        }
        row = swept(tmp_path / "s", outcomes=outcomes, **asked).table().iloc[1]
        alone = sim.run(override(small(), {THRESHOLD: 0.1}), 1)
        assert row["adoption.series"].tolist() == alone.adoption[:, -1].astype("float32").tolist()
        assert row["communities.artists.mobilised.final"] == alone.counts[-1, 0, 0]
        assert row["adopters.mean"] == alone.adopters.mean()
        assert row["participation.peak_step"] == alone.participation[:, -1].argmax()
        assert row["own"] == 61.0

    def test_what_never_trained_has_no_loss(self, tmp_path: Path) -> None:
        scenario = small(labs=[sim.Lab("Late", preset="image-text", every=50)])
        table = swept(tmp_path / "s", scenario, vary=None).table()
        assert table["labs.Late.loss"].isna().all()
        assert (table["status"] == "ok").all()

    @pytest.mark.parametrize(
        ("outcome", "said"),
        [
            ("adoptoin.final", "did you mean 'adoption'"),
            ("adoption.finl", "must end in one of"),
            ("adoption", "must end in one of"),
            ("communities.artist.adoption.final", "did you mean 'artists'"),
            ("labs.Nobody.loss", "there is no lab"),
        ],
    )
    def test_unknown_outcomes_are_named_before_anything_runs(
        self, tmp_path: Path, outcome: str, said: str
    ) -> None:
        with pytest.raises(sim.InputError, match=said):
            swept(tmp_path / "s", outcomes=[outcome])
        assert not (tmp_path / "s").exists()

    def test_unknown_measures_of_labs_are_named(self, tmp_path: Path) -> None:
        scenario = small(labs=[sim.Lab("GPT-3.5", preset="image-text", every=5)])
        with pytest.raises(sim.InputError, match="did you mean 'rollback'"):
            swept(tmp_path / "s", scenario, outcomes=["labs.GPT-3.5.rolback"])
        kept = ["labs.GPT-3.5.loss.artists", "labs.GPT-3.5.loss.artists.series"]
        row = swept(tmp_path / "t", scenario, vary=None, outcomes=kept).table().iloc[0]
        assert row[kept[0]] == pytest.approx(row[kept[1]][-1], rel=1e-6)  # a float32

    def test_mistakes_write_nothing(self, tmp_path: Path) -> None:
        for asked in (
            {"vary": {"netwrk": [1]}},
            {"workers": 0},
            {"time_limit": 0.0},
            {"shard": "3"},
        ):
            with pytest.raises(sim.InputError):
                swept(tmp_path / "s", **asked)
        assert list(tmp_path.iterdir()) == []


class TestWays:
    def test_two_processes_give_the_same_table(self, tmp_path: Path) -> None:
        alone = swept(tmp_path / "a", counterfactual=True, replications=20)
        same(alone, swept(tmp_path / "b", counterfactual=True, replications=20, **TWO))

    def test_processes_are_only_started_for_what_takes_long(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        alone = swept(tmp_path / "a")
        with monkeypatch.context() as patched:
            patched.setattr("sim.sweeps.processes.processes", None)
            patched.setattr(running, "ALONE", 600.0)
            same(alone, swept(tmp_path / "b", workers=None))
        monkeypatch.setattr(running, "ALONE", 0.0)
        same(alone, swept(tmp_path / "c", workers=None))

    def test_parts_make_the_whole(self, tmp_path: Path) -> None:
        alone = swept(tmp_path / "a", replications=5)
        for part in ("1/3", "2/3", "3/3"):
            found = swept(tmp_path / "b", replications=5, shard=part)
        same(alone, found)
        assert found.status() == {"planned": 30, "done": 30, "failed": 0, "missing": 0}

    @pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
    def test_dask_gives_the_same_table(self, tmp_path: Path) -> None:
        pytest.importorskip("distributed")
        alone = swept(tmp_path / "a", outcomes=["adoption.final", raising], replications=4)
        by_dask = swept(
            tmp_path / "b",
            outcomes=["adoption.final", raising],
            replications=4,
            dask="local",
            workers=2,
        )
        same(alone, by_dask)
        assert by_dask.status()["failed"] > 0

    @pytest.mark.slow
    @pytest.mark.filterwarnings("ignore")
    def test_a_run_that_takes_dask_workers_down_is_a_row(self, tmp_path: Path) -> None:
        dask = pytest.importorskip("dask")
        with dask.config.set({"distributed.scheduler.allowed-failures": 0}):
            sweep = swept(
                tmp_path / "s",
                vary={THRESHOLD: [0.1, 0.3]},
                outcomes=[dying],
                dask="local",
                workers=2,
            )
        assert sweep.status() == {"planned": 6, "done": 5, "failed": 1, "missing": 0}
        assert sweep.failures()["status"].tolist() == ["crashed"]

    @pytest.mark.slow
    def test_dask_workers_can_limit_the_time_of_a_run(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pytest.importorskip("distributed")
        from sim.sweeps.cluster import _played

        monkeypatch.setattr("sim.sweeps.processes.FIRST_RUN", 2.0)
        job = player.Job(small(), outcomes([hanging], small()))
        points = ({THRESHOLD: 0.3}, {THRESHOLD: 0.1})
        chunk = player.Chunk(1, points, ((0, 2, 0), (1, 2, 0), (0, 1, 0)))
        rows = _played(processes.packed(job), chunk, 1.0)
        assert [row.status for row in rows] == ["timeout", "ok", "ok"]

    def test_nobody_at_an_address_is_said_in_a_sentence(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pytest.importorskip("distributed")
        monkeypatch.setattr("sim.sweeps.cluster.PATIENCE", 1)
        with pytest.raises(sim.InputError, match="no scheduler with a worker"):
            swept(tmp_path / "s", dask="tcp://127.0.0.1:9")

    def test_cascades_on_one_network_are_played_together(self, tmp_path: Path) -> None:
        scenario = small(network_seed=3)
        sweep = swept(tmp_path / "s", scenario)
        for _, row in sweep.table().iterrows():
            played = override(scenario, {path: row[path] for path in VARY})
            assert row["adoption.final"] == sim.run(played, row["seed"]).adoption[-1, -1]

    def test_large_networks_are_shared_and_cleared_away(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(player, "SHARED_BYTES", 1)
        scenario = small(network=BarabasiAlbert(2))
        asked = {"vary": {THRESHOLD: [0.1, 0.2, 0.3]}, "replications": 2}
        job = player.Job(scenario, (), str(tmp_path / "networks"))
        one = player.Player(job)
        chunk = player.Chunk(1, ({THRESHOLD: 0.1}, {THRESHOLD: 0.2}), ((0, 5, 0), (1, 5, 0)))
        assert [row.status for row in one.play(chunk)] == ["ok", "ok"]
        assert len(list((tmp_path / "networks" / "5").iterdir())) == 1
        alone = swept(tmp_path / "a", scenario, **asked)
        same(alone, swept(tmp_path / "b", scenario, **asked, **TWO))
        assert not list((tmp_path / "b").glob(".networks*"))

    def test_functions_that_workers_cannot_find_are_refused(self, tmp_path: Path) -> None:
        with pytest.raises(sim.InputError, match="define functions"):
            swept(tmp_path / "s", outcomes={"own": lambda _: 1.0}, **TWO)


class TestGoingOn:
    def test_what_is_there_is_not_played_again(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told: list[tuple[int, int]] = []
        first = swept(tmp_path / "s", progress=lambda *now: told.append(now))
        assert told[-1] == (18, 18)
        before = compared(first)
        monkeypatch.setattr(running, "rehearse", None)
        again = swept(tmp_path / "s")
        pd.testing.assert_frame_equal(before, compared(again))
        assert len(Store(tmp_path / "s").files(RUNS)) == 1

    def test_values_replications_and_parameters_can_be_added(self, tmp_path: Path) -> None:
        swept(tmp_path / "s", vary={DEGREE: [2.0]}, replications=2)
        told: list[tuple[int, int]] = []
        note = {"progress": lambda *now: told.append(now)}
        swept(tmp_path / "s", vary={DEGREE: [2.0, 4.0]}, replications=3, **note)
        assert told[-1] == (4, 4)
        # the base scenario has degree 4 and threshold 0.2: three of these runs are there
        more = swept(tmp_path / "s", vary={THRESHOLD: [0.2, 0.5]}, replications=3, **note)
        assert told[-1] == (3, 3)
        assert more.status()["planned"] == more.status()["done"] == 9
        table = more.table()
        assert len(table.drop_duplicates([DEGREE, THRESHOLD, "seed"])) == 9
        assert set(zip(table[DEGREE], table[THRESHOLD], strict=True)) == {
            (2.0, 0.2), (4.0, 0.2), (4.0, 0.5),
        }  # fmt: skip
        assert not table[[DEGREE, THRESHOLD]].isna().any().any()

    def test_whole_parts_can_be_varied_after_single_values(self, tmp_path: Path) -> None:
        swept(tmp_path / "s", vary={THRESHOLD: [0.1]}, replications=1)
        kinds = [ErdosRenyi(4.0), BarabasiAlbert(2)]
        both = swept(tmp_path / "s", vary={"network": kinds}, replications=1)
        told = [json.loads(text)["kind"] for text in both.table()["network"]]
        assert told == ["erdos_renyi", "erdos_renyi", "barabasi_albert"]

    def test_other_scenarios_and_files_are_refused(self, tmp_path: Path) -> None:
        swept(tmp_path / "s")
        with pytest.raises(sim.InputError, match="another scenario"):
            swept(tmp_path / "s", small(steps=11))
        (tmp_path / "t").mkdir()
        (tmp_path / "t" / "mine").write_text("mine")
        with pytest.raises(sim.InputError, match="holds other files"):
            swept(tmp_path / "t")
        assert (tmp_path / "t" / "mine").read_text() == "mine"

    def test_what_the_folder_keeps_is_kept_on(self, tmp_path: Path) -> None:
        swept(tmp_path / "s", outcomes=["adopters.mean"])
        assert swept(tmp_path / "s", replications=4).outcomes == ("adopters.mean",)
        swept(tmp_path / "t", outcomes={"own": threshold_of})
        with pytest.raises(sim.InputError, match="outcome own"):
            swept(tmp_path / "t", replications=4)

    def test_outcomes_asked_for_later_are_added_and_nothing_is_doubled(
        self, tmp_path: Path
    ) -> None:
        first = swept(tmp_path / "s", outcomes=["adoption.final"])
        both = swept(tmp_path / "s", outcomes=["adopters.series", "adoption.final"])
        assert both.outcomes == ("adoption.final", "adopters.series")
        assert both.status() == first.status() == {**first.status(), "done": 18, "missing": 0}
        whole = swept(tmp_path / "t", outcomes=["adoption.final", "adopters.series"])
        pd.testing.assert_frame_equal(both.table(), whole.table())
        pd.testing.assert_series_equal(both.table()["adoption.final"], first.table().iloc[:, -2])
        files = len(list((tmp_path / "s" / "runs").iterdir()))
        again = swept(tmp_path / "s", outcomes=["adoption.final"])  # fewer: all are kept on
        assert again.outcomes == both.outcomes
        assert len(list((tmp_path / "s" / "runs").iterdir())) == files

    def test_runs_that_lack_an_outcome_stay_until_they_are_played_again(
        self, tmp_path: Path
    ) -> None:
        swept(tmp_path / "s", outcomes=["adoption.final"])

        def stop(played: int, _: int) -> None:
            if played == 5:
                raise KeyboardInterrupt

        more = {"outcomes": ["adoption.final", "adopters.series"]}
        with pytest.raises(KeyboardInterrupt):
            swept(tmp_path / "s", progress=stop, **more)
        half = Sweep(tmp_path / "s")
        assert half.status() == {"planned": 18, "done": 5, "failed": 0, "missing": 13}
        assert len(half.table()) == 18
        assert half.table()["adoption.final"].notna().all()
        assert half.table()["adopters.series"].notna().sum() == 5
        assert swept(tmp_path / "s").status()["done"] == 18
        with pytest.raises(sim.InputError, match=r"outcome adoption\.lowest"):
            swept(tmp_path / "s", outcomes=["adoption.lowest"])
        assert Sweep(tmp_path / "s").outcomes == half.outcomes  # refused before anything changed

    def test_changed_input_files_are_refused(self, tmp_path: Path) -> None:
        links = tmp_path / "links.csv"
        links.write_text("a,b\nb,c\nc,d\n")
        scenario = override(small(), {"network": str(links)})
        swept(tmp_path / "s", scenario, vary={THRESHOLD: [0.1]})
        links.write_text("a,b\nb,c\nc,e\n")
        with pytest.raises(sim.InputError, match="is not the file"):
            swept(tmp_path / "s", scenario, vary={THRESHOLD: [0.1, 0.2]})

    def test_versions_are_only_mixed_when_asked_to(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = {"versions": {"datastrike": "1", "python": "3", "numpy": "2"}, "commit": "a" * 40}
        monkeypatch.setattr("sim.sweeps.store.provenance", lambda: made)
        swept(tmp_path / "s", allow_mixed=False)
        other = {**made, "commit": "b" * 40}
        monkeypatch.setattr("sim.sweeps.store.provenance", lambda: other)
        swept(tmp_path / "s", allow_mixed=False)  # nothing is missing
        with pytest.raises(sim.InputError, match=r"aaaaaaaaaaaa.*bbbbbbbbbbbb.*--allow-mixed"):
            swept(tmp_path / "s", allow_mixed=False, replications=4)
        both = swept(tmp_path / "s", allow_mixed=True, replications=4)
        assert both.table(["versions"])["versions"].nunique() == 2

    def test_a_run_that_is_there_twice_counts_once(self, tmp_path: Path) -> None:
        sweep = swept(tmp_path / "s")
        (file,) = Store(tmp_path / "s").files(RUNS)
        (file.parent / f"0{file.name}").write_bytes(file.read_bytes())
        again = Sweep(tmp_path / "s")
        same(sweep, again)
        assert again.status()["done"] == 18

    def test_damaged_files_are_named(self, tmp_path: Path) -> None:
        swept(tmp_path / "s")
        (file,) = Store(tmp_path / "s").files(RUNS)
        content = file.read_bytes()
        file.write_bytes(content[: len(content) // 2])
        with pytest.raises(sim.InputError, match=f"{file.name}: is damaged.*delete it"):
            swept(tmp_path / "s")
        file.unlink()
        assert swept(tmp_path / "s").status()["done"] == 18
        (tmp_path / "s" / "sweep.json").write_text("{")
        with pytest.raises(sim.InputError, match="is damaged"):
            Sweep(tmp_path / "s")

    def test_replications_are_added_until_a_mean_is_known(self, tmp_path: Path) -> None:
        asked = {"vary": {THRESHOLD: [0.1, 0.9]}, "outcomes": {"spread": spread}}
        sweep = swept(tmp_path / "s", replications=5, precision={"spread": 0.05}, **asked)
        runs = sweep.table().groupby(THRESHOLD)["spread"].agg(["size", "std"])
        assert runs.loc[0.9, "size"] == 5  # always the same
        assert runs.loc[0.1, "std"] / np.sqrt(runs.loc[0.1, "size"]) <= 0.05
        least = (runs.loc[0.1, "std"] / 0.05) ** 2
        assert least <= runs.loc[0.1, "size"] <= 2.0 * least
        again = swept(tmp_path / "s", replications=5, precision={"spread": 0.05}, **asked)
        same(sweep, again)


def spread(result: sim.Result) -> float:
    return float(result.seed * 37 % 11) / 11.0 if threshold_of(result) < 0.5 else 0.5
