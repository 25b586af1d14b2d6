"""Ratings and recommenders by hand: who likes what, who is asked, what is hidden and gained."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from sim.capability.retraining.recommender import Recommender
from sim.capability.retraining.trainers import ratings, recommend
from tests.asked import sentence, written


class TestRatings:
    def read(self, path: Path, *lines: str, **changes: object) -> ratings.Ratings:
        return ratings.read_ratings(Recommender(written(path / "r.csv", *lines), **changes))

    LINES = ("user,item,rating", "b,x,4", "b,y,5", "b,z,3.9", "a,y,4", "a,z,4", "a,y,5", "c,x,5")

    def test_who_likes_what(self, tmp_path: Path) -> None:
        """From 4 on; c likes one thing only, and liking twice is liking."""
        found = self.read(tmp_path, *self.LINES)
        assert (found.users, found.items) == (("a", "b"), ("x", "y", "z"))
        assert found.liked.toarray().tolist() == [[0.0, 1.0, 1.0], [1.0, 1.0, 0.0]]
        every = self.read(tmp_path, *self.LINES, positive=3.9)
        assert every.liked.toarray().tolist() == [[0.0, 1.0, 1.0], [1.0, 1.0, 1.0]]

    def test_without_ratings_all_is_liked(self, tmp_path: Path) -> None:
        found = self.read(tmp_path, *(line.rpartition(",")[0] for line in self.LINES))
        assert found.liked.toarray().tolist() == [[0.0, 1.0, 1.0], [1.0, 1.0, 1.0]]

    def test_the_most_liked_items_stay_the_first_by_name_among_equals(self, tmp_path: Path) -> None:
        found = self.read(tmp_path, *self.LINES, "a,x,5", items=2)
        assert (found.users, found.items) == (("a", "b"), ("x", "y"))

    @pytest.mark.parametrize(
        "head", ["user;item;rating", "UserID;MovieId;Stars", " user_id ;movie;score", None]
    )
    def test_columns_by_name_or_by_place(self, tmp_path: Path, head: str | None) -> None:
        lines = ["1;x;4;0;more", "1;y;5;0;more", "2;x;4;0;more", "2;y;1;0;more", "2;z;4;0;more"]
        named = [f"{head};timestamp;rest"] if head else []
        found = self.read(tmp_path, *named, *lines)
        assert found.liked.toarray().tolist() == [[1.0, 1.0, 0.0], [1.0, 0.0, 1.0]]

    def test_ratings_that_are_no_numbers_are_left_out(self, tmp_path: Path) -> None:
        found = self.read(tmp_path, *self.LINES, "c,y,much", "c,z,", ",x,5")
        assert found.users == ("a", "b")

    def test_ratings_that_do_not_do(self, tmp_path: Path) -> None:
        path = tmp_path / "r.csv"
        for lines, said in (
            (["user,rating", "1,5"],
             (f"{path} has no item column but user, rating: expected user, item and optionally "
             "rating")),
            (["user,item,rating", "1,x,5", "1,y,5"],
             (f"{path} has fewer than two people who like 2 items: expected ratings of 4 and more, "
             "or a lower value of positive")),
            ([" "], f"ratings file {path} has no lines: give a table of user, item, rating"),
        ):  # fmt: skip
            assert sentence(self.read, tmp_path, *lines) == said
        gone = Recommender(tmp_path / "gone.csv")
        assert sentence(ratings.read_ratings, gone) == (
            f"ratings file {tmp_path / 'gone.csv'} does not exist: give a table of user, item, "
            "rating"
        )
        said = sentence(self.read, tmp_path, "user,item,rating", "1,x,5", "1,y,5,6,7")
        assert said.startswith(f"{path} is not a table: ")

    def taste(self, count: int, people: int = 8, items: int = 6) -> tuple[list[str], np.ndarray]:
        """Return the groups of people of whom the first half likes the first half of items."""
        half = np.arange(people)[:, None] * 2 // people == np.arange(items) * 2 // items
        liked = csr_matrix(half + np.eye(people, items, k=1) > 0, dtype=np.float64)
        spec = Recommender(Path("r"), tastes=count)
        known = ratings.Ratings(tuple(map(str, range(people))), tuple("abcdefgh"[:items]), liked)
        return ratings.communities(spec, known)

    def test_tastes_are_equal_groups_of_who_like_the_same(self) -> None:
        names, group = self.taste(2)
        assert names == ["taste_1", "taste_2"]
        assert {tuple(group[:4]), tuple(group[4:])} == {(0,) * 4, (1,) * 4}
        assert np.bincount(self.taste(4)[1]).tolist() == [2, 2, 2, 2]
        names, group = self.taste(1)
        assert (names, group.tolist()) == (["taste_1"], [0] * 8)

    def test_tastes_lie_along_the_second_axis_of_people_of_length_one(self) -> None:
        """However much each likes; by a dense decomposition, in either direction."""
        liked = np.random.default_rng(3).random((12, 7)) < np.linspace(0.3, 0.9, 12)[:, None]
        liked[:, 0] = liked[:, 1] = True
        left, _, _ = np.linalg.svd(liked / np.linalg.norm(liked, axis=1)[:, None])
        axis = left[:, 1] * np.sign(left[np.argmax(np.abs(left[:, 1])), 1])
        known = ratings.Ratings(tuple("abcdefghijkl"), tuple("1234567"), csr_matrix(liked * 1.0))
        _, group = ratings.communities(Recommender(Path("r"), tastes=3), known)
        rank = np.argsort(np.argsort(axis.round(9), kind="stable"))  # equals in their order
        assert group.tolist() == (rank // 4).tolist()

    def test_three_items_are_enough_for_an_axis(self) -> None:
        assert np.bincount(self.taste(2, 4, 3)[1]).tolist() == [2, 2]

    @pytest.mark.parametrize(("count", "people", "items"), [(5, 8, 6), (2, 4, 2)])
    def test_too_few_for_so_many_tastes(self, count: int, people: int, items: int) -> None:
        said = f"{people} people and {items} items are too few for {count} tastes: lower tastes"
        assert sentence(self.taste, count, people, items) == said

    def test_labels_name_everybodys_community(self, tmp_path: Path) -> None:
        labels = written(tmp_path / "l.csv", "user,community", "b,x", "a,y", "z,never")
        spec = Recommender(tmp_path / "r.csv", labels=labels)
        known = ratings.Ratings(("a", "b"), ("i", "j"), csr_matrix(np.ones((2, 2))))
        names, group = ratings.communities(spec, known)
        assert (names, group.tolist()) == (["x", "y"], [1, 0])
        for lines, said in (
            (["user,group", "a,x"], f"{labels} has columns user, group: expected user,community"),
            (["user,community", "z,x", "a,"],
             f"{labels} names no community for user 'a' (2 in all): add a line for each"),
        ):  # fmt: skip
            written(labels, *lines)
            assert sentence(ratings.communities, spec, known) == said
        labels.unlink()
        assert sentence(ratings.communities, spec, known) == (
            f"labels file {labels} does not exist: give a CSV of user,community"
        )


class TestRecommenders:
    LIKED = csr_matrix(
        np.array([[1, 1, 1, 1, 1], [1, 1, 0, 0, 0], [0, 1, 1, 1, 0], [1, 1, 1, 1, 0]], float)
    )

    @pytest.mark.parametrize(
        ("share", "hidden"),
        [(0.5, [3, 1, 2, 2]), (0.2, [1, 1, 1, 1]), (0.9, [4, 1, 2, 3]), (0.01, [1, 1, 1, 1])],
    )
    def test_a_share_is_hidden_but_one_of_each(self, share: float, hidden: list[int]) -> None:
        """Places lie in the middles: of three at 1/6, 1/2 and 5/6, of which two are from .5 on."""
        shown, kept_back = recommend._halves(self.LIKED, share, 4)
        assert kept_back.toarray().sum(axis=1).tolist() == hidden
        np.testing.assert_array_equal((shown + kept_back).toarray(), self.LIKED.toarray())

    def test_some_of_every_community_judge(self) -> None:
        group = np.array([0, 1, 0, 1, 0, 1, 1, 0, 0, 0])
        judges = recommend._judges(group, ["a", "b"], 0.3, 2)
        assert np.bincount(group[judges]).tolist() == [2, 1]
        assert judges.tolist() == sorted(judges)
        said = sentence(recommend._judges, np.array([0, 0, 1]), ["a", "b"], 0.3, 2)
        assert said == "community 'b' has one person who likes enough items: merge it with another"

    def test_gain_is_discounted_by_rank(self) -> None:
        """Two of three hidden things at ranks 1 and 3 of ten: (1 + 1/2) / (1 + .631 + 1/2)."""
        blank = recommend.RecommenderTrainer.__new__(recommend.RecommenderTrainer)
        hidden, shown = np.zeros((1, 14), bool), np.zeros((1, 14))
        hidden[0, [0, 2, 13]], shown[0, 5] = True, 1.0
        blank._hidden, blank._shown = hidden, csr_matrix(shown)
        scores = np.arange(14.0, 0.0, -1.0)[None, :]
        ideal = 1.0 + 1.0 / math.log2(3.0) + 0.5
        assert blank._gains(scores.copy()) == pytest.approx([1.5 / ideal])
        # What is shown is passed over, so that the eleventh comes tenth.
        hidden[0, 2], hidden[0, 10] = False, True
        assert blank._gains(scores.copy()) == pytest.approx([(1 + 1 / math.log2(11)) / ideal])

    def test_who_is_served_is_who_stays(self) -> None:
        blank = recommend.RecommenderTrainer.__new__(recommend.RecommenderTrainer)
        blank.communities, blank.community = ("a", "b"), np.array([0, 0, 1])
        blank._judge_group = np.array([1, 0, 0])
        kept = np.array([1.0, 0.5, 0.25])
        for held_out, served in (("users", [0.25, 0.75, 0.75]), ("items", kept.tolist())):
            blank._spec = SimpleNamespace(held_out=held_out)
            assert blank._served(kept).tolist() == served
        assert blank._by_community(np.array([0.6, 0.2, 0.4])) == pytest.approx([0.3, 0.6])

    @pytest.mark.parametrize("held_out", ["users", "items"])
    def test_who_is_not_served_sees_what_most_like(self, tmp_path: Path, held_out: str) -> None:
        """Of what is learnt from, the most liked first, whatever was shown left out."""
        random, lines = np.random.default_rng(6), ["user,item"]
        for person in range(30):
            chosen = random.choice(20, 8, replace=False, p=np.arange(1.0, 21.0) / 210.0)
            lines.extend(f"u{person},i{item:02}" for item in chosen)
        path = written(tmp_path / "r.csv", *lines)
        trainer = Recommender(path, held_out=held_out, tastes=2).load(1)
        liked = np.asarray(trainer._learnt.sum(axis=0)).ravel()
        assert (np.diff(liked) <= 0.0).all()
        assert liked[0] > liked[-1]
        gains = []
        for shown, hidden in zip(trainer._shown.toarray(), trainer._hidden, strict=True):
            best = [item for item in range(liked.size) if not shown[item]][:10]
            worth = [1.0 / math.log2(rank + 2.0) for rank in range(10)]
            found = sum(w for w, item in zip(worth, best, strict=True) if hidden[item])
            gains.append(found / sum(worth[: min(10, int(hidden.sum()))]))
        mean = [np.mean(np.array(gains)[trainer._judge_group == i]) for i in range(2)]
        np.testing.assert_allclose(trainer.train(np.zeros(len(trainer.creators))), mean)
        assert (trainer.unit, trainer.metric) == ("liked items", "NDCG@10")
        assert trainer.higher_is_better
