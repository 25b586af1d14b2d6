"""What an outcome says in each unit, by hand, and how it is read backwards into a group's size."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError, fields, replace
from math import exp, log

import numpy as np
import pytest
from pydantic import ValidationError

from sim import capability
from sim.capability import presets
from sim.capability.calibrate import calibrate
from sim.capability.chinchilla import ScalingLaw, from_chinchilla
from sim.capability.group_size import group_size_for, random_strike_for
from sim.capability.outcome import months_of_data
from sim.capability.responses.base import Situation
from sim.capability.style import Style
from sim.capability.supply import Supply
from sim.capability.surrogate import Floor, Frontier, Surrogate
from sim.capability.transfer import Dense, Flat, FromSimilarity, Override, RankOne
from sim.capability.uncertainty import spread
from sim.errors import InputError
from tests.told_fits import told

FULL = Supply.of([1.0])


def struck(left=0.25, **fields):
    return Surrogate(**{"beta": 0.4, "phi": 0.9, **fields}).evaluate(Supply.of([left]), FULL)


def test_a_random_strike_of_three_quarters_by_hand():
    outcome = struck()
    assert outcome.overall_loss == pytest.approx(0.9 + 0.1 * 4.0**0.4)
    assert outcome.loss_change == pytest.approx(0.1 * (4.0**0.4 - 1.0))
    assert outcome.overall_rollback == pytest.approx(0.25)
    assert outcome.response == "none"


def test_compute_that_would_do_as_well_by_hand():
    """[1 + w (x^-beta - 1)]^(-(alpha + beta) / (alpha beta))."""
    outcome = struck(frontier=Frontier(0.3, 0.6))
    share = (1.0 + 0.6 * (4.0**0.4 - 1.0)) ** (-(0.3 + 0.4) / (0.3 * 0.4))
    assert outcome.compute_equivalent == pytest.approx(share)
    delay = outcome.months_of_delay()
    assert delay.compute == pytest.approx(-12.0 * log(share) / log(4.5))
    assert delay.data == pytest.approx(12.0 * log(4.0) / log(3.0))
    other = outcome.months_of_delay(compute_growth=2.0, data_growth=2.0)
    assert other.compute == pytest.approx(-12.0 * math.log2(share))
    assert other.data == pytest.approx(24.0)


def test_months_until_data_have_grown_back():
    assert months_of_data(0.5, 2.0) == pytest.approx(12.0)
    assert months_of_data([1.0, 1.0 / 3.0, 1.0 / 9.0]) == pytest.approx([0.0, 12.0, 24.0])
    assert months_of_data(0.0) == math.inf


def test_without_a_frontier_or_with_many_exponents_compute_is_not_a_number():
    assert math.isnan(struck().compute_equivalent)
    assert math.isnan(struck(beta=(0.4,), frontier=Frontier(0.3, 0.6)).compute_equivalent)


@pytest.mark.parametrize(("compute", "data"), [(1.0, 3.0), (4.5, 1.0), (0.5, 0.5)])
def test_growth_must_be_growth(compute, data):
    with pytest.raises(InputError) as refusal:
        struck().months_of_delay(compute, data)
    assert str(refusal.value) == (
        f"yearly growth factors are {compute} of compute and {data} of data: give factors above "
        "1, for example 4.5 and 3"
    )


TWO = {"beta": 0.4, "phi": 0.5, "transfer": Flat(0.0), "full_loss": (2.0, 4.0)}
"""Two communities that teach one another nothing, at losses of 2 and 4."""


def test_capability_goes_from_the_full_loss_to_the_floor():
    surrogate = Surrogate(**TWO, floor=Floor(8.0, "chance", "made up"), weights=(3.0, 1.0))
    full = Supply.of([0.5, 0.5])
    outcome = surrogate.evaluate(Supply.of([0.25, 0.5]), full)
    loss = 0.5 + 0.5 * 2.0**0.4
    assert outcome.loss == pytest.approx([loss, 1.0])
    assert outcome.loss_in_units == pytest.approx([2.0 * loss, 4.0])
    assert outcome.capability == pytest.approx([(8.0 - 2.0 * loss) / (8.0 - 2.0), 1.0])
    # In units, usage 3 to 1: full 6 + 4, floor 8 times 4.
    lost = 3.0 * 2.0 * (loss - 1.0)
    assert outcome.loss_change == pytest.approx(lost / 10.0)
    assert outcome.overall_capability == pytest.approx(1.0 - lost / (32.0 - 10.0))
    assert outcome.leverage_power == pytest.approx(lost / 22.0)


def test_without_a_floor_capability_is_not_a_number_and_power_is_refused():
    outcome = Surrogate(**TWO).evaluate(Supply.of([0.25, 0.5]), Supply.of([0.5, 0.5]))
    assert np.isnan(outcome.capability).all()
    assert outcome.capability.shape == (2,)
    assert math.isnan(outcome.overall_capability)
    with pytest.raises(InputError) as refusal:
        _ = outcome.leverage_power
    assert str(refusal.value) == (
        "data-leverage power needs the loss of a model that learnt nothing and this surrogate "
        "states no floor, so it would be 0 for every strike: give `floor`, or read the loss "
        "change or the rollback"
    )


def test_communities_count_by_their_data_unless_stated():
    full = Supply.of([0.2, 0.6], donated=[0.1, 0.0], legacy=[0.0, 0.1])
    outcome = Surrogate(**TWO).evaluate(full, full)
    assert outcome.weights == pytest.approx([0.3 * 2.0, 0.7 * 4.0])
    stated = Surrogate(**TWO, weights=(3.0, 1.0)).evaluate(full, full)
    assert stated.weights.tolist() == [6.0, 4.0]
    few = Surrogate(**TWO, weights=(0.1, 0.05)).evaluate(full, full)
    assert few.weights == pytest.approx([0.2, 0.2])
    nobody = Surrogate(**TWO).evaluate(Supply.of([0.0, 0.0]), Supply.of([0.0, 0.0]))
    assert nobody.weights.tolist() == [1.0, 1.0]


def test_diffuse_poison_dilutes_all_data_of_its_community():
    """D / (1 + lambda P / D), in the corpus and in what it is compared with."""
    surrogate = Surrogate(0.4, 0.5, 1.0, Flat(0.0), poison_harm=0.5)
    full = Supply.of([0.5, 0.5], poison=[0.0, 0.25])
    now = Supply.of([0.2, 0.5, ], donated=[0.1, 0.0], poison=[0.15, 0.0])  # fmt: skip
    outcome = surrogate.evaluate(now, full)
    assert outcome.rollback == pytest.approx([0.3 / 1.25 / 0.5, 0.5 / (0.5 / 1.25)])


def test_the_unserved_fall_back_to_what_is_stated_before_the_floor():
    fields = {**TWO, "mode": "recommender", "floor": Floor(8.0, "chance", "made up")}
    full = Supply.of([0.5, 0.5])
    gone = {"unserved": [0.5, 0.25]}
    by_floor = Surrogate(**fields).evaluate(full, full, **gone)
    assert by_floor.loss == pytest.approx([0.5 + 0.5 * 4.0, 0.75 + 0.25 * 2.0])
    stated = Surrogate(**fields, unserved_loss=6.0).evaluate(full, full, **gone)
    assert stated.loss == pytest.approx([0.5 + 0.5 * 3.0, 0.75 + 0.25 * 1.5])
    assert stated.overall_rollback == 1.0  # the model itself is none the worse


def test_many_cases_are_each_like_one():
    surrogate, full = Surrogate(0.4, 0.5), Supply.of([0.4, 0.6])
    cases = [[0.1, 0.6], [0.4, 0.2], [0.3, 0.3]]
    together = surrogate.evaluate(Supply.of(cases), full)
    for number, case in enumerate(cases):
        alone = surrogate.evaluate(Supply.of(case), full)
        for name in ("loss", "rollback", "overall_loss", "overall_rollback", "cost"):
            assert np.array_equal(getattr(together, name)[number], getattr(alone, name))


def test_sizes_of_supplies_are_told():
    with pytest.raises(InputError) as refusal:
        Surrogate(0.4, 0.5).evaluate(Supply.of([1.0]), Supply.of([0.5, 0.5]))
    assert str(refusal.value) == (
        "supply has (1,) values and the full supply (2,): give one value for each community in both"
    )
    with pytest.raises(InputError) as refusal:
        Surrogate((0.4, 0.3), 0.5).evaluator(3)
    assert str(refusal.value) == (
        "the surrogate's beta has 2 values and there are 3 communities: give one value, or one "
        "for each community"
    )


def test_defaults_of_a_surrogate_are_those_that_are_described():
    plain = Surrogate(0.3, 0.9)
    assert plain == Surrogate(
        0.3, 0.9, rho=0.65, transfer=Flat(0.12), d0=0.0, kappa=0.7, poison_harm=0.2, detection=0.5,
        repetition=15.39, epochs=1.0, quality=0.4, full_loss=1.0,
    )  # fmt: skip
    with pytest.raises(ValidationError, match="epochs"):
        Surrogate(0.3, 0.9, epochs=0.9)
    with pytest.raises(ValidationError, match="rho"):
        Surrogate(0.3, 0.9, rho=1.1)
    assert Surrogate(0.3, 0.9, rho=1.0).contribution(-0.1) == 0.0


def test_an_evaluator_is_made_once_for_each_surrogate_and_number():
    surrogate = Surrogate(0.3, 0.9)
    assert surrogate.evaluator(2) is surrogate.evaluator(2)
    assert surrogate.evaluator(3).beta.size == 3
    other = surrogate.replace(beta=0.5)
    assert other.evaluator(2).beta.tolist() == [0.5, 0.5]


def test_who_sees_more_than_all_of_it_gains():
    """Overrides of one's own place count not: own data are worth 1."""
    transfer = Flat(0.0, (Override(0, 0, 9.0), Override(0, 1, 0.5), Override(0, 1, 0.25)))
    surrogate = Surrogate(0.4, 0.5, 1.0, transfer)
    outcome = surrogate.evaluate(Supply.of([0.5, 0.0]), Supply.of([0.5, 0.5]))
    assert outcome.rollback == pytest.approx([0.5 / (0.5 + 0.25 * 0.5), 0.0])
    receptive = RankOne((0.4, 0.2), (0.5, 1.0), (Override(1, 0, 0.3),))
    surrogate = Surrogate(0.4, 0.5, 1.0, receptive)
    outcome = surrogate.evaluate(Supply.of([0.25, 0.5]), Supply.of([0.5, 0.5]))
    expected = [(0.25 + 0.4 * 0.5) / (0.5 + 0.4 * 0.5), (0.5 + 0.3 * 0.25) / (0.5 + 0.3 * 0.5)]
    assert outcome.rollback == pytest.approx(expected)


