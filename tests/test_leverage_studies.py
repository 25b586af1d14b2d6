"""What a leverage study tells and keeps: measures, intervals, tables, folders, values of all."""

from __future__ import annotations

import dataclasses
import json
import math
import statistics
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import sim
from sim import leverage
from sim.capability import presets
from sim.capability.preset_files import write_preset
from sim.capability.responses import FREE
from sim.capability.supply import Supply
from sim.leverage import collective_value, leverage_curve, smallest_group
from sim.leverage.case import Case
from sim.leverage.collective import _sampled
from sim.leverage.portfolio import appraise
from sim.leverage.ranking import ranked
from sim.leverage.redrawn import Powers
from sim.leverage.saving import save_curve
from sim.networks import Empty

SHARES = np.array([0.0, 0.3, 0.7])


def world(lab: dict[str, object] | None = None, **changes: object) -> sim.Scenario:
    communities = [
        sim.Community("a", 30, stock=sim.Pareto(1, 1.5), output=0.5),
        sim.Community("b", 10, stock=2.0, represents=3.0),
    ]
    spec = sim.Lab("Big", **{"preset": "llm", "every": 4, "legacy": 0.1, **(lab or {})})
    return sim.Scenario(communities, **{"network": Empty(), "labs": [spec], **changes})


class TestMeasures:
    """By hand: before it the loss is .2 above, after it .5; half of the data were there, .3 are."""

    def case(self, donated: float = 0.0) -> Case:
        supply = Supply.of([[1.0]], donated=[[donated]])
        return Case(supply, np.zeros((1, 1)), Supply.of([2.0]), Supply.of([3.0]))

    def surrogate(self, after: float, left: float, floor: object = 1.0) -> SimpleNamespace:
        def outcome(supply: Supply, *_: object, **__: object) -> SimpleNamespace:
            acted = supply.live.shape == (1, 1)
            return SimpleNamespace(
                overall_loss=np.array([after if acted else 1.2]),
                overall_rollback=np.array([left if acted else 0.5]),
                compute_equivalent=np.array([left**2 if acted else 0.25]),
                overall_capability=np.array([1.0 - (after - 1.0) if acted else 0.8]),
            )

        return SimpleNamespace(evaluate=outcome, floor=floor)

    def test_each_is_beside_nobodys_acting(self) -> None:
        found = self.case().measured(self.surrogate(1.5, 0.3))
        assert {name: value.item() for name, value in found.items()} == pytest.approx(
            {"loss": 0.3, "rollback": 0.6, "compute_equivalent": 0.36, "leverage_power": 0.375}
        )

    def test_power_is_left_out_where_nothing_is_known_of_a_model_that_learnt_nothing(self) -> None:
        found = self.case().measured(self.surrogate(1.5, 0.3, floor=None))
        assert list(found) == ["loss", "rollback", "compute_equivalent"]

    def test_one_may_be_asked_for(self) -> None:
        assert list(self.case().measured(self.surrogate(1.5, 0.3), only="rollback")) == ["rollback"]

    @pytest.mark.parametrize(
        ("response", "donated", "clipped"),
        [("none", 0.0, False), ("reweight", 0.0, True), ("reweight", 0.1, False),
         ("none", 0.1, False)],
    )  # fmt: skip
    def test_a_response_makes_no_model_better_unless_something_was_given(
        self, response: str, donated: float, clipped: bool
    ) -> None:
        found = self.case(donated).measured(self.surrogate(1.1, 0.6), response)
        told = {"loss": -0.1, "rollback": 1.2, "compute_equivalent": 1.44, "leverage_power": -0.125}
        none = {"loss": 0.0, "rollback": 1.0, "compute_equivalent": 1.0, "leverage_power": 0.0}
        assert {name: value.item() for name, value in found.items()} == pytest.approx(
            none if clipped else told
        )


