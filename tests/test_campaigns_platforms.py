"""Campaigns around platforms: what each scenario states comes out, and goes with its cause."""

from __future__ import annotations

import functools
from datetime import date

import numpy as np
import pytest

import sim
from scenarios import (
    artstation_no_ai,
    bigcode_opt_out,
    deviantart_default,
    nightshade,
    public_mandate,
    stable_diffusion_opt_out,
)
from sim.answers import sentences
from sim.institutions.arithmetic.mandate import frontier
from sim.loading.overrides import override

CAMPAIGNS = (
    artstation_no_ai, deviantart_default, nightshade, public_mandate, stable_diffusion_opt_out,
)  # fmt: skip
every_campaign = pytest.mark.parametrize(
    "campaign", CAMPAIGNS, ids=[campaign.__name__ for campaign in CAMPAIGNS]
)


def smaller(scenario: sim.Scenario, by: int) -> sim.Scenario:
    """The same world, in which each simulated creator stands for more real ones."""
    return scenario.replace(
        communities=tuple(
            c.replace(size=max(1, c.size // by), represents=c.represents * c.size / (c.size // by))
            for c in scenario.communities
        )
    )


def column(results: list[sim.Result], lab: str, name: str) -> np.ndarray:
    """Return a column of a lab's record (replications, rounds)."""
    return np.array([result.labs[lab].columns[name] for result in results], dtype=float)


def played(scenario: sim.Scenario, replications: int = 3) -> list[sim.Result]:
    return [sim.run(scenario, seed) for seed in range(replications)]


@every_campaign
def test_has_as_many_creators_as_the_campaign(campaign) -> None:
    assert campaign.SCENARIO.creators >= 100_000


@functools.cache
def diffusion(name: str = "SCENARIO", replications: int = 3) -> list[sim.Result]:
    """A tenth of the creators: about 30 of 10,000 simulated artists file."""
    return played(smaller(getattr(stable_diffusion_opt_out, name), 10), replications)


class TestStableDiffusion:
    def test_platforms_outweigh_individuals_a_thousandfold(self) -> None:
        """At this size the share of members varies by 4 %, heavy tails of what they own by 5 %."""
        campaign, individuals = diffusion(), diffusion("INDIVIDUALS_ALONE")
        deadline, later = column(campaign, "Stability", "withdrawn").mean(axis=0)
        alone = column(individuals, "Stability", "withdrawn").mean(axis=0)[0]
        assert deadline == pytest.approx(79e6, rel=0.15)
        assert later == pytest.approx(1.05e9, rel=0.1)
        assert 20_000.0 < alone < 80_000.0
        assert deadline / alone > 900.0
        assert column(campaign, "Stability", "works")[0, 0] == pytest.approx(5.85e9, rel=0.02)

    def test_nobody_would_notice_but_the_artists(self) -> None:
        campaign, individuals = diffusion(), diffusion("INDIVIDUALS_ALONE")
        overall = column(campaign, "Stability", "loss").mean(axis=0) - 1.0
        own = column(campaign, "Stability", "loss.artists").mean(axis=0) - 1.0
        assert 1e-4 < overall[0] < 5e-4
        assert 0.005 < overall[1] < 0.01
        assert own[0] > 10.0 * overall[0]
        assert column(individuals, "Stability", "loss").max() - 1.0 < 1e-6
        deaf = {"labs.Stability.compliance": 0.0}
        ignored = played(smaller(override(stable_diffusion_opt_out.SCENARIO, deaf), 10), 1)
        assert (column(ignored, "Stability", "loss") == 1.0).all()

    def test_every_artist_could_not_have_done_as_much(self) -> None:
        everyone, platforms = diffusion("EVERY_ARTIST", 1), diffusion("PLATFORMS_ALONE")
        lost, listed = (
            column(each, "Stability", "loss")[:, 0].mean() for each in (everyone, platforms)
        )
        assert 1.0 < lost < 1.0 + 0.7 * (listed - 1.0)
        assert all(result.counts[-1, 1].sum() == 0 for result in platforms)
        own = [column(each, "Stability", "loss.artists")[0, 0] for each in (everyone, diffusion())]
        assert own[0] > own[1]

    def test_the_deadline_draws_artists(self) -> None:
        """Filed in the eleven days from its announcement, beside a world in which there is none."""
        scenario = stable_diffusion_opt_out.SCENARIO
        without = played(smaller(scenario.replace(calendar=scenario.calendar[:2]), 10))
        begin, end = (scenario.step_of(scenario.calendar[k].on) for k in (1, 2))
        drawn, idle = (
            np.mean([each.adopters[end] - each.adopters[begin] for each in runs])
            for runs in (diffusion(), without)
        )
        assert drawn > 1.5 * idle > 0.0


def broken(scenario: sim.Scenario, lab: str, replications: int = 5) -> np.ndarray:
    """Return how far the word is broken in each model of a lab, a mean over replications."""
    return column(played(scenario, replications), lab, "targeted.artists").mean(axis=0)


class TestNightshade:
    """A group is drawn from a hundredth of the artists, so that worlds are small."""

    SCENARIO = override(nightshade.SCENARIO, {"communities.artists.size": 2_500})

    def group(self, count: int, **changes) -> sim.Scenario:
        return self.SCENARIO.replace(
            seeds=sim.Seeds(count=count, community="artists", committed=True), **changes
        )

    def test_forty_artists_break_a_word_that_nobody_guards(self) -> None:
        """Their monthly pictures are log-normal: the sum of forty has a standard error of 20 %."""
        naive, watchful = (broken(self.SCENARIO, lab) for lab in ("Naive", "Watchful"))
        assert np.all(np.diff(naive) > 0.0)
        assert 0.55 < naive[-1] < 0.85
        assert watchful[-1] < 0.05

    def test_detection_and_noise_ask_for_more_artists_in_proportion(self) -> None:
        half = {"poison": {"poisoned": 0.5}}
        sizes = ((25, "Naive", {}), (250, "Watchful", {}), (50, "Naive", {"tactics": half}))
        for count, lab, changes in sizes:
            assert 0.35 < broken(self.group(count, **changes), lab)[-1] < 0.65
            assert broken(self.group(count // 4, **changes), lab)[-1] < 0.15

    def test_patience_replaces_numbers(self) -> None:
        longer = self.group(20, steps=24)
        assert abs(broken(longer, "Naive")[-1] - broken(self.group(40), "Naive")[-1]) < 0.15

    def test_the_loss_does_not_show_it(self) -> None:
        pair = sim.compare(self.group(40), replications=2)
        assert abs(pair.effect("Naive").mean) < 1e-6
        assert pair.effect("Naive", "targeted.artists").mean > 0.5
        assert any(said.startswith("Poison: aimed at one") for said in sentences(pair))

    def test_without_poison_no_word_is_broken(self) -> None:
        clean = self.group(1_000, tactics={"poison": {"poisoned": 0.0}})
        assert broken(clean, "Naive", 1).max() == 0.0
        assert not any("Poison:" in said for said in sentences(sim.compare(clean, replications=1)))

    def test_everybody_for_a_word_of_its_own(self) -> None:
        """A hundredth of the artists choose among a hundredth of the words."""
        own = nightshade.UNCOORDINATED.replace(communities=self.SCENARIO.communities)
        fewer = own.replace(tactics={"poison": {"poisoned": 100.0 / nightshade.WORDS}})
        assert broken(fewer, "Naive", 2)[-1] == pytest.approx(0.5, abs=0.1)
        assert broken(fewer, "Watchful", 2)[-1] < 0.03


class TestDeviantArt:
    """At full size, since what turns the default is a number of people: half a second a run."""

    @pytest.mark.parametrize("name", ["SCENARIO", "KEPT", "UNHEARD"])
    def test_turns_the_day_after_or_never(self, name) -> None:
        scenario = getattr(deviantart_default, name)
        (result,) = played(scenario, 1)
        out = result.institutions["platform.DeviantArt"]["out"]
        next_day = scenario.step_of(deviantart_default.LAUNCH) + 1
        assert (out.index(1.0) + 1 == next_day) if name == "SCENARIO" else not any(out)

    def test_moves_a_thousand_times_more_through_the_default(self) -> None:
        turned, kept = (
            sim.compare(getattr(deviantart_default, name), replications=1)
            for name in ("SCENARIO", "KEPT")
        )
        acted, stayed = turned.action[0], kept.action[0]
        withheld = acted.withheld_counts[-1] @ acted.represents
        assert withheld == pytest.approx(0.9 * 25e6, rel=0.03)
        assert withheld > 1_000.0 * acted.adopters[-1] > 0.0
        assert stayed.withheld_counts[-1].sum() == 0
        assert stayed.adopters[-1] > 3.0 * acted.adopters[-1]
        assert turned.effect("Honouring").mean > 1_000.0 * kept.effect("Honouring").mean > 0.0
        own = turned.effect("Honouring", "loss.silent").mean
        assert own > 10.0 * turned.effect("Honouring").mean
        assert abs(turned.effect("Ignoring").mean) < 1e-7
        said = " ".join(sentences(turned))
        assert "Default: DeviantArt took its members' works out in 1 of 1 replications" in said
        assert "Default:" not in " ".join(sentences(kept))


@functools.cache
def no_ai(name: str = "SCENARIO") -> sim.Comparison:
    """At full size, since the tag is offered to a number of people: a second for a pair."""
    return sim.compare(getattr(artstation_no_ai, name), replications=2)


def acting(name: str = "SCENARIO") -> np.ndarray:
    """Return how many active artists protest on each day (days,), a mean over replications."""
    return np.mean([run.counts[:, 0, 0] for run in no_ai(name).action], axis=0)


class TestArtStation:
    HEIGHT = artstation_no_ai.SCENARIO.step_of(date(2022, 12, 15))
    LATER = HEIGHT + 5

    def test_as_many_as_were_counted_protest_before_the_refusal(self) -> None:
        """Replications vary by 2.5 %; the count of the 12th was not fitted."""
        ever = np.mean([run.counts[:, 1, 0] for run in no_ai().action], axis=0)
        observed = artstation_no_ai.OBSERVED
        first, counted = (ever[artstation_no_ai.SCENARIO.step_of(day)] for day in observed.dates)
        assert counted == pytest.approx(observed.high[1], rel=0.08)
        assert 0 < first < 20

    def test_the_refusal_feeds_the_protest(self) -> None:
        refused, silent = acting(), acting("NO_REFUSAL")
        np.testing.assert_array_equal(refused[: self.HEIGHT], silent[: self.HEIGHT])
        assert int(refused.argmax()) == self.HEIGHT
        assert refused.max() > 1.3 * silent.max()

    def test_the_tag_ends_it(self) -> None:
        tagged, untagged = acting(), acting("NO_TAG")
        assert tagged[self.LATER] < 0.45 * tagged.max()
        assert untagged[self.LATER] > untagged[self.HEIGHT] > 0.9 * tagged.max()
        tables = [run.institutions["platform.ArtStation"]["choice"] for run in no_ai().action]
        assert {table.index(1.0) + 1 for table in tables} == {self.HEIGHT}

    def test_poison_reaches_the_training_set_only_if_duplicates_do(self) -> None:
        filtered, kept = (
            column(list(no_ai(name).action), "Honouring", "targeted.active").mean(axis=0)
            for name in ("SCENARIO", "UNFILTERED")
        )
        assert filtered[0] < 0.15
        assert kept[0] > 0.95
        assert filtered[1] < 0.001

    def test_the_tag_is_what_the_model_loses_by(self) -> None:
        tagged, untagged = (no_ai(name).effect("Honouring") for name in ("SCENARIO", "NO_TAG"))
        assert 1e-5 < tagged.mean < 1e-4
        assert abs(untagged.mean) < 0.03 * tagged.mean
        assert no_ai().effect("Honouring", "loss.silent").mean > 10.0 * tagged.mean
        archive = sim.compare(artstation_no_ai.ARCHIVE, replications=1).effect("Archive")
        assert abs(archive.mean) < 1e-7


@functools.cache
def mandated(name: str = "SCENARIO") -> sim.Result:
    """A tenth of the creators."""
    return sim.run(smaller(getattr(public_mandate, name), 10), 0)


def mandate(name: str = "SCENARIO") -> dict[str, list[float]]:
    return mandated(name).institutions["mandate.Lab"]


def losses(name: str, measure: str = "loss") -> np.ndarray:
    return np.array(mandated(name).labs["Lab"].columns[measure])


class TestPublicMandate:
    """Shares of 10,000 simulated creators have a standard error of at most .005."""

    def test_each_release_has_the_mandate_of_its_regime(self) -> None:
        rows = mandate()
        assert rows["regime"] == [0.0, 1.0, 2.0]
        assert rows["mandate"] == pytest.approx([0.0, 0.155, 0.155], abs=0.02)
        assert rows["passed"] == [1.0, 1.0, 0.0]
        said = sentences(sim.compare(smaller(public_mandate.SCENARIO, 50), replications=1))
        assert said[-1].startswith("Mandate: behind Lab's 1st model (opt-out) 0 % of the creators")
        assert said[-1].endswith("it was voted down.")

    def test_opt_out_has_the_works_and_no_mandate(self) -> None:
        rows = mandate("OPT_OUT")
        assert rows["mandate"] == [0.0] * 3
        assert min(rows["used"]) > 0.99
        assert min(rows["uninformed"]) > 0.7

    def test_opt_in_has_a_mandate_and_pays_for_it(self) -> None:
        rows = mandate("OPT_IN")
        assert rows["used"] == pytest.approx(rows["works.affirmative"])
        assert ((losses("OPT_IN") - losses("OPT_OUT")) > 0.02).all()
        repeated = losses("OPT_IN", "loss_if.best") - losses("OPT_OUT")
        assert ((repeated > 0.001) & (repeated < 0.004)).all()
        everybody = override(smaller(public_mandate.OPT_IN, 10), {"mandate.asked": 1.0})
        asked = sim.run(everybody, 0)
        assert asked.institutions["mandate.Lab"]["mandate"] == pytest.approx([0.31] * 3, abs=0.02)
        assert (np.array(asked.labs["Lab"].columns["loss"]) < losses("OPT_IN")).all()

    def test_a_referendum_keeps_the_old_model_or_overrides_a_minority(self) -> None:
        assert mandate("REFERENDUM")["passed"] == [0.0] * 3
        assert mandated("REFERENDUM").institutions["lab.Lab"]["deployed"][-1] == 1.0
        assert mandate("MAJORITY")["passed"] == [1.0] * 3
        assert mandated("MAJORITY").institutions["lab.Lab"]["deployed"][-1] < 1.0
        assert mandate("MAJORITY")["mandate"] == pytest.approx([0.27] * 3, abs=0.02)
        assert mandate("MAJORITY")["refused_overridden"] == pytest.approx([0.23] * 3, abs=0.02)

    def test_regimes_lie_on_a_frontier_unless_a_majority_agrees(self) -> None:
        regimes = [mandated(name) for name in ("OPT_OUT", "OPT_IN", "REFERENDUM")]
        for results, expected in (
            (regimes, {"opt_out": True, "opt_in": True, "referendum": False}),
            ([*regimes, mandated("MAJORITY")], {"opt_out": False, "majority": True}),
        ):
            found = frontier(results).groupby("scenario")["efficient"]
            assert {name: found.get_group(name).all() for name in expected} == expected


class TestBigCode:
    """A fiftieth of the creators, each of whom stands for fifty."""

    def played(self, name: str) -> sim.Result:
        return sim.run(smaller(getattr(bigcode_opt_out, name), 50), 0)

    def test_institutions_that_do_nothing_change_nothing(self) -> None:
        plain, there = self.played("SCENARIO"), self.played("WITH_INSTITUTIONS")
        assert there.state_digest == plain.state_digest
        assert there.labs["BigCode"].columns == plain.labs["BigCode"].columns
        rows = there.institutions["mandate.BigCode"]
        assert rows["mandate"] == [0.0] * 3
        assert min(rows["uninformed"]) > 0.999

    def test_a_default_would_have_done_what_2000_requests_did_not(self) -> None:
        asked, turned = self.played("WITH_INSTITUTIONS"), self.played("TURNED_OUT")
        loss = [each.labs["BigCode"].columns["loss"] for each in (asked, turned)]
        np.testing.assert_array_equal(turned.counts, asked.counts)
        assert loss[1][:2] == loss[0][:2]
        assert loss[0][2] - 1.0 < 1e-4 < 0.02 < loss[1][2] - 1.0