def test_transfers_keep_to_their_communities():
    with pytest.raises(InputError) as refusal:
        RankOne((0.1, 0.2), (0.3, 0.4)).matrix(3)
    assert str(refusal.value) == (
        "the rank_one transfer is for 2 communities and there are 3: state one value for each "
        "community, or a flat transfer"
    )
    with pytest.raises(ValidationError, match="one value for each community"):
        RankOne((0.1, 0.2), (0.3,))
    dense = Dense([[1.0, 0.2, 0.3], [0.4, 1.0, 0.5], [0.6, 0.7, 1.0]])
    assert dense.pick([2, 0]).rows == ((1.0, 0.6), (0.3, 1.0))
    assert Dense([[1.0 + 1e-13]]).rows[0][0] == pytest.approx(1.0)
    similar = FromSimilarity([[1.0, 0.25], [0.5, 1.0]])
    assert similar.matrix(2).tolist() == [[1.0, 0.25], [0.5, 1.0]]
    for power in (0.0, 4.1):
        with pytest.raises(ValidationError, match="power"):
            FromSimilarity([[1.0]], power=power)
    assert FromSimilarity([[1.0]], power=4.0).matrix(1).tolist() == [[1.0]]
    assert Flat().matrix(2).tolist() == [[1.0, 0.12], [0.12, 1.0]]


