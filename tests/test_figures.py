from __future__ import annotations

from datetime import date
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

import sim
from analysis import style
from analysis.campaign import campaign
from analysis.capability import capability
from analysis.effects import loss_changes
from analysis.participation import acting, adopters, ends_of_steps, number
from sim.decisions import LogitChoice
from sim.networks import ErdosRenyi
from tests.institution_worlds import START, idle
from tests.seen import fits

OBSERVED = sim.Observed(
    outcome="requests",
    dates=(date(2024, 1, 3), date(2024, 1, 8), date(2024, 1, 12)),
    low=(2, 30, 90),
    high=(2, 50, 90),
    source="a made-up list",
    fitted_until=date(2024, 1, 8),
)
SCENARIO = sim.Scenario(
    name="small",
    communities=(
        sim.Community("web", 300, grievance=-0.5, repertoire={"opt_out": 1.0}),
        sim.Community("rest", 200, grievance=-9.0, represents=5.0),
    ),
    network=ErdosRenyi(6.0),
    rule=LogitChoice(reversible=False),
    seeds=sim.Seeds(count=3),
    steps=14,
    step_days=1,
    start=date(2024, 1, 1),
    labs=(sim.Lab("Lab", preset="llm", every=5),),
    calendar=(sim.Broadcast(date(2024, 1, 4), "an article"),),
    about=sim.About(observed=(OBSERVED,)),
)


@pytest.fixture(scope="module")
def comparison() -> sim.Comparison:
    return sim.compare(SCENARIO, replications=12, seed=7)


@pytest.fixture(scope="module")
def figure(comparison: sim.Comparison) -> Figure:
    return campaign(comparison)


def line(axes: Axes, label: str) -> np.ndarray:
    found = next(line for line in axes.lines if line.get_label() == label)
    return np.column_stack(found.get_data())


def texts(figure: Figure) -> str:
    return " ".join(text.get_text() for text in figure.texts)


class TestParticipation:
    def test_line_is_the_median_over_replications(
        self, figure: Figure, comparison: sim.Comparison
    ) -> None:
        drawn = line(figure.axes[0], "simulated, median")
        assert drawn[:, 1] == pytest.approx(np.median(adopters(comparison), axis=0))
        assert drawn[:, 0] == pytest.approx(ends_of_steps(SCENARIO))

    def test_a_row_stands_at_the_end_of_its_step(self) -> None:
        when = ends_of_steps(SCENARIO)
        assert when.size == SCENARIO.steps + 1
        assert when[3] == number(date(2024, 1, 4)) + 1.0

    @pytest.mark.parametrize(("name", "low", "high"), [("90 %", 0.05, 0.95), ("50 %", 0.25, 0.75)])
    def test_bands_are_quantiles_over_replications(
        self, figure: Figure, comparison: sim.Comparison, name: str, low: float, high: float
    ) -> None:
        band = next(
            each
            for each in figure.axes[0].collections
            if isinstance(each, PolyCollection) and name in str(each.get_label())
        )
        corners = {(round(x, 6), round(y, 6)) for x, y in band.get_paths()[0].vertices}
        for quantile in (low, high):
            values = np.quantile(adopters(comparison), quantile, axis=0)
            edge = zip(ends_of_steps(SCENARIO), values, strict=True)
            assert {(round(x, 6), round(y, 6)) for x, y in edge} <= corners

    @pytest.mark.parametrize("panel", [0, 1])
    def test_counts_used_to_fit_are_filled_and_held_out_ones_hollow(
        self, figure: Figure, panel: int
    ) -> None:
        drawn = {str(c.get_label()): c for c in figure.axes[panel].containers}
        fitted, held_out = drawn["observed, used to fit"], drawn["observed, held out"]
        assert fitted[0].get_ydata() == pytest.approx([2, 40])
        assert fitted[0].get_xdata()[0] == number(date(2024, 1, 3)) + 0.5
        assert held_out[0].get_ydata() == pytest.approx([90])
        assert mpl.colors.to_hex(held_out[0].get_markerfacecolor()) == "#ffffff"
        assert mpl.colors.to_hex(fitted[0].get_markerfacecolor()) != "#ffffff"

    def test_an_interval_is_drawn_from_lowest_to_highest(self, figure: Figure) -> None:
        fitted = next(
            c for c in figure.axes[0].containers if c.get_label() == "observed, used to fit"
        )
        segments = fitted[2][0].get_segments()
        assert [tuple(end[1] for end in bar) for bar in segments] == [(2, 2), (30, 50)]

    def test_the_last_fitted_date_is_marked(self, figure: Figure) -> None:
        for axes in figure.axes[:2]:
            dashed = [each for each in axes.lines if each.get_linestyle() == "--"]
            assert number(date(2024, 1, 8)) + 1.0 in [each.get_xdata()[0] for each in dashed]
        assert any("8 Jan 2024" in text.get_text() for text in figure.axes[0].texts)


