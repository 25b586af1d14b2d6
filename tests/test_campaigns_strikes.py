"""Strikes, a rival, a court, three publics: what each scenario states comes out, for its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pytest

import sim
from scenarios import (
    conscious_contribution,
    court_ruling,
    reddit_blackout,
    stack_exchange_strike,
    three_publics,
    writers_strike,
)
from sim.loading.overrides import override

YEAR = 365.25


def smaller(scenario: sim.Scenario, by: float) -> sim.Scenario:
    """The same world, in which each simulated creator stands for more real ones."""
    sizes = [max(2, round(community.size / by)) for community in scenario.communities]
    return scenario.replace(
        communities=tuple(
            c.replace(size=size, represents=c.represents * c.size / size)
            for c, size in zip(scenario.communities, sizes, strict=True)
        )
    )


def played(scenario: sim.Scenario, seeds: Iterable[int] = range(3)) -> list[sim.Result]:
    return [sim.run(scenario, seed) for seed in seeds]


def deals(results: list[sim.Result], lab: str) -> list[dict[str, float] | None]:
    """Return the row in which each run's table settled, if it did."""
    found = []
    for result in results:
        table = result.institutions[f"bargaining.{lab}"]
        at = np.flatnonzero(table["settled"])
        found.append({k: v[int(at[0])] for k, v in table.items()} if at.size else None)
    return found


def effect(scenario: sim.Scenario, lab: str, replications: int = 3, round: int = -1) -> float:
    """Return the mean change of the loss, as a share of the full loss."""
    return sim.compare(scenario, replications=replications).effect(lab, round=round).mean


class TestWritersStrike:
    """Chance enters through thresholds and scripts only: terms differ by less than 1 %."""

    def test_settlement(self) -> None:
        for result, deal in zip(
            runs := played(smaller(writers_strike.SCENARIO, 10.0)),
            deals(runs, "Studios"),
            strict=True,
        ):
            assert result.adoption[-1, -1] > 0.99
            assert result.participation[-1, -1] == 0.0
            assert deal is not None
            assert 19 <= deal["struck"] <= 21
            assert 226e6 < deal["paid"] * YEAR / 7 < 238e6

    def test_joining_one_by_one_comes_to_nothing(self) -> None:
        (result,) = played(smaller(writers_strike.JOINING, 10.0), [0])
        assert result.adoption[-1, -1] < 0.05
        assert deals([result], "Studios") == [None]

    def test_who_knows_what_it_is_worth_settles_at_once(self) -> None:
        (deal,) = deals(played(smaller(writers_strike.INFORMED, 10.0), [0]), "Studios")
        assert deal is not None
        assert deal["struck"] == 0.0

    @pytest.mark.parametrize("world", [writers_strike.ARCHIVE, writers_strike.REPEATING])
    def test_who_can_do_without_does_not_settle(self, world: sim.Scenario) -> None:
        assert deals(played(smaller(world, 10.0), [0]), "Studios") == [None]

    def test_single_offers_divide_and_cheapen(self) -> None:
        """A tenth of the crowd gets a tenth of the offers."""
        small = override(
            smaller(writers_strike.DIVIDED, 10.0), {"labs.Studios.licensing.offers": 10}
        )
        (result,) = played(small, [0])
        (deal,) = deals([result], "Studios")
        assert deal is not None
        assert 0.04 < max(result.institutions["lab.Studios"]["licensed"]) / 1_150 < 0.15
        assert 120e6 < deal["paid"] * YEAR / 7 < 180e6

    def test_a_fund_pays_unless_the_studios_can_wait_for_its_end(self) -> None:
        found = {}
        for pay in (0.0, 20.0, 40.0, 60.0):
            small = smaller(writers_strike.SCENARIO, 10.0)
            other = override(small, {"organisers.Guild.fund.pay": pay})
            (deal,) = deals(played(other, [0]), "Studios")
            assert deal is not None
            found[pay] = deal
        assert found[0.0]["paid"] < 0.98 * found[20.0]["paid"] < 0.96 * found[40.0]["paid"]
        assert found[60.0]["paid"] < found[0.0]["paid"]
        assert found[60.0]["struck"] > 25 > found[40.0]["struck"]