def test_overrides_name_communities_that_there_are():
    with pytest.raises(ValidationError, match="target"):
        Override(-1, 0, 0.5)
    flat = Flat(0.1, (Override("c", 0, 0.5),))
    for names, known in ((("a", "b"), "a, b"), ((), "the declared names (none)")):
        with pytest.raises(InputError) as refusal:
            flat.matrix(2, names)
        assert str(refusal.value) == (
            f"a transfer override names community 'c', which is not among {known}: use a "
            "declared name"
        )


def test_the_first_community_that_a_surrogate_does_not_know_is_named():
    surrogate = Surrogate(0.4, 0.9, communities=("a", "b"))
    with pytest.raises(InputError) as refusal:
        surrogate.for_communities(("a", "x", "y"))
    assert str(refusal.value) == (
        "this capability surrogate knows no community 'x', only a, b: rename the community or "
        "choose another preset"
    )
    each = Surrogate((0.4, 0.5), 0.9, weights=(1.0, 2.0), communities=("a", "b"))
    assert each.for_communities(("b",)).beta == (0.5,)
    assert each.for_communities(("b", "a")).weights == (2.0, 1.0)
    assert each.for_communities(("a", "b")) == each


FOUND = [
    Supply.of([1.0]),
    struck(),
    Surrogate(0.4, 0.9).evaluator(2),
    Situation(np.ones((1, 1)), FULL, FULL, FULL, Surrogate(0.4, 0.9)),
    told(),
    told().problem,
    told().solution,
    told().solution.shared,
    told().solution.own[0],
    told().problem.target_list(np.ones(2))[0],
]


