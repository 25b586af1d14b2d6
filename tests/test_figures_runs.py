"""Figures of what creators did, who they were, in which order, and what each model could do."""

from __future__ import annotations

import re
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes

import sim
from analysis import style
from analysis.campaign import campaign
from analysis.capability import capability
from analysis.communities import communities
from analysis.order import order
from analysis.participants import concentration, participants
from analysis.replay import Replay, replay
from analysis.tactics import tactics
from sim.cli import DONE, main
from sim.loading.files import save_scenario
from sim.networks import ErdosRenyi
from sim.words.numbers import percent
from tests.seen import fits

SCENARIO = sim.Scenario(
    name="small",
    communities=(
        sim.Community(
            "coders", 300, threshold=0.2, stock=sim.Pareto(1.0, 2.0),
            repertoire={"opt_out": 0.5, "poison": 0.5},
        ),
        sim.Community("artists", 200, threshold=0.4, represents=5.0),
    ),
    network=ErdosRenyi(6.0),
    seeds=sim.Seeds(count=20),
    steps=12,
    labs=(sim.Lab("First", every=4), sim.Lab("Second", preset="llm", every=6)),
)  # fmt: skip


@pytest.fixture(scope="module")
def comparison() -> sim.Comparison:
    return sim.compare(SCENARIO, replications=3, seed=2)


@pytest.fixture(scope="module")
def seen(comparison: sim.Comparison) -> Replay:
    return replay(comparison.action[0])


def panels(axes: list[Axes]) -> dict[str, Axes]:
    return {each.get_title() or each.get_title(loc="left"): each for each in axes}


class TestTactics:
    def test_areas_add_up_to_who_acts(self, seen: Replay) -> None:
        found = panels(tactics(seen).axes)
        for name, column in (("coders", 0), ("artists", 1), ("everybody", 2)):
            tops = [area.get_paths()[0].vertices[:, 1].max() for area in found[name].collections]
            assert max(tops) == pytest.approx(100 * seen.result.participation[:, column].max())

    def test_every_tactic_has_its_colour(self, seen: Replay) -> None:
        used = [t for t in sim.Tactic if t and seen.tactics[:, :, t].any()]
        axes = tactics(seen).axes[0]
        colours = [area.get_facecolor()[0] for area in axes.collections]
        assert np.allclose(colours, [mpl.colors.to_rgba(style.TACTICS[t]) for t in used])


class TestOrder:
    def test_colours_tell_when_creators_first_acted(self, seen: Replay) -> None:
        axes = order(seen).axes[0]
        never, acted = axes.collections[1:]
        assert len(never.get_offsets()) == np.count_nonzero(seen.began < 0)
        assert acted.get_array().tolist() == seen.began[seen.began >= 0].tolist()

    def test_holds_no_picture_that_a_page_would_refuse(self, seen: Replay, tmp_path: Path) -> None:
        _, svg = style.save(order(seen), tmp_path, "order")
        assert "<image" not in svg.read_text("utf-8")


class TestParticipants:
    def test_concentration_of_a_few(self) -> None:
        by, acted = np.array([1.0, 4.0, 2.0, 3.0]), np.array([0.0, 1.0, 0.0, 1.0])
        x, y = concentration(by, acted, np.array([1.0, 1.0, 1.0, 5.0]))
        assert x == pytest.approx(np.array([0, 1, 6, 7, 8]) / 8)
        assert y == pytest.approx(np.array([0, 1, 6, 6, 6]) / 6)

    def test_those_who_are_alike_are_not_told_apart(self) -> None:
        acted = np.array([1.0, 1.0, 0.0, 0.0])
        x, y = concentration(np.ones(4), acted, np.ones(4))
        assert x.tolist() == y.tolist() == [0.0, 1.0]

    def test_bars_are_shares_of_real_creators(self, seen: Replay) -> None:
        bars = [patch.get_width() for patch in participants(seen).axes[2].patches]
        acted = seen.result.counts[-1, 1] * seen.result.represents
        expected = [300 / 1300, 1000 / 1300, *(acted / acted.sum())]
        assert bars == pytest.approx([100 * share for share in expected])


