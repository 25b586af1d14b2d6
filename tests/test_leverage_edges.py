"""Leverage at its edges: shares, orders, rounds and bisections, by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

import sim
from sim.capability import presets
from sim.decisions import Threshold
from sim.leverage import leverage, leverage_curve
from sim.leverage.case import MEASURES, check_measure, remaining
from sim.leverage.collective import _exact
from sim.leverage.curve import SHARES
from sim.leverage.induced import _Trial, _wilson, critical_mass
from sim.leverage.places import simulated_share
from sim.leverage.portfolio import _lab_number, _needs_links, _unlinked, appraise, first_round
from sim.leverage.ranking import ranked
from sim.leverage.size import _crossing, _first, _Reaching, smallest_group
from sim.networks import BarabasiAlbert, Complete, Empty

FEW = [1.0, 2.0, 3.0, 4.0, 10.0]


def world(**changes) -> sim.Scenario:
    communities = [
        sim.Community("a", 5, threshold=2.0, stock=sim.Values(FEW)),
        sim.Community("b", 5, threshold=2.0, stock=2.0, represents=3.0),
    ]
    lab = sim.Lab("Big", preset="llm", every=6, legacy=0.1)
    return sim.Scenario(communities, **{"network": Empty(), "steps": 6, "labs": [lab], **changes})


class TestRequests:
    def test_sizes_unless_stated(self) -> None:
        assert pytest.approx([k / 20 for k in range(20)] + [0.99]) == SHARES

    @pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
    def test_a_single_share_is_a_point_of_the_curve(self, share: float) -> None:
        asked = {"replications": 2, "seed": 3}
        one = leverage(world(), share, **asked)
        points = sorted((0.2, share))
        curve = leverage_curve(world(), shares=np.array(points), **asked)
        assert one.group["share_of_creators"].shape == (1,)
        for measure in ("loss", "rollback"):
            assert one.none[measure][0] == curve.none[measure][points.index(share)]

    @pytest.mark.parametrize("share", [-0.01, 1.01, math.nan])
    def test_shares_beyond_are_refused(self, share: float) -> None:
        with pytest.raises(sim.InputError, match=r"^share: must be from 0 to 1, got "):
            leverage(world(), share)

    def test_measures(self) -> None:
        with_floor, without = (
            SimpleNamespace(name="p", surrogate=SimpleNamespace(floor=floor)) for floor in (1, None)
        )
        for measure in MEASURES:
            check_measure(measure, with_floor)
            if measure != "leverage_power":
                check_measure(measure, without)
        with pytest.raises(sim.InputError, match="needs a floor, which preset p does not state"):
            check_measure("leverage_power", without)
        with pytest.raises(sim.InputError, match=r"expected one of loss, .*, got 'los'$"):
            check_measure("los", with_floor)

    @pytest.mark.parametrize("target", [0.0, -0.1, math.nan])
    def test_targets_are_above_nothing(self, target: float) -> None:
        with pytest.raises(sim.InputError, match=r"^target: must be above 0, got "):
            smallest_group(world(), target=target)

    def test_labs(self) -> None:
        labs = [sim.Lab("Big", preset="llm"), sim.Lab("Small", preset="llm")]
        both = world(labs=labs)
        assert [_lab_number(both, name) for name in (None, "Big", "Small")] == [0, 0, 1]
        with pytest.raises(
            sim.InputError, match=r"^lab: no lab 'Smal'; expected one of Big, Small"
        ):
            _lab_number(both, "Smal")
        with pytest.raises(sim.InputError, match=r"^labs: leverage needs a lab .* has none$"):
            _lab_number(world(labs=[]), None)

    def test_first_rounds(self) -> None:
        scenario = world(start="2023-01-01", step_days=7)
        for lab, step in (
            ({"every": 6}, 6),
            ({"every": 6, "first": 2}, 2),
            ({"dates": ["2023-02-05", "2023-01-22"]}, 3),
            ({"dates": ["2023-01-01"]}, 1),
        ):
            assert first_round(scenario, sim.Lab("L", preset="llm", **lab)) == step


class TestWhatIsLeft:
    KEPT = np.array([[0.0, 1.0], [0.5, 0.0], [2.0, 2.0]])
    FULL = np.array([[1.0, 1.0], [2.0, 3.0], [2.0, 2.0]])

    def test_of_a_lab_that_crawls(self) -> None:
        found = remaining(self.KEPT, self.FULL, np.array([5.0, 6.0]), True)
        assert found.tolist() == [[4.0, 6.0], [2.5, 3.0]]

    def test_rounding_errors_are_nothing(self) -> None:
        total = np.array([2.5 + 1e-13, 3.0 + 1e-9])
        left = remaining(self.KEPT, self.FULL, total, True)[-1]
        assert left[0] == 0.0
        assert left[1] == pytest.approx(1e-9, rel=1e-3)

    def test_of_a_lab_that_is_given(self) -> None:
        found = remaining(self.KEPT, self.FULL, np.array([5.0, 6.0]), False)
        assert found.tolist() == [[0.0, 1.0], [0.5, 1.0]]


class TestOrders:
    def test_the_largest_come_first(self) -> None:
        portfolio = appraise(world(), None, "withhold", None, 1)
        order = ranked(portfolio, "largest")
        taken = (np.abs(portfolio.taken) / portfolio.represents)[order]
        assert (np.diff(taken) <= 0.0).all()
        assert order[0] == 4, "who has ten works"
        assert set(ranked(portfolio, "random").tolist()) == set(range(10))

    def test_hubs_come_first(self) -> None:
        scenario = world(network=BarabasiAlbert(2))
        portfolio = appraise(scenario, None, "withhold", None, 1, linked=True)
        degrees = portfolio.world.network.degree[ranked(portfolio, "hubs")]
        assert (np.diff(degrees) <= 0).all()
        assert degrees[0] > degrees[-1]

    def test_communities_stay_together(self) -> None:
        portfolio = appraise(world(), None, "withhold", None, 1)
        groups = portfolio.community[ranked(portfolio, "community")].tolist()
        assert groups in ([0] * 5 + [1] * 5, [1] * 5 + [0] * 5)

    def test_greedy_goes_by_harm_per_real_creator(self) -> None:
        """One who stands for ten with two works each harms less per creator than one with four."""
        few = sim.Community("few", 40, stock=4.0)
        many = sim.Community("many", 40, stock=2.0, represents=10.0)
        for communities, first in (([few, many], 0), ([many, few], 1)):
            scenario = sim.Scenario(communities, Empty(), labs=world().labs)
            portfolio = appraise(scenario, None, "withhold", None, 1)
            assert portfolio.community[ranked(portfolio, "greedy")[0]] == first

    def test_unknown_ones_are_refused(self) -> None:
        with pytest.raises(sim.InputError, match=r"^by: expected one of random, .*, got 'size'$"):
            ranked(appraise(world(), None, "withhold", None, 1), "size")

    def test_links_are_built_where_they_are_needed(self) -> None:
        scenario = world(network=BarabasiAlbert(2))
        assert not _needs_links(scenario)
        assert _unlinked(scenario).network == Empty()
        assert _unlinked(scenario).seeds.count == 0

    def test_places_on_the_curve_of_simulated_creators(self) -> None:
        """By community, those who stand for three come first or last."""
        scenario = world()
        portfolio = appraise(scenario, None, "withhold", None, 0)
        standing = portfolio.represents[ranked(portfolio, "community")]
        half = int(np.searchsorted(np.cumsum(standing), 0.5 * 20.0)) + 1
        assert simulated_share(scenario, 0.5, None, "withhold", "community") == half / 10
        for share in (0.0, 1.0):
            assert simulated_share(scenario, share, None, "withhold", "community") == share
        alike = sim.Scenario([sim.Community("a", 8, stock=1.0)], Empty(), labs=scenario.labs)
        assert simulated_share(alike, 0.3, None, "withhold", "random") == 0.3


class TestSearches:
    @pytest.mark.parametrize("size", [1, 2, 7, 8])
    def test_bisection_finds_the_first_of_all(self, size: int) -> None:
        for first in range(1, size + 1):
            assert _first(lambda tried, first=first: tried >= first, size) == first
        assert _first(lambda tried: False, size) == size + 1

    def test_a_group_reaches_a_target_at_equality(self) -> None:
        portfolio = appraise(world(), None, "withhold", None, 1)
        order = ranked(portfolio, "random")
        for measure in ("loss", "rollback"):
            change = portfolio.case(order, np.array([4])).measured(portfolio.surrogate)[measure][0]
            target = 1.0 - change if measure == "rollback" else change
            assert _Reaching(portfolio, order, measure, target)(4)
            assert not _Reaching(portfolio, order, measure, target)(3)
            assert not _Reaching(portfolio, order, measure, target * 1.001)(4)

    def test_curves_are_crossed_between_their_points(self) -> None:
        shares, changes = np.array([0.1, 0.2, 0.4]), np.array([0.0, 1.0, 3.0])
        for target, share in ((0.0, 0.1), (0.5, 0.15), (1.0, 0.2), (2.0, 0.3), (3.0, 0.4)):
            assert _crossing(shares, changes, target) == pytest.approx(share)
        assert _crossing(shares, changes, 3.1) == 1.0

    def test_wilsons_interval(self) -> None:
        """Of 8 in 10 at 90 %: z = 1.645 (Wilson 1927)."""
        z2 = 1.645**2
        centre = (0.8 + z2 / 20.0) / (1.0 + z2 / 10.0)
        half = 1.645 / (1.0 + z2 / 10.0) * math.sqrt(0.016 + z2 / 400.0)
        assert _wilson(0.8, 10) == pytest.approx((centre - half, centre + half))
        assert _wilson(0.0, 10)[0] == 0.0
        assert _wilson(1.0, 10)[1] == 1.0

    def test_shapleys_value_by_hand(self) -> None:
        """v(a) = 1, v(b) = 2, v(c) = 0, v(ab) = 6, v(ac) = 1, v(bc) = 2, v(abc) = 9.

        The six orders give a 1 twice, 4, 1 and 7 twice, which is 3.5 on average.
        """
        worth = {0: 0.0, 1: 1.0, 2: 2.0, 4: 0.0, 3: 6.0, 5: 1.0, 6: 2.0, 7: 9.0}

        def of(coalitions: np.ndarray) -> np.ndarray:
            return np.array([worth[int((row * [1, 2, 4]).sum())] for row in coalitions])

        assert _exact(SimpleNamespace(of=of), 3) == pytest.approx([21 / 6, 27 / 6, 1.0])


class TestTipping:
    def crowd(self, threshold: float = 0.25, steps: int = 4) -> sim.Scenario:
        community = sim.Community("a", 20, threshold=threshold)
        return sim.Scenario([community], Complete(), Threshold(), steps=steps)

    def test_a_fifth_and_one_of_twenty(self) -> None:
        """5 of the 19 others are .263, 4 are .211: so 5 committed ones tip all at once."""
        found = critical_mass(self.crowd(), replications=3)
        assert (found.creators, found.share, found.chance) == (5, 0.25, 1.0)
        assert dict(found.tried)[5] == 1.0
        assert (found.low, found.high) == _wilson(1.0, 3)

    def test_nobody_tips_those_who_never_join(self) -> None:
        found = critical_mass(self.crowd(threshold=2.0), replications=2)
        assert found.creators is None
        assert math.isnan(found.share)
        assert found.chance == 0.0

    def test_steps_are_bounded_by_the_horizon(self) -> None:
        assert critical_mass(self.crowd(), replications=1, horizon=2).horizon == 2
        assert critical_mass(self.crowd(), replications=1, horizon=99).horizon == 4

    @pytest.mark.parametrize("wrong", [{"level": 0.0}, {"level": 1.0}, {"largest": 0.0},
                                       {"largest": 1.0}])  # fmt: skip
    def test_levels_are_between_nought_and_one(self, wrong: dict[str, float]) -> None:
        with pytest.raises(sim.InputError, match=r"^level and largest: must be between 0 and 1"):
            critical_mass(self.crowd(), **wrong)

    def test_half_of_the_replications_are_enough(self) -> None:
        trial = _Trial(self.crowd(), "random", 0.5, 4, range(4))
        trial.chances = {1: 0.49, 2: 0.5}
        assert (trial.tips(1), trial.tips(2)) == (False, True)
        assert trial.scan(2) == 2

    def test_the_rest_are_those_who_did_not_start(self) -> None:
        trial = _Trial(self.crowd(), "random", 0.5, 1, range(1))
        counts = np.zeros((3, 2, 1), dtype=np.int64)
        counts[:, 0, 0] = (4, 11, 20)
        assert not trial._tipped(SimpleNamespace(counts=counts), 4)  # 7 of 16 by step 1
        counts[1, 0, 0] = 12
        assert trial._tipped(SimpleNamespace(counts=counts), 4)  # 8 of 16


def test_presets_that_leverage_needs_a_floor_for() -> None:
    assert presets.load("movielens").surrogate.floor is not None