class TestStackExchange:
    """With 6,988 who could strike, their share differs by .02 between replications."""

    def test_settles_with_a_fifth_who_stay(self) -> None:
        runs = played(stack_exchange_strike.SCENARIO)
        for result, deal in zip(runs, deals(runs, "Stack Exchange"), strict=True):
            assert 0.08 < result.adoption[-1, 0] < 0.35
            assert 0.15 < result.adoption[-1, 1] < 0.30
            assert result.adoption[-1, 2] == 0.0
            assert deal is not None
            assert 56 <= deal["struck"] <= 60

    def test_what_writers_learn_in_a_week_takes_longer(self) -> None:
        (deal,) = deals(played(stack_exchange_strike.AS_WRITERS, [0]), "Stack Exchange")
        assert deal is not None
        assert 95 <= deal["struck"] <= 105

    def test_models_lose_nothing(self) -> None:
        """Less than the one part per million of the finding."""
        small = smaller(stack_exchange_strike.SCENARIO, 10.0)
        assert 0.0 < effect(small, "Stack Exchange") < 1e-6

    @pytest.mark.slow
    def test_as_many_moderators_strike_as_the_finding_says(self) -> None:
        runs = played(stack_exchange_strike.SCENARIO, range(20))
        shares = [result.adoption[-1, 0] for result in runs]
        low, high = re.findall(r"\d+", stack_exchange_strike.SCENARIO.about.finding)[:2]
        assert [round(100 * min(shares)), round(100 * max(shares))] == [int(low), int(high)]

    def test_strikers_who_tire_are_sat_out(self) -> None:
        (result,) = played(stack_exchange_strike.TIRING, [0])
        assert max(result.institutions["bargaining.Stack Exchange"]["struck"]) > 30
        assert deals([result], "Stack Exchange") == [None]


class TestReddit:
    """A tenth of the communities, and of those who begin."""

    def small(self, scenario: sim.Scenario) -> sim.Scenario:
        return override(smaller(scenario, 10.0), {"seeds.count": 720})

    def test_no_settlement(self) -> None:
        runs = played(self.small(reddit_blackout.SCENARIO))
        for result in runs:
            assert 8_000 < result.adopters[-1] < 10_000
            dark = 10 * result.counts[3, 0, 0]  # 15 June
            assert 4_000 < dark < 6_000
        assert deals(runs, "Reddit") == [None] * 3

    def test_those_who_stay_are_settled_with(self) -> None:
        (deal,) = deals(played(self.small(reddit_blackout.PATIENT), [0]), "Reddit")
        assert deal is not None
        assert 95 <= deal["struck"] <= 105
        assert 3.6 < deal["paid"] < 5.0

    def test_an_announced_end_is_waited_for(self) -> None:
        (result,) = played(self.small(reddit_blackout.REOPENED), [0])
        assert result.counts[:4, 0, 0].tolist() == [720, 720, 0, 0]
        assert deals([result], "Reddit") == [None]

    def test_models_of_the_day_lose_and_later_ones_do_not(self) -> None:
        small = self.small(reddit_blackout.SCENARIO)
        first, last = (effect(small, "Reddit", round=number) for number in (0, 1))
        assert 0.002 < first < 0.02
        assert 0.0 < last < 0.1 * first


class TestConsciousContribution:
    """2,000 creators: shares of givers differ by about .02 between replications."""

    def ratio(self, scenario: sim.Scenario) -> np.ndarray:
        """Return the users of the commons for each of the incumbent's (steps,)."""
        (result,) = played(smaller(scenario, 50.0), [0])
        users = result.institutions["market"]
        ratio: np.ndarray = np.divide(users["users.Commons"], users["users.Incumbent"])
        return ratio

    def test_sharing_overtakes_within_a_year(self) -> None:
        ratio = self.ratio(conscious_contribution.SCENARIO)
        assert ratio[0] < 0.5
        assert 30 < int(np.argmax(ratio > 1.0)) < 48
        assert ratio[-1] > 2.0

    def test_a_tenth_is_too_little(self) -> None:
        tenth = {"labs.Commons.sharing.share": 0.1}
        assert self.ratio(override(conscious_contribution.SCENARIO, tenth)).max() < 0.8

    def test_nobody_gives_for_nothing(self) -> None:
        (result,) = played(smaller(conscious_contribution.UNPAID, 50.0), [0])
        assert result.participation[-1, -1] < 0.02
        assert self.ratio(conscious_contribution.UNPAID).max() < 0.5

    @pytest.mark.parametrize("share", [0.55, 1.0])
    def test_giving_without_withholding_draws_level_at_best(self, share: float) -> None:
        path = {"labs.Commons.sharing.share": share}
        ratio = self.ratio(override(conscious_contribution.GIVING, path))
        assert 0.8 < ratio[-1] <= 1.0
        assert ratio.max() <= 1.0