class TestCapability:
    def test_lines_are_medians_with_and_without_action(self, comparison: sim.Comparison) -> None:
        measures = ("loss.coders", "loss.artists", "loss")
        for axes, lab in zip(capability(comparison).axes, ("First", "Second"), strict=True):
            drawn = [line.get_ydata() for line in axes.lines[:6]]
            arms = [arm for each in measures for arm in comparison.measured(lab, each)]
            for line, losses in zip(drawn, arms, strict=True):
                assert line == pytest.approx(100 * (np.median(losses, axis=0) - 1))

    def test_says_where_its_numbers_come_from(self, comparison: sim.Comparison) -> None:
        told = " ".join(text.get_text() for text in capability(comparison).texts)
        assert SCENARIO.digest[:10] in told
        assert "3 replications, seeds 2 to 4" in told


class TestWithheld:
    def test_is_drawn_beside_who_acted(self) -> None:
        platform = sim.Platform("Gallery", members={"artists": 1.0}, default="out")
        scenario = SCENARIO.replace(platforms=(platform,))
        pair = sim.compare(scenario, replications=2)
        (line,) = (
            each for each in campaign(pair).axes[0].lines if "withheld" in str(each.get_label())
        )
        assert line.get_ydata() == pytest.approx(1300 * pair.action[0].withheld[:, -1])

    def test_is_left_out_where_nobody_withholds(self, comparison: sim.Comparison) -> None:
        labels = [str(each.get_label()) for each in campaign(comparison).axes[0].lines]
        assert not any("withheld" in label for label in labels)


class TestAll:
    def test_nothing_sticks_out_or_lies_over_data(
        self, comparison: sim.Comparison, seen: Replay
    ) -> None:
        for each in (tactics(seen), order(seen), participants(seen), capability(comparison)):
            fits(each)
        fits(communities(comparison.action))

    def test_communities_in_which_nobody_acted_are_named_instead_of_drawn(self) -> None:
        still = sim.Community("silent", 50, threshold=9.0)
        crowd, begun = (SCENARIO.communities[0], still), sim.Seeds(20, community="coders")
        run = sim.run(SCENARIO.replace(communities=crowd, seeds=begun), 1)
        assert run.counts[-1, 1, 1] == 0
        drawn = tactics(replay(run))
        assert set(panels(drawn.axes)) == {"coders", "everybody"}
        assert "Nobody acted in: silent." in " ".join(text.get_text() for text in drawn.texts)

    def test_a_sample_says_that_it_begins_with_those_who_acted(self, seen: Replay) -> None:
        drawn = order(seen)
        share = percent(float(seen.result.adoption[-1, -1]))
        assert drawn.axes[0].get_title("left").endswith(f"of all {share}")
        assert "more of it acted than of all" in " ".join(
            text.get_text().replace("\n", " ") for text in drawn.texts
        )

    @pytest.mark.parametrize("most", [4, 5, 7, 9])
    def test_any_time_has_some_dates(self, most: int) -> None:
        """Warnings are errors here: there is always an interval that fits."""
        for days in np.geomspace(1e-5, 2.9e6, 150):
            axes = mpl.figure.Figure().add_subplot()
            axes.set_xlim(19_000.3, 19_000.3 + days) if days < 1e6 else axes.set_xlim(0.0, days)
            style.dated(axes, most)
            assert 1 <= len([label for label in axes.get_xticklabels() if label.get_text()]) < 16

    @pytest.mark.parametrize(("days", "steps"), [(0.01, 12), (0.2, 12), (7, 52), (3650, 700)])
    def test_dates_are_told_in_full_and_once(self, days: float, steps: int) -> None:
        """From hours to millennia, each label is a date of its own."""
        run = sim.run(SCENARIO.replace(step_days=days, steps=steps, labs=()), 1)
        drawn = communities([run])
        fits(drawn)
        for axes in drawn.axes:
            told = [label.get_text() for label in axes.get_xticklabels()]
            assert len(set(told)) == len(told) >= 3
            assert all(re.search(r"\d{4}", label) for label in told)
            assert axes.xaxis.get_offset_text().get_text() == ""


def test_run_writes_its_figure_for_screen_and_print(tmp_path: Path) -> None:
    saved = save_scenario(SCENARIO, tmp_path / "small.toml")
    assert main(["run", str(saved), "--replications", "2", "--out", str(tmp_path / "out")]) == DONE
    assert (tmp_path / "out" / "campaign.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "out" / "campaign.svg").read_text("utf-8").rstrip().endswith("</svg>")
