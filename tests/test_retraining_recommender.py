"""Recommenders: closed forms against direct solutions, ranks against plain loops, strikes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.capability.retraining.recommender import Recommender
from sim.capability.retraining.trainers.ratings import read_ratings
from sim.capability.retraining.trainers.recommend import ease, item_neighbours
from sim.errors import InputError

PEOPLE, ITEMS, TASTES = 120, 60, 3
likes = st.integers(0, 2**32 - 1).map(
    lambda seed: (np.random.default_rng(seed).random((12, 7)) < 0.4).astype(float)
)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """People like items of their own taste ten times as often as others."""
    random, place = np.random.default_rng(5), tmp_path_factory.mktemp("ratings")
    lines, labels = ["user,item,rating"], ["user,community"]
    for person in range(PEOPLE):
        taste = person % TASTES
        weight = np.where(np.arange(ITEMS) % TASTES == taste, 10.0, 1.0)
        chosen = random.choice(ITEMS, 12, replace=False, p=weight / weight.sum())
        lines.extend(f"{person},{item},{random.integers(4, 6)}" for item in chosen)
        lines.append(f"{person},{random.integers(ITEMS)}x,1")
        labels.append(f"{person},taste_{taste}")
    (place / "ratings.csv").write_text("\n".join(lines))
    (place / "labels.csv").write_text("\n".join(labels))
    return place


def load(files, **change):
    fields = {"labels": files / "labels.csv", "regularisation": 5.0, "neighbours": 10, **change}
    return Recommender(files / "ratings.csv", **fields).load(seed=1)


@given(likes, st.floats(0.5, 50.0))
def test_ease_is_the_constrained_ridge_regression(liked, strength):
    links = ease(liked.T @ liked, strength)
    for item in range(liked.shape[1]):
        others = np.delete(np.arange(liked.shape[1]), item)
        known = liked[:, others]
        normal = known.T @ known + strength * np.eye(others.size)
        direct = np.linalg.solve(normal, known.T @ liked[:, item])
        # Both solve systems of condition below 12 * 7 / 0.5: twelve digits remain.
        np.testing.assert_allclose(links[others, item], direct, atol=1e-11)
        assert links[item, item] == 0.0


@given(likes, st.integers(1, 8))
def test_neighbours_are_the_nearest(liked, count):
    links = item_neighbours(liked.T @ liked, count)
    for item in range(liked.shape[1]):
        cosine = []
        for other in range(liked.shape[1]):
            norm = math.sqrt(max(liked[:, item].sum(), 1) * max(liked[:, other].sum(), 1))
            cosine.append(0.0 if other == item else float(liked[:, item] @ liked[:, other]) / norm)
        least = sorted(cosine, reverse=True)[min(count, len(cosine)) - 1]
        plain = [value if value >= least - 1e-9 else 0.0 for value in cosine]
        np.testing.assert_allclose(links[:, item], plain, atol=1e-9)  # rounded to nine digits


def test_score_equals_a_plain_loop(files):
    trainer = load(files)
    scores = np.random.default_rng(0).random(trainer._hidden.shape).round(1)  # with ties
    shown = trainer._shown.toarray() > 0
    for person, gain in enumerate(trainer._gains(scores)):
        order = sorted(
            (item for item in range(ITEMS) if not shown[person, item]),
            key=lambda item: (-scores[person, item], item),
        )
        hits = [trainer._hidden[person, item] for item in order[:10]]
        ideal = sorted(trainer._hidden[person], reverse=True)[:10]
        worth = [1.0 / math.log2(rank + 2) for rank in range(10)]
        assert gain == pytest.approx(np.dot(hits, worth) / np.dot(ideal, worth), rel=1e-12)


@pytest.mark.parametrize("method", ["ease", "item_knn"])
@pytest.mark.parametrize("held_out", ["users", "items"])
def test_who_stops_being_served_sees_what_is_popular(files, method, held_out):
    trainer = load(files, method=method, held_out=held_out)
    served = load(files, method=method, held_out=held_out, serves_strikers=True)
    popular = trainer._by_community(trainer._popular)
    gone = trainer.train(trainer.community != 0)
    assert (trainer.mode, served.mode) == ("recommender", "shared")
    np.testing.assert_allclose(gone[0], popular[0], rtol=1e-12)
    np.testing.assert_allclose(gone[1:], served.train(served.community != 0)[1:], rtol=1e-12)
    np.testing.assert_allclose(trainer.train(np.zeros(len(trainer.creators))), popular, rtol=1e-12)
    assert (served.full() > popular).all()  # it has learnt tastes


def test_a_homogeneous_strike_harms_its_own_taste_most(files):
    trainer = load(files, serves_strikers=True)
    for i in range(TASTES):
        fall = trainer.full() - trainer.train(trainer.community != i)
        assert fall[i] == fall.max()


@pytest.mark.parametrize("held_out", ["users", "items"])
def test_partial_strikes_withdraw_whole_works_and_nest(files, held_out):
    trainer = load(files, held_out=held_out)
    creators = len(trainer.creators)
    previous = np.zeros(trainer._learnt.shape, dtype=bool)
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        left = trainer._left(np.full(creators, share)).toarray() > 0
        assert (left >= previous).all()
        # Half a work is the most that rounding can miss.
        missed = np.abs(left.sum(axis=1) - share * trainer.amounts)
        assert missed.max() <= 0.5
        np.testing.assert_allclose(
            trainer.shares(np.full(creators, share)), left.sum(1) / trainer.amounts
        )
        previous = left


def test_hidden_likes_are_never_seen(files):
    trainer = load(files, held_out="items")
    hidden, learnt = trainer._hidden, trainer._learnt.toarray() > 0
    assert not (hidden & learnt).any()
    assert hidden.any(axis=1).all()
    assert learnt.any(axis=1).all()


def test_tastes_are_found_without_labels(files):
    trainer = load(files, labels=None, tastes=2)
    assert np.bincount(trainer.community).tolist() == [48, 48]


def test_formats_agree(files, tmp_path):
    source = (files / "ratings.csv").read_text().splitlines()[1:]
    shapes = {
        "u.data": "\n".join(line.replace(",", "\t") + "\t0" for line in source),
        "ratings.dat": "\n".join(line.replace(",", "::") for line in source),
        "ratings.csv": "\n".join(["userId,movieId,rating", *source]),
    }
    whole = read_ratings(Recommender(files / "ratings.csv"))
    for name, content in shapes.items():
        (tmp_path / name).write_text(content)
        other = read_ratings(Recommender(tmp_path / name))
        assert (other.users, other.items) == (whole.users, whole.items)
        assert (other.liked != whole.liked).nnz == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("user,rating\n1,5", "no item column but user, rating"),
        ("user,item,rating\n1,2,3\n1,3,3", "fewer than two people"),
        ("", "no lines"),
        (None, "does not exist"),
    ],
)
def test_bad_ratings_are_one_sentence(tmp_path, content, said):
    path = tmp_path / "ratings.csv"
    if content is not None:
        path.write_text(content)
    with pytest.raises(InputError, match=said) as caught:
        Recommender(path).load()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("user,group\n1,a", "expected user,community"),
        ("user,community\n1,a", "names no community for user '0'"),
        (None, "does not exist"),
    ],
)
def test_bad_labels_are_one_sentence(files, tmp_path, content, said):
    path = tmp_path / "labels.csv"
    if content is not None:
        path.write_text(content)
    with pytest.raises(InputError, match=said):
        load(files, labels=path)