class TestCurves:
    def test_replications_are_averaged_and_their_error_is_told(self) -> None:
        """Independently from curves of one seed each."""
        scenario, asked = world({"compliance": 0.5}), {"tactic": "opt_out", "shares": SHARES}
        curve = leverage_curve(scenario, **asked, replications=3, seed=7)
        each = [leverage_curve(scenario, **asked, replications=1, seed=s) for s in (7, 8, 9)]
        assert curve.seeds == (7, 8, 9)
        for name in ("loss", "rollback", "compute_equivalent", "leverage_power"):
            for at in range(3):
                values = [one.none[name][at] for one in each]
                assert curve.none[name][at] == pytest.approx(statistics.fmean(values))
                error = statistics.stdev(values) / math.sqrt(3.0)
                assert curve.errors[name][at] == pytest.approx(error, abs=1e-15)
            assert np.isnan(each[0].errors[name]).all()
        np.testing.assert_allclose(curve.months, np.mean([one.months for one in each], axis=0))
        for name, values in curve.group.items():
            np.testing.assert_allclose(values, np.mean([one.group[name] for one in each], axis=0))
        two = leverage_curve(scenario, **asked, replications=2, seed=7)
        assert np.isfinite(two.errors["loss"]).all()

    def test_the_lab_answers_as_is_best_for_it(self) -> None:
        scenario = world()
        curve = leverage_curve(scenario, shares=SHARES, replications=1)
        found = appraise(scenario, None, "withhold", None, 0)
        case = found.case(ranked(found, "random"), np.array([0, 12, 28]))
        for at in range(3):
            by = {r: {n: v[at] for n, v in case.measured(found.surrogate, r).items()} for r in FREE}
            best = min(FREE, key=lambda r: by[r]["loss"])
            assert curve.response[at] == best
            assert {name: values[at] for name, values in curve.best.items()} == by[best]
            assert {name: values[at] for name, values in curve.none.items()} == by["none"]

    def test_sizes_come_in_order_and_are_whole_creators(self) -> None:
        curve = leverage_curve(world(), by="greedy", shares=np.array([0.66, 0.26]), replications=1)
        joined = np.array([0.26, 0.66]) * 40
        order = ranked(appraise(world(), None, "withhold", None, 0), "greedy")
        real = np.array([1.0] * 30 + [3.0] * 10)[order].cumsum()
        assert curve.group["creators"].tolist() == [real[round(j) - 1] for j in joined]

    def test_losses_without_bound_have_no_interval(self) -> None:
        lab = sim.Lab("Big", preset="llm", every=4)
        curve = leverage_curve(world(labs=[lab]), shares=np.array([0.5, 1.0]), replications=1)
        assert np.isposinf([curve.low["loss"][1], curve.high["loss"][1]]).all()
        assert curve.low["loss"][0] < curve.none["loss"][0] < curve.high["loss"][0]

    def test_a_table_has_a_row_for_each_size(self) -> None:
        curve = leverage_curve(world(), measure="rollback", shares=SHARES, replications=2)
        told = ["none", "best", "standard_error"]
        columns = [*curve.group]
        for measure in ("loss", "rollback", "compute_equivalent", "leverage_power"):
            extra = ["low", "high", "assumed"] if measure == "rollback" else []
            columns += [f"{measure}.{what}" for what in told + extra]
        table = curve.table()
        assert [*table.columns] == [*columns, "best_response", "months_of_delay.none"]
        for what, values in (
            ("none", curve.none), ("best", curve.best), ("standard_error", curve.errors),
            ("low", curve.low), ("high", curve.high), ("assumed", curve.assumed),
        ):  # fmt: skip
            assert table[f"rollback.{what}"].tolist() == values["rollback"].tolist()
        assert table["months_of_delay.none"].tolist() == curve.months.tolist()

    def test_a_glance_shows_six_sizes_from_the_least_to_the_most(self) -> None:
        curve = leverage_curve(world(), replications=2)
        shown = curve._glance()
        assert shown["share_of_creators"].tolist() == [
            curve.group["share_of_creators"][at] for at in (0, 4, 8, 12, 16, 20)
        ]
        assert repr(curve).startswith("Leverage over Big (llm) in ")
        assert "tactic withhold, order random, 2 replications" in repr(curve)
        assert "<table" in curve._repr_html_()


def saved(tmp_path: Path, **options: object) -> tuple[leverage.LeverageCurve, Path, dict]:
    preset = write_preset(presets.load("llm"), tmp_path / "für_künstler.toml")
    curve = leverage_curve(world({"preset": str(preset)}), shares=SHARES, replications=2, seed=3)
    folder = save_curve(curve, tmp_path / "study", **options)
    return curve, folder, json.loads((folder / "receipt.json").read_text("utf-8"))