@pytest.mark.parametrize("found", FOUND, ids=lambda found: type(found).__name__)
def test_what_is_found_stays_and_is_told_apart_by_being_it(found):
    """Arrays have no one truth value: two of these are equal only if they are the same."""
    name = fields(found)[0].name
    with pytest.raises(FrozenInstanceError):
        setattr(found, name, None)
    again = replace(found)
    assert found != again
    assert len({found, again}) == 2


def test_the_scaling_laws_share_of_data_by_hand():
    law = ScalingLaw(E=1.0, A=8.0, B=27.0, alpha=0.5, beta=0.25)
    surrogate = from_chinchilla(16.0, 81.0, law, unit="nats")
    # E = 1, A / 16^(1/2) = 2, B / 81^(1/4) = 9.
    assert law.loss(16.0, 81.0) == pytest.approx(12.0)
    assert surrogate.full_loss == pytest.approx(12.0)
    assert surrogate.phi == pytest.approx(3.0 / 12.0)
    assert surrogate.frontier.data_share == pytest.approx(9.0 / 11.0)
    assert (surrogate.beta, surrogate.frontier.alpha, surrogate.unit) == (0.25, 0.5, "nats")
    # Halving the data by hand: 1 + 2 + 9 2^(1/4).
    half = surrogate.evaluate(Supply.of([0.5]), FULL)
    assert half.loss_in_units[0] == pytest.approx(3.0 + 9.0 * 2.0**0.25)


def test_the_replicated_scaling_law_is_the_one_published():
    """Besiroglu et al. 2024, arXiv 2404.10102."""
    assert ScalingLaw() == ScalingLaw(E=1.8172, A=482.01, B=2085.43, alpha=0.3478, beta=0.3658)


def test_own_works_count_many_times_in_a_style():
    """1 + (1 - phi) (((community + mu own) / full)^-beta - 1)."""
    style = Style(own=10.0, beta=0.5, phi=0.6)
    assert style.loss(0.5, 3.0, 1.0, 22.0) == pytest.approx(1.0 + 0.4 * (2.0 - 1.0))
    assert style.loss([1.0, 0.0], 22.0, 1.0, 22.0) == pytest.approx(
        [1.0, 1.0 + 0.4 * ((32.0 / 22.0) ** 0.5 - 1.0)]
    )
    assert style.loss(0.0, 0.0, 1.0, 1.0) == math.inf
    assert Style() == Style(own=56.0, beta=0.21, phi=0.5)


def test_size_of_a_random_strike_by_hand():
    assert random_strike_for(0.1, 0.9, 1.0) == pytest.approx(0.5)
    assert random_strike_for(0.3, 0.9, 0.5) == pytest.approx(1.0 - 4.0**-2.0)


