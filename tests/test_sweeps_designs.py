"""Designs: what is asked for is what is planned, and mistakes are named before anything runs."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.loading.overrides import override
from sim.sweeps.asking import ask
from sim.sweeps.axes import parse_axis, read_axes
from sim.sweeps.columns import Design
from sim.sweeps.plan import KEY, Plan, Run, contained
from sim.sweeps.points import resolve
from sim.sweeps.store import DESIGNS, Store
from tests.sweep_cases import THRESHOLD, small

NOTHING = np.empty(0, KEY)
DEGREE = "network.mean_degree"


def asked(vary: dict | None = None, uncertain: dict | None = None, **more: object) -> Design:
    given = {"design": None, "samples": None, "seed": 0, "replications": 1} | more
    return ask(small(), vary, uncertain, **given)


def points(design: Design) -> list[dict]:
    return [design.points.changes(number) for number in range(len(design.points))]


class TestAxes:
    @pytest.mark.parametrize(
        ("text", "levels"),
        [
            ("1,2,3", [1, 2, 3]),
            ("0.1:0.3:3", [0.1, 0.2, 0.3]),
            (".1, .2", [0.1, 0.2]),
            ("true,false", [True, False]),
            ("none,0.5", ["none", 0.5]),
            ("[1, 2]", [1, 2]),
            ('{kind = "complete"}', [{"kind": "complete"}]),
            ('0.5, {kind = "normal", mean = 0.2, sd = 0.1}',
             [0.5, {"kind": "normal", "mean": 0.2, "sd": 0.1}]),
        ],
    )  # fmt: skip
    def test_reads_what_the_command_line_gives(self, text: str, levels: list) -> None:
        (axis,) = read_axes({"x": text}, small(), "lever")
        assert list(axis.levels) == levels

    def test_reads_distributions(self) -> None:
        axes = read_axes({"a": "1:3", "b": '{kind = "beta", a = 2.0, b = 5.0}'}, small(), "lever")
        assert [axis.spread for axis in axes] == [sim.Uniform(1.0, 3.0), sim.Beta(2.0, 5.0)]

    @pytest.mark.parametrize("text", ["3:1", "1:2:0", '{kind = "beta", a = -1.0, b = 5.0}', "{"])
    def test_refuses_nonsense(self, text: str) -> None:
        with pytest.raises(sim.InputError):
            read_axes({"x": text}, small(), "lever")

    @pytest.mark.parametrize("text", ["x", "=1", "x=", " = "])
    def test_refuses_half_a_setting(self, text: str) -> None:
        with pytest.raises(sim.InputError, match="must be path=values"):
            parse_axis(text)

    def test_whole_numbers_are_drawn_whole_and_evenly(self) -> None:
        (axis,) = read_axes({"steps": "1:4"}, small(), "uncertainty")
        drawn = axis.at(np.linspace(0.0, 1.0, 4000, endpoint=False))
        assert set(map(type, drawn)) == {int}
        assert np.bincount(drawn).tolist() == [0, 1000, 1000, 1000, 1000]

    def test_a_star_stands_for_every_name(self) -> None:
        two = [sim.Community(name, 9, threshold=sim.Normal(0.3, 0.1)) for name in ("a", "b")]
        scenario = sim.Scenario([*two, sim.Community("c", 9, threshold=0.5)])
        design = ask(scenario, {"communities.*.threshold.mean": [0.2]}, None, None, None, 0, 1)
        changes = {f"communities.{name}.threshold.mean": 0.2 for name in ("a", "b")}
        told = override(scenario, changes).digest
        assert design.points.hexadecimals()[0] == told[:32]
        with pytest.raises(sim.InputError, match="fits no path"):
            ask(scenario, {"communities.*.thrshold": [0.2]}, None, None, None, 0, 1)


class TestDesigns:
    def test_grid_is_every_combination(self) -> None:
        found = points(asked({DEGREE: [2, 4], THRESHOLD: "0.1:0.3:3"}))
        wanted = [{DEGREE: d, THRESHOLD: t} for d in (2, 4) for t in (0.1, 0.2, 0.3)]
        assert found == wanted

    def test_nothing_varied_is_one_point(self) -> None:
        assert points(asked()) == [{}]

    def test_latin_hypercube_has_one_value_in_each_slice(self) -> None:
        design = asked(None, {DEGREE: "2:6", THRESHOLD: "0:1"}, samples=40)
        assert design.about["kind"] == "lhs"
        for path, low, high in ((DEGREE, 2.0, 6.0), (THRESHOLD, 0.0, 1.0)):
            values = np.array([point[path] for point in points(design)])
            slices = np.floor((values - low) / (high - low) * 40).astype(int)
            assert sorted(slices) == list(range(40))

    def test_sobol_scheme_changes_one_column_of_another_sample(self) -> None:
        design = asked(None, {DEGREE: "2:6", THRESHOLD: "0:1"}, design="sobol", samples=8)
        shares = design.shares
        assert shares is not None
        assert shares.shape == (8 * (2 + 2), 2)
        for block in shares.reshape(8, 4, 2):
            first, mixed, last = block[0], block[1:3], block[3]
            for column in range(2):
                assert mixed[column][column] == last[column]
                assert mixed[column][1 - column] == first[1 - column]

    def test_morris_moves_one_parameter_at_a_time(self) -> None:
        design = asked(None, {DEGREE: "2:6", THRESHOLD: "0:1"}, design="morris", samples=5)
        assert design.shares is not None
        for way in design.shares.reshape(5, 3, 2):
            assert ((way[1:] != way[:-1]).sum(axis=1) == 1).all()

    def test_one_at_a_time_starts_from_the_scenario(self) -> None:
        found = points(
            asked({DEGREE: [2.0, 4.0]}, {THRESHOLD: sim.Uniform(0.0, 1.0)}, design="oat")
        )
        assert found == [
            {DEGREE: 4.0, THRESHOLD: 0.2},
            {DEGREE: 2.0, THRESHOLD: 0.2},
            {DEGREE: 4.0, THRESHOLD: pytest.approx(0.05)},
            {DEGREE: 4.0, THRESHOLD: pytest.approx(0.95)},
        ]

    def test_every_combination_of_levers_meets_the_same_draws(self) -> None:
        found = points(asked({DEGREE: [2, 4]}, {THRESHOLD: "0:1"}, samples=4))
        drawn = [point[THRESHOLD] for point in found]
        assert [point[DEGREE] for point in found] == [2] * 4 + [4] * 4
        assert drawn[:4] == drawn[4:]

    def test_draws_depend_on_the_seed_alone(self) -> None:
        for kind in ("lhs", "sequence", "sobol", "morris"):
            drawn = [
                points(
                    asked(None, {DEGREE: "2:6", THRESHOLD: "0:1"}, design=kind, samples=4, seed=s)
                )
                for s in (1, 1, 2)
            ]
            assert drawn[0] == drawn[1] != drawn[2]

    def test_points_come_from_a_file(self, tmp_path: Path) -> None:
        file = tmp_path / "points.csv"
        file.write_text(f"{DEGREE},rule\n2,threshold\n3.5,logit_choice\n", "utf-8")
        assert points(asked(design=str(file))) == [
            {DEGREE: 2.0, "rule": "threshold"},
            {DEGREE: 3.5, "rule": "logit_choice"},
        ]

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "needs a line of paths"),
            (DEGREE, "needs a line of paths"),
            (f"{DEGREE},steps\n1\n", "points.csv:2: must have 2 values, got 1"),
            (f"{DEGREE},{DEGREE}\n1,2\n", "names a path twice"),
            ("network.degre\n1\n", "unknown path"),
        ],
    )
    def test_files_with_mistakes_are_refused(self, tmp_path: Path, text: str, said: str) -> None:
        file = tmp_path / "points.csv"
        file.write_text(text, "utf-8")
        with pytest.raises(sim.InputError, match=said):
            asked(design=str(file))

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            ({"vary": {"network.men_degree": [1]}}, "did you mean 'network.mean_degree'"),
            ({"vary": {THRESHOLD: ["many"]}}, THRESHOLD),
            ({"vary": {THRESHOLD: []}}, "at least one value"),
            ({"vary": {THRESHOLD: "0:1"}, "design": "grid"}, "a grid needs values"),
            ({"vary": {THRESHOLD: "0:1"}, "design": "gird"}, "did you mean 'grid'"),
            ({"vary": {THRESHOLD: "0:1"}, "design": "morris"}, "needs two or more; give another"),
            ({"vary": {THRESHOLD: "0:1"}, "design": "sobol", "samples": 100}, "take 64 or 128"),
            ({"vary": {THRESHOLD: "0:1"}, "samples": 0}, "samples"),
            ({"vary": {THRESHOLD: [1]}, "uncertain": {THRESHOLD: [2]}}, "not both"),
            ({"vary": {THRESHOLD: [1]}, "design": [{"steps": 1}]}, "nothing else"),
            ({"design": [{"steps": 1}, {"start": "2023-01-01"}]}, "same paths"),
            ({"design": []}, "at least one point"),
            ({"replications": 0}, "replications"),
            ({"seed": 2**32}, "seed"),
        ],
    )
    def test_mistakes_are_named(self, more: dict, said: str) -> None:
        with pytest.raises(sim.InputError, match=said):
            asked(**more)

    def test_many_mistakes_are_told_in_a_few_lines(self) -> None:
        with pytest.raises(sim.InputError) as told:
            asked({THRESHOLD: [f"x{number}" for number in range(50)]})
        assert len(str(told.value).splitlines()) == 6


class TestSaved:
    @pytest.mark.parametrize(
        "levels",
        [
            [1, 2],
            [0.5, 1],
            [sim.Normal(0.2, 0.1), 0.5],
            ["none", 0.5],
        ],
    )
    def test_values_survive(self, tmp_path: Path, levels: list) -> None:
        path = "seeds.share" if "none" in levels else THRESHOLD
        scenario = small(seeds=sim.Seeds(share=0.1)) if "none" in levels else small()
        design = ask(scenario, {path: levels}, None, None, None, 0, 2, True)
        store = Store(tmp_path)
        design.save(store)
        design.save(store)
        (file,) = store.files(DESIGNS)
        again = Design.load(file)
        assert points(again) == points(design)
        assert again.points.digests.tolist() == design.points.digests.tolist()
        assert again.about == design.about
        assert resolve(scenario, points(again)).digests.tolist() == again.points.digests.tolist()

    def test_shares_survive(self, tmp_path: Path) -> None:
        design = asked({DEGREE: [2, 3]}, {THRESHOLD: "0:1", "steps": "1:9"}, samples=5)
        design.save(Store(tmp_path))
        again = Design.load(Store(tmp_path).files(DESIGNS)[0])
        assert again.shares is not None
        assert again.shares.tolist() == design.shares.tolist()


def planned(plan: Plan) -> list[Run]:
    return list(plan.missing(NOTHING))


class TestPlan:
    def test_is_every_run_once(self) -> None:
        design = asked({DEGREE: [2, 4], THRESHOLD: [0.1, 0.2]}, replications=3)
        runs = planned(design.plan())
        assert len(runs) == len(set(runs)) == 12
        assert {run.seed for run in runs} == {0, 1, 2}

    def test_equal_points_are_played_once(self) -> None:
        design = asked(design=[{"steps": 3}, {"steps": 3.0}, {"steps": 4}])
        assert len(planned(design.plan())) == 2

    def test_runs_on_one_network_follow_one_another(self) -> None:
        design = asked({THRESHOLD: [0.1, 0.2], DEGREE: [2, 4]}, replications=2)
        seen = [
            (run.seed, design.points.changes(run.point)[DEGREE]) for run in planned(design.plan())
        ]
        changes = sum(a != b for a, b in itertools.pairwise(seen))
        assert changes == len(set(seen)) - 1

    @given(
        degrees=st.integers(1, 4),
        thresholds=st.integers(1, 5),
        replications=st.integers(1, 12),
        parts=st.integers(1, 7),
        one_network=st.booleans(),
        independent=st.booleans(),
        data=st.data(),
    )
    def test_parts_are_a_partition_whatever_is_done(
        self, degrees: int, thresholds: int, replications: int, parts: int,
        one_network: bool, independent: bool, data: st.DataObject,
    ) -> None:  # fmt: skip
        scenario = small(network_seed=7) if one_network else small()
        vary = {DEGREE: list(range(1, degrees + 1)), THRESHOLD: np.arange(thresholds) / 10}
        design = ask(scenario, vary, None, None, None, 0, replications, True, independent)
        whole = planned(design.plan())
        parted = [planned(design.plan((part, parts))) for part in range(parts)]
        assert sorted(run for part in parted for run in part) == sorted(whole)
        everything = np.sort(design.plan().all_keys)
        done = data.draw(st.sets(st.sampled_from(range(len(everything)))))
        some = everything[sorted(done)]
        for part, runs in enumerate(parted):
            left = list(design.plan((part, parts)).missing(some))
            assert set(left) <= set(runs)
            assert design.plan((part, parts)).count(some) == len(left)
        lefts = [list(design.plan((part, parts)).missing(some)) for part in range(parts)]
        assert sum(map(len, lefts)) == len(everything) - len(done)

    def test_independent_seeds_are_all_different(self) -> None:
        design = asked({THRESHOLD: [0.1, 0.2, 0.3]}, replications=4, seed=5, independent_seeds=True)
        runs = planned(design.plan())
        assert sorted(run.seed for run in runs) == list(range(5, 5 + 12))
        assert {run.seed for run in runs if run.point == 1} == {9, 10, 11, 12}
        half = planned(design.plan((0, 2)))
        assert 3 <= len(half) <= 9

    def test_keys_are_found_again(self) -> None:
        every = np.sort(asked({THRESHOLD: [0.1, 0.2]}, replications=300).plan().all_keys)
        assert len(np.unique(every)) == 600
        assert contained(every, every[::2]).tolist() == [True, False] * 300