class TestEffects:
    def test_points_are_paired_effects_in_the_unit_of_the_axis(
        self, figure: Figure, comparison: sim.Comparison
    ) -> None:
        axes = figure.axes[2]
        size = {"%": 1e-2, "parts per million": 1e-6, "parts per billion": 1e-9}[
            axes.get_ylabel().partition("(")[2].rstrip(")")
        ]
        changes = loss_changes(comparison, "Lab")
        assert set(changes) >= {"none", "best"}
        for container, row in zip(axes.containers, changes.values(), strict=True):
            assert container[0].get_ydata() * size == pytest.approx([e.mean for e in row])
            bars = container[2][0].get_segments()
            ends = [(low[1] * size, high[1] * size) for low, high in bars]
            assert np.array(ends) == pytest.approx(np.array([(e.low, e.high) for e in row]))

    def test_every_round_has_its_date(self, figure: Figure, comparison: sim.Comparison) -> None:
        labels = [label.get_text() for label in figure.axes[2].get_xticklabels()]
        assert len(labels) == len(comparison.rounds("Lab"))
        assert labels[0].startswith("6 Jan 2024")


class TestFigure:
    def test_every_axis_is_labelled(self, figure: Figure) -> None:
        assert all(axes.get_xlabel() and axes.get_ylabel() for axes in figure.axes)
        assert [axes.get_title(loc="left")[0] for axes in figure.axes] == ["a", "b", "c"]

    def test_says_where_its_numbers_come_from(self, figure: Figure) -> None:
        told = texts(figure)
        for needed in ("a made-up list", "12 replications", "seeds 7 to 18", SCENARIO.digest[:10]):
            assert needed in told
        assert "1 an article (4 Jan 2024)" in told

    def test_needs_neither_labs_nor_observations(self) -> None:
        plain = SCENARIO.replace(labs=(), calendar=(), about=sim.About())
        drawn = campaign(sim.compare(plain, replications=2))
        assert len(drawn.axes) == 1
        assert drawn.axes[0].get_ylabel() == "creators who acted, cumulative"

    @pytest.mark.parametrize("represents", [1.0, 1e3, 3e5])
    def test_nothing_sticks_out(self, represents: float) -> None:
        """Not even the counts on the axis, where each creator stands for many."""
        many = [c.replace(represents=represents) for c in SCENARIO.communities]
        fits(campaign(sim.compare(SCENARIO.replace(communities=many), replications=2)))

    def test_saves_the_same_bytes_whatever_the_settings(
        self, comparison: sim.Comparison, tmp_path: Path
    ) -> None:
        saved = []
        for name, size in (("a", 7.0), ("b", 22.0)):
            with mpl.rc_context({"font.size": size, "svg.hashsalt": name}):
                (tmp_path / name).mkdir()
                saved.append(style.save(campaign(comparison), tmp_path / name, "figure"))
        for one, other in zip(*saved, strict=True):
            assert one.read_bytes() == other.read_bytes()

    def test_colours_differ_in_lightness_or_line(self) -> None:
        assert len(set(style.CYCLE)) == len(set(style.DASHES)) == len(style.CYCLE)


@pytest.fixture(scope="module")
def few() -> sim.Comparison:
    return sim.compare(SCENARIO, replications=3, seed=7)


class TestFewReplications:
    def test_the_whole_range_is_drawn_and_said_to_be_it(self, few: sim.Comparison) -> None:
        axes = campaign(few).axes[0]
        bands = {
            str(each.get_label()): each
            for each in axes.collections
            if "simulated" in str(each.get_label())
        }
        assert list(bands) == ["simulated, lowest to highest of 3"]
        corners = {
            (round(x, 6), round(y, 6)) for x, y in bands.popitem()[1].get_paths()[0].vertices
        }
        for values in (adopters(few).min(axis=0), adopters(few).max(axis=0)):
            edge = zip(ends_of_steps(SCENARIO), values, strict=True)
            assert {(round(x, 6), round(y, 6)) for x, y in edge} <= corners

    def test_effects_reach_from_lowest_to_highest(self, few: sim.Comparison) -> None:
        drawn = campaign(few)
        size = {"%": 1e-2, "parts per million": 1e-6, "parts per billion": 1e-9}[
            drawn.axes[2].get_ylabel().partition("(")[2].rstrip(")")
        ]
        bars = drawn.axes[2].containers[0][2][0].get_segments()
        row = loss_changes(few, "Lab")["none"]
        expected = [(each.least, each.most) for each in row]
        assert [(low[1] * size, high[1] * size) for low, high in bars] == [
            pytest.approx(ends) for ends in expected
        ]
        assert "lowest to highest of 3" in texts(drawn)
        assert "90 %" not in texts(drawn)

    def test_one_replication_has_no_band(self) -> None:
        drawn = campaign(sim.compare(SCENARIO, replications=1))
        assert not any("simulated" in str(each.get_label()) for each in drawn.axes[0].collections)
        assert "simulated, one replication" in drawn.axes[0].get_legend_handles_labels()[1]


