"""Fits recover what made the runs, say when they extrapolate, and beat rivals on real runs."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import sim.capability
from sim.capability import ExtrapolationWarning, Supply, fit, presets
from sim.capability.calibrate import calibrate
from sim.capability.fit_forms import BETA, RHO, Own, Shared, Target, powers, predict, slope
from sim.capability.fit_problem import pose
from sim.capability.recommender import with_unserved
from sim.capability.surrogate import Surrogate
from sim.capability.transfer import Dense, Flat, RankOne
from sim.errors import InputError
from tests.shared_data import shared

NAMES = ("sci", "web", "dev", "net", "gfx")


def made(surrogate: Surrogate, communities: int, runs: int = 80, noise: float = 0.001):
    """Return data and losses of made-up runs; noise as a share of the loss."""
    draws = np.random.default_rng(1)
    data = draws.dirichlet(np.ones(communities), size=runs) * draws.uniform(0.2, 1.0, (runs, 1))
    full = Supply.of(np.full(communities, 1.0 / communities))
    losses = surrogate.evaluate(Supply.of(data), full).loss
    return data, losses * np.exp(noise * draws.standard_normal(losses.shape))


DENSE = Dense([[1.0, 0.5, 0.02, 0.1], [0.05, 1.0, 0.6, 0.1], [0.3, 0.01, 1.0, 0.1],
               [0.7, 0.2, 0.2, 1.0]])  # fmt: skip
TRUE = {
    "flat": Surrogate(0.3, 0.5, 0.65, Flat(0.2)),
    "rank_one": Surrogate(0.3, 0.5, 0.65, RankOne([0.1, 0.5, 0.9, 0.2], [0.8, 0.1, 0.3, 0.6])),
    "dense": Surrogate(0.3, 0.5, 0.65, DENSE),
}


@pytest.mark.parametrize("form", list(TRUE))
def test_the_form_that_made_the_runs_is_found(form):
    data, losses = made(TRUE[form], 4)
    found = fit(data, losses, folds=4)
    assert found.form == form
    assert found.rho == pytest.approx(0.65, abs=0.05)
    matrix = TRUE[form].transfer.matrix(4)
    assert np.abs(found.transfer - matrix).max() < 0.1
    assert found.cv_score > 0.999
    asked, expected = made(TRUE[form], 4, runs=200, noise=0.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExtrapolationWarning)
        assert np.sqrt(((found.predict(asked) / expected - 1.0) ** 2).mean()) < 0.002


def test_surrogate_of_a_fit_says_what_the_fit_says():
    data, losses = made(TRUE["dense"], 4)
    found = fit(data, losses, folds=3)
    full = data[data.sum(axis=1).argmax()]
    outcome = found.surrogate().evaluate(Supply.of(data), Supply.of(full))
    assert outcome.loss_in_units == pytest.approx(found.predict(data), rel=1e-9)


def test_the_unit_of_data_does_not_matter():
    data, losses = made(TRUE["flat"], 3, runs=40)
    here, there = fit(data, losses, folds=3), fit(data * 1e6, losses, folds=3)
    assert there.predict(data * 1e6) == pytest.approx(here.predict(data), rel=1e-6)
    assert there.cv_score == pytest.approx(here.cv_score, rel=1e-6)


def test_scores_are_turned_around():
    data, losses = made(TRUE["flat"], 3, runs=40)
    scores = 1.0 - losses / 20.0
    found = fit(data, scores, higher_is_better=True, folds=3)
    assert found.predict(data) == pytest.approx(scores, abs=0.001)
    assert found.cv_score > 0.99


def test_stated_floor_is_kept():
    data, losses = made(TRUE["flat"], 3, runs=40)
    assert fit(data, losses, floor=0.4, folds=3).floor.tolist() == [0.4, 0.4, 0.4]


def test_targets_that_are_nobodys():
    data, losses = made(TRUE["flat"], 4)
    found = fit(data, losses[:, :2].mean(axis=1), own=[None], folds=4)
    assert found.cv_score > 0.99
    with pytest.raises(InputError, match="a community of its own"):
        found.surrogate()


def test_fewer_targets_than_communities_by_name():
    data, losses = made(TRUE["flat"], 4, runs=40)
    table = pd.DataFrame(data, columns=list("abcd"))
    found = fit(table, losses[:, [2, 0]], own=["c", "a"], folds=3)
    assert found.problem.targets == ("c", "a")
    surrogate = found.surrogate(unit="nats")
    assert surrogate.weights[1] == surrogate.weights[3] == 0.0
    full = data[data.sum(axis=1).argmax()]
    outcome = surrogate.evaluate(Supply.of(data), Supply.of(full))
    assert outcome.loss_in_units[:, [2, 0]] == pytest.approx(found.predict(data), rel=1e-9)


def test_recommender_mode_finds_who_is_not_served():
    kept = np.linspace(0.05, 1.0, 15)
    served = Surrogate(0.5, 0.8).evaluate(Supply.of(kept[:, None]), Supply.of([1.0])).loss[:, 0]
    measured = with_unserved(served, 1.4, 1.0 - kept)
    found = fit(kept, measured, mode="recommender")
    assert found.solution.own[0].unserved == pytest.approx(1.4, abs=0.02)
    assert found.predict(kept)[:, 0] == pytest.approx(measured, abs=0.003)
    stated = fit(kept, measured, mode="recommender", unserved=1.4)
    assert stated.solution.own[0].unserved == 1.4


def test_extrapolation_warns_and_interpolation_does_not(recwarn):
    data, losses = made(TRUE["flat"], 3, runs=40)
    found = fit(data, losses, folds=3)
    found.predict(data[:5])
    assert not recwarn.list
    with pytest.warns(ExtrapolationWarning, match="1 of 2 predictions"):
        found.predict(np.array([data[0], 3.0 * data[0]]))


def test_intervals_hold_the_constants_and_are_keyed():
    data, losses = made(TRUE["flat"], 3, runs=60, noise=0.01)
    found = fit(data, losses, folds=3, forms=["flat"])
    table = found.intervals(draws=20, seed=4)
    assert (table["low"] <= table["high"]).all()
    assert table.loc["rho", "low"] < 0.65 < table.loc["rho", "high"]
    assert found.intervals(draws=20, seed=4).equals(table)
    assert not found.intervals(draws=20, seed=5).equals(table)


def test_runs_of_one_mixture_share_a_fold():
    draws = np.random.default_rng(2)
    mixtures = draws.dirichlet(np.ones(3), size=12)
    data = np.concatenate([mixtures * size for size in (0.3, 0.6, 1.0)])
    problem = pose(data, data + 1.0, None, None, "shared", False, None, (0.5, 0.2), None)
    folds = problem.folds(4, 0).reshape(3, 12)
    assert (folds == folds[0]).all()
    assert len(set(folds[0])) == 4


@pytest.mark.parametrize("form", ["flat", "rank_one", "dense", "dense_own"])
def test_slopes_are_the_derivatives(form):
    draws = np.random.default_rng(3)
    data = draws.dirichlet(np.ones(3), size=6)
    data[0, 1] = 0.0
    target = Target(data, np.log(np.where(data > 0, data, 1)), data[:, 0], 1,
                    draws.uniform(0.5, 1.0, 6), 1.0, None, (0.5, 0.2), 0.0)  # fmt: skip
    vector = np.array([-1.0, -2.0, 0.3])
    shared_ = Shared(0.4, -0.3, -3.0, vector if form == "rank_one" else -1.5)
    own = Own(0.7, -1.2, 0.2 if form == "rank_one" else vector, 0.6, -4.0, 1.9)
    here = predict(target, form, shared_, own, powers(target, shared_))

    def change(part, name, step=1e-6):
        moved = replace(part, **{name: getattr(part, name) + step})
        there = (moved, own) if part is shared_ else (shared_, moved)
        value = predict(target, form, *there, powers(target, there[0])).value
        return (value - here.value) / step

    constants = own if form == "dense_own" else shared_
    assert change(shared_, "rho") == pytest.approx(here.rho, rel=1e-4, abs=1e-7)
    assert change(constants, "beta") == pytest.approx(here.beta, rel=1e-4, abs=1e-7)
    assert change(constants, "start") == pytest.approx(here.start, rel=1e-4, abs=1e-7)
    assert change(own, "floor") == pytest.approx(here.floor, rel=1e-4, abs=1e-7)
    assert change(own, "size") == pytest.approx(here.size, rel=1e-4, abs=1e-7)
    assert change(own, "unserved") == pytest.approx(here.unserved, rel=1e-4, abs=1e-7)
    transfer = change(shared_ if form in ("flat", "rank_one") else own, "transfer")
    assert transfer == pytest.approx(here.transfer.sum(axis=1), rel=1e-4, abs=1e-7)
    assert slope(0.4, RHO) > 0.0 < slope(-0.3, BETA)


@pytest.mark.parametrize(
    ("data", "losses", "more", "said"),
    [
        ([[1.0], [2.0]], [[1.0]], {}, "2 runs and losses 1"),
        ([[1.0], [-2.0]], [[1.0], [1.0]], {}, "must not be negative"),
        ([[1.0], [float("nan")]], [[1.0], [1.0]], {}, "no finite number in run 2"),
        ([[1.0], [0.0]], [[1.0], [1.0]], {}, "run 2 has no data"),
        ([[1.0], [2.0]], [[1.0], [1.0]], {}, "fewer than four"),
        (np.eye(4) + 1, np.ones((4, 1)), {}, "target 1 is the same in every run"),
        (np.eye(4) + 1, np.eye(4), {"own": [0, 1]}, "own has 2 entries for 4"),
        (np.eye(4) + 1, np.eye(4), {"own": [0, 1, 2, 9]}, "own is 9"),
        (np.eye(4) + 1, np.eye(4), {"own": ["x", 1, 2, 3]}, "own names 'x'"),
        (np.eye(4) + 1, np.eye(4), {"names": ["a"]}, "1 names for 4"),
        (np.eye(4) + 1, np.eye(4), {"mode": "best"}, "unknown mode 'best'"),
        ([["a"]], [[1.0]], {}, "data must be numbers"),
    ],
)
def test_wrong_tables_are_refused_in_a_sentence(data, losses, more, said):
    with pytest.raises(InputError, match=said):
        fit(data, losses, **more)


def test_the_package_offers_the_function_whatever_was_imported_before():
    assert callable(sim.capability.fit)
    assert sim.capability.Preset is type(presets.load("llm"))


def code_runs(*designs: str) -> tuple[np.ndarray, np.ndarray]:
    runs = pd.read_csv(shared("strike_experiments/code_strike_runs.csv"))
    runs = runs[runs["design"].isin(designs)]
    return (
        runs[[f"D_{name}" for name in NAMES]].to_numpy(),
        runs[[f"bpb_{name}" for name in NAMES]].to_numpy(),
    )


def test_code_communities_are_predicted_from_random_and_mixed_strikes():
    """Never shown a community strike; measured effects of a whole community leaving (bits)."""
    data, losses = code_runs("full", "random", "mixed")
    found = fit(data, losses, names=NAMES)
    rivals = found.rivals()
    assert rivals["r2"].idxmax() == "surrogate"
    full = data[0]
    cases = np.array([full, *(full * (1.0 - np.eye(5)))])
    base, *gone = found.predict(cases)
    effect = np.array(gone) - base
    own = np.array([0.271, 0.177, 0.122, 0.075, 0.162])
    others = np.array([0.030, 0.017, 0.019, 0.003, 0.019])
    assert np.diag(effect) == pytest.approx(own, rel=0.25)
    outside = (effect.sum(axis=1) - np.diag(effect)) / 4.0
    errors = np.concatenate([np.diag(effect) - own, np.repeat(outside - others, 4)])
    assert np.sqrt((errors**2).mean()) < 0.02
    tenths = found.predict(full * (1.0 - 0.1 * np.eye(5))) - base
    together = np.diag(effect) / (10.0 * np.diag(tenths))
    assert ((together > 1.4) & (together < 2.5)).all()


def regmix() -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    folder = "mixtures/regmix_train_"
    data = pd.read_csv(shared(f"{folder}mixture_1m.csv.gz")).drop(columns="index")
    losses = pd.read_csv(shared(f"{folder}pile_loss_1m.csv.gz")).drop(columns="index")
    data.columns = [name.removeprefix("train_the_pile_") for name in data]
    own = [name.removeprefix("metric/the_pile_").removesuffix("_val_loss") for name in losses]
    return data, losses, own


def check_regmix(data, losses, own, **options):
    found = fit(data, losses, own=own, **options)
    rivals = found.rivals()["r2"]
    assert found.cv_score >= 0.97
    assert (rivals.drop("surrogate") < found.cv_score).all()
    assert rivals["exponential"] <= 0.94


def test_mixtures_of_two_targets():
    data, losses, own = regmix()
    some = [own.index(name) for name in ("freelaw", "wikipedia_en")]
    some_own = [own[i] for i in some]
    check_regmix(data, losses.iloc[:, some], some_own, folds=3, forms=["flat", "dense"])


@pytest.mark.slow
def test_mixtures_of_all_targets():
    check_regmix(*regmix())


@pytest.mark.parametrize(
    ("name", "mode", "limit"),
    [("cifar10", "shared", 0.03), ("ml-10m_32_50", "recommender", 0.03)],
)
def test_published_curves_one_left_out(name, mode, limit):
    """Inner points, each predicted without itself, as a share of the curve's range."""
    table = pd.read_csv(shared(f"learning_curves/{name}_hidden.csv"))
    score = table["small"].to_numpy()
    found = fit(table["frac"], score, mode=mode, higher_is_better=name == "cifar10")
    errors = (found.held_out["flat"] - found.problem.losses)[1:-1, 0]
    assert np.sqrt((errors**2).mean()) < limit * np.ptp(score)