class TestFolders:
    def test_what_is_opened_is_what_was_saved(self, tmp_path: Path) -> None:
        curve, folder, _ = saved(tmp_path)
        opened = sim.load(folder)
        for field in dataclasses.fields(curve):
            ours, theirs = getattr(curve, field.name), getattr(opened, field.name)
            if isinstance(ours, dict):
                assert [*ours] == [*theirs]
                for name in ours:
                    np.testing.assert_array_equal(theirs[name], ours[name])
            elif isinstance(ours, np.ndarray):
                np.testing.assert_array_equal(theirs, ours)
            else:
                assert theirs == ours, field.name

    def test_a_receipt_says_what_was_asked(self, tmp_path: Path) -> None:
        size = smallest_group(world(), target=0.01, replications=1)
        curve, folder, receipt = saved(tmp_path, size=size, share=0.4)
        assert (receipt["kind"], receipt["seeds"], receipt["against"]) == ("leverage", [3, 4], None)
        assert receipt["runs"] == [{"arm": "leverage", "seed": seed} for seed in (3, 4)]
        study = receipt["study"]
        assert (study["measure"], study["share"], study["target"]) == ("loss", 0.4, 0.01)
        assert study["smallest_group"] == dataclasses.asdict(size)
        assert {name: study[name] for name in ("lab", "preset", "tactic", "by", "step")} == {
            "lab": "Big", "preset": "llm", "tactic": "withhold", "by": "random", "step": 4,
        }  # fmt: skip
        assert receipt["scenario_digest"] == curve.scenario.digest
        text = (folder / "receipt.json").read_text("utf-8")
        assert "für_künstler.toml" in text  # as people write it
        assert text.splitlines()[1].startswith(' "')  # a line each, for people
        assert text.endswith("}\n")

    def test_what_was_not_asked_is_left_open_and_more_may_be_added(self, tmp_path: Path) -> None:
        def added(draft: Path) -> None:
            assert not (tmp_path / "study").exists()  # it appears whole
            (draft / "more.txt").write_text("more")

        _, folder, receipt = saved(tmp_path, added=added)
        study = receipt["study"]
        assert (study["share"], study["target"], study["smallest_group"]) == (None, None, None)
        assert sorted(path.name for path in folder.iterdir()) == [
            "leverage.parquet", "more.txt", "receipt.json", "scenario.toml",
        ]  # fmt: skip

    def test_without_its_table_a_folder_is_damaged(self, tmp_path: Path) -> None:
        _, folder, _ = saved(tmp_path)
        (folder / "leverage.parquet").unlink()
        with pytest.raises(sim.InputError) as caught:
            sim.load(folder)
        assert str(caught.value) == f"{folder}: is damaged, leverage.parquet is missing"


class TestValuesOfAll:
    @pytest.mark.parametrize(("tactic", "preset"), [("withhold", "llm"), ("boycott", "movielens")])
    def test_leaving_whole_is_everybodys_acting(self, tactic: str, preset: str) -> None:
        """Alone and together, as a group of those communities' creators."""
        scenario = world({"preset": preset})
        found = collective_value(scenario, tactic=tactic, share=1.0)
        portfolio = appraise(scenario, None, tactic, None, 0)
        for group, cost in (
            (range(30), found.alone[0]), (range(30, 40), found.alone[1]), (range(40), found.total),
        ):  # fmt: skip
            order = np.array([*group, *(i for i in range(40) if i not in group)])
            case = portfolio.case(order, np.array([0, len(group)]))
            surrogate = portfolio.surrogate
            loss = surrogate.evaluate(case.supply, case.full, "none", unserved=case.unserved)
            nobody, acting = loss.overall_loss
            assert cost == pytest.approx(acting - nobody, rel=1e-9)
        assert cost > 0.0

    def test_a_share_of_equals_is_as_many_of_them(self) -> None:
        equal = [sim.Community("a", 20, stock=3.0), sim.Community("b", 20, stock=1.0)]
        scenario = world().replace(communities=equal)
        found = collective_value(scenario, share=0.25)
        portfolio = appraise(scenario, None, "withhold", None, 0)
        for number in range(2):
            five = np.roll(np.arange(40), -20 * number)
            loss = portfolio.case(five, np.array([5])).measured(portfolio.surrogate)["loss"]
            assert found.alone[number] == pytest.approx(loss.item(), rel=1e-9)

    def test_sixteen_communities_are_counted_and_seventeen_drawn(self) -> None:
        for count in (16, 17):
            communities = [sim.Community(f"c{k}", 2, stock=1.0 + k) for k in range(count)]
            value = collective_value(world().replace(communities=communities), samples=3)
            assert bool(value.error.any()) == (count == 17)
            assert value.value.sum() == pytest.approx(value.total)

    def test_who_comes_last_decides(self) -> None:
        """v(ab) = 1 and nothing alone: in each order the last gains 1, so that the standard error
        is that of a share."""

        def of(coalitions: np.ndarray) -> np.ndarray:
            return coalitions.all(axis=1).astype(float)

        for samples in (50, 200):
            value, error = _sampled(SimpleNamespace(of=of), 2, samples, 3)
            assert value.sum() == pytest.approx(1.0)
            assert abs(value[0] - 0.5) < 4.0 * 0.5 / math.sqrt(samples)
            expected = math.sqrt(value[0] * (1.0 - value[0]) / (samples - 1))
            assert error == pytest.approx([expected] * 2)

    def test_a_table_has_a_row_for_each_community(self) -> None:
        found = collective_value(world())
        table = found.table()
        assert [*table.columns] == ["community", "value", "standard_error", "leave_one_out"]
        assert table["community"].tolist() == ["a", "b"]
        assert table["value"].tolist() == found.value.tolist()
        assert table["leave_one_out"].tolist() == found.alone.tolist()
        assert not table["standard_error"].any()


