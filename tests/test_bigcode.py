from __future__ import annotations

import json
from datetime import date

import numpy as np
import pandas as pd
import pytest

import sim
from analysis.campaign import campaign
from analysis.candidates import Candidate, Question, share_filing
from analysis.identification import curve, grid
from analysis.participation import number
from analysis.rivals import IDENTIFIED, Identified
from analysis.series import Counts, Simulated, weighted_quantiles
from sim.loading.overrides import values
from sim.networks import Empty
from sim.theory.bass import PulseCurve
from sim.theory.curve_fit import CurveFit
from tests.shared_data import shared

SCENARIO = sim.load_scenario("bigcode_opt_out")
OBSERVED = SCENARIO.about.observed[0]
POST, QUIET_AGAIN = date(2024, 3, 14), date(2024, 4, 20)
SEEDS = range(5)


def small(**changes: object) -> sim.Scenario:
    """A twentieth of the coders, from February to June 2024."""
    return SCENARIO.replace(
        communities=tuple(c.replace(size=c.size // 20) for c in SCENARIO.communities),
        start=date(2024, 2, 1),
        steps=140,
        labs=(),
        calendar=tuple(event for event in SCENARIO.calendar if event.on >= date(2024, 2, 1)),
        **changes,
    )


def phases(scenario: sim.Scenario, seed: int) -> tuple[float, float, float]:
    """Requests before the posts, in the wave, and after it."""
    requests = sim.run(scenario, seed).adopters
    begin, end = (scenario.step_of(day) for day in (POST, QUIET_AGAIN))
    before, upto = requests[begin - 1], requests[end]
    return float(before), float(upto - before), float(requests[-1] - upto)


class TestScenario:
    def test_series_is_the_published_one(self) -> None:
        table = pd.read_csv(shared("time_series/bigcode_opt_out_requests.csv"))
        assert [day.isoformat() for day in OBSERVED.dates] == table["date"].tolist()
        assert list(OBSERVED.low) == table["cumulative_requests_low"].tolist()
        assert list(OBSERVED.high) == table["cumulative_requests_high"].tolist()

    def test_stands_for_all_accounts_and_simulates_the_attentive_one_to_one(self) -> None:
        attentive = [c for c in SCENARIO.communities if c.attention > 0.0]
        assert sum(c.size for c in attentive) >= 100_000
        assert {c.represents for c in attentive} == {1.0}
        real = sum(c.size * c.represents for c in SCENARIO.communities)
        assert real == pytest.approx(100_000_000, rel=1e-12)

    def test_says_of_existing_values_where_they_come_from(self) -> None:
        marked = {each.path for each in SCENARIO.about.evidence} - {"about.observed.0"}
        assert marked <= set(values(SCENARIO))
        assert all(each.source for each in SCENARIO.about.evidence)

    def test_values_follow_from_the_series(self) -> None:
        """Rounded to two digits or more, so within 1 %."""
        rule = SCENARIO.rule
        mean = SCENARIO.communities[0].grievance.mean / rule.temperature
        conformity = rule.conformity / rule.temperature
        chosen = Candidate(mean - conformity, conformity, SCENARIO.awareness.fading)
        found = Question(SCENARIO).with_values(chosen)
        assert found.rule == rule
        assert SCENARIO.awareness.background == pytest.approx(found.awareness.background, rel=0.01)
        for own, other in zip(SCENARIO.calendar, found.calendar, strict=True):
            assert own.reach == pytest.approx(other.reach, rel=0.01)

    def test_values_are_those_that_fit_best(self) -> None:
        identified = Identified.of(SCENARIO)
        assert identified is not None
        best = identified.cause["best"]
        conformity = SCENARIO.rule.conformity / SCENARIO.rule.temperature
        assert best["conformity"] == pytest.approx(conformity)
        mean = SCENARIO.communities[0].grievance.mean / SCENARIO.rule.temperature
        assert best["alone"] == pytest.approx(mean - conformity)


@pytest.fixture(scope="module")
def played() -> np.ndarray:
    return np.array([phases(small(), seed) for seed in SEEDS])


class TestShape:
    def test_quiet_then_a_wave_then_quiet(self, played: np.ndarray) -> None:
        """42 quiet days before, 37 days of wave, 62 quiet days after, in all replications."""
        before, wave, after = played.sum(axis=0)
        assert wave > 20.0 * max(before, 1.0)
        assert wave > 20.0 * max(after, 1.0)

    def test_the_wave_saturates(self) -> None:
        for seed in SEEDS:
            requests = sim.run(small(), seed).adopters
            begin = small().step_of(POST)
            weeks = np.diff(requests[begin - 1 :: 7])
            assert weeks[:2].max() == weeks.max()
            assert weeks[5:].max() < weeks.max() / 10.0

    def test_peers_make_most_of_it(self, played: np.ndarray) -> None:
        alone = np.array([phases(small(network=Empty()), seed) for seed in SEEDS])
        assert played[:, 1].mean() > 2.0 * alone[:, 1].mean()

    def test_the_silent_never_act(self) -> None:
        result = sim.run(small(), 0)
        assert result.counts[-1, 1, result.communities.index("silent")] == 0


class TestSeries:
    COUNTS = Counts(np.array([1.0, 5.0, 9.0]), np.array([2, 8, 20]), np.array([2, 12, 20]))

    def test_noon_lies_between_the_ends_of_two_days(self) -> None:
        path = Simulated(10.0, np.array([0.0, 4.0, 10.0]))
        assert path.cumulative([11.0, 12.0, 11.5]) == pytest.approx([2.0, 7.0, 4.0])

    def test_score_prefers_a_path_through_the_intervals(self) -> None:
        through = Simulated(0.0, np.interp(np.arange(12) + 0.5, [1, 5, 9], [2, 10, 20]))
        beside = Simulated(0.0, np.interp(np.arange(12) + 0.5, [1, 5, 9], [2, 18, 20]))
        assert self.COUNTS.score(through) > self.COUNTS.score(beside) + 2.0

    def test_missed_is_a_median_factor_either_way(self) -> None:
        assert self.COUNTS.missed([4.0, 10.0, 10.0]) == pytest.approx(2.0)
        assert self.COUNTS.missed(self.COUNTS.middle) == 1.0

    def test_among_takes_both_ends(self) -> None:
        assert self.COUNTS.among(1.0, 5.0).days.tolist() == [1.0, 5.0]

    def test_weighted_quantiles_are_those_of_repeated_samples(self) -> None:
        samples = np.random.default_rng(1).normal(size=(7, 3))
        often = np.array([1, 4, 2, 3, 1, 5, 3])
        repeated = np.repeat(samples, often, axis=0)
        shares = (0.05, 0.5, 0.95)
        expected = np.quantile(repeated, shares, axis=0, method="inverted_cdf")
        assert weighted_quantiles(samples, often.astype(float), shares) == pytest.approx(expected)


class TestCandidates:
    QUESTION = Question(SCENARIO)

    def test_counts_are_split_at_the_release_and_the_last_fitted_date(self) -> None:
        question = self.QUESTION
        assert question.release == date(2024, 2, 28)
        assert question.wave.low.tolist() == [86, 107, 257, 534]
        assert question.fitted.low.size + question.held_out.low.size == len(OBSERVED.dates)
        assert question.held_out.low[0] == 1664

    def test_share_filing_is_what_a_lonely_crowd_does(self) -> None:
        """Binomial: 20,000 who have heard once, within four standard errors."""
        rule, share = SCENARIO.rule, 0.25
        values = Candidate(alone=-2.0, conformity=3.0, fading=0.2)
        crowd = sim.Community(
            "crowd",
            20_000,
            grievance=sim.Normal(rule.temperature * (values.alone + values.conformity), 0.1),
            aware=0.0,
        )
        scenario = sim.Scenario(
            communities=(crowd,),
            network=Empty(),
            rule=rule.replace(conformity=rule.temperature * values.conformity),
            seeds=sim.Seeds(count=0),
            steps=150,
            step_days=1,
            awareness=sim.Awareness(fading=values.fading),
            revision=sim.Revision(share=share),
            calendar=(sim.Broadcast(date(2023, 1, 2), reach=1.0),),
        )
        expected = share_filing(values, 0.1 / rule.temperature, share)
        error = np.sqrt(expected * (1.0 - expected) / crowd.size)
        assert sim.run(scenario, 3).adoption[-1, -1] == pytest.approx(expected, abs=4.0 * error)

    def test_quiet_months_have_their_rate(self) -> None:
        """78 requests in 307 days, nobody conforming; 4 Poisson standard errors of 5 runs."""
        fewer = tuple(c.replace(size=c.size // 4) for c in SCENARIO.communities)
        question = Question(SCENARIO.replace(communities=fewer, labs=(), steps=300))
        quiet = question.with_values(Candidate(-7.0, 0.0, 1 / 7)).replace(calendar=())
        filed = [np.diff(sim.run(quiet, seed).adopters[[60, 300]])[0] for seed in SEEDS]
        expected = 240.0 * 78.0 / 307.0
        assert np.mean(filed) == pytest.approx(expected, abs=4.0 * np.sqrt(expected / 5.0))

    def test_starts_at_the_release_with_those_whom_quiet_months_leave_interested(self) -> None:
        values = Candidate(-7.0, 50.0, 1 / 7)
        played = self.QUESTION.from_release(values)
        assert played.start == date(2024, 2, 28)
        assert [event.on for event in played.calendar] == [date(2024, 2, 28), POST]
        hazard = played.awareness.background
        aware = played.communities[0].aware
        assert aware * (1.0 - values.fading) + (1.0 - aware) * hazard == pytest.approx(aware)
        assert played.communities[-1].aware == 0.0

    def test_refuses_a_scenario_without_a_series(self) -> None:
        with pytest.raises(sim.InputError, match="fitted_until"):
            Question(SCENARIO.replace(about=sim.About()))

    def test_grid_has_no_peers_where_interest_lasts(self) -> None:
        lasting = {each.conformity for each in grid() if each.fading < 0.01}
        assert lasting == {0.0}

    def test_curve_predicts_what_nothing_was_fitted_to(self) -> None:
        question = self.QUESTION
        line = PulseCurve(market=1e9, intensity=0.0, decay=1.0, background=2.0)
        first = float(question.fitted.days[0])
        found = curve(CurveFit(line, 0.0, (), (), first, 8.0), question)
        assert found["predicted"] == pytest.approx(8.0 + 2.0 * (question.held_out.days - first))
        assert len(found["expected"]) == question.days


@pytest.mark.slow
def test_counts_lie_in_the_wave_where_the_finding_says() -> None:
    """As played by default; a day's count was seen at an unknown hour."""
    runs = [sim.run(SCENARIO, seed).adopters for seed in range(20)]
    days = [SCENARIO.step_of(day) for day in (date(2024, 3, 21), date(2024, 4, 3))]
    begun = np.quantile([run[[day - 1 for day in days]] for run in runs], (0.05, 0.5, 0.95), axis=0)
    ended = np.quantile([run[days] for run in runs], (0.05, 0.5, 0.95), axis=0)
    assert begun[2, 0] < 1_664 < 1.05 * ended[2, 0]
    assert begun[0, 1] * 0.95 < 2_027 < begun[1, 1]
    assert ended[1, 1] == pytest.approx(2_700, rel=0.02)  # two digits


class TestIdentified:
    def test_holds_for_the_series_that_it_was_made_from(self) -> None:
        found = json.loads((IDENTIFIED / f"{SCENARIO.name}.json").read_text("utf-8"))
        question = Question(SCENARIO)
        assert found["held_out"]["low"] == question.held_out.low.tolist()
        for cause in found["causes"]:
            expected = question.held_out.missed(cause["predicted"][1])
            assert cause["missed"] == pytest.approx(expected, rel=1e-3)

    def test_is_not_shown_for_another_world(self) -> None:
        changed = Identified.of(SCENARIO.replace(network=Empty()))
        assert changed is not None
        assert changed.cause is None
        assert [rival.label for rival in changed.rivals] == ["Bass curve", "pulse curve"]
        longer = Identified.of(SCENARIO.replace(steps=700, labs=()))
        assert longer is not None
        assert longer.cause is not None

    def test_curves_are_drawn_beside_the_wave(self) -> None:
        figure = campaign(sim.compare(small(), replications=2))
        lines = {str(line.get_label()).partition(":")[0]: line for line in figure.axes[1].lines}
        for rival in Identified.of(SCENARIO).rivals[1:]:
            assert lines[rival.label].get_ydata() == pytest.approx(rival.expected)
            assert lines[rival.label].get_xdata()[0] == number(rival.dates[0]) + 0.5

    def test_the_finding_says_what_was_found(self) -> None:
        """Peers are not identified alone; with interest of a week they predict best."""
        identified = Identified.of(SCENARIO)
        assert identified is not None
        peers, alone = (identified.played(peers=each) for each in (True, False))
        lasting = min(identified.found["causes"], key=lambda cause: cause["fading"])
        curves = identified.found["curves"]
        fits = [each["log_likelihood"] for each in (lasting, *curves)]
        assert max(fits) > peers["log_likelihood"]
        assert alone["log_likelihood"] < peers["log_likelihood"] - 5.0
        assert peers["missed"] < min(each["missed"] for each in (alone, lasting, *curves))
        told = SCENARIO.about.finding
        by_kind = {each["kind"]: each["missed"] for each in curves}
        assert f"median factor of {peers['missed']:.2f}" in told
        assert f"pulse curve {by_kind['pulse']:.1f}, Bass curve {by_kind['Bass']:.1f}" in told
        assert f"without peers {alone['missed']:.1f})" in told
        low, _, high = (each[-1] for each in peers["predicted"])
        assert f"from {round(low, -1):,.0f} to {round(high, -2):,.0f} requests" in told