def comparison_is_nil(pair: sim.Comparison) -> bool:
    return all(each.mean == 0.0 for row in loss_changes(pair, "Lab").values() for each in row)


@pytest.fixture(scope="module")
def nothing() -> Figure:
    """Nobody but the initiators ever acts, and a lab's model is as it would be anyway."""
    nobody = [
        c.replace(grievance=-99.0, repertoire="opt_out", represents=1.0)
        for c in SCENARIO.communities
    ]
    rule = LogitChoice(reversible=False, conformity=0.0)
    deaf = sim.Lab("Lab", preset="llm", every=5, compliance=0.0)
    still = SCENARIO.replace(
        communities=nobody, rule=rule, labs=[deaf], about=sim.About(), calendar=()
    )
    pair = sim.compare(still.replace(seeds=sim.Seeds(count=40, committed=True)), replications=3)
    assert np.ptp(adopters(pair)) == 0.0
    assert comparison_is_nil(pair)
    return campaign(pair)


class TestNothingHappened:
    def test_an_effect_of_nothing_is_on_no_scale_of_billionths(self, nothing: Figure) -> None:
        axes = nothing.axes[1]
        assert axes.get_ylabel() == "increase of the loss (%)"
        assert axes.get_yticks().tolist() == [0.0]

    def test_a_band_without_width_is_in_no_legend(self, nothing: Figure) -> None:
        labels = nothing.axes[0].get_legend_handles_labels()[1]
        assert labels == ["simulated, median"]

    def test_constant_counts_stand_over_nought(self, nothing: Figure) -> None:
        low, high = nothing.axes[0].get_ylim()
        assert low == 0.0
        assert 40.0 <= high < 60.0


class TestUnusual:
    def test_a_loss_without_bound_is_told_and_not_drawn(self) -> None:
        everybody = [c.replace(repertoire="opt_out") for c in SCENARIO.communities]
        strike = sim.Seeds(share=1.0, committed=True)
        pair = sim.compare(SCENARIO.replace(communities=everybody, seeds=strike), replications=2)
        assert np.isinf(loss_changes(pair, "Lab")["none"][-1].mean)
        drawn = campaign(pair)
        assert "no bound" in [text.get_text() for text in drawn.axes[2].texts]
        fits(drawn)

    def test_replications_may_differ_in_how_often_a_lab_trains(self) -> None:
        """What all have is drawn."""
        often = sim.TrainingDate(START, "Atelier", rate=20.0)
        world = idle(labs=[sim.Lab("Atelier", every=30, first=1)], calendar=[often])
        pair = sim.compare(world, replications=6)
        assert {len(run.labs["Atelier"].columns["step"]) for run in pair.action} == {1, 2}
        assert len(campaign(pair).axes[1].get_xticks()) == 1
        assert len(capability(pair).axes[0].get_xticks()) == 1
        assert pair.table()["round"].unique().tolist() == [1]

    def test_what_comes_after_the_end_is_left_out(self) -> None:
        """Else there would be no room for anything beside it."""
        later = [sim.Broadcast(date(2034, 1, 4), "too late")]
        pair = sim.compare(SCENARIO.replace(calendar=later, steps=6), replications=2)
        fits(campaign(pair))


class TestStopping:
    def test_those_who_stopped_are_seen_to_have_stopped(self) -> None:
        organiser = sim.Seeds(count=30)
        calm = [c.replace(grievance=-9.0) for c in SCENARIO.communities]
        fickle = SCENARIO.replace(
            communities=calm, rule=LogitChoice(), seeds=organiser, about=sim.About()
        )
        pair = sim.compare(fickle, replications=3)
        axes = campaign(pair).axes[0]
        now = line(axes, "acting then, median")[:, 1]
        assert now == pytest.approx(np.median(acting(pair), axis=0))
        assert now[-1] < line(axes, "simulated, median")[-1, 1]

    def test_is_left_out_where_nobody_stops(self, figure: Figure) -> None:
        labels = figure.axes[0].get_legend_handles_labels()[1]
        assert not any(label.startswith("acting") for label in labels)


class TestWide:
    def test_withheld_millions_beside_few_who_act_fit(self) -> None:
        """On a scale of powers of ten, straight near 0."""
        many = [c.replace(represents=3e4, grievance=-9.0) for c in SCENARIO.communities]
        platform = sim.Platform("Gallery", members={"rest": 1.0}, default="out")
        wide = SCENARIO.replace(
            communities=many, platforms=(platform,), about=sim.About(),
            seeds=sim.Seeds(count=0),
        )  # fmt: skip
        drawn = campaign(sim.compare(wide, replications=2))
        assert drawn.axes[0].get_yscale() == "symlog"
        fits(drawn)

    @pytest.mark.parametrize("labs", [2, 3])
    def test_several_labs_fit(self, labs: int) -> None:
        names = ("Honouring", "Ignoring", "Stability")[:labs]
        many = SCENARIO.replace(labs=[sim.Lab(name, preset="llm", every=5) for name in names])
        fits(campaign(sim.compare(many, replications=3)))