class TestDrawnConstants:
    SIZES = np.array([0, 9, 25])

    def cases(self, tmp_path: Path, tactic: str, before: dict, after: dict, **lab: object) -> list:
        """Return a case under drawn constants, and counted with those from the start."""
        preset = appraise(world(), None, tactic, None, 1).preset
        found = []
        for number, changes in enumerate((before, after)):
            surrogate = preset.surrogate.replace(**changes)
            changed = preset.replace(surrogate=surrogate, constants={})
            path = write_preset(changed, tmp_path / f"{number}.toml")
            scenario = world({"preset": str(path), **lab})
            found.append((appraise(scenario, None, tactic, None, 1), surrogate))
        (one, _), (other, drawn) = found
        order = ranked(one, "random")
        return [one.redrawn(order, self.SIZES).under(drawn), other.case(order, self.SIZES)]

    @pytest.mark.parametrize("tactic", ["withhold", "poison", "donate"])
    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ({}, {"detection": 0.9}),
            ({}, {"kappa": 0.75}),
            ({"kappa": 0.0}, {"kappa": 0.0, "detection": 0.1}),
        ],
    )
    def test_are_counted_as_if_from_the_start(
        self, tmp_path: Path, tactic: str, before: dict, after: dict
    ) -> None:
        lab = {"receives": ("b",), "curation": 1.5}
        ours, theirs = self.cases(tmp_path, tactic, before, after, **lab)
        for name in ("live", "raw", "poison", "donated", "legacy"):
            np.testing.assert_allclose(
                getattr(ours.supply, name), getattr(theirs.supply, name), rtol=1e-5, atol=1e-12
            )  # the histogram's error at a shift of kappa by .05
        np.testing.assert_allclose(ours.full.live, theirs.full.live, rtol=1e-5)
        np.testing.assert_allclose(ours.available.live, theirs.available.live, rtol=1e-5)

    def test_at_a_kappa_of_nought_sizes_are_not_drawn(self, tmp_path: Path) -> None:
        """n^0 says nothing of n."""
        ours, theirs = self.cases(tmp_path, "withhold", {"kappa": 0.0}, {"kappa": 0.3})
        assert not np.allclose(ours.supply.live, theirs.supply.live)
        np.testing.assert_allclose(ours.supply.live[0].sum(), 1.0 / 1.1)  # and legacy a tenth

    def test_detection_that_a_lab_states_is_not_drawn(self, tmp_path: Path) -> None:
        ours, theirs = self.cases(tmp_path, "poison", {}, {"detection": 0.9}, detection=0.2)
        np.testing.assert_array_equal(ours.supply.poison, theirs.supply.poison)

    def test_at_its_own_constants_a_case_is_as_it_was_counted(self) -> None:
        found = appraise(world(), None, "poison", None, 1)
        redrawn = found.redrawn(ranked(found, "random"), self.SIZES)
        assert redrawn.under(found.surrogate) is redrawn.case

    def test_sums_of_powers(self) -> None:
        """1, 8 and 27 at kappa 1/3; of nothing nothing is told."""
        data, cell = np.array([1.0, 2.0, 0.0, 3.0]), np.array([0, 1, 1, 1])
        powers = Powers.of(data, cell, (3, 1), 1.0 / 3.0)
        np.testing.assert_allclose(powers.shifted(0.0), [[1.0], [5.0], [0.0]])
        np.testing.assert_allclose(powers.shifted(1.0 / 3.0), [[1.0], [13.0], [0.0]])
        nothing = Powers.of(np.zeros(4), cell, (3, 1), 1.0 / 3.0)
        assert nothing.shifted(0.1).tolist() == [[0.0]] * 3


def test_what_is_not_there_is_said_to_be_missing() -> None:
    with pytest.raises(AttributeError, match=r"^module 'sim.leverage' has no attribute 'power'$"):
        _ = leverage.power


def test_an_endless_loss_has_no_standard_error() -> None:
    """A lab without a corpus of its own has nothing left once all withhold."""
    world = sim.Scenario([sim.Community("a", 20)], labs=[sim.Lab("L")], steps=60)
    last = sim.leverage_curve(world, lab="L", replications=2).table().iloc[-1]
    assert last["share_of_creators"] == 1.0
    assert math.isinf(last["loss.none"])
    assert math.isnan(last["loss.standard_error"])
