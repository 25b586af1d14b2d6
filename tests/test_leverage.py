"""Leverage: a static group against playing it, collective values, inversion, tipping."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.capability import presets
from sim.capability.preset_files import write_preset
from sim.decisions import LogitChoice, Threshold
from sim.leverage import collective_value, critical_mass, leverage_curve, smallest_group
from sim.leverage.curve import _interval
from sim.leverage.portfolio import appraise
from sim.leverage.ranking import ranked
from sim.networks import Complete, Empty, ErdosRenyi

NEVER = float("inf")


def scenario(**changes):
    communities = [
        sim.Community("artists", 400, threshold=NEVER, stock=sim.Pareto(1, 1.5), output=0.2),
        sim.Community("coders", 300, threshold=NEVER, stock=sim.LogNormal(1, 1), represents=5.0),
        sim.Community("writers", 100, threshold=NEVER, stock=4),
    ]
    lab = sim.Lab("Big", preset="llm", every=10, compliance=0.7, reach=0.8, legacy=0.1)
    return sim.Scenario(communities, **{"network": Empty(), "steps": 10, "labs": [lab], **changes})


TACTICS = ["withhold", "opt_out", "stoppage", "boycott", "poison", "donate", "donate_and_withhold"]
LABS = {
    "as it is": {},
    "keeps what it crawled": {"snapshots": "kept"},
    "keeps what was there": {"snapshots": "from_start", "response": "repeat_own"},
    "closes before": {"lag": 11},
    "is a rival of some": {"receives": ("coders",), "curation": 1.5},
    "is given all it has": {"receives": "everybody", "crawls": False, "legacy": 0.1},
    "serves its creators": {"preset": "movielens", "response": "repeat_uniform"},
}


@pytest.mark.parametrize("lab", LABS)
@pytest.mark.parametrize("tactic", TACTICS)
def test_a_static_group_is_worth_what_playing_it_gives(tactic, lab):
    spec = scenario().labs[0].replace(**LABS[lab])
    world = scenario(labs=[spec])
    portfolio = appraise(world, "Big", tactic, None, seed=3)
    order = ranked(portfolio, "random")
    members = order[:200]
    case = portfolio.case(order, np.array([200]))
    played = sim.run(
        world.replace(
            communities=[c.replace(repertoire=tactic) for c in world.communities],
            seeds=sim.Seeds(ids=tuple(members.tolist())),
        ),
        seed=3,
    )
    assert played.counts[-1, 0].sum() == 200
    none = sim.run(world.replace(action=False), seed=3).labs["Big"].columns
    for response, column in ((spec.response, "loss"), ("none", "loss_if.none")):
        loss = played.labs["Big"].columns[column][0]
        found = case.measured(portfolio.surrogate, response)["loss"][0]
        if spec.crawls:  # else nobody's acting leaves the lab with its legacy alone
            change = loss - none[column][0]
            if response != "none" and not case.supply.donated.any():
                change = max(change, 0.0)  # with everything, the lab could do the same
            assert found == pytest.approx(change, rel=1e-9, abs=1e-15)
        supply = case.supply
        outcome = portfolio.surrogate.evaluate(
            supply, case.full, response, unserved=case.unserved, available=case.available
        )
        assert loss == pytest.approx(float(outcome.overall_loss[0]), rel=1e-12)


@pytest.mark.parametrize("lab", LABS)
@pytest.mark.parametrize("tactic", TACTICS)
@pytest.mark.parametrize(("kappa", "detection"), [(0.6, 0.5), (0.8, 0.9), (0.55, 0.0)])
def test_other_kappas_and_odds_of_detection_are_counted_as_if_from_the_start(
    tactic, lab, kappa, detection, tmp_path
):
    """The histogram of portfolios against sums over creators, at a shift of kappa by .15."""
    spec = scenario().labs[0].replace(**LABS[lab])
    portfolio = appraise(scenario(labs=[spec]), None, tactic, 8, seed=3)
    order, sizes = ranked(portfolio, "random"), np.array([0, 200, 500, 800])
    drawn = portfolio.surrogate.replace(kappa=kappa, detection=detection)
    preset = portfolio.preset.replace(surrogate=drawn, constants={})
    spec = spec.replace(preset=str(write_preset(preset, tmp_path / "drawn.toml")))
    anew = appraise(scenario(labs=[spec]), None, tactic, 8, seed=3)
    found, exact = portfolio.redrawn(order, sizes).under(drawn), anew.case(order, sizes)
    error = 1e-3 if portfolio.corpus.kappa == 0.1 else 3e-5  # kappa .1 is shifted by .7 there
    for ours, theirs in zip(
        (found.supply, found.full, found.available),
        (exact.supply, exact.full, exact.available),
        strict=True,
    ):
        for name in ("live", "raw", "poison", "donated", "legacy"):
            np.testing.assert_allclose(
                getattr(ours, name), getattr(theirs, name), rtol=error, atol=error / 10
            )


def test_assumed_kappa_is_drawn():
    """What the largest portfolios are worth follows from kappa; what equal ones are does not."""
    world = scenario(labs=[sim.Lab("Big", preset="image_text", every=10)])
    every = presets.load("image_text").constants

    def found(constants, communities=world.communities):
        portfolio = appraise(world.replace(communities=communities), None, "withhold", None, 0)
        group = np.array([portfolio.world.size // 10])
        case = portfolio.redrawn(ranked(portfolio, "largest"), group)
        drawn = _interval(portfolio.preset.replace(constants=constants), [case], "loss", 0)
        return {name: values["loss"][0] for name, values in drawn.items()}

    alone = found({"kappa": every["kappa"]})
    assert alone["high"] > 1.2 * alone["low"] > 0.0
    assert alone["assumed"] == 1.0
    held = {name: constant for name, constant in every.items() if name != "kappa"}
    assert found(every)["assumed"] > found(held)["assumed"]
    equal = found({"kappa": every["kappa"]}, [sim.Community("all", 100, stock=3.0)])
    assert equal["high"] == pytest.approx(equal["low"], rel=1e-12)


def test_boycotters_are_served_no_more():
    world = scenario(labs=[sim.Lab("Big", preset="movielens", every=10)])
    at = np.array([0.3])
    lost = {
        tactic: leverage_curve(world, tactic=tactic, replications=1, shares=at).none
        for tactic in ("withhold", "boycott")
    }
    assert lost["boycott"]["loss"][0] > 3.0 * lost["withhold"]["loss"][0]
    assert lost["boycott"]["rollback"][0] == lost["withhold"]["rollback"][0]


def test_nobody_acting_changes_nothing_however_the_corpus_grows():
    three = [sim.Community(name, 333, stock=1 / 3, output=0.1) for name in "abc"]
    uneven = leverage_curve(scenario().replace(communities=three), step=7, shares=np.array([0.0]))
    assert uneven.months[0] == uneven.none["loss"][0] == 0.0  # however sums are rounded
    curve = leverage_curve(scenario(), step=100, replications=1, shares=np.array([0.0, 0.5]))
    for measures in (curve.none, curve.best):
        assert measures["loss"][0] == 0.0
        assert measures["rollback"][0] == measures["compute_equivalent"][0] == 1.0
        assert measures["leverage_power"][0] == 0.0
    assert curve.months[0] == 0.0
    assert curve.low["loss"][0] == curve.high["loss"][0] == 0.0
    # The budget is that of the round, so that what grew meanwhile can be made up for as well.
    assert 0.0 <= curve.best["loss"][1] < 0.5 * curve.none["loss"][1]


def test_a_rival_gains_first_from_those_who_give_most():
    world = scenario(labs=[sim.Lab("Small", crawls=False, receives="everybody")])
    at = np.array([0.05, 0.2])
    loss = {
        by: leverage_curve(world, tactic="donate", by=by, replications=1, shares=at).none["loss"]
        for by in ("random", "largest", "greedy", "community")
    }
    for given in loss.values():
        assert np.isfinite(given).all()
        assert given[1] < given[0]
    assert loss["greedy"][1] <= loss["largest"][1] < loss["random"][1]


@pytest.mark.parametrize("by", ["random", "community", "largest", "hubs", "greedy"])
def test_every_order_holds_everybody_once_and_starts_and_ends_alike(by):
    world = scenario(network=ErdosRenyi(6.0))
    portfolio = appraise(world, None, "withhold", None, 1, linked=True)
    assert sorted(ranked(portfolio, by)) == list(range(800))
    curve = leverage_curve(world, by=by, replications=1, shares=np.array([0.0, 0.5, 0.9]))
    loss = curve.none["loss"]
    assert loss[0] == pytest.approx(leverage_curve(world, replications=1).none["loss"][0])
    assert (np.diff(loss) > 0.0).all()
    assert (curve.best["loss"] <= loss).all()
    assert (curve.low["loss"][1:] <= loss[1:]).all()
    assert (loss[1:] <= curve.high["loss"][1:]).all()


def test_the_largest_portfolios_and_a_greedy_choice_hurt_more_than_chance():
    at = np.array([0.2])
    losses = {
        by: leverage_curve(scenario(), by=by, replications=3, shares=at).none["loss"][0]
        for by in ("random", "largest", "greedy")
    }
    assert losses["random"] < losses["largest"] <= losses["greedy"] * (1 + 1e-9)


@pytest.mark.parametrize("tactic", ["withhold", "boycott", "opt_out"])
def test_communities_join_in_the_order_of_what_each_does_alone(tactic):
    world = scenario(labs=[sim.Lab("Big", preset="movielens", every=10, legacy=0.1)])
    portfolio = appraise(world, None, tactic, None, 0)
    groups = [np.flatnonzero(portfolio.community == number) for number in range(3)]
    harm = [
        float(portfolio.case(g, np.array([g.size])).measured(portfolio.surrogate)["loss"][0])
        for g in groups
    ]
    joined = portfolio.community[ranked(portfolio, "community")]
    met = list(dict.fromkeys(joined.tolist()))
    assert met == sorted(range(3), key=lambda number: -harm[number])
    assert len(set(harm)) == 3


def test_the_smallest_group_is_the_smallest():
    size = smallest_group(scenario(), target=0.005, by="largest", replications=1)
    portfolio = appraise(scenario(), None, "withhold", None, 0)
    order = ranked(portfolio, "largest")
    real = portfolio.represents[order].cumsum()
    count = int(np.searchsorted(real, size.creators - 1e-9)) + 1
    losses = portfolio.case(order, np.array([count - 1, count])).measured(portfolio.surrogate)[
        "loss"
    ]
    assert losses[0] < 0.005 <= losses[1]
    assert size.low <= size.share <= size.high


def test_a_target_beyond_reach_is_said_to_be():
    size = smallest_group(scenario(), target=1e9, replications=1)
    assert not size.reached
    assert size.high == 1.0


def test_collective_values_add_up_and_exceed_what_leaving_alone_costs():
    value = collective_value(scenario())
    assert value.value.sum() == pytest.approx(value.total, rel=1e-12)
    assert (value.value >= value.alone - 1e-15).all()
    assert value.total > value.alone.sum()


def test_collective_value_of_a_boycott_counts_who_is_served_no_more():
    world = scenario(labs=[sim.Lab("Big", preset="movielens", every=10)])
    strike, boycott = (collective_value(world, tactic=t) for t in ("withhold", "boycott"))
    assert boycott.value.sum() == pytest.approx(boycott.total, rel=1e-12)
    assert (boycott.alone > 2.0 * strike.alone).all()


def test_relabelling_communities_relabels_their_values():
    world = scenario()
    turned = world.replace(communities=world.communities[::-1])
    one = {c.name: c.size for c in world.communities}
    assert {c.name: c.size for c in turned.communities} == one
    equal = [sim.Community(f"c{k}", 50, stock=2.0) for k in range(4)]
    value = collective_value(world.replace(communities=equal)).value
    np.testing.assert_allclose(value, value[0], rtol=1e-12)


def test_sampled_values_agree_with_exact_ones(monkeypatch):
    exact = collective_value(scenario())
    monkeypatch.setattr("sim.leverage.collective.EXACT_UP_TO", 1)
    sampled = collective_value(scenario(), samples=400)
    assert (sampled.error > 0).any()
    assert (np.abs(sampled.value - exact.value) <= 4 * sampled.error + 1e-15).all()
    assert sampled.value.sum() == pytest.approx(exact.total, rel=1e-12)


def test_no_action_is_no_loss_and_losses_are_convex_in_what_is_taken():
    curve = leverage_curve(
        scenario(labs=[sim.Lab("Big", preset="llm")]).replace(
            communities=[sim.Community("all", 1000)]
        ),
        replications=1,
        step=0,
    )
    assert curve.none["loss"][0] == 0.0
    assert curve.none["rollback"][0] == 1.0
    assert (np.diff(curve.none["loss"], 2) > 0).all()


def test_critical_mass_of_everybody_in_a_crowd_is_its_tipping_point():
    # complete graph, everybody's threshold a third: the rest joins as soon as a third acts
    world = sim.Scenario(
        [sim.Community("all", 90, threshold=1 / 3)], Complete(), Threshold(), steps=5
    )
    mass = critical_mass(world, replications=5)
    assert mass.creators == 30  # 30 others of 89 is the first share above a third
    assert mass.chance == 1.0
    assert 0.5 < mass.low < mass.high == 1.0


def test_critical_mass_of_a_noisy_rule_is_looked_for_size_by_size():
    world = sim.Scenario(
        [sim.Community("all", 200, grievance=-0.3)],
        Complete(),
        LogitChoice(conformity=3.0, temperature=0.7),
        steps=30,
    )
    mass = critical_mass(world, replications=6, horizon=30)
    assert mass.creators is not None
    sizes = [size for size, _ in mass.tried]
    assert sizes == sorted(sizes)
    assert mass.creators == sizes[-1]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"lab": "Bog"}, "no lab 'Bog'; expected one of Big"),
        ({"tactic": "witholding"}, "did you mean 'withhold'"),
        ({"by": "luck"}, "by: expected one of random"),
        ({"measure": "speed"}, "measure: expected one of loss"),
        ({"replications": 0}, "replications: must be at least 1, got 0"),
    ],
)
def test_bad_requests_get_one_sentence(options, sentence):
    with pytest.raises(sim.InputError, match=sentence):
        leverage_curve(scenario(), **options)