def test_straight_recommender_curve_needs_the_unserved():
    table = pd.read_csv(shared("learning_curves/ml-10m_32_50_hidden.csv"))
    score = table["small"].to_numpy()
    found = fit(table["frac"], score)
    errors = (found.held_out["flat"] - found.problem.losses)[1:-1, 0]
    assert np.sqrt((errors**2).mean()) > 0.03 * np.ptp(score)


def test_random_strikes_of_movielens_users():
    table = pd.read_csv(shared("strike_experiments/movielens100k_strike_runs.csv"))
    mean = table[table["design"].isin(["full", "random"])].groupby("s").mean(numeric_only=True)
    for score, better in (("ndcg10_ease", True), ("ndcg10_knn", True), ("rmse_bias", False)):
        found = fit(mean["pos_left"], mean[score], higher_is_better=better)
        errors = (found.held_out["flat"] - found.problem.losses)[1:-1, 0]
        assert np.sqrt((errors**2).mean()) < 0.03 * np.ptp(mean[score])


def test_presets_are_what_the_fit_finds():
    """Values of the fitted presets, to the digits they are given with."""
    table = pd.read_csv(shared("learning_curves/cifar10_co.csv"))
    found = fit(table["frac"], table["small"], higher_is_better=True).surrogate([1.0])
    preset = presets.load("cifar10").surrogate
    for name in ("beta", "phi", "rho", "d0", "full_loss"):
        assert getattr(found, name) == pytest.approx(getattr(preset, name), rel=0.02)
    data, losses = code_runs("full", "random", "mixed")
    found = fit(data, losses, names=NAMES, forms=["flat", "rank_one", "dense"], folds=2)
    fitted, preset = found.surrogate(data[0]), presets.load("code_packages").surrogate
    assert fitted.phi == pytest.approx(preset.phi, abs=0.005)
    assert fitted.transfer.matrix(5) == pytest.approx(preset.transfer.matrix(5), abs=0.005)