def test_a_group_is_as_large_as_its_strike():
    surrogate, full = Surrogate(1.0, 0.9), Supply.of([0.5, 0.5])
    assert group_size_for(surrogate, full, 0.1) == pytest.approx(0.5)
    # A group that holds half of everything must go whole.
    half = group_size_for(surrogate, full, 0.1 - 1e-12, within=[0.5, 0.5])
    assert half == pytest.approx(1.0)
    assert group_size_for(surrogate, full, 0.101, within=[0.5, 0.5]) is None
    assert group_size_for(surrogate, full, 0.02, within=[0.5, 0.5]) == pytest.approx(1.0 / 3.0)


def test_a_group_may_ask_for_its_own_domain():
    surrogate = Surrogate(1.0, 0.9, 1.0, Flat(0.0))
    full = Supply.of([0.25, 0.75])
    first = {"within": [1.0, 0.0]}
    assert group_size_for(surrogate, full, 0.1, own=0, **first) == pytest.approx(0.5)
    assert group_size_for(surrogate, full, 0.1, own=1, **first) is None
    # Overall a quarter of usage: .1 (1 / x - 1) / 4 = .1 for x = 1 / 5.
    assert group_size_for(surrogate, full, 0.1, **first) == pytest.approx(0.8)


def test_legacy_and_donations_stay_when_a_group_goes():
    surrogate = Surrogate(1.0, 0.9, 1.0)
    full = Supply.of([0.5], raw=[1.0], donated=[0.25], legacy=[0.25])
    assert group_size_for(surrogate, full, 0.1 * (1.0 / 0.75 - 1.0)) == pytest.approx(0.5)
    assert group_size_for(surrogate, full, 0.2) is None
    # Half of the live half leaves three quarters of the works, seen 4 / 3 times.
    again = 1.0 + 15.39 * (1.0 - exp(-(1.0 / 3.0) / 15.39))
    target = 0.1 * (1.0 / (0.75 * again) - 1.0)
    found = group_size_for(surrogate, full, target, response="repeat_uniform")
    assert found == pytest.approx(0.5, rel=1e-6)


def test_a_group_beside_communities_without_data():
    full = Supply.of([1.0, 0.0])
    surrogate = Surrogate(1.0, 0.9)
    assert group_size_for(surrogate, full, 0.1) == pytest.approx(0.5)
    repeated, alone = (
        group_size_for(surrogate, there, 0.1, response="repeat_uniform") for there in (full, FULL)
    )
    assert repeated == pytest.approx(alone)


def test_a_target_that_the_whole_group_just_reaches():
    surrogate, full = Surrogate(0.5, 0.0, d0=1.0), FULL  # half of the reach is always there
    most = float(surrogate.evaluate(Supply.of([0.0]), full).loss_change)
    assert group_size_for(surrogate, full, most) == pytest.approx(1.0)
    assert group_size_for(surrogate, full, most * (1.0 + 1e-9)) is None


@pytest.mark.parametrize("target", [0.0, -0.1, math.nan])
def test_a_wanted_change_must_be_a_loss(target):
    with pytest.raises(InputError) as refusal:
        group_size_for(Surrogate(1.0, 0.9), FULL, target)
    assert str(refusal.value) == (
        f"the wanted loss change is {target}: give a number above 0, for example .01 for 1 %"
    )


@pytest.mark.parametrize(
    ("function", "places"),
    [
        (Surrogate(0.4, 0.9).evaluate, (FULL, FULL, None, 0.0)),
        (group_size_for, (Surrogate(0.4, 0.9), FULL, 0.1, [1.0])),
        (capability.intervals, (presets.load("llm"), FULL, FULL, "none", 0)),
        (spread, (presets.load("llm"), lambda surrogate: {}, 0)),
        (capability.fit, ([1.0], [1.0], None, None, "shared", False, 0.5)),
        (calibrate, ("runs.csv", None, ["a"])),
    ],
)
def test_options_are_given_by_name(function, places):
    with pytest.raises(TypeError, match="positional argument"):
        function(*places)
