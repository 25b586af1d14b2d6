"""scikit-learn estimators over tables: the losses are those of training on what is left."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from sim.capability.retraining.estimator import Estimator
from sim.capability.retraining.planting import planting_check
from sim.capability.retraining.trainers.estimate import HEDGE, make_estimator
from sim.errors import InputError

HEADER = "height,colour,kind,who,where"


@pytest.fixture(scope="module", autouse=True)
def scikit_learn():
    pytest.importorskip("sklearn", reason="scikit-learn trains estimators")


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """Two kinds that differ in height; in the south the other way round."""
    random, path = np.random.default_rng(4), tmp_path_factory.mktemp("table") / "works.csv"
    lines = [HEADER]
    for row in range(240):
        south, tall = row % 2, random.integers(2)
        height = random.normal(2.0 * tall, 0.5)
        kind = "oak" if tall != south else "elm"
        where = "south" if south else "north"
        lines.append(f"{height:.3f},{'red' if south else 'blue'},{kind},{where}{row % 20},{where}")
    path.write_text("\n".join(lines))
    return path


def load(table, seed=2, **change):
    named = {"target": "kind", "owner": "who", "community": "where"}
    return Estimator(table, **{**named, "estimator": "GaussianNB", **change}).load(seed)


@pytest.mark.parametrize("metric", ["log_loss", "error"])
def test_losses_are_those_of_training_on_the_rest(table, metric):
    trainer = load(table, metric=metric)
    rows, asked = trainer._table.learnt, trainer._table.held_out
    left = trainer.community[trainer._table.creator] == 0
    model = make_estimator("GaussianNB", {}, 2).fit(rows.features[left], rows.target[left])
    right = model.predict(asked.features) == asked.target
    if metric == "log_loss":
        column = np.searchsorted(model.classes_, asked.target)
        chance = model.predict_proba(asked.features)[np.arange(column.size), column]
        expected = -np.log((1.0 - HEDGE) * chance + HEDGE / 2)
    else:
        expected = 1.0 - right
    by_community = [expected[asked.community == i].mean() for i in range(2)]
    np.testing.assert_allclose(trainer.train(trainer.community == 0), by_community, rtol=1e-12)


def test_regressors_are_measured_by_their_error(table):
    trainer = load(table, target="height", estimator="KNeighborsRegressor")
    assert trainer.metric == "rmse"
    nothing = trainer.train(np.zeros(len(trainer.creators)))
    assert (trainer.full() < nothing).all()


def test_nothing_left_is_chance(table):
    nobody = np.zeros(20)
    np.testing.assert_allclose(load(table).train(nobody), np.log(2.0), rtol=1e-12)
    np.testing.assert_allclose(load(table, metric="error").train(nobody), 0.5, rtol=1e-12)


def test_rows_are_split_and_withdrawn_whole(table):
    trainer = load(table)
    assert trainer.amounts.sum() == 180
    assert np.bincount(trainer._table.held_out.community).tolist() == [30, 30]
    half = trainer.shares(np.full(20, 0.5)) * trainer.amounts
    assert (half == np.round(half)).all()
    assert np.abs(half - 0.5 * trainer.amounts).max() <= 0.5
    assert trainer.data(np.ones(20)).sum() == pytest.approx(1.0)


def test_same_seed_same_losses(table):
    kept = np.linspace(0.0, 1.0, 20)
    first, again, other = (load(table, seed=s, estimator="ExtraTreeClassifier") for s in (2, 2, 3))
    np.testing.assert_array_equal(first.train(kept), again.train(kept))
    assert first.full().tolist() != other.full().tolist()


def test_digits_stand_for_communities():
    trainer = Estimator(estimator="GaussianNB", metric="error", owners=20).load()
    assert trainer.communities[0] == "digits_0_1"
    assert len(trainer.creators) == 20
    own = trainer._table.creator // 4 == trainer._table.learnt.community
    # Three in ten go to the own community and a fifth of the others by chance: .44 of 1347 rows.
    assert own.mean() == pytest.approx(0.44, abs=4.0 * np.sqrt(0.44 * 0.56 / own.size))


def test_settings_belong_to_their_estimator():
    assert Estimator().settings == {"C": 0.01}
    assert Estimator(estimator="GaussianNB").settings == {}
    assert Estimator("works.csv").settings == {}


def test_without_scikit_learn_there_is_a_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(InputError, match="scikit-learn is not installed"):
        Estimator().load()
    with pytest.raises(InputError, match="scikit-learn is not installed"):
        planting_check()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"estimator": "GausianNB"}, "did you mean 'GaussianNB'"),
        ({"settings": {"depth": 3}}, "cannot be set up"),
        ({"settings": {"var_smoothing": -1.0}}, "cannot learn"),
        ({"metric": "rmse"}, "choose log_loss or error"),
        ({"target": "species"}, "no column 'species' but height.*which one is the target"),
        ({"owner": "author"}, "no column 'author'.*which one is the owner"),
        ({"community": "kind"}, "give each owner one community"),
        ({"estimator": "Ridge"}, "cannot learn"),
    ],
)
def test_bad_arguments_are_one_sentence(table, change, said):
    with pytest.raises(InputError, match=said) as caught:
        load(table, **change)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "does not exist"),
        ("", "is not a CSV table"),
        (f"{HEADER}\n1,red,oak,me,north\n,red,elm,me,north", "'height' is empty in line 3"),
        (f"{HEADER}\n1,red,oak,me,north\n2,red,elm,you,south", "has one row"),
        ("kind,who,where\noak,me,north", "no column besides"),
    ],
)
def test_bad_tables_are_one_sentence(tmp_path, content, said):
    path = tmp_path / "works.csv"
    if content is not None:
        path.write_text(content)
    with pytest.raises(InputError, match=said):
        load(path)


def test_planting_does_at_least_what_theory_promises():
    check = planting_check(shares=(0.02, 0.05, 0.1), replications=3)
    for row in check.rows:
        # The bound holds for an optimal classifier in expectation: three standard errors.
        assert row["success"] > row["bound"] - 3.0 * max(row["error"], 0.005)
    assert check.rows[0]["success"] < check.rows[-1]["success"]
    assert 0.0 < check.uniqueness < 0.05


@pytest.mark.parametrize("arguments", [{"shares": (0.0,)}, {"shares": ()}, {"replications": 1}])
def test_bad_planting_is_one_sentence(arguments):
    with pytest.raises(InputError, match="give at least"):
        planting_check(**arguments)
