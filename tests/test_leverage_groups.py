"""What groups hold, in which order they join and how many are enough, creator by creator."""

from __future__ import annotations

import math

import numpy as np
import pytest

import sim
from sim.leverage import leverage_curve, smallest_group
from sim.leverage import size as sizes
from sim.leverage.collective import CollectiveValue
from sim.leverage.curve import LeverageCurve
from sim.leverage.places import simulated_share
from sim.leverage.portfolio import Portfolio, appraise
from sim.leverage.ranking import _batches, ranked
from sim.networks import BarabasiAlbert, Empty

FEW = [1.0, 2.0, 3.0, 4.0, 10.0]
LABS = {
    "crawls": {},
    "crawls and is given": {"receives": ("b",), "curation": 1.5},
    "is given": {"receives": "everybody", "crawls": False, "curation": 1.5},
    "keeps what it crawled": {"snapshots": "kept"},
}


def world(lab: dict[str, object] | None = None, **changes: object) -> sim.Scenario:
    communities = [
        sim.Community("a", 5, stock=sim.Values(FEW), output=0.5),
        sim.Community("b", 5, stock=2.0, represents=3.0),
    ]
    spec = sim.Lab("Big", **{"preset": "llm", "every": 4, "legacy": 0.1, **(lab or {})})
    return sim.Scenario(communities, **{"network": Empty(), "steps": 6, "labs": [spec], **changes})


def portfolio(tactic: str = "withhold", **changes: object) -> Portfolio:
    return appraise(world(**changes), None, tactic, None, 1)


class TestWhatAGroupIs:
    ORDER = np.array([4, 5, 0, 1, 2, 3, 6, 7, 8, 9])
    SIZES = np.array([0, 1, 3])

    def test_creators_works_and_data_in_real_ones(self) -> None:
        """At step 4 the five of ``a`` have two works more; each of ``b`` stands for three."""
        found = portfolio()
        kappa, real = found.corpus.kappa, [1.0] * 5 + [3.0] * 5
        works = [3.0, 4.0, 5.0, 6.0, 12.0, *[2.0] * 5]
        data = [number**kappa for number in works]
        full = 1.1 * (sum(number**kappa for number in FEW) + 15.0 * 2.0**kappa)
        group = found.group(self.ORDER, self.SIZES)
        assert list(group) == [
            "creators", "share_of_creators", "works", "share_of_works", "data", "share_of_data",
        ]  # fmt: skip
        for name, each, unit in (
            ("creators", [1.0] * 10, 1.0), ("works", works, 1.0), ("data", data, full),
        ):  # fmt: skip
            of = [r * value for r, value in zip(real, each, strict=True)]
            sums = [0.0, of[4], of[4] + of[5] + of[0]]
            np.testing.assert_allclose(group[name], np.array(sums) / unit)
            np.testing.assert_allclose(group[f"share_of_{name}"], np.array(sums) / sum(of))

    @pytest.mark.parametrize("lab", LABS)
    @pytest.mark.parametrize("tactic", ["withhold", "opt_out", "poison", "donate_and_withhold"])
    def test_what_each_takes_away_is_what_the_lab_lacks_when_it_acts_alone(
        self, lab: str, tactic: str
    ) -> None:
        found = portfolio(tactic, lab=LABS[lab])
        for creator in (0, 4, 7):
            order = np.array([creator, *(i for i in range(10) if i != creator)])
            supply = found.supplies(order, np.array([0, 1]))
            before, after = (supply.live + supply.donated).sum(axis=1)
            assert found.taken[creator] == pytest.approx(before - after, abs=1e-15)

    def test_who_boycotts_is_served_no_more(self) -> None:
        found = portfolio("boycott")
        gone = found.unserved(self.ORDER, self.SIZES)
        np.testing.assert_allclose(gone, [[0.0, 0.0], [0.2, 0.0], [0.4, 0.2]])
        assert not portfolio().unserved(self.ORDER, self.SIZES).any()

    def test_portfolios_and_studies_are_told_apart_as_objects(self) -> None:
        """They hold arrays, whose equality is no yes or no."""
        one, other = portfolio(), portfolio()
        assert one != other
        assert len({one, one, other}) == 2
        order = np.arange(10)
        redrawn = one.redrawn(order, self.SIZES)
        for held in (one.case(order, self.SIZES), redrawn, redrawn.start):
            assert len({held, held}) == 1
        for record in (LeverageCurve, CollectiveValue, sizes._Reaching):
            assert record.__hash__ is object.__hash__