class TestCourt:
    """With 40 worlds, shares of .75 and .25 have standard errors of .07."""

    def ends(self, scenario: sim.Scenario) -> tuple[np.ndarray, np.ndarray]:
        """Return which way the court ruled (0: not or for labs, 1: for writers), and losses."""
        runs = played(smaller(scenario, 100.0), range(40))
        court = [run.institutions["regulator.Court"] for run in runs]
        ruled = np.mean([rows["ruled"][-1] for rows in court])
        assert 0.5 < ruled < 0.95
        favoured = np.array([rows["favoured"][-1] for rows in court])
        return favoured, np.array([run.labs["Labs"].columns["loss"][-1] for run in runs]) - 1.0

    def test_two_ends(self) -> None:
        favoured, loss = self.ends(court_ruling.SCENARIO)
        assert 0.05 < favoured.mean() < 0.5
        won, lost = loss[favoured == 1.0], loss[favoured == 0.0]
        assert won.min() > 5.0 * lost.max()
        assert 0.0003 < won.mean() < 0.003
        assert lost.max() < loss.mean() < won.min()

    def test_the_law_takes_out_who_never_acted(self) -> None:
        runs = played(smaller(court_ruling.SCENARIO, 100.0), range(20))
        won = [r for r in runs if r.institutions["regulator.Court"]["favoured"][-1]]
        assert won
        for run in won:
            assert 0.3 < run.withheld[-1, 0] < 0.4
            assert run.participation[-1, 0] < 0.2

    def test_without_a_chance_in_court_requests_do_nothing(self) -> None:
        favoured, loss = self.ends(court_ruling.LOST)
        assert not favoured.any()
        assert loss.max() < 0.0002


class TestThreePublics:
    """11,000 creators; who joins differs by less than .02 between replications."""

    def final(self, scenario: sim.Scenario) -> dict[str, float]:
        (result,) = played(smaller(scenario, 10.0), [1])
        return dict(zip(result.communities, result.participation[-1, :-1].tolist(), strict=True))

    def with_ties(self, scenario: sim.Scenario, homophily: float) -> sim.Scenario:
        return override(scenario, {"network.homophily": homophily})

    def test_counter_mobilisation_confines_the_protest(self) -> None:
        found = self.final(three_publics.SCENARIO)
        assert found["artists"] > 0.95
        assert found["keen_coders"] > 0.9
        assert max(found["writers"], found["wary_coders"]) < 0.15
        united = self.final(three_publics.UNITED)
        assert min(united[name] for name in three_publics.OBJECTORS) > 0.95

    def test_solidarity_needs_ties(self) -> None:
        for world in (three_publics.SEPARATE, self.with_ties(three_publics.UNITED, 1.0)):
            found = self.final(world)
            assert found["artists"] > 0.95
            assert max(found["writers"], found["wary_coders"], found["keen_coders"]) < 0.02

    def test_ties_can_be_too_many_and_too_few(self) -> None:
        mixed, apart = (
            self.final(self.with_ties(three_publics.UNITED, each)) for each in (0.4, 0.8)
        )
        assert mixed["artists"] < 0.2
        assert apart["artists"] > 0.95 > 0.1 > apart["writers"]

    def test_nobody_is_against_what_does_not_happen(self) -> None:
        found = self.final(three_publics.SCENARIO.replace(seeds=sim.Seeds(count=0)))
        assert set(found.values()) == {0.0}

    def test_which_lab_feels_it(self) -> None:
        (result,) = played(smaller(three_publics.SCENARIO, 10.0), [1])
        lost = {name: lab.columns["loss"][-1] - 1.0 for name, lab in result.labs.items()}
        assert lost["Images"] > 3.0 * lost["Words"] > 0.0
        own = result.labs["Images"].columns
        assert own["loss.artists"][-1] - 1.0 > 10.0 * (own["loss.writers"][-1] - 1.0)


@pytest.mark.slow
class TestTwentyReplicationsAtFullSize:
    """What is stated as certain holds in each of twenty: above .86 with 95 % confidence."""

    def test_strikes(self) -> None:
        for campaign, lab, settled in (
            (writers_strike, "Studios", True),
            (stack_exchange_strike, "Stack Exchange", True),
            (reddit_blackout, "Reddit", False),
        ):
            found = deals(played(campaign.SCENARIO, range(20)), lab)
            assert [deal is not None for deal in found] == [settled] * 20, lab

    def test_rival(self) -> None:
        for result in played(conscious_contribution.SCENARIO, range(20)):
            users = result.institutions["market"]
            ahead = np.array(users["users.Commons"]) > np.array(users["users.Incumbent"])
            assert 30 < int(np.argmax(ahead)) < 48

    def test_court(self) -> None:
        runs = played(court_ruling.SCENARIO, range(20))
        won = [run.institutions["regulator.Court"]["favoured"][-1] for run in runs]
        loss = np.array([run.labs["Labs"].columns["loss"][-1] for run in runs]) - 1.0
        apart = loss[np.array(won) == 1.0].min() / loss[np.array(won) == 0.0].max()
        assert apart > 10.0
        assert 0 < sum(won) < 12

    def test_three_publics(self) -> None:
        for result in played(three_publics.SCENARIO, range(20)):
            final = dict(zip(result.communities, result.participation[-1, :-1], strict=True))
            assert min(final["artists"], final["keen_coders"]) > 0.95
            assert max(final["writers"], final["wary_coders"]) < 0.1
