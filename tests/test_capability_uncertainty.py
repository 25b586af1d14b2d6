"""How constants are drawn: by their range's shape and address; whose width is assumed."""

from __future__ import annotations

import math
import zlib
from statistics import NormalDist

import numpy as np
import pytest

from sim.capability import Supply, intervals
from sim.capability.preset import Constant, Preset
from sim.capability.surrogate import Surrogate
from sim.capability.targeted import Hill
from sim.capability.transfer import Dense
from sim.capability.uncertainty import draw, spread
from sim.errors import InputError
from sim.kernels.philox import uniform
from sim.purposes import PARAMETERS

NORMAL = NormalDist()


def preset(constants, **fields):
    surrogate = Surrogate(**{"beta": 0.3, "phi": 0.9, **fields})
    return Preset("made_up", "?", surrogate, constants, "made up")


def share(seed, number, path, entry=0):
    """Return the draw that belongs to one entry of one constant."""
    return uniform(seed, PARAMETERS, number, entry, zlib.crc32(path.encode()) // 2)


def away(share):
    """Return how far a draw goes to its bound: a normal cut to its middle 95 %, of 1.96."""
    return NORMAL.inv_cdf(0.025 + 0.95 * share) / NORMAL.inv_cdf(0.975)


@pytest.mark.parametrize("number", range(6))
def test_each_shape_is_drawn_by_its_definition(number):
    """Between value and bound: in the number itself, its logarithm, its log odds; or alike."""
    constants = {
        "beta": Constant(0.2, 0.5, "x", "measured"),
        "quality": Constant(0.1, 0.9, "x", "measured", "normal"),
        "detection": Constant(0.3, 0.9, "x", "measured", "logit"),
        "poison_harm": Constant(0.1, 0.7, "x", "measured", "uniform"),
    }
    drawn = draw(preset(constants), 5, number)
    moved = {path: away(share(5, number, path)) for path in constants}

    def bound(path):
        return constants[path].high if moved[path] > 0.0 else constants[path].low

    assert drawn.beta == pytest.approx(0.3 * (bound("beta") / 0.3) ** abs(moved["beta"]))
    expected = 0.4 + abs(moved["quality"]) * (bound("quality") - 0.4)
    assert drawn.quality == pytest.approx(expected)
    end = bound("detection")
    odds = (end / (1.0 - end)) ** abs(moved["detection"])  # the value's own odds are 1
    assert drawn.detection == pytest.approx(odds / (1.0 + odds))
    assert drawn.poison_harm == pytest.approx(0.1 + 0.6 * share(5, number, "poison_harm"))


def test_half_of_the_draws_are_above_the_value():
    constants = {"beta": Constant(0.1, 0.31, "x", "measured")}
    drawn = [draw(preset(constants), 2, number).beta for number in range(400)]
    assert np.mean(np.array(drawn) > 0.3) == pytest.approx(0.5, abs=0.1)  # four times its error
    assert min(drawn) < 0.15


def test_odds_of_a_share_keep_to_its_bounds():
    constants = {"phi": Constant(0.8, 0.99, "x", "measured", "logit")}
    number, moved = next(
        (n, away(share(3, n, "phi"))) for n in range(50) if share(3, n, "phi") > 0.6
    )
    logit = math.log(9.0) + moved * (math.log(99.0) - math.log(9.0))
    assert draw(preset(constants), 3, number).phi == pytest.approx(1.0 / (1.0 + math.exp(-logit)))


def test_nothing_stays_nothing():
    constants = {"d0": Constant(0.0, 0.1, "x", "measured")}
    assert draw(preset(constants), 1, 4).d0 == 0.0


def test_values_by_community_are_each_scaled_by_a_factor_of_their_own():
    constants = {
        "beta": Constant(0.5, 2.0, "x", "measured"),
        "phi": Constant(0.5, 2.0, "x", "measured", "logit"),
        "d0": Constant(0.5, 2.0, "x", "measured", "uniform"),
    }
    made = preset(constants, beta=(0.2, 0.4), phi=(0.5, 0.75), d0=(0.1, 0.3))
    drawn = draw(made, 7, 3)

    def factor(path, entry):
        return 2.0 ** away(share(7, 3, path, entry))

    assert drawn.beta == pytest.approx((0.2 * factor("beta", 0), 0.4 * factor("beta", 1)))
    odds = [factor("phi", 0), 3.0 * factor("phi", 1)]
    assert drawn.phi == pytest.approx(tuple(one / (1.0 + one) for one in odds))
    factors = [0.5 + 1.5 * share(7, 3, "d0", entry) for entry in (0, 1)]
    assert drawn.d0 == pytest.approx((0.1 * factors[0], 0.3 * factors[1]))


def test_transfer_is_drawn_row_by_row_and_own_data_count_fully():
    rows = ((1.0, 0.2, 0.3), (0.4, 1.0, 0.5), (0.6, 0.7, 1.0))
    constants = {"transfer.rows": Constant(0.5, 2.0, "x", "measured")}
    drawn = draw(preset(constants, transfer=Dense(rows)), 1, 2).transfer.rows
    for i in range(3):
        for j in range(3):
            factor = 2.0 ** away(share(1, 2, "transfer.rows", 3 * i + j))
            assert drawn[i][j] == (1.0 if i == j else pytest.approx(rows[i][j] * factor))


def test_constants_of_parts_are_drawn_together():
    constants = {
        "targeted.n50": Constant(50.0, 200.0, "x", "measured"),
        "targeted.steepness": Constant(1.0, 4.0, "x", "assumed"),
        "beta": Constant(0.2, 0.4, "x", "published"),
    }
    made = preset(constants, targeted=Hill(100.0, 2.0))
    whole = draw(made, 1, 0)
    assert (whole.targeted.n50, whole.targeted.steepness) == pytest.approx(
        (100.0 * 2.0 ** away(share(1, 0, "targeted.n50")),
         2.0 * 2.0 ** away(share(1, 0, "targeted.steepness")))
    )  # fmt: skip
    assumed, known = draw(made, 1, 0, "assumed"), draw(made, 1, 0, "known")
    assert assumed.targeted == Hill(100.0, whole.targeted.steepness)
    assert known.targeted == Hill(whole.targeted.n50, 2.0)
    assert (assumed.beta, known.beta) == (0.3, whole.beta)
    assert draw(preset({}), 1, 0) == preset({}).surrogate


TWO = {
    "quality": Constant(0.0, 0.8, "x", "assumed", "uniform"),
    "poison_harm": Constant(0.0, 0.4, "x", "measured", "uniform"),
}


def total(surrogate):
    return {"total": surrogate.quality + surrogate.poison_harm, "harm": surrogate.poison_harm}


def test_an_interval_holds_the_middle_of_the_draws():
    found = spread(preset(TWO), total, seed=4, draws=30, level=0.5)
    drawn = [total(draw(preset(TWO), 4, number))["total"] for number in range(30)]
    low, high = np.quantile(drawn, [0.25, 0.75])
    assert found["total"][:3] == pytest.approx((0.4 + 0.2, low, high))
    assert list(found) == ["total", "harm"]


def test_what_is_assumed_is_a_shapley_value_of_squared_widths():
    def width(group):
        drawn = [total(draw(preset(TWO), 4, number, group))["total"] for number in range(50)]
        return np.diff(np.quantile(drawn, [0.05, 0.95]))[0]

    whole, assumed, known = width("all"), width("assumed"), width("known")
    alone, last = assumed**2, whole**2 - known**2  # what it adds first and last
    found = spread(preset(TWO), total, seed=4, draws=50)
    assert found["total"].assumed == pytest.approx((alone + last) / 2.0 / whole**2)
    assert 0.5 < found["total"].assumed < 1.0
    assert found["harm"].assumed == 0.0


def test_no_width_is_none_assumed():
    found = spread(preset({}), total, draws=2)["total"]
    assert found == (pytest.approx(0.6), pytest.approx(0.6), pytest.approx(0.6), 0.0)


def test_what_is_assumed_stays_a_share():
    """Where each undoes the other, one alone spreads wider than both together."""

    def difference(surrogate):
        return {"gap": min(surrogate.quality - 0.4, 0.0) + max(surrogate.poison_harm - 0.2, 0.0)}

    for turned in (TWO, {path: one.replace(
        evidence="assumed" if one.evidence == "measured" else "measured"
    ) for path, one in TWO.items()}):  # fmt: skip
        assert 0.0 <= spread(preset(turned), difference, draws=20)["gap"].assumed <= 1.0

    def one_only(surrogate):
        both = surrogate.quality != 0.4 and surrogate.poison_harm != 0.2
        return {"only": 0.0 if both else 9.0 * surrogate.quality + surrogate.poison_harm}

    assert spread(preset(TWO), one_only, draws=20)["only"].assumed == 0.0


def test_draws_level_and_seed_may_be_left_out():
    assert spread(preset(TWO), total) == spread(preset(TWO), total, seed=0, draws=200, level=0.9)
    made = preset({"beta": Constant(0.2, 0.4, "x", "assumed")})
    half, full = Supply.of([0.5]), Supply.of([1.0])
    plain = intervals(made, half, full)
    stated = intervals(made, half, full, "none", seed=0, draws=200, level=0.9)
    for name in ("loss_change", "rollback"):
        assert plain[name] == stated[name]
    assert plain["loss_change"].low < plain["loss_change"].high


@pytest.mark.parametrize(
    ("draws", "level"), [(1, 0.9), (0, 0.9), (2, 0.0), (2, 1.0), (2, -0.5), (2, 1.5)]
)
def test_too_few_draws_and_impossible_levels_are_refused(draws, level):
    with pytest.raises(InputError) as refusal:
        spread(preset(TWO), total, draws=draws, level=level)
    assert str(refusal.value) == (
        f"{draws} draws at level {level}: give at least 2 draws and a level between 0 and 1"
    )