class TestRequests:
    def test_labs_that_are_not_there(self) -> None:
        labs = [sim.Lab("Stabile", preset="llm"), sim.Lab("Stability", preset="llm")]
        for asked, hint in (("Stabilty", " (did you mean 'Stability'?)"), ("Zoo", "")):
            with pytest.raises(sim.InputError) as caught:
                leverage_curve(world(labs=labs), asked)
            said = f"lab: no lab {asked!r}; expected one of Stabile, Stability{hint}"
            assert str(caught.value) == said

    def test_tactics_that_are_not_there(self) -> None:
        for asked, hint in (("witholding", " (did you mean 'withhold'?)"), ("contribute", "")):
            with pytest.raises(sim.InputError) as caught:
                leverage_curve(world(), tactic=asked)
            assert str(caught.value).startswith(f"tactic: unknown tactic {asked!r}; expected one ")
            assert str(caught.value).endswith(f"donate_and_withhold{hint}")

    def test_links_are_built_where_they_decide_and_nowhere_else(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def build(*_: object) -> None:
            raise NotImplementedError("links are built")

        monkeypatch.setattr(BarabasiAlbert, "build", build)
        linked = world(network=BarabasiAlbert(4))
        one = {"replications": 1}
        assert appraise(linked, None, "withhold", None, 1).world.size == 10
        for by in ("random", "hubs"):
            for ask in (
                lambda by=by: leverage_curve(linked, by=by, shares=np.array([0.5]), **one),
                lambda by=by: smallest_group(linked, by=by, **one),
                lambda by=by: simulated_share(linked, 0.5, None, "withhold", by),
            ):
                if by == "hubs":
                    with pytest.raises(NotImplementedError):
                        ask()
                else:
                    ask()
        by_links = linked.replace(
            communities=[c.replace(stock_by_degree=0.5) for c in linked.communities]
        )
        with pytest.raises(NotImplementedError):
            appraise(by_links, None, "withhold", None, 1)


class TestOrders:
    def test_a_random_group_is_who_would_start(self) -> None:
        found = portfolio()
        assert ranked(found, "random").tolist() == found.world.ranked("random", 0, 10).tolist()

    @pytest.mark.parametrize("by", ["largest", "greedy", "community"])
    def test_equals_come_in_the_random_order(self, by: str) -> None:
        found = portfolio()
        equal = [creator for creator in ranked(found, by).tolist() if creator >= 5]
        assert equal == [c for c in ranked(found, "random").tolist() if c >= 5]

    @pytest.mark.parametrize("swapped", [False, True])
    @pytest.mark.parametrize(
        ("lab", "tactic"),
        [("crawls", "withhold"), ("is given", "donate"), ("crawls and is given", "donate")],
    )
    def test_a_greedy_choice_is_best_at_every_step(
        self, lab: str, tactic: str, swapped: bool
    ) -> None:
        """By who is left in each community with most to take or give, one real creator each."""
        scenario = world(lab=LABS[lab])
        if swapped:
            scenario = scenario.replace(communities=scenario.communities[::-1])
        found = appraise(scenario, None, tactic, None, 1)
        order = ranked(found, "greedy").tolist()

        def loss(group: list[int]) -> float:
            rest = [i for i in range(10) if i not in group]
            case = found.case(np.array(group + rest), np.array([len(group)]))
            return float(case.measured(found.surrogate)["loss"][0])

        largest = ranked(found, "largest").tolist()
        for number, creator in enumerate(order):
            group, left = order[:number], [i for i in largest if i not in order[:number]]
            now = loss(group)
            heads = {int(found.community[i]): i for i in reversed(left)}
            moved = {i: abs(loss([*group, i]) - now) / found.represents[i] for i in heads.values()}
            assert creator in heads.values()
            assert moved[creator] >= max(moved.values()) * (1.0 - 1e-9)

    @pytest.mark.parametrize("better", [0, 1])
    def test_who_has_nothing_is_helped_most_by_who_gives_most(self, better: int) -> None:
        """Any gift helps without bound then, however many give it."""
        gifts = [sim.Community("small", 3, stock=2.0), sim.Community("big", 3, stock=9.0)]
        lab = {**LABS["is given"], "legacy": 0.0}
        scenario = world(lab=lab).replace(communities=gifts if better else gifts[::-1])
        for by in ("greedy", "community"):
            found = appraise(scenario, None, "donate", None, 1)
            assert found.community[ranked(found, by)[0]] == better

    @pytest.mark.parametrize(("creators", "each"), [(199, 1), (398, 1), (400, 2), (802, 4)])
    def test_a_greedy_choice_looks_again_after_each_two_hundredth(
        self, creators: int, each: int
    ) -> None:
        scenario = world().replace(communities=[sim.Community("all", creators, represents=2.0)])
        found = appraise(scenario, None, "withhold", None, 1)
        ties = found.world.uniform(0, 3)
        batches = _batches(found, 0, np.ones(creators), ties)
        assert {len(members) for members, _, _ in batches[:-1]} == {each}
        assert sum(len(members) for members, _, _ in batches) == creators
        members, taken, real = batches[0]
        assert real == 2.0 * each
        assert taken == pytest.approx(found.taken[members].sum())
        assert members.tolist() == np.argsort(ties, kind="stable")[:each].tolist()


class TestHowManyAreEnough:
    def losses(self, seed: int) -> np.ndarray:
        found = appraise(world(), None, "withhold", None, seed)
        case = found.case(ranked(found, "random"), np.arange(11))
        return case.measured(found.surrogate)["loss"]

    def test_replications_are_averaged(self) -> None:
        asked = {"target": 0.02, "by": "random"}
        mean = smallest_group(world(), **asked, replications=3, seed=4)
        each = [smallest_group(world(), **asked, replications=1, seed=seed) for seed in (4, 5, 6)]
        for name in ("creators", "works", "data", "share"):
            values = [getattr(one, name) for one in each]
            assert getattr(mean, name) == pytest.approx(math.fsum(values) / 3.0)
        assert (mean.low, mean.high) == (each[0].low, each[0].high)
        assert mean.share == mean.creators / 20.0
        told = (mean.target, mean.measure, mean.tactic, mean.by, mean.response)
        assert told == (0.02, "loss", "withhold", "random", "none")

    def test_everybody_may_be_just_enough(self) -> None:
        most = float(self.losses(0)[-1])
        found = smallest_group(world(), target=most, replications=1)
        assert (found.reached, found.creators, found.share) == (True, 20.0, 1.0)
        beyond = smallest_group(world(), target=1.001 * most, replications=1)
        assert (beyond.reached, beyond.creators, beyond.share) == (False, 20.0, 1.0)
        assert (beyond.works, beyond.high) == (60.0, 1.0)

    def test_a_target_counts_as_reached_where_every_replication_reaches_it(self) -> None:
        """Whose requests are honoured differs by seed, and so does what all can do."""
        scenario, asked = world(lab={"compliance": 0.5}), {"tactic": "opt_out"}
        everybody = np.array([1.0])
        each = [
            leverage_curve(scenario, shares=everybody, replications=1, seed=seed, **asked)
            for seed in (0, 1)
        ]
        least, most = sorted(float(curve.none["loss"][0]) for curve in each)
        assert least < most
        between = {"target": 0.5 * (least + most), "replications": 2}
        assert not smallest_group(scenario, **asked, **between).reached
        both = {"target": 0.999 * least, "replications": 2}
        assert smallest_group(scenario, **asked, **both).reached

    @pytest.mark.parametrize(("measure", "falls"), [("loss", False), ("rollback", True)])
    def test_between_which_shares_the_constants_leave_it(self, measure: str, falls: bool) -> None:
        """At the lower share the most harmful twentieth of draws reach the target, at the higher
        all but the least harmful twentieth.  Up to a creator of 4,000."""
        lab = sim.Lab("Big", preset="image_text", every=4, legacy=0.1)
        crowd = sim.Community("all", 4000, stock=sim.LogNormal(1.0, 1.5))
        scenario = sim.Scenario([crowd], Empty(), labs=[lab], steps=4)
        target = 0.1 if falls else 0.02
        group = smallest_group(
            scenario, target=target, measure=measure, by="largest", replications=1, seed=2
        )
        assert group.low < group.share < group.high < 1.0
        curve = leverage_curve(
            scenario, measure=measure, by="largest", replications=1, seed=2,
            shares=np.array([group.low, group.high]),
        )  # fmt: skip
        ends = (curve.low, curve.high) if falls else (curve.high, curve.low)
        for at, end in enumerate(ends):
            reached = 1.0 - end[measure][at] if falls else end[measure][at]
            assert reached == pytest.approx(target, rel=0.03)  # read between points of a curve

    def test_shares_are_looked_for_closely(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """From one in 10,000 to all but a fortieth, never two apart by more than a fortieth."""
        looked: list[np.ndarray] = []

        def curve(*_: object, shares: np.ndarray, **options: object) -> LeverageCurve:
            looked.append(shares)
            assert options == {"replications": 1, "seed": 3}
            return leverage_curve(world(), shares=np.array([0.0, 0.5]), replications=1)

        monkeypatch.setattr(sizes, "leverage_curve", curve)
        smallest_group(world(), replications=1, seed=3)
        (shares,) = looked
        assert shares[0] == pytest.approx(1e-4)
        assert shares[-1] == pytest.approx(0.975)
        assert np.diff(shares).min() > 0.0
        small = shares[shares <= 0.1 + 1e-12]
        assert small[-1] == pytest.approx(0.1)
        # a thousandfold in 19 equal steps
        np.testing.assert_allclose(small[1:] / small[:-1], 1000.0 ** (1.0 / 19.0))
        np.testing.assert_allclose(np.diff(shares[small.size - 1 :]), 0.025)