def write_runs(path, prefix="bpb"):
    data, losses = made(TRUE["dense"], 3 + 1, runs=60)
    columns = [f"D_{name}" for name in NAMES[:4]] + [f"{prefix}_{name}" for name in NAMES[:4]]
    pd.DataFrame(np.hstack([data, losses]), columns=columns).to_csv(path, index=False)
    return data, losses


def test_table_becomes_a_preset_file(tmp_path):
    data, losses = write_runs(tmp_path / "My runs.csv")
    made_preset = calibrate(
        tmp_path / "My runs.csv", tmp_path / "p.toml", draws=4, null=9.0, folds=3
    )
    loaded = presets.load(str(tmp_path / "p.toml"))
    assert loaded == made_preset.preset
    assert loaded.name == "my_runs"
    assert "60 runs of My runs.csv (sha256 " in loaded.source
    assert loaded.surrogate.communities == NAMES[:4]
    full = data[data.sum(axis=1).argmax()]
    outcome = loaded.surrogate.evaluate(Supply.of(data), Supply.of(full))
    assert outcome.loss_in_units == pytest.approx(losses, rel=0.01)
    assert loaded.constants["rho"].evidence == "measured"
    assert loaded.constants["detection"].evidence == "assumed"
    found = sim.capability.intervals(loaded, Supply.of(full * 0.5), Supply.of(full), draws=10)
    assert found["loss_change"].low < found["loss_change"].value < found["loss_change"].high


def test_tables_without_the_columns_are_refused(tmp_path):
    table = tmp_path / "runs.csv"
    with pytest.raises(InputError, match="cannot be read"):
        calibrate(table)
    table.write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="no columns D_NAME"):
        calibrate(table)
    with pytest.raises(InputError, match="no column 'c'; it has: a, b"):
        calibrate(table, data=["c"])
    table.write_text("D_a,D_b,x\n1,2,3\n")
    with pytest.raises(InputError, match="no set of columns PREFIX_NAME"):
        calibrate(table)
